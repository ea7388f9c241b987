"""A maximum as the searches hand it over, before it is judged."""

from dataclasses import dataclass

from segmentation.geometry import Vector


@dataclass(frozen=True, slots=True)
class FoundPeak:
    """The largest ball mean found, its centre, the volume it rests on and the share missing."""

    value: float
    position_zyx: Vector
    volume_used_ml: float
    truncated_fraction: float
