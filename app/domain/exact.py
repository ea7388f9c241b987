"""Exact comparison with limits (spec 0.3 N2): decimals as written, ties within 1e-9."""

from fractions import Fraction
from functools import lru_cache

TIE = Fraction(1, 10**9)


def exact(value: float | Fraction) -> Fraction:
    """The decimal value a float was written as (its shortest text), exactly."""
    if isinstance(value, float):
        return _as_written(float(value))  # also of a subclass, whose text may differ
    return value if isinstance(value, Fraction) else _as_written(float(value))


@lru_cache(maxsize=1 << 16)  # a course compares the same few numbers again and again
def _as_written(value: float) -> Fraction:
    return Fraction(repr(value))


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
    n, d = value.numerator, value.denominator
    limit_n, limit_d = limit.numerator, limit.denominator
    over = n * limit_d - limit_n * d
    return over, abs(over) * TIE.denominator <= d * limit_d
