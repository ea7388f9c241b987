"""When each PET slice was acquired and what follows for its decay attributes."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BedTiming:
    """Acquisition start of each slice after the start of the series, slice 0 the lowest (s).

    All slices of a bed position share one value; every bed lasts `duration_s`.
    """

    offsets_s: tuple[float, ...]
    duration_s: float


def beds_from_feet(slices: int, beds: int, step_s: float, duration_s: float) -> BedTiming:
    """Beds of equal height scanned from the feet up, one each `step_s`."""
    per_bed = math.ceil(slices / beds)
    return BedTiming(tuple((k // per_bed) * step_s for k in range(slices)), duration_s)


def frame_reference_ms(offset_s: float, duration_s: float, half_life_s: float) -> float:
    """Frame Reference Time (0054,1300): when the activity equalled its mean over the frame, ms
    after the start of the series (spec 1.4, T_ave).
    """
    decay = math.log(2.0) / half_life_s
    share = decay * duration_s / -math.expm1(-decay * duration_s)
    return 1000.0 * (offset_s + math.log(share) / decay)


def decay_factor(offset_s: float, duration_s: float, half_life_s: float) -> float:
    """Decay Factor (0054,1321) from the frame's mean activity to the start of the series."""
    mean_at_s = frame_reference_ms(offset_s, duration_s, half_life_s) / 1000.0
    return float(2.0 ** (mean_at_s / half_life_s))
