"""Where the target categories of PERCIST begin at one follow-up (spec 2.7)."""

from dataclasses import dataclass
from fractions import Fraction

from app.criteria.percist.rules import PercistRules
from app.domain.exact import TIE, at_most, exact
from app.domain.response import MetabolicCategory


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """What a current SULpeak is judged against; all in g/mL, exact (spec 0.3 N2).

    `reference` is what a rise is measured from. `liver_mean` is the current reference mean; None
    means neither CMR nor the guard against noise at a resolved site. `resolved` is the reader's
    tick "resolved to background".
    """

    baseline: Fraction
    reference: Fraction
    liver_mean: Fraction | None
    resolved: bool
    rules: PercistRules

    def is_below_liver(self, c: Fraction) -> bool:
        """Whether c is below the liver mean; equality is not."""
        return self.liver_mean is not None and at_most(c, self.liver_mean, inclusive=False)

    def falls(self, c: Fraction) -> bool:
        """Whether the fall from baseline reaches both limits of PMR (30 % and 0.8 SUL)."""
        return reaches(self.baseline, c, -1, self.rules, self.rules.pmr_inclusive)

    def rises(self, c: Fraction) -> bool:
        """Whether the rise from the reference reaches both limits of PMD (30 % and 0.8 SUL)."""
        return reaches(self.reference, c, 1, self.rules, self.rules.pmd_inclusive)

    def category(self, c: Fraction) -> MetabolicCategory:
        """The category of a current SULpeak: CMR, PMD unless guarded, PMR, else SMD."""
        below_liver = self.is_below_liver(c)
        if below_liver and self.resolved:
            return MetabolicCategory.CMR
        if self.rises(c) and not below_liver:
            return MetabolicCategory.PMD
        return MetabolicCategory.PMR if self.falls(c) else MetabolicCategory.SMD

    def borders(self) -> tuple[Fraction, ...]:
        """The SULpeaks at which the category may change, ascending, none below 0."""
        found = {
            self.baseline - self._least_change(self.baseline),
            self.reference + self._least_change(self.reference),
        }
        if self.liver_mean is not None:
            found.add(self.liver_mean)
        return tuple(sorted(border for border in found if border >= 0))

    def _least_change(self, start: Fraction) -> Fraction:
        share = exact(self.rules.response_fraction) * start
        return max(share, exact(self.rules.min_abs_sul_g_per_ml))


def reaches(
    start: Fraction, value: Fraction, sign: int, rules: PercistRules, inclusive: bool
) -> bool:
    """Whether the change from start to value reaches both limits, upwards (sign +1) or down (-1).

    A tie is 1e-9 of a g/mL for the absolute limit, 1e-9 of the start for the share. From 0 or
    less there is no percentage (N4): the absolute limit alone decides. Computed in whole numbers,
    several times faster than with fractions and as exact.
    """
    value_n, value_d = value.numerator, value.denominator
    start_n, start_d = start.numerator, start.denominator
    least, share = exact(rules.min_abs_sul_g_per_ml), exact(rules.response_fraction)
    change_n, change_d = sign * (value_n * start_d - start_n * value_d), value_d * start_d
    over = change_n * least.denominator - least.numerator * change_d
    tied = abs(over) * TIE.denominator <= change_d * least.denominator
    if not (inclusive if tied else over > 0):
        return False
    if start_n <= 0:
        return True
    over = change_n * share.denominator * start_d - share.numerator * start_n * change_d
    tied = abs(over) * TIE.denominator <= change_d * share.denominator * start_n
    return inclusive if tied else over > 0
