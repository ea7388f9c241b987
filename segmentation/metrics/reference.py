"""Statistics and quality flags of a reference region: liver sphere or blood-pool cylinder."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from segmentation.geometry import FloatArray
from segmentation.mask import Mask
from segmentation.metrics.statistics import RegionStatistics, region_statistics, region_values
from segmentation.voi import CylinderVoi, SphereVoi
from segmentation.volume import Volume

# Spec 2.3. Flags only: the reader decides, nothing is rejected silently.
CV_LIMIT = 0.25
HOT_VOXEL_SD = 5.0
LOWEST_SOFT_TISSUE_HU = -20.0


class ReferenceFlag(StrEnum):
    """What makes a reference region doubtful."""

    INHOMOGENEOUS = "REFERENCE_INHOMOGENEOUS"  # coefficient of variation above 25 %
    HOT_VOXEL = "REFERENCE_HOT_VOXEL"  # a voxel above mean + 5 SD
    NOT_SOFT_TISSUE = "REFERENCE_NOT_SOFT_TISSUE"  # CT below -20 HU: fat, lung or air
    NON_FINITE = "REFERENCE_NON_FINITE"  # voxels without a number, left out


@dataclass(frozen=True, slots=True)
class ReferenceMeasurement:
    """A measured reference region; SD is that of the sample (n-1).

    `lowest_ct_hu` is the lowest CT value, averaged over each PET voxel of the region: single CT
    voxels of a low-dose scan fall below any limit by noise alone. None without a CT there.
    """

    voi: SphereVoi | CylinderVoi
    statistics: RegionStatistics
    lowest_ct_hu: float | None
    flags: frozenset[ReferenceFlag]


def measure_reference(
    volume: Volume, voi: SphereVoi | CylinderVoi, ct: Volume | None = None
) -> ReferenceMeasurement | None:
    """Mean, SD, minimum, maximum, n and volume of a reference region with its flags.

    `ct` is in the same patient space (LPS mm), on its own grid, in HU. Voxels belong to the
    region by their centre. None where the region holds no finite voxel. Source: spec 2.3.
    """
    mask = voi.mask(volume.geometry)
    found = region_statistics(volume, mask, ddof=1)
    if found is None:
        return None
    lowest = None if ct is None else _lowest_ct(ct, voi, mask)
    variation = found.coefficient_of_variation
    raised = {
        ReferenceFlag.INHOMOGENEOUS: variation is not None and variation > CV_LIMIT,
        ReferenceFlag.HOT_VOXEL: found.sd is not None
        and found.maximum > found.mean + HOT_VOXEL_SD * found.sd,
        ReferenceFlag.NOT_SOFT_TISSUE: lowest is not None and lowest < LOWEST_SOFT_TISSUE_HU,
        ReferenceFlag.NON_FINITE: found.non_finite_voxels > 0,
    }
    flags = frozenset(flag for flag, is_raised in raised.items() if is_raised)
    return ReferenceMeasurement(voi, found, lowest, flags)


def _lowest_ct(ct: Volume, voi: SphereVoi | CylinderVoi, mask: Mask) -> float | None:
    """The lowest mean of the CT voxels within one PET voxel; None where the CT does not reach."""
    on_ct = voi.mask(ct.geometry)
    if on_ct.voxels == 0:
        return None
    values: FloatArray = region_values(ct, on_ct)
    lps = ct.geometry.lps_from_zyx(on_ct.indices_zyx())
    pet_index = np.rint(mask.geometry.zyx_from_lps(lps)).astype(np.intp)
    _, cell = np.unique(pet_index, axis=0, return_inverse=True)
    finite = np.isfinite(values)
    if not finite.any():
        return None
    cell, values = cell.ravel()[finite], values[finite]
    count = np.bincount(cell)
    full = count >= max(1.0, 0.5 * float(np.median(count[count > 0])))
    return float((np.bincount(cell, values)[full] / count[full]).min())
