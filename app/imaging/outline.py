"""Outlines of regions on slices and on MIP frames."""

import numpy as np
import numpy.typing as npt

from segmentation.geometry import Geometry, Vector
from segmentation.mask import Mask
from segmentation.sampling.projection import project_maximum
from segmentation.sampling.reslice import SlicePlane, sample_plane
from segmentation.volume import Unit, Volume

Segments = npt.NDArray[np.float64]  # [n, 2 ends, (row, column)]

# The sides of a cell that the outline joins, by which corners are inside (1 top left, 2 top
# right, 4 bottom right, 8 bottom left); sides 0 top, 1 right, 2 bottom, 3 left. The two saddles
# (5 and 10) keep their inside corners apart.
_SIDES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)),
    6: ((0, 2),), 7: ((3, 2),), 8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)),
    11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip


def outline_on_slice(mask: Mask, plane: SlicePlane) -> Segments:
    """Where a region's surface cuts a plane, as pixel segments; empty where it does not."""
    if mask.voxels == 0:
        return np.empty((0, 2, 2))
    return level_line(sample_plane(_padded(mask), plane), 0.5)


def outline_on_mip(mask: Mask, plane: SlicePlane, angle_deg: float) -> Segments:
    """The silhouette of a region on a MIP frame's plane, as pixel segments."""
    if mask.voxels == 0:
        return np.empty((0, 2, 2))
    silhouette = project_maximum(_padded(mask), (angle_deg,), threads=1)
    return level_line(silhouette.sample(0, plane, outside=0.0), 0.5)


def level_line(values: npt.NDArray[np.float32], level: float) -> Segments:
    """The line at `level` through values [rows, columns] (marching squares, linear on edges)."""
    inside = values >= level
    corner = inside.astype(np.uint8)
    case = corner[:-1, :-1] | corner[:-1, 1:] << 1 | corner[1:, 1:] << 2 | corner[1:, :-1] << 3
    row, column = np.nonzero((case > 0) & (case < 15))
    kind = case[row, column]
    crossings = np.stack([_crossing(values, level, row, column, side) for side in range(4)])
    pieces = [
        np.stack([crossings[start][kind == k], crossings[end][kind == k]], axis=1)
        for k, sides in _SIDES.items()
        for start, end in sides
    ]
    return np.concatenate(pieces)


def _crossing(
    values: npt.NDArray[np.float32],
    level: float,
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    side: int,
) -> npt.NDArray[np.float64]:
    """Where the level lies on one side of each cell, shape (n, 2); only meaningful if it does."""
    (r0, c0), (r1, c1) = (((0, 0), (0, 1)), ((0, 1), (1, 1)), ((1, 0), (1, 1)), ((0, 0), (1, 0)))[
        side
    ]
    first = values[row + r0, column + c0].astype(np.float64)
    step = values[row + r1, column + c1] - first
    share = np.clip((level - first) / np.where(step == 0, 1.0, step), 0.0, 1.0)
    return np.stack([row + r0 + share * (r1 - r0), column + c0 + share * (c1 - c0)], axis=1)


def _padded(mask: Mask) -> Volume:
    """The region as 0 and 1 in its box with one voxel of margin on every side."""
    geometry, inside = mask.geometry, np.pad(mask.inside, 1).astype(np.float32)
    start = np.asarray(mask.start_zyx) - 1
    layers = np.zeros((inside.shape[0], 3))
    layers[:, 0] = start[0] + np.arange(inside.shape[0])
    depth = geometry.mm_from_zyx(layers)[:, 0]
    x, y, z = geometry.lps_from_zyx(start)
    origin: Vector = (float(x), float(y), float(z))
    box = Geometry(
        (inside.shape[0], inside.shape[1], inside.shape[2]),
        geometry.spacing_yx_mm,
        origin,
        geometry.row_direction,
        geometry.column_direction,
        tuple(float(d - depth[0]) for d in depth),
    )
    return Volume(inside, box, Unit.UNKNOWN)
