"""How far the current SULpeak is from another category (spec 2.7 limits turned round)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.criteria.percist.target_limits import TargetLimits
from app.domain.exact import at_least, at_most, difference, midway, nearest
from app.domain.response import Margin, MetabolicCategory

Judge = Callable[[MetabolicCategory], MetabolicCategory]
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The target categories around the current SULpeak: borders, nearest first on either side.

    `incomplete` tells that lesions are missing: what is measured can only prove progression.
    """

    limits: TargetLimits
    current: Fraction
    hotter: tuple[Fraction, ...]
    colder: tuple[Fraction, ...]
    incomplete: bool = False

    def category(self, c: Fraction) -> MetabolicCategory:
        """What the target would be at a SULpeak, found by asking `limits` itself."""
        found = self.limits.category(c)
        if self.incomplete and found is not MetabolicCategory.PMD:
            return MetabolicCategory.NE
        return found


def surroundings(limits: TargetLimits, c: Fraction) -> Surroundings:
    """The borders on both sides of the current SULpeak.

    So a margin cannot disagree with the category. CMR appears only where the reader has ticked
    "resolved": it rests on the eye, not on a number.
    """
    borders = limits.borders()
    return Surroundings(
        limits,
        c,
        tuple(border for border in borders if at_least(border, c)),
        tuple(border for border in reversed(borders) if at_most(border, c)),
    )


def only_progression_counts(around: Surroundings) -> Surroundings:
    """The same where lesions are missing: what is measured can only prove progression."""
    return replace(around, incomplete=True)


def target_margins(around: Surroundings) -> tuple[Margin, ...]:
    """The next other target category in either direction and the SULpeak at which it begins.

    Nearest first, at most one hotter and one colder.
    """
    return margins(around, lambda category: category)


def margins(around: Surroundings, judge: Judge) -> tuple[Margin, ...]:
    """The margins of what `judge` makes of the target category, such as the overall one.

    A border at which the target changes but the verdict does not is passed over.
    """
    here = judge(around.category(around.current))
    last = (around.hotter[-1] if around.hotter else around.current) + ONE
    found = (
        _next(around, around.hotter, last, judge, here),
        _next(around, around.colder, ZERO, judge, here),
    )
    known = [margin for margin in found if margin is not None]
    return tuple(sorted(known, key=lambda item: abs(item.difference_g_per_ml)))


def _next(
    around: Surroundings,
    borders: Sequence[Fraction],
    last: Fraction,
    judge: Judge,
    here: MetabolicCategory,
) -> Margin | None:
    """The first border at or beyond which the verdict differs."""
    for at, value in _steps(borders, last):
        category = judge(around.category(value))
        if category is not here:
            away = difference(at, around.current)
            return Margin(category, nearest(at), away, inclusive=value is at)
    return None


def _steps(borders: Sequence[Fraction], last: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """Each border with itself and then with a value just beyond; `last` lies past them all."""
    for number, at in enumerate(borders, start=1):
        yield at, at
        yield at, midway(at, borders[number] if number < len(borders) else last)
