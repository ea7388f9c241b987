"""A bidirectional caliper on CT: endpoints in patient space, diameters as RECIST stores them."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.reference import LpsMm

# N3: diameters are stored to this step, half up, when the reader accepts the caliper.
RESOLUTION_MM = Decimal("0.1")
Axis = tuple[LpsMm, LpsMm]


@dataclass(frozen=True, slots=True)
class Caliper:
    """Long axis and, where drawn, the short axis across it, on one slice of one series."""

    caliper_id: str
    lesion_id: str | None
    visit: int
    series_uid: str
    long_axis_lps_mm: Axis
    short_axis_lps_mm: Axis | None = None

    @property
    def long_axis_mm(self) -> float:
        """Longest diameter to 0.1 mm."""
        return stored_length_mm(self.long_axis_lps_mm)

    @property
    def short_axis_mm(self) -> float | None:
        """Short axis to 0.1 mm."""
        return None if self.short_axis_lps_mm is None else stored_length_mm(self.short_axis_lps_mm)


def stored_length_mm(axis: Axis) -> float:
    """The length of an axis rounded half up to 0.1 mm (spec 0.3 N3)."""
    squares = sum((a - b) ** 2 for a, b in zip(*axis, strict=True))
    # Twelve decimals first: a length of exactly 9.85 must not fall to 9.8 by its last bit.
    length = Decimal(repr(round(squares**0.5, 12)))
    return float(length.quantize(RESOLUTION_MM, rounding=ROUND_HALF_UP))
