"""First-order statistics of the voxels of a region."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Vector
from segmentation.mask import Mask
from segmentation.volume import Unit, Volume


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """Voxel statistics of one region, in the unit of its volume; all numbers are finite.

    `sd` is None for a single voxel with n-1 in the denominator. `non_finite_voxels` are left
    out of every statistic but counted in `voxels` and `volume_ml`, which describe the region.
    """

    unit: Unit
    voxels: int
    non_finite_voxels: int
    volume_ml: float
    minimum: float
    mean: float
    median: float
    sd: float | None
    maximum: float
    maximum_zyx: tuple[int, int, int]
    maximum_lps_mm: Vector

    @property
    def lesion_glycolysis_g(self) -> float:
        """Mean times volume (TLG, spec 1.8, PER-C31); grams when the unit is g/mL."""
        return self.mean * self.volume_ml

    @property
    def coefficient_of_variation(self) -> float | None:
        """SD over mean as a fraction; None where either is missing or the mean is not positive."""
        if self.sd is None or self.mean <= 0:
            return None
        return self.sd / self.mean


def region_values(volume: Volume, mask: Mask) -> FloatArray:
    """The region's voxel values as float64 in z, y, x order, shape (n,), NaN included.

    Raises ValueError where mask and volume are not on one grid.
    """
    if mask.geometry.shape_zyx != volume.geometry.shape_zyx:
        raise ValueError("mask and volume are not on one grid")
    values: FloatArray = volume.values[mask.box][mask.inside].astype(np.float64)
    return values


def region_statistics(volume: Volume, mask: Mask, *, ddof: int = 1) -> RegionStatistics | None:
    """Statistics of a region in float64; None where it has no finite voxel.

    `ddof` is 1 for the sample SD (spec 2.3) and 0 for the population SD. The first of several
    equal maxima in z, y, x order gives the position. Raises ValueError where mask and volume
    are not on one grid. Source: spec 1.8.
    """
    values = region_values(volume, mask)
    finite = np.isfinite(values)
    good = values[finite]
    if good.size == 0:
        return None
    hottest = int(np.flatnonzero(finite)[int(np.argmax(good))])
    z, y, x = (int(i) for i in mask.indices_zyx()[hottest])
    return RegionStatistics(
        unit=volume.unit,
        voxels=int(values.size),
        non_finite_voxels=int(values.size - good.size),
        volume_ml=mask.volume_ml,
        minimum=float(good.min()),
        mean=float(good.mean()),
        median=float(np.median(good)),
        sd=float(good.std(ddof=ddof)) if good.size > ddof else None,
        maximum=float(good.max()),
        maximum_zyx=(z, y, x),
        maximum_lps_mm=_vector(volume.geometry.lps_from_zyx((z, y, x))),
    )


def _vector(position: npt.NDArray[np.float64]) -> Vector:
    x, y, z = (float(p) for p in position)
    return x, y, z
