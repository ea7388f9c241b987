"""How far a sum of diameters is from another category (spec 3.5 limits turned round)."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from app.criteria.recist.booking import Booked
from app.criteria.recist.length import exact_sum, mm
from app.criteria.recist.sum_limits import SumLimits
from app.domain.exact import at_least, at_most, difference, is_less, midway, nearest
from app.domain.recist import RecistCategory
from app.domain.recist_response import RecistMargin


def sum_margins(limits: SumLimits, total: Fraction) -> tuple[RecistMargin, ...]:
    """The next other category in either direction and the sum at which it begins.

    Nearest first, at most one larger and one smaller. Complete response never appears: it rests
    on each lesion, not on their sum.
    """
    low, high = limits.response_to, limits.progression_from
    if is_less(high, low):
        low, high = high, low
    borders = (low,) if low == high else (low, high)
    larger = [border for border in borders if at_least(border, total)]
    smaller = [border for border in reversed(borders) if at_most(border, total)]
    here = limits.category(total)
    found = (
        _next(limits, here, total, larger, last=high + 1),
        _next(limits, here, total, smaller, last=Fraction(0)),
    )
    margins = [margin for margin in found if margin is not None]
    return tuple(sorted(margins, key=lambda margin: abs(margin.difference_mm)))


def _next(
    limits: SumLimits,
    here: RecistCategory,
    total: Fraction,
    borders: list[Fraction],
    last: Fraction,
) -> RecistMargin | None:
    """The first border at or past which the category differs; `last` lies beyond them all."""
    for border, following in pairwise((*borders, last)):
        category = limits.category(border)
        inclusive = category is not here
        if not inclusive:
            category = limits.category(midway(border, following))
        if category is not here:
            away = difference(border, total)
            return RecistMargin(category, nearest(border), away, inclusive)
    return None


def complete_margins(limits: SumLimits, booked: Sequence[Booked]) -> tuple[RecistMargin, ...]:
    """What would end a complete response: the largest node at 10 mm, else anything that returns."""
    total = exact_sum(item.value or Fraction(0) for item in booked)
    nodes = [item for item in booked if item.nodal and item.value is not None]
    if not nodes:
        return (RecistMargin(limits.category(total), 0.0, 0.0, inclusive=False),)
    largest = max(nodes, key=lambda item: item.value or Fraction(0))
    normal_below = mm(limits.rules.node_normal_below_mm)
    grows = normal_below - (largest.value or Fraction(0))
    category = limits.category(total + grows)
    return (
        RecistMargin(
            category, float(normal_below), float(grows), inclusive=True, lesion_id=largest.lesion_id
        ),
    )
