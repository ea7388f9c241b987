"""How far the current SULpeak is from another category (spec 2.7 limits turned round)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from app.criteria.percist.target_limits import TargetLimits
from app.domain.exact import at_least, at_most, difference
from app.domain.response import Margin, MetabolicCategory

Judge = Callable[[MetabolicCategory], MetabolicCategory]


@dataclass(frozen=True, slots=True)
class Border:
    """A SULpeak where the target category may change: what it is there, and just beyond."""

    at: Fraction
    category: MetabolicCategory
    beyond: MetabolicCategory


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The target categories around the current SULpeak, nearest border first on either side."""

    current: Fraction
    category: MetabolicCategory
    hotter: tuple[Border, ...]
    colder: tuple[Border, ...]


def surroundings(limits: TargetLimits, c: Fraction, partial: bool = False) -> Surroundings:
    """The categories at and between the borders, found by asking `limits` itself.

    So a margin cannot disagree with the category. `partial`: lesions are missing, so that what
    is no progression is not evaluable. CMR appears only where the reader has ticked
    "resolved": it rests on the eye, not on a number.
    """

    def category(at: Fraction) -> MetabolicCategory:
        found = limits.category(at)
        proven = found is MetabolicCategory.PMD or not partial
        return found if proven else MetabolicCategory.NE

    borders = limits.borders()
    hotter = [border for border in borders if at_least(border, c)]
    colder = [border for border in reversed(borders) if at_most(border, c)]
    return Surroundings(
        c,
        category(c),
        _walk(category, hotter, last=(hotter[-1] if hotter else c) + 1),
        _walk(category, colder, last=Fraction(0)),
    )


def target_margins(around: Surroundings) -> tuple[Margin, ...]:
    """The next other target category in either direction and the SULpeak at which it begins.

    Nearest first, at most one hotter and one colder.
    """
    return margins(around, lambda category: category)


def margins(around: Surroundings, judge: Judge) -> tuple[Margin, ...]:
    """The margins of what `judge` makes of the target category, such as the overall one.

    A border at which the target changes but the verdict does not is passed over.
    """
    here = judge(around.category)
    found = (_next(around, side, judge, here) for side in (around.hotter, around.colder))
    known = [margin for margin in found if margin is not None]
    return tuple(sorted(known, key=lambda item: abs(item.difference_g_per_ml)))


def _walk(
    category: Callable[[Fraction], MetabolicCategory], borders: Sequence[Fraction], last: Fraction
) -> tuple[Border, ...]:
    """`last` lies beyond all borders."""
    return tuple(
        Border(at, category(at), category((at + following) / 2))
        for at, following in pairwise((*borders, last))
    )


def _next(
    around: Surroundings, borders: Sequence[Border], judge: Judge, here: MetabolicCategory
) -> Margin | None:
    for border in borders:
        for target, inclusive in ((border.category, True), (border.beyond, False)):
            category = judge(target)
            if category is not here:
                away = difference(border.at, around.current)
                return Margin(category, float(border.at), away, inclusive)
    return None
