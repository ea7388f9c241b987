"""Diameters as exact numbers (spec 0.3 N2, N3)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from app.criteria.recist.rules import RecistRules
from app.domain.exact import TIE, exact, relative_change


@lru_cache(maxsize=8192)
def mm(length: float) -> Fraction:
    """The decimal a diameter was written as, exactly; remembered, as diameters repeat."""
    return exact(length)


@lru_cache(maxsize=64)
def tied_from(limit_mm: float) -> Fraction:
    """The least length that reaches a limit where ties within 1e-9 count (N2)."""
    return mm(limit_mm) - TIE


def exact_sum(lengths: Iterable[Fraction]) -> Fraction:
    """The exact sum, over one common denominator: Fraction's own sum reduces at every step."""
    parts = tuple(lengths)
    common = lcm(*(part.denominator for part in parts))
    return Fraction(sum(part.numerator * (common // part.denominator) for part in parts), common)


def stored_diameter_mm(length_mm: float, rules: RecistRules) -> float:
    """The diameter as it is stored: rounded half up to `diameter_resolution_mm` (N3).

    To be applied once, when the reader accepts the caliper; the engine sums what is stored.
    """
    step = Decimal(repr(rules.diameter_resolution_mm))
    # Twelve decimals first: a length of exactly 9.85 must not fall to 9.8 by its last bit.
    steps = Decimal(repr(round(length_mm, 12))) / step
    return float(steps.quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)


def share_of(value: Fraction, reference: Fraction) -> float | None:
    """(value - reference) / reference as a fraction; None from 0 (N4)."""
    return relative_change(value, reference)
