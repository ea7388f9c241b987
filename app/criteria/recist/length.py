"""Diameters as exact numbers (spec 0.3 N2, N3)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from app.criteria.recist.rules import RecistRules
from app.domain.exact import exact


@lru_cache(maxsize=8192)
def mm(length: float) -> Fraction:
    """The decimal a diameter was written as, exactly; remembered, as diameters repeat."""
    return exact(length)


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
    return None if reference == 0 else float((value - reference) / reference)
