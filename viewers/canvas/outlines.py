"""Region outlines on slices, worked out on the part of the picture the region can reach."""

from functools import lru_cache

import numpy as np

from app.imaging.outline import Segments, outline_on_slice
from segmentation.geometry import Vector
from segmentation.mask import Mask
from segmentation.sampling.reslice import SlicePlane

_NOTHING: Segments = np.empty((0, 2, 2))


def slice_outline(region: Mask, plane: SlicePlane) -> Segments:
    """Where a region's surface cuts a plane, as pixel segments; empty where it does not."""
    if region.voxels == 0:
        return _NOTHING
    center, reach_mm = _reach(region)
    if abs(float(plane.depth_mm(center))) > reach_mm:
        return _NOTHING
    row, column = plane.pixel_from_lps(center)
    reach_px = reach_mm / plane.pixel_mm + 1
    top, bottom = _span(row, reach_px, plane.rows)
    left, right = _span(column, reach_px, plane.columns)
    if bottom <= top or right <= left:
        return _NOTHING
    x, y, z = (float(v) for v in plane.lps_from_pixel((top, left)))
    part = SlicePlane(
        (x, y, z), plane.right, plane.down, plane.pixel_mm, bottom - top, right - left
    )
    return outline_on_slice(region, part) + np.array([top, left], dtype=np.float64)


@lru_cache(maxsize=256)
def _reach(region: Mask) -> tuple[Vector, float]:
    """A ball that holds a region's box and a voxel around it."""
    first = np.asarray(region.start_zyx, dtype=np.float64) - 1
    last = first + np.asarray(region.inside.shape) + 1
    ends = region.geometry.lps_from_zyx([first, last])
    x, y, z = (float(v) for v in ends.mean(axis=0))
    return (x, y, z), float(np.linalg.norm(ends[1] - ends[0])) / 2


def _span(middle: float, reach: float, size: int) -> tuple[int, int]:
    return max(0, int(np.floor(middle - reach))), min(size, int(np.ceil(middle + reach)) + 1)
