"""How far the current SULpeak is from another category (spec 2.7 limits turned round)."""

from fractions import Fraction

from app.criteria.rules import PercistRules
from app.domain.exact import exact
from app.domain.response import Margin, MetabolicCategory


def pmr_limit(b: float, rules: PercistRules) -> Fraction:
    """The highest SULpeak that is still a response from baseline b."""
    fall = max(exact(rules.response_fraction) * exact(b), exact(rules.min_abs_sul_g_per_ml))
    return exact(b) - fall


def pmd_limit(r: float, rules: PercistRules) -> Fraction:
    """The lowest SULpeak that is progression from reference r."""
    rise = max(exact(rules.response_fraction) * exact(r), exact(rules.min_abs_sul_g_per_ml))
    return exact(r) + rise


def target_margins(
    category: MetabolicCategory,
    b: float,
    c: float,
    r: float,
    liver_mean: float | None,
    rules: PercistRules,
) -> tuple[Margin, ...]:
    """The next categories in either direction and the SULpeak at which each begins, nearest first.

    CMR is left out: it rests on the reader's eye, not on a number. Where the guard "below the
    liver is no progression" sets the limit, that value is named.
    """
    response, progression = pmr_limit(b, rules), pmd_limit(r, rules)
    if liver_mean is not None:
        progression = max(progression, exact(liver_mean))
    margins: list[Margin] = []
    if category is MetabolicCategory.PMR:
        up, at = MetabolicCategory.SMD, response
        inclusive = not rules.pmr_inclusive
        if progression <= response:
            up, at, inclusive = MetabolicCategory.PMD, progression, rules.pmd_inclusive
        margins.append(_margin(up, at, c, inclusive))
    elif category is MetabolicCategory.SMD:
        margins.append(_margin(MetabolicCategory.PMR, response, c, rules.pmr_inclusive))
        margins.append(_margin(MetabolicCategory.PMD, progression, c, rules.pmd_inclusive))
    elif category is MetabolicCategory.PMD:
        down = MetabolicCategory.PMR if response >= progression else MetabolicCategory.SMD
        margins.append(_margin(down, progression, c, not rules.pmd_inclusive))
    return tuple(sorted(margins, key=lambda item: abs(item.difference_g_per_ml)))


def _margin(category: MetabolicCategory, at: Fraction, c: float, inclusive: bool) -> Margin:
    return Margin(category, float(at), float(at - exact(c)), inclusive)
