"""Exact comparison with limits (spec 0.3 N2): decimals as written, ties within 1e-9."""

from fractions import Fraction
from functools import lru_cache

TIE = Fraction(1, 10**9)


def exact(value: float | Fraction) -> Fraction:
    """The decimal value a float was written as (its shortest text), exactly."""
    return value if isinstance(value, Fraction) else _as_written(float(value))


@lru_cache(maxsize=1 << 16)  # a course compares the same few numbers again and again
def _as_written(value: float) -> Fraction:
    return Fraction(repr(value))


def at_least(value: Fraction, limit: Fraction, inclusive: bool = True) -> bool:
    """value >= limit; a value within 1e-9 of the limit counts only where the rule is inclusive."""
    difference = value - limit
    return inclusive if abs(difference) <= TIE else difference > 0


def at_most(value: Fraction, limit: Fraction, inclusive: bool = True) -> bool:
    """value <= limit; a value within 1e-9 of the limit counts only where the rule is inclusive."""
    difference = value - limit
    return inclusive if abs(difference) <= TIE else difference < 0
