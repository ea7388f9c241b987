"""Where the target categories of PERCIST begin at one follow-up (spec 2.7)."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from app.criteria.percist.rules import PercistRules
from app.domain.exact import PER_TIE, as_ratio, at_most
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
        found = [self._changed(self.baseline, -1), self._changed(self.reference, 1)]
        if self.liver_mean is not None:
            found.append(self.liver_mean)
        # The hash of a fraction is slow, so no set; equal neighbours are passed over.
        ordered = sorted(border for border in found if border.numerator >= 0)
        return tuple(border for border, _ in groupby(ordered))

    def _changed(self, start: Fraction, sign: int) -> Fraction:
        """The value whose change from the start, up or down, is just enough for both limits."""
        start_n, start_d = start.as_integer_ratio()
        least_n, least_d = as_ratio(self.rules.min_abs_sul_g_per_ml)
        share_n, share_d = as_ratio(self.rules.response_fraction)
        if share_n * start_n * least_d >= least_n * share_d * start_d:
            return Fraction(start_n * (share_d + sign * share_n), start_d * share_d)
        return Fraction(start_n * least_d + sign * least_n * start_d, start_d * least_d)


def reaches(
    start: Fraction, value: Fraction, sign: int, rules: PercistRules, inclusive: bool
) -> bool:
    """Whether the change from start to value reaches both limits, upwards (sign +1) or down (-1).

    A tie is 1e-9 of a g/mL for the absolute limit, 1e-9 of the start for the share. From 0 or
    less there is no percentage (N4): the absolute limit alone decides. Computed in whole numbers,
    several times faster than with fractions and as exact.
    """
    value_n, value_d = value.as_integer_ratio()
    start_n, start_d = start.as_integer_ratio()
    least_n, least_d = as_ratio(rules.min_abs_sul_g_per_ml)
    share_n, share_d = as_ratio(rules.response_fraction)
    change_n, change_d = sign * (value_n * start_d - start_n * value_d), value_d * start_d
    over = change_n * least_d - least_n * change_d
    tied = abs(over) * PER_TIE <= change_d * least_d
    if not (inclusive if tied else over > 0):
        return False
    if start_n <= 0:
        return True
    over = change_n * share_d * start_d - share_n * start_n * change_d
    tied = abs(over) * PER_TIE <= change_d * share_d * start_n
    return inclusive if tied else over > 0
