"""A scalar image in patient space."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.geometry import Geometry


class Unit(StrEnum):
    """What a voxel value means."""

    BQ_PER_ML = "Bq/mL"
    SUVBW_G_PER_ML = "g/mL{SUVbw}"
    SUL_G_PER_ML = "g/mL{SUL}"
    HOUNSFIELD = "HU"
    COUNTS = "counts"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class Volume:
    """A read-only array [z, y, x] (int16 or float32) with its geometry and unit."""

    values: npt.NDArray[Any]
    geometry: Geometry
    unit: Unit

    def __post_init__(self) -> None:
        if self.values.shape != self.geometry.shape_zyx:
            raise ValueError(f"array {self.values.shape} is not {self.geometry.shape_zyx}")
        self.values.setflags(write=False)

    def scaled(self, factor: float | npt.NDArray[np.float64], unit: Unit) -> "Volume":
        """The volume times a factor, or times one factor per slice (shape [z]); float32."""
        factors = np.asarray(factor, dtype=np.float64)
        if factors.ndim == 1:
            factors = factors[:, None, None]
        return Volume((self.values * factors).astype(np.float32), self.geometry, unit)
