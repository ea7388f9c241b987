"""How far the current SULpeak is from another category (spec 2.7 limits turned round)."""

from fractions import Fraction
from itertools import pairwise

from app.criteria.percist.target_limits import TargetLimits
from app.domain.exact import TIE
from app.domain.response import Margin


def target_margins(limits: TargetLimits, c: Fraction) -> tuple[Margin, ...]:
    """The next other category in either direction and the SULpeak at which it begins.

    Nearest first, at most one hotter and one colder. Found by asking `limits` itself at and
    between its borders, so that a margin cannot disagree with the category. CMR appears only
    where the reader has ticked "resolved": it rests on the eye, not on a number.
    """
    borders = limits.borders()
    hotter = [border for border in borders if border >= c - TIE]
    colder = [border for border in reversed(borders) if border <= c + TIE]
    found = (
        _next(limits, c, hotter, last=max(c, *borders) + 1),
        _next(limits, c, colder, last=Fraction(0)),
    )
    margins = [margin for margin in found if margin is not None]
    return tuple(sorted(margins, key=lambda item: abs(item.difference_g_per_ml)))


def _next(
    limits: TargetLimits, c: Fraction, borders: list[Fraction], last: Fraction
) -> Margin | None:
    """The first border at or beyond which the category differs; `last` lies beyond them all."""
    here = limits.category(c)
    for at, following in pairwise((*borders, last)):
        category = limits.category(at)
        if category is not here:
            return Margin(category, float(at), float(at - c), inclusive=True)
        category = limits.category((at + following) / 2)
        if category is not here:
            return Margin(category, float(at), float(at - c), inclusive=False)
    return None
