"""Where the target categories of PERCIST begin at one follow-up (spec 2.7)."""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from app.criteria.percist.rules import PercistRules
from app.domain.exact import PER_TIE, Ratio, as_ratio, at_most
from app.domain.response import MetabolicCategory


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """What a current SULpeak is judged against; all in g/mL, exact (spec 0.3 N2).

    `reference` is what a rise is measured from. `liver_mean` is the current reference mean; None
    means neither CMR nor the guard against noise at a resolved site. `resolved` is the reader's
    tick "resolved to background". `falls_to` and `rises_to` are the SULpeaks that just reach both
    limits of PMR and PMD, ties counted in or out.
    """

    baseline: Fraction
    reference: Fraction
    liver_mean: Fraction | None
    resolved: bool
    rules: PercistRules
    falls_to: Ratio = field(init=False, repr=False)
    rises_to: Ratio = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rules = self.rules
        falls_to = reached_at(self.baseline, -1, rules, rules.pmr_inclusive)
        rises_to = reached_at(self.reference, 1, rules, rules.pmd_inclusive)
        object.__setattr__(self, "falls_to", falls_to)
        object.__setattr__(self, "rises_to", rises_to)

    def is_below_liver(self, c: Fraction) -> bool:
        """Whether c is below the liver mean; equality is not."""
        return self.liver_mean is not None and at_most(c, self.liver_mean, inclusive=False)

    def falls(self, c: Fraction) -> bool:
        """Whether the fall from baseline reaches both limits of PMR (30 % and 0.8 SUL)."""
        return is_beyond(c, self.falls_to, -1, self.rules.pmr_inclusive)

    def rises(self, c: Fraction) -> bool:
        """Whether the rise from the reference reaches both limits of PMD (30 % and 0.8 SUL)."""
        return is_beyond(c, self.rises_to, 1, self.rules.pmd_inclusive)

    def category(self, c: Fraction) -> MetabolicCategory:
        """The category of a current SULpeak: CMR, PMD unless guarded, PMR, else SMD."""
        below_liver = self.is_below_liver(c)
        if below_liver and self.resolved:
            return MetabolicCategory.CMR
        if not below_liver and self.rises(c):
            return MetabolicCategory.PMD
        return MetabolicCategory.PMR if self.falls(c) else MetabolicCategory.SMD

    def borders(self) -> tuple[Fraction, ...]:
        """The SULpeaks at which the category may change, ascending, none below 0."""
        rules = self.rules
        least, share = as_ratio(rules.min_abs_sul_g_per_ml), as_ratio(rules.response_fraction)
        found = [
            _changed(self.baseline.as_integer_ratio(), -1, least, share),
            _changed(self.reference.as_integer_ratio(), 1, least, share),
        ]
        if self.liver_mean is not None:
            found.append(self.liver_mean)
        # The hash of a fraction is slow, so no set; equal neighbours are passed over.
        ordered = sorted(border for border in found if border.numerator >= 0)
        return tuple(border for border, _ in groupby(ordered))


def reaches(
    start: Fraction, value: Fraction, sign: int, rules: PercistRules, inclusive: bool
) -> bool:
    """Whether the change from start to value reaches both limits, upwards (sign +1) or down (-1).

    A tie is 1e-9 of a g/mL for the absolute limit, 1e-9 of the start for the share. From 0 or
    less there is no percentage (N4): the absolute limit alone decides.
    """
    return is_beyond(value, reached_at(start, sign, rules, inclusive), sign, inclusive)


def reached_at(start: Fraction, sign: int, rules: PercistRules, inclusive: bool) -> Ratio:
    """The value that just reaches both limits of `reaches`, the width of a tie included."""
    least, share = as_ratio(rules.min_abs_sul_g_per_ml), as_ratio(rules.response_fraction)
    return _reached_from(start.as_integer_ratio(), sign, inclusive, least, share)


def is_beyond(value: Fraction, limit: Ratio, sign: int, inclusive: bool) -> bool:
    """Whether a value lies on the far side of a limit, or on it where that counts."""
    value_n, value_d = value.as_integer_ratio()
    limit_n, limit_d = limit
    beyond = sign * (value_n * limit_d - limit_n * value_d)
    return beyond > 0 or (inclusive and beyond == 0)


@lru_cache(maxsize=1 << 12)  # one baseline or reference judges many values
def _reached_from(start: Ratio, sign: int, inclusive: bool, least: Ratio, share: Ratio) -> Ratio:
    """The value that just reaches both limits, ties counted in or out.

    In whole numbers, not reduced: several times faster than with fractions and as exact.
    """
    (start_n, start_d), (least_n, least_d), (share_n, share_d) = start, least, share
    tie = -1 if inclusive else 1
    change_n, change_d = least_n * PER_TIE + tie * least_d, least_d * PER_TIE
    if start_n > 0:
        part_n = (share_n * PER_TIE + tie * share_d) * start_n
        part_d = share_d * PER_TIE * start_d
        if part_n * change_d > change_n * part_d:
            change_n, change_d = part_n, part_d
    return start_n * change_d + sign * change_n * start_d, start_d * change_d


@lru_cache(maxsize=1 << 12)
def _changed(start: Ratio, sign: int, least: Ratio, share: Ratio) -> Fraction:
    """The value whose change from the start, up or down, is just enough for both limits."""
    (start_n, start_d), (least_n, least_d), (share_n, share_d) = start, least, share
    if share_n * start_n * least_d >= least_n * share_d * start_d:
        return Fraction(start_n * (share_d + sign * share_n), start_d * share_d)
    return Fraction(start_n * least_d + sign * least_n * start_d, start_d * least_d)
