"""A volume carried onto another grid, e.g. CT onto the PET voxels."""

from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Geometry
from segmentation.sampling.reslice import sample_mm
from segmentation.sampling.separable import (
    AxisSteps,
    Interpolation,
    axis_steps,
    indices_along,
    interpolate_axis,
    matching_axes,
)
from segmentation.volume import Volume


def resample(
    volume: Volume,
    onto: Geometry,
    target_from_source: npt.ArrayLike | None = None,
    interpolation: Interpolation = Interpolation.LINEAR,
    outside: float = 0.0,
) -> Volume:
    """The volume on the voxel centres of another geometry: float32 [z, y, x], same unit.

    `target_from_source` is a rigid 4x4 matrix that takes patient positions of this volume (LPS,
    mm) to those of `onto`; without it both lie in one frame of reference. Voxels beyond the
    source get `outside`. Grids with parallel axes are interpolated axis by axis.
    """
    source_from_target = np.eye(4)
    if target_from_source is not None:
        source_from_target = np.linalg.inv(np.asarray(target_from_source, dtype=float))
    source = volume.geometry
    turn, shift = source_from_target[:3, :3], source_from_target[:3, 3]
    directions = turn @ onto.axes
    origin_mm: FloatArray = (
        turn @ np.asarray(onto.origin_lps_mm) + shift - np.asarray(source.origin_lps_mm)
    ) @ source.axes
    axes = matching_axes(source, directions)
    if axes is None:
        values = _point_by_point(volume, onto, origin_mm, directions, interpolation, outside)
    else:
        values = _axis_by_axis(volume, onto, origin_mm, directions, axes, interpolation, outside)
    return Volume(values, onto, volume.unit)


def _axis_by_axis(
    volume: Volume,
    onto: Geometry,
    origin_mm: FloatArray,
    directions: FloatArray,
    axes: tuple[int, int, int],
    interpolation: Interpolation,
    outside: float,
) -> npt.NDArray[np.float32]:
    source = volume.geometry
    steps: list[AxisSteps] = []
    for k, axis in enumerate(axes):
        sign = float(np.sign(source.axes[:, axis] @ directions[:, k]))
        mm = origin_mm[axis] + sign * _axis_mm(onto, k)
        index = indices_along(source, axis, mm)
        steps.append(axis_steps(index, source.shape_zyx[axis], interpolation))
    values: npt.NDArray[Any] = volume.values.transpose(axes)
    # The axis that shrinks most goes first: less is left for the others.
    for k in sorted(range(3), key=lambda k: onto.shape_zyx[k] / values.shape[k]):
        values = interpolate_axis(values, steps[k], k)
    result = np.ascontiguousarray(values, dtype=np.float32)
    for k in range(3):
        result[(slice(None),) * k + (~steps[k].inside,)] = outside
    return result


def _point_by_point(
    volume: Volume,
    onto: Geometry,
    origin_mm: FloatArray,
    directions: FloatArray,
    interpolation: Interpolation,
    outside: float,
) -> npt.NDArray[np.float32]:
    step_z, step_y, step_x = (directions.T @ volume.geometry.axes)[:, None, :]
    z_mm, y_mm, x_mm = (_axis_mm(onto, k)[:, None] for k in range(3))
    layer_mm = (y_mm * step_y)[:, None, :] + (x_mm * step_x)[None, :, :]
    result = np.empty(onto.shape_zyx, dtype=np.float32)
    for k, layer_z in enumerate(z_mm):
        result[k] = sample_mm(
            volume, origin_mm + layer_z * step_z + layer_mm, interpolation, outside
        )
    return result


def _axis_mm(geometry: Geometry, axis: int) -> FloatArray:
    """Millimetres of the voxel centres along one array axis."""
    if axis == 0:
        return np.asarray(geometry.slice_offsets_mm, dtype=np.float64)
    return np.arange(geometry.shape_zyx[axis], dtype=np.float64) * geometry.spacing_zyx_mm[axis]
