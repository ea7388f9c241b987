"""Lengths for print, in mm."""

from app.domain.exact import TIE, exact
from app.reporting.numbers import decimals_apart, rounded

MM_DECIMALS = 1  # as diameters are stored
MOST_DECIMALS = 3


def length_text(value: float, signed: bool = False, limit: float | None = None) -> str:
    """A length in mm: tenths, more decimals only where it has them, or to be told from a limit."""
    decimals = MM_DECIMALS
    while decimals < MOST_DECIMALS and abs(exact(round(value, decimals)) - exact(value)) > TIE:
        decimals += 1
    if limit is not None:
        decimals = decimals_apart(value, (limit,), decimals)
    return rounded(value, decimals, signed)
