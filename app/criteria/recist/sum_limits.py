"""Where the target categories of RECIST begin, by the sum of diameters (spec 3.5)."""

from dataclasses import dataclass, field
from fractions import Fraction

from app.criteria.recist.rules import RecistRules
from app.domain.exact import as_ratio, at_least, at_most
from app.domain.recist import RecistCategory


@dataclass(frozen=True, slots=True)
class SumLimits:
    """What a sum is judged against, in mm, exact.

    `baseline` is what a fall is measured from, `nadir` what a rise is measured from. `held`: an
    earlier response keeps the visit at PR until progression (`pr_carry_forward`).
    `progression_from` is the least sum that is PD, 20 % and 5 mm above the nadir; `response_to`
    the largest that is PR, 30 % below the baseline.
    """

    baseline: Fraction
    nadir: Fraction
    held: bool
    rules: RecistRules
    progression_from: Fraction = field(init=False)
    response_to: Fraction = field(init=False)

    def __post_init__(self) -> None:
        n, d = self.nadir.as_integer_ratio()
        least_n, least_d = as_ratio(self.rules.pd_min_mm)
        share_n, share_d = as_ratio(self.rules.pd_fraction)
        if share_n * n * least_d >= least_n * share_d * d:
            progression = Fraction(n * (share_d + share_n), d * share_d)
        else:
            progression = Fraction(n * least_d + least_n * d, d * least_d)
        object.__setattr__(self, "progression_from", progression)
        n, d = self.baseline.as_integer_ratio()
        share_n, share_d = as_ratio(self.rules.pr_fraction)
        object.__setattr__(self, "response_to", Fraction(n * (share_d - share_n), d * share_d))

    def progresses(self, total: Fraction) -> bool:
        """Whether a sum is PD; a tie within 1e-9 counts (N2)."""
        return at_least(total, self.progression_from)

    def responds(self, total: Fraction) -> bool:
        """Whether a sum is PR by its fall from the baseline, apart from progression."""
        return at_most(total, self.response_to)

    def category(self, total: Fraction) -> RecistCategory:
        """PD, PR or SD of a sum, in this order; complete response is not a matter of the sum."""
        if self.progresses(total):
            return RecistCategory.PD
        if self.held or self.responds(total):
            return RecistCategory.PR
        return RecistCategory.SD
