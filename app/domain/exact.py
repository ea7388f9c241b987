"""Exact comparison with limits (spec 0.3 N2): decimals as written, ties within 1e-9."""

from fractions import Fraction
from functools import lru_cache

PER_TIE = 10**9
TIE = Fraction(1, PER_TIE)
Ratio = tuple[int, int]  # numerator and denominator, the latter above 0


def exact(value: float | Fraction) -> Fraction:
    """The decimal value a float was written as (its shortest text), exactly."""
    if isinstance(value, float):
        return _as_written(float(value))  # also of a subclass, whose text may differ
    return value if isinstance(value, Fraction) else _as_written(float(value))


@lru_cache(maxsize=1 << 16)  # a course compares the same few numbers again and again
def _as_written(value: float) -> Fraction:
    return Fraction(repr(value))


@lru_cache(maxsize=1 << 12)  # limits, asked for at every comparison
def as_ratio(limit: float) -> Ratio:
    """Numerator and denominator of the decimal value a limit was written as."""
    return _as_written(limit).as_integer_ratio()


def nearest(value: Fraction) -> float:
    """The float next to a value; Fraction's own conversion takes a long way round."""
    n, d = value.as_integer_ratio()
    return n / d


def is_less(value: Fraction, other: Fraction) -> bool:
    """value < other, without any tie."""
    n, d = value.as_integer_ratio()
    other_n, other_d = other.as_integer_ratio()
    return n * other_d < other_n * d


def midway(value: Fraction, other: Fraction) -> Fraction:
    """The mean of two values, reduced once."""
    n, d = value.as_integer_ratio()
    other_n, other_d = other.as_integer_ratio()
    return Fraction(n * other_d + other_n * d, 2 * d * other_d)


def difference(value: Fraction, start: Fraction) -> float:
    """value - start, rounded once: division of whole numbers is exact to the last bit."""
    n, d = value.as_integer_ratio()
    start_n, start_d = start.as_integer_ratio()
    return (n * start_d - start_n * d) / (d * start_d)


def relative_change(value: Fraction, start: Fraction) -> float | None:
    """(value - start) / start, rounded once; None from 0 (N4), never infinity."""
    n, d = value.as_integer_ratio()
    start_n, start_d = start.as_integer_ratio()
    return None if start_n == 0 else (n * start_d - start_n * d) / (d * start_n)


def at_least(value: Fraction, limit: Fraction, inclusive: bool = True) -> bool:
    """value >= limit; a value within 1e-9 of the limit counts only where the rule is inclusive."""
    over, tied = _over(value, limit)
    return inclusive if tied else over > 0


def at_most(value: Fraction, limit: Fraction, inclusive: bool = True) -> bool:
    """value <= limit; a value within 1e-9 of the limit counts only where the rule is inclusive."""
    over, tied = _over(value, limit)
    return inclusive if tied else over < 0


def _over(value: Fraction, limit: Fraction) -> tuple[int, bool]:
    """The sign of value - limit and whether it is a tie, in whole numbers: several times faster."""
    n, d = value.as_integer_ratio()
    limit_n, limit_d = limit.as_integer_ratio()
    over = n * limit_d - limit_n * d
    return over, abs(over) * PER_TIE <= d * limit_d
