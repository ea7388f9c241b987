"""Interpolation axis by axis, where the axes of two grids are parallel."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Geometry

# Two directions count as parallel when one strays less than this from the other (radian):
# 0.1 mm over a field of view of 500 mm, below the rounding of many headers.
PARALLEL_TOLERANCE = 2e-4


class Interpolation(StrEnum):
    """How values between voxel centres are found."""

    NEAREST = "nearest"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True, eq=False)
class AxisSteps:
    """For each output position along one axis: two neighbours and the weight of the upper one.

    `inside` tells which positions lie within the voxels' boxes (half a voxel beyond the outer
    centres); positions outside repeat the edge.
    """

    low: npt.NDArray[np.intp]
    high: npt.NDArray[np.intp]
    weight: npt.NDArray[np.float32]
    inside: npt.NDArray[np.bool_]

    @property
    def is_exact(self) -> bool:
        """Whether every position falls on a voxel centre."""
        return not self.weight.any()


def axis_steps(
    positions: npt.ArrayLike, size: int, interpolation: Interpolation = Interpolation.LINEAR
) -> AxisSteps:
    """The neighbours and weights of fractional indices along an axis of `size` voxels."""
    index = np.atleast_1d(np.asarray(positions, dtype=np.float64))
    inside = (index >= -0.5) & (index <= size - 0.5)
    clamped = np.clip(index, 0.0, size - 1.0)
    if interpolation is Interpolation.NEAREST:
        nearest = np.minimum(np.floor(clamped + 0.5).astype(np.intp), size - 1)
        return AxisSteps(nearest, nearest, np.zeros(len(index), np.float32), inside)
    low = np.floor(clamped).astype(np.intp)
    weight = (clamped - low).astype(np.float32)
    return AxisSteps(low, np.minimum(low + 1, size - 1), weight, inside)


def interpolate_axis(values: npt.NDArray[Any], steps: AxisSteps, axis: int) -> npt.NDArray[Any]:
    """`values` resampled along one axis; float32, or the stored type where nothing is blended."""
    lower = values.take(steps.low, axis=axis)
    if steps.is_exact:
        return lower
    shape = [1] * values.ndim
    shape[axis] = -1
    blended = lower.astype(np.float32, copy=False)
    upper = values.take(steps.high, axis=axis).astype(np.float32, copy=False)
    upper -= blended
    upper *= steps.weight.reshape(shape)
    blended += upper
    return blended


def matching_axes(geometry: Geometry, directions: FloatArray) -> tuple[int, int, int] | None:
    """For each unit vector (a column of `directions`) the array axis it runs along, else None.

    None means that at least one direction is oblique to the array.
    """
    cosines = geometry.axes.T @ directions
    axes = np.argmax(np.abs(cosines), axis=0)
    rest = cosines.copy()
    rest[axes, np.arange(3)] = 0.0
    if len(set(axes.tolist())) < 3 or np.abs(rest).max() > PARALLEL_TOLERANCE:
        return None
    return int(axes[0]), int(axes[1]), int(axes[2])


def indices_along(geometry: Geometry, axis: int, mm: FloatArray) -> FloatArray:
    """Fractional indices along one array axis of positions in mm from the origin, shape (n,)."""
    position = np.zeros((len(mm), 3))
    position[:, axis] = mm
    return geometry.zyx_from_mm(position)[:, axis]
