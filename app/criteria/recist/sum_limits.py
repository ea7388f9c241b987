"""Where the target categories of RECIST begin, by the sum of diameters (spec 3.5)."""

from dataclasses import dataclass
from fractions import Fraction

from app.criteria.recist.length import mm
from app.criteria.recist.rules import RecistRules
from app.domain.exact import at_least, at_most
from app.domain.recist import RecistCategory


@dataclass(frozen=True, slots=True)
class SumLimits:
    """What a sum is judged against, in mm, exact.

    `baseline` is what a fall is measured from, `nadir` what a rise is measured from. `held`: an
    earlier response keeps the visit at PR until progression (`pr_carry_forward`).
    """

    baseline: Fraction
    nadir: Fraction
    held: bool
    rules: RecistRules

    def progression_from(self) -> Fraction:
        """The least sum that is PD: 20 % and 5 mm above the nadir."""
        least = max(mm(self.rules.pd_min_mm), mm(self.rules.pd_fraction) * self.nadir)
        return self.nadir + least

    def response_to(self) -> Fraction:
        """The largest sum that is PR: 30 % below the baseline."""
        return self.baseline * (1 - mm(self.rules.pr_fraction))

    def progresses(self, total: Fraction) -> bool:
        """Whether a sum is PD; ties count."""
        return at_least(total, self.progression_from())

    def category(self, total: Fraction) -> RecistCategory:
        """PD, PR or SD of a sum, in this order; complete response is not a matter of the sum."""
        if self.progresses(total):
            return RecistCategory.PD
        if self.held or at_most(total, self.response_to()):
            return RecistCategory.PR
        return RecistCategory.SD
