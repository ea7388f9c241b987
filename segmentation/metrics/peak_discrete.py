"""Peaks on voxel centres: the ball as a set of weighted voxels (fractional or binary)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Geometry
from segmentation.metrics.peak_found import FoundPeak
from segmentation.metrics.peak_surroundings import Surroundings, slice_reach, surroundings_of
from segmentation.volume import Volume

# Sub-voxels per axis of the fractional weights; the spec asks for at least 10. Twenty bring the
# weights' sum within 0.1 % of the ball on PET grids.
SUBSAMPLES = 20
# A centre exactly on the surface counts as inside whatever the rounding of the header (mm).
SURFACE_SLACK_MM = 1e-6
# Voxel values gathered at a time: bounds the memory of large regions (float64: 16 MB).
GATHER_LIMIT = 2_000_000
# Means this close (relative) are the same mean: the hotter centre decides, then the lower index.
TIE_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class VoxelWeights:
    """The voxels of a ball centred on a voxel: offsets (n, 3) and their weights (n,).

    A weight is a share of the nominal voxel volume.
    """

    offsets_zyx: npt.NDArray[np.intp]
    weights: FloatArray

    @property
    def total(self) -> float:
        """Sum of the weights: the ball's volume in nominal voxels."""
        return float(self.weights.sum())


def binary_weights(around: Surroundings, radius_mm: float) -> VoxelWeights:
    """Weight 1 for each voxel whose centre is within the radius (spec 1.8, `ibsi_binary`)."""
    (first, _), (_, ny), (_, nx) = around.taps(radius_mm)
    z = np.asarray(around.slice_mm)[:, None, None]
    y = np.arange(-ny, ny + 1)[:, None] * around.spacing_yx_mm[0]
    x = np.arange(-nx, nx + 1) * around.spacing_yx_mm[1]
    inside = z**2 + y**2 + x**2 <= (radius_mm + SURFACE_SLACK_MM) ** 2
    offsets = np.argwhere(inside) + np.array([first, -ny, -nx])
    return VoxelWeights(offsets, np.ones(len(offsets)))


def fractional_weights(
    around: Surroundings, radius_mm: float, subsamples: int = SUBSAMPLES
) -> VoxelWeights:
    """The share of each voxel inside the ball, by sub-voxel centres (spec 1.8, `fractional`).

    Where slices are uneven a voxel reaches half-way to its neighbours and weighs its thickness
    relative to the nominal step. Weights are exact to the sampling of `subsamples` per axis.
    """
    step = float(np.median(np.diff(around.slice_mm)))
    (first, _), (_, ny), (_, nx) = around.taps(radius_mm)
    slice_mm = np.asarray(around.slice_mm)
    bounds = np.concatenate(
        [
            slice_mm[:1] - step / 2,
            (slice_mm[1:] + slice_mm[:-1]) / 2,
            slice_mm[-1:] + step / 2,
        ]
    )
    thickness = np.diff(bounds)
    share = (np.arange(subsamples) + 0.5) / subsamples
    z = (bounds[:-1, None] + thickness[:, None] * share).ravel()
    y, x = (
        ((np.arange(n + 1)[:, None] - 0.5 + share) * spacing).ravel()
        for n, spacing in zip((ny, nx), around.spacing_yx_mm, strict=True)
    )
    quadrant = np.empty((len(slice_mm), ny + 1, nx + 1))
    limit = radius_mm**2 + 1e-9
    for k in range(len(slice_mm)):
        part = z[k * subsamples : (k + 1) * subsamples, None, None]
        count = (part**2 + y[:, None] ** 2 + x**2 <= limit).sum(axis=0)
        blocks = count.reshape(ny + 1, subsamples, nx + 1, subsamples).sum(axis=(1, 3))
        quadrant[k] = blocks * (thickness[k] / step / subsamples**3)
    mirror_y, mirror_x = np.abs(np.arange(-ny, ny + 1)), np.abs(np.arange(-nx, nx + 1))
    weights = quadrant[:, mirror_y][:, :, mirror_x]
    offsets = np.argwhere(weights > 0)
    return VoxelWeights(offsets + np.array([first, -ny, -nx]), weights[weights > 0])


@lru_cache(maxsize=64)
def cached_weights(around: Surroundings, radius_mm: float, binary: bool) -> VoxelWeights:
    """The binary or the fractional weights, kept per grid."""
    return (binary_weights if binary else fractional_weights)(around, radius_mm)


