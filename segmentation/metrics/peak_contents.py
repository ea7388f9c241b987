"""What lies in a ball: voxels hotter than the lesion, voxels without a number."""

import numpy as np

from segmentation.geometry import Vector
from segmentation.mask import Mask
from segmentation.metrics.peak_surroundings import slice_reach
from segmentation.volume import Volume

# As for the binary weights: a centre on the surface is inside (mm).
SURFACE_SLACK_MM = 1e-6


def ball_contents(
    volume: Volume, mask: Mask, centre_zyx: Vector, radius_mm: float, *, by_centre: bool
) -> tuple[float, bool]:
    """The hottest voxel of the ball outside the mask (-inf: none), and whether one is non-finite.

    A voxel belongs to the ball when its box meets the ball, or with `by_centre` when its centre
    lies in it.
    """
    geometry = volume.geometry
    centre_mm = geometry.mm_from_zyx(centre_zyx)
    k = round(centre_zyx[0])
    low, high = slice_reach(geometry, k, k, radius_mm)
    ranges = [np.arange(max(low, 0), min(high + 1, geometry.shape_zyx[0]))]
    for axis in (1, 2):
        reach = radius_mm / geometry.spacing_zyx_mm[axis] + 0.5
        first = max(int(np.floor(centre_zyx[axis] - reach)), 0)
        last = min(int(np.ceil(centre_zyx[axis] + reach)), geometry.shape_zyx[axis] - 1)
        ranges.append(np.arange(first, last + 1))
    square = np.zeros((1, 1, 1))
    for axis, index in enumerate(ranges):
        points = np.zeros((3, len(index), 3))
        points[..., axis] = index
        if not by_centre:
            points[0, :, axis] -= 0.5
            points[2, :, axis] += 0.5
        lower, _, upper = geometry.mm_from_zyx(points)[..., axis] - centre_mm[axis]
        distance = np.maximum(np.maximum(lower, -upper), 0.0)
        shape = [1, 1, 1]
        shape[axis] = len(index)
        square = square + np.square(distance).reshape(shape)
    limit = (radius_mm + SURFACE_SLACK_MM) ** 2
    inside = square <= limit if by_centre else square < radius_mm**2
    start = np.array([index[0] for index in ranges])
    box = tuple(slice(int(index[0]), int(index[-1]) + 1) for index in ranges)
    values = volume.values[box][inside].astype(np.float64)
    foreign = ~_belongs(mask, np.argwhere(inside) + start)
    finite = np.isfinite(values)
    outside = values[foreign & finite]
    return float(outside.max()) if outside.size else -np.inf, not bool(finite.all())


def _belongs(
    mask: Mask, voxels_zyx: np.ndarray[tuple[int, int], np.dtype[np.intp]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each voxel (n, 3) of the full array belongs to the region."""
    local = voxels_zyx - np.asarray(mask.start_zyx)
    within = np.all((local >= 0) & (local < mask.inside.shape), axis=1)
    belongs = np.zeros(len(local), dtype=bool)
    belongs[within] = mask.inside[tuple(local[within].T)]
    return belongs
