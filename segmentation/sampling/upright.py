"""A volume turned upright: head to feet, front to back, patient right to left."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Geometry, Vector
from segmentation.sampling.resample import resample
from segmentation.sampling.separable import matching_axes
from segmentation.volume import Volume

# Directions of increasing upright z (towards the feet), y (back) and x (patient left), as columns.
UPRIGHT_DIRECTIONS = np.array([(0.0, 0.0, -1.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)]).T
_LPS_COMPONENT = (2, 1, 0)  # which LPS component varies along upright z, y, x


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """Values [z, y, x] (often a view) with the LPS coordinate of every index along each axis.

    `z_mm` decreases (head first), `y_mm` and `x_mm` increase; steps may be uneven.
    """

    values: npt.NDArray[Any]
    z_mm: FloatArray
    y_mm: FloatArray
    x_mm: FloatArray


def upright(volume: Volume) -> Upright:
    """The volume seen upright; a view where the array runs along the patient's axes.

    An oblique volume is resampled linearly (float32) onto the smallest upright grid around it,
    with the spacing of the nearest array axes; corners outside get the volume's minimum.
    """
    axes = matching_axes(volume.geometry, UPRIGHT_DIRECTIONS)
    if axes is None:
        volume = resample(volume, _upright_box(volume.geometry), outside=float(volume.values.min()))
        axes = (0, 1, 2)
    geometry = volume.geometry
    values = volume.values.transpose(axes)
    coordinates: list[FloatArray] = []
    for k, axis in enumerate(axes):
        index = np.zeros((geometry.shape_zyx[axis], 3))
        index[:, axis] = np.arange(geometry.shape_zyx[axis])
        lps = geometry.lps_from_zyx(index)[:, _LPS_COMPONENT[k]]
        if geometry.axes[:, axis] @ UPRIGHT_DIRECTIONS[:, k] < 0:
            values = np.flip(values, axis=k)
            lps = lps[::-1]
        coordinates.append(lps)
    return Upright(values, coordinates[0], coordinates[1], coordinates[2])


def _upright_box(geometry: Geometry) -> Geometry:
    """The smallest geometry along the patient's axes that holds the volume (z towards the head)."""
    corners = geometry.lps_from_zyx(
        [
            (z, y, x)
            for z in (0, geometry.shape_zyx[0] - 1)
            for y in (0, geometry.shape_zyx[1] - 1)
            for x in (0, geometry.shape_zyx[2] - 1)
        ]
    )
    nearest = np.argmax(np.abs(geometry.axes[[2, 1, 0]]), axis=1)
    dz, dy, dx = (geometry.spacing_zyx_mm[k] for k in nearest)
    low = corners.min(axis=0)
    span = np.ptp(corners, axis=0)
    nx, ny, nz = (int(np.ceil(span[k] / step - 1e-6)) + 1 for k, step in enumerate((dx, dy, dz)))
    origin: Vector = (float(low[0]), float(low[1]), float(low[2]))
    return Geometry.even((nz, ny, nx), (dz, dy, dx), origin)