def on_centre_maximum(
    volume: Volume, voxels_zyx: npt.NDArray[np.intp], radius_mm: float, *, binary: bool
) -> FoundPeak | None:
    """The largest weighted mean of the ball about the candidate voxels (n, 3).

    Voxels beyond the image and non-finite voxels are left out of both sums. Of equal means the
    one with the hotter centre, then the first. None where no ball holds a finite voxel.
    Source: spec 1.8.
    """
    means, used, complete = _means(volume, voxels_zyx, radius_mm, binary=binary)
    top = float(means.max())
    if not np.isfinite(top):
        return None
    tied = np.flatnonzero(means >= top - TIE_TOLERANCE * abs(top))
    own = volume.values[tuple(voxels_zyx[tied].T)].astype(np.float64)
    at = int(tied[int(np.argmax(np.where(np.isfinite(own), own, -np.inf)))])
    z, y, x = (float(p) for p in voxels_zyx[at])
    return FoundPeak(
        value=float(means[at]),
        position_zyx=(z, y, x),
        volume_used_ml=float(used[at]) * volume.geometry.voxel_volume_ml,
        truncated_fraction=max(1.0 - float(used[at] / complete[at]), 0.0),
    )


def _means(
    volume: Volume, voxels_zyx: npt.NDArray[np.intp], radius_mm: float, *, binary: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ball means (n,), -inf where nothing is left, and the ball's used and full weight."""
    means = np.full(len(voxels_zyx), -np.inf)
    used, complete = np.zeros(len(voxels_zyx)), np.zeros(len(voxels_zyx))
    padded, low = _padded(volume, voxels_zyx, radius_mm)
    finite = np.isfinite(padded)
    flat_valid = None if finite.all() else finite.astype(np.float64).ravel()
    flat = (padded if flat_valid is None else np.where(finite, padded, 0.0)).ravel()
    strides = np.array([padded.shape[1] * padded.shape[2], padded.shape[2], 1])
    for around, members in _grouped_by_slice(volume.geometry, voxels_zyx, radius_mm).items():
        ball = cached_weights(around, radius_mm, binary)
        step = ball.offsets_zyx @ strides
        complete[members] = ball.total
        chunk = max(GATHER_LIMIT // len(step), 1)
        for start in range(0, len(members), chunk):
            part = members[start : start + chunk]
            index = ((voxels_zyx[part] - low) @ strides)[:, None] + step
            weight = np.full(len(part), ball.total)
            if flat_valid is not None:
                weight = flat_valid[index] @ ball.weights
            used[part] = weight
            some = weight > 0
            means[part[some]] = (flat[index] @ ball.weights)[some] / weight[some]
    return means, used, complete


def _grouped_by_slice(
    geometry: Geometry, voxels_zyx: npt.NDArray[np.intp], radius_mm: float
) -> dict[Surroundings, npt.NDArray[np.intp]]:
    """Groups of equal slice positions; image edges are left to the gather."""
    slices, member_of = np.unique(voxels_zyx[:, 0], return_inverse=True)
    middle = [n // 2 for n in geometry.shape_zyx[1:]]
    probes = np.array([[k, *middle] for k in slices], dtype=np.intp)
    groups: dict[Surroundings, list[int]] = {}
    free = ((-np.inf, np.inf),) * 3
    for around, which in surroundings_of(geometry, probes, radius_mm).items():
        open_ended = Surroundings(around.slice_mm, around.first_slice, around.spacing_yx_mm, free)
        groups.setdefault(open_ended, []).extend(int(i) for i in which)
    return {
        around: np.flatnonzero(np.isin(member_of, which)).astype(np.intp)
        for around, which in groups.items()
    }


def _padded(
    volume: Volume, voxels_zyx: npt.NDArray[np.intp], radius_mm: float
) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """The image around the candidates as float64, NaN beyond its edges, and its first index."""
    geometry = volume.geometry
    first, last = voxels_zyx.min(axis=0), voxels_zyx.max(axis=0)
    lateral = [int(np.ceil(radius_mm / d + 2.5)) - 1 for d in geometry.spacing_yx_mm]
    bottom, top = slice_reach(geometry, int(first[0]), int(last[0]), radius_mm)
    low = np.array([bottom, first[1] - lateral[0], first[2] - lateral[1]], dtype=np.intp)
    high = np.array([top, last[1] + lateral[0], last[2] + lateral[1]], dtype=np.intp) + 1
    padded = np.full(tuple(high - low), np.nan)
    inner_low, inner_high = np.maximum(low, 0), np.minimum(high, geometry.shape_zyx)
    target = tuple(slice(a, b) for a, b in zip(inner_low - low, inner_high - low, strict=True))
    source = tuple(slice(a, b) for a, b in zip(inner_low, inner_high, strict=True))
    padded[target] = volume.values[source]
    return padded, low
