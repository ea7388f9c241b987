"""SULpeak: the largest mean uptake of a 1 mL ball centred in a lesion, by three methods."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from segmentation.geometry import Vector
from segmentation.mask import Mask
from segmentation.metrics.peak_contents import ball_contents
from segmentation.metrics.peak_continuous import continuous_maximum
from segmentation.metrics.peak_discrete import on_centre_maximum
from segmentation.metrics.peak_found import FoundPeak
from segmentation.metrics.statistics import region_values
from segmentation.volume import Volume

# The ball of 1 mL (spec 1.8): radius 6.2035 mm.
PEAK_RADIUS_MM = float((3000.0 / (4.0 * np.pi)) ** (1.0 / 3.0))
PEAK_DIAMETER_MM = 2.0 * PEAK_RADIUS_MM
# A larger missing share of the ball raises PEAK_TRUNCATED (spec 1.8).
TRUNCATION_LIMIT = 0.01
# Boxes of more voxels are split, so that scattered regions cost memory near their own size.
BOX_LIMIT_VOXELS = 1_000_000


class PeakMethod(StrEnum):
    """How the ball is laid over the voxels (spec 1.8)."""

    CONTINUOUS = "continuous"
    FRACTIONAL = "fractional"
    IBSI_BINARY = "ibsi_binary"


class PeakFlag(StrEnum):
    """What a reader must know about a peak."""

    TRUNCATED = "PEAK_TRUNCATED"  # more than 1 % of the ball lies beyond the image
    CONTAMINATED = "PEAK_CONTAMINATED"  # the ball holds something hotter than the lesion
    NON_FINITE = "PEAK_NON_FINITE"  # the ball holds voxels that carry no number


@dataclass(frozen=True, slots=True)
class Peak:
    """One peak value in the unit of its volume, and where and how it was found.

    `volume_used_ml` is the ball inside the image as the method sees it (a binary ball on a
    coarse grid holds 0.7-1.2 mL); `truncated_fraction` is the share left out.
    """

    method: PeakMethod
    value: float
    position_zyx: Vector
    position_lps_mm: Vector
    diameter_mm: float
    volume_used_ml: float
    truncated_fraction: float
    flags: frozenset[PeakFlag]


@dataclass(frozen=True, slots=True)
class Peaks:
    """The three peaks of one region; all are stored, the charter names the one reported."""

    continuous: Peak
    fractional: Peak
    ibsi_binary: Peak

    def by_method(self, method: PeakMethod) -> Peak:
        """The peak of one method."""
        return {
            PeakMethod.CONTINUOUS: self.continuous,
            PeakMethod.FRACTIONAL: self.fractional,
            PeakMethod.IBSI_BINARY: self.ibsi_binary,
        }[method]


def region_peaks(
    volume: Volume, mask: Mask, *, diameter_mm: float = PEAK_DIAMETER_MM
) -> Peaks | None:
    """All three peaks; None for an empty region or one without a finite voxel around it."""
    continuous, fractional, binary = (
        region_peak(volume, mask, method, diameter_mm=diameter_mm) for method in PeakMethod
    )
    if continuous is None or fractional is None or binary is None:
        return None
    return Peaks(continuous, fractional, binary)


def region_peak(
    volume: Volume, mask: Mask, method: PeakMethod, *, diameter_mm: float = PEAK_DIAMETER_MM
) -> Peak | None:
    """The largest ball mean over centres in the region; the ball may leave the region.

    `diameter_mm` is that of the ball (mm). None for an empty region or one without a finite
    voxel around it, otherwise always a number. Raises ValueError where mask and volume are not
    on one grid or the diameter is not positive. Source: spec 1.8.
    """
    if not diameter_mm > 0:
        raise ValueError("the ball's diameter must be positive")
    values = region_values(volume, mask)
    best: FoundPeak | None = None
    for part in _compact_parts(mask):
        found = _search(volume, part.indices_zyx(), diameter_mm / 2.0, method)
        if found is not None and (best is None or found.value > best.value):
            best = found
    return None if best is None else _judged(best, volume, mask, values, diameter_mm, method)


def local_peak(volume: Volume, mask: Mask, *, diameter_mm: float = PEAK_DIAMETER_MM) -> Peak | None:
    """IBSI local intensity peak: the binary ball about the hottest voxel of the region.

    If several voxels share the maximum, the largest of their means. A different quantity from
    SULpeak, smaller or equal; never report it as such. None where no voxel of the region is
    finite. Source: IBSI VJGA, spec 1.8.
    """
    values = region_values(volume, mask)
    if not np.isfinite(values).any():
        return None
    voxels = mask.indices_zyx()[values == np.max(values[np.isfinite(values)])]
    found = on_centre_maximum(volume, voxels, diameter_mm / 2.0, binary=True)
    if found is None:
        return None
    return _judged(found, volume, mask, values, diameter_mm, PeakMethod.IBSI_BINARY)


def _search(
    volume: Volume, voxels_zyx: npt.NDArray[np.intp], radius_mm: float, method: PeakMethod
) -> FoundPeak | None:
    if method is PeakMethod.CONTINUOUS:
        return continuous_maximum(volume, voxels_zyx, radius_mm)
    binary = method is PeakMethod.IBSI_BINARY
    return on_centre_maximum(volume, voxels_zyx, radius_mm, binary=binary)


def _judged(
    found: FoundPeak,
    volume: Volume,
    mask: Mask,
    values: npt.NDArray[np.float64],
    diameter_mm: float,
    method: PeakMethod,
) -> Peak:
    """The found maximum as a record with its flags."""
    finite = values[np.isfinite(values)]
    lesion_maximum = float(finite.max()) if finite.size else -np.inf
    by_centre = method is PeakMethod.IBSI_BINARY
    foreign_maximum, non_finite = ball_contents(
        volume, mask, found.position_zyx, diameter_mm / 2.0, by_centre=by_centre
    )
    judged = {
        PeakFlag.TRUNCATED: found.truncated_fraction > TRUNCATION_LIMIT,
        PeakFlag.CONTAMINATED: foreign_maximum > lesion_maximum,
        PeakFlag.NON_FINITE: non_finite,
    }
    x, y, z = (float(p) for p in volume.geometry.lps_from_zyx(found.position_zyx))
    return Peak(
        method=method,
        value=found.value,
        position_zyx=found.position_zyx,
        position_lps_mm=(x, y, z),
        diameter_mm=diameter_mm,
        volume_used_ml=found.volume_used_ml,
        truncated_fraction=found.truncated_fraction,
        flags=frozenset(flag for flag, raised in judged.items() if raised),
    )


def _compact_parts(mask: Mask) -> Iterator[Mask]:
    """The region in parts whose boxes stay below the limit, each box tight; no empty ones."""
    hits = [
        np.flatnonzero(mask.inside.any(axis=tuple(a for a in range(3) if a != axis)))
        for axis in range(3)
    ]
    if not hits[0].size:
        return
    low = [int(hit[0]) for hit in hits]
    extent = [int(hit[-1]) + 1 - a for hit, a in zip(hits, low, strict=True)]
    box = tuple(slice(a, a + n) for a, n in zip(low, extent, strict=True))
    inside = mask.inside[box]
    z, y, x = (a + b for a, b in zip(mask.start_zyx, low, strict=True))
    if inside.size <= BOX_LIMIT_VOXELS:
        yield Mask(mask.geometry, (z, y, x), inside.copy())
        return
    axis = int(np.argmax(extent))
    half = extent[axis] // 2
    lower, upper = np.split(inside, [half], axis=axis)
    start = [z, y, x]
    yield from _compact_parts(Mask(mask.geometry, (z, y, x), lower.copy()))
    start[axis] += half
    yield from _compact_parts(Mask(mask.geometry, (start[0], start[1], start[2]), upper.copy()))
