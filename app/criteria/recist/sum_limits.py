"""Where the target categories of RECIST begin, by the sum of diameters (spec 3.5)."""

from dataclasses import dataclass, field
from fractions import Fraction

from app.criteria.recist.length import mm
from app.criteria.recist.rules import RecistRules
from app.domain.exact import TIE
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
    # Ties within 1e-9 count (N2). The shifted limits are kept: one comparison instead of two.
    _tied_progression: Fraction = field(init=False, repr=False)
    _tied_response: Fraction = field(init=False, repr=False)

    def __post_init__(self) -> None:
        least = max(mm(self.rules.pd_min_mm), mm(self.rules.pd_fraction) * self.nadir)
        object.__setattr__(self, "progression_from", self.nadir + least)
        share = 1 - mm(self.rules.pr_fraction)
        object.__setattr__(self, "response_to", share * self.baseline)
        object.__setattr__(self, "_tied_progression", self.progression_from - TIE)
        object.__setattr__(self, "_tied_response", self.response_to + TIE)

    def progresses(self, total: Fraction) -> bool:
        """Whether a sum is PD."""
        return total >= self._tied_progression

    def responds(self, total: Fraction) -> bool:
        """Whether a sum is PR by its fall from the baseline, apart from progression."""
        return total <= self._tied_response

    def category(self, total: Fraction) -> RecistCategory:
        """PD, PR or SD of a sum, in this order; complete response is not a matter of the sum."""
        if self.progresses(total):
            return RecistCategory.PD
        if self.held or self.responds(total):
            return RecistCategory.PR
        return RecistCategory.SD
