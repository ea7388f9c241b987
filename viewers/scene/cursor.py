"""The numbers under the cursor."""

from dataclasses import dataclass

import numpy as np

from segmentation.geometry import Vector
from segmentation.volume import Unit, Volume
from viewers.scene.images import VisitScene


@dataclass(frozen=True, slots=True)
class CursorReading:
    """The values of the voxels at a position; what is unknown or outside is None.

    `stored` is the PET's value in its own unit where the series was refused.
    """

    visit: int
    lps_mm: Vector
    suvbw_g_per_ml: float | None = None
    sul_g_per_ml: float | None = None
    hounsfield: float | None = None
    bq_per_ml: float | None = None
    liver_ratio: float | None = None
    stored: float | None = None
    stored_unit: Unit | None = None


def read_cursor(visit: VisitScene, lps_mm: Vector) -> CursorReading:
    """The reading of a position: values of the voxels whose box holds it, not interpolated."""
    pet = _voxel(visit.sul, lps_mm)
    hounsfield = None if visit.ct is None else _voxel(visit.ct, lps_mm)
    if not visit.is_quantified:
        unit = visit.sul.unit
        bq = pet if unit is Unit.BQ_PER_ML else None
        return CursorReading(
            visit.number, lps_mm, hounsfield=hounsfield, bq_per_ml=bq, stored=pet, stored_unit=unit
        )
    return CursorReading(
        visit.number,
        lps_mm,
        _times(pet, visit.suvbw_over_sul),
        pet,
        hounsfield,
        _times(pet, visit.bq_per_ml_over_sul),
        _times(pet, None if not visit.liver_mean else 1.0 / visit.liver_mean),
    )


def _voxel(volume: Volume, lps_mm: Vector) -> float | None:
    index = volume.geometry.zyx_from_lps(lps_mm)
    if not volume.geometry.contains_zyx(index):
        return None
    upper = np.asarray(volume.geometry.shape_zyx) - 1
    z, y, x = np.clip(np.rint(index).astype(int), 0, upper)
    value = float(volume.values[z, y, x])
    return value if np.isfinite(value) else None


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor
