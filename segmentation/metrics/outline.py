"""The sub-pixel outline of a region in one slice, as line segments (marching squares)."""

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray
from segmentation.mask import BoolArray

# Cell edges: 0 top, 1 right, 2 bottom, 3 left. Corner bits: 1 top left, 2 top right, 4 bottom
# right, 8 bottom left. In the two saddles the inside corners are joined: a region touching by
# its corners is one region in the slice (8 neighbours).
SEGMENTS_OF_CODE: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((0, 1), (2, 3)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    10: ((3, 0), (1, 2)),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}


def region_outline(
    inside: BoolArray, values: FloatArray | None = None, threshold: float | None = None
) -> FloatArray:
    """Segments (n, 2, 2) of the outline: two end points (y, x) each, in pixel indices.

    `inside` [y, x] must not touch the array's border. Without an image the outline runs half-way
    between inside and outside pixel centres; with one it runs where the image, interpolated
    linearly between the two centres, takes the threshold, and half-way where it does not (a
    neighbour as hot as the region, or a region that nowhere exceeds the threshold).
    """
    if values is not None and threshold is not None and not np.any(values[inside] > threshold):
        values = None
    down = _crossings(inside[:-1], inside[1:], values, threshold, axis=0)
    right = _crossings(inside[:, :-1], inside[:, 1:], values, threshold, axis=1)
    corners = (inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1])
    code = sum(corner.astype(np.int8) << bit for bit, corner in enumerate(corners))
    rows, columns = np.indices(np.shape(code))
    edge_points = (
        np.stack([rows, columns + right[:-1]], axis=-1),
        np.stack([rows + down[:, 1:], columns + 1.0], axis=-1),
        np.stack([rows + 1.0, columns + right[1:]], axis=-1),
        np.stack([rows + down[:, :-1], columns], axis=-1),
    )
    segments = [
        np.stack([edge_points[a][code == number], edge_points[b][code == number]], axis=1)
        for number, pairs in SEGMENTS_OF_CODE.items()
        for a, b in pairs
    ]
    return np.concatenate(segments).astype(np.float64)


def _crossings(
    first: BoolArray,
    second: BoolArray,
    values: FloatArray | None,
    threshold: float | None,
    axis: int,
) -> FloatArray:
    """Where between two neighbouring pixel centres the outline lies, 0 to 1."""
    middle = np.full(first.shape, 0.5)
    if values is None or threshold is None:
        return middle
    height = values - threshold
    one, other = (height[:-1], height[1:]) if axis == 0 else (height[:, :-1], height[:, 1:])
    falls = (first & ~second & (one >= 0) & (other < 0)) | (
        ~first & second & (one < 0) & (other >= 0)
    )
    falls &= np.isfinite(one) & np.isfinite(other)
    middle[falls] = one[falls] / (one[falls] - other[falls])
    return middle


def convex_hull(points: FloatArray) -> FloatArray:
    """Corners (n, 2) of the convex hull, counter-clockwise (Andrew's monotone chain)."""
    ordered = np.unique(points, axis=0)
    if len(ordered) < 3:
        return ordered
    return np.array(_half_hull(ordered) + _half_hull(ordered[::-1]))


def _half_hull(ordered: FloatArray) -> list[npt.NDArray[np.float64]]:
    chain: list[tuple[float, float]] = []
    for y, x in ordered.tolist():
        while len(chain) >= 2:
            (ay, ax), (by, bx) = chain[-2], chain[-1]
            if (by - ay) * (x - ax) - (bx - ax) * (y - ay) > 0:
                break
            chain.pop()
        chain.append((y, x))
    return [np.array(corner) for corner in chain[:-1]]
