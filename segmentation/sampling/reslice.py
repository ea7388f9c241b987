"""Slices through a volume along any plane of patient space."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from segmentation.geometry import FloatArray, Geometry, Vector
from segmentation.sampling.separable import (
    Interpolation,
    axis_steps,
    indices_along,
    interpolate_axis,
    matching_axes,
)
from segmentation.volume import Volume


class Orientation(StrEnum):
    """The three conventional planes."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"


# Directions of the picture's right and down edges: axial seen from the feet, coronal from the
# front (both: patient right on the left), sagittal from the patient's left (anterior left).
DISPLAY_DIRECTIONS: dict[Orientation, tuple[Vector, Vector]] = {
    Orientation.AXIAL: ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)),
    Orientation.CORONAL: ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0)),
    Orientation.SAGITTAL: ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)),
}


@dataclass(frozen=True, slots=True)
class SlicePlane:
    """A grid of square pixels in patient space (LPS, mm).

    `origin_lps_mm` is the centre of pixel (row 0, column 0); `right` and `down` are orthogonal
    unit vectors; `right x down` points away from the viewer.
    """

    origin_lps_mm: Vector
    right: Vector
    down: Vector
    pixel_mm: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        lengths = (_dot(self.right, self.right), _dot(self.down, self.down))
        square = abs(_dot(self.right, self.down)) <= 1e-5
        if not (square and all(abs(length - 1.0) <= 2e-5 for length in lengths)):
            raise ValueError("right and down must be orthogonal unit vectors")
        if self.pixel_mm <= 0 or min(self.rows, self.columns) < 1:
            raise ValueError("a plane needs a positive pixel size and at least one pixel")

    @property
    def away(self) -> Vector:
        """The unit normal pointing away from the viewer."""
        return cross(self.right, self.down)

    def lps_from_pixel(self, row_column: npt.ArrayLike) -> FloatArray:
        """Patient positions (LPS, mm) of fractional pixels (row, column), shape (..., 3)."""
        pixel = np.asarray(row_column, dtype=float) * self.pixel_mm
        lps: FloatArray = np.asarray(self.origin_lps_mm) + pixel @ np.array([self.down, self.right])
        return lps

    def pixel_from_lps(self, lps_mm: npt.ArrayLike) -> FloatArray:
        """Fractional pixels (row, column) of patient positions projected on the plane."""
        relative = np.asarray(lps_mm, dtype=float) - np.asarray(self.origin_lps_mm)
        pixel: FloatArray = relative @ np.array([self.down, self.right]).T / self.pixel_mm
        return pixel

    def depth_mm(self, lps_mm: npt.ArrayLike) -> FloatArray:
        """Signed distance from the plane (mm, positive behind it as the viewer sees it)."""
        relative = np.asarray(lps_mm, dtype=float) - np.asarray(self.origin_lps_mm)
        return np.asarray(relative @ np.asarray(self.away), dtype=np.float64)

    def shifted(self, depth_mm: float) -> "SlicePlane":
        """The parallel plane `depth_mm` further from the viewer."""
        origin = np.asarray(self.origin_lps_mm) + depth_mm * np.asarray(self.away)
        return self._with(_vector(origin), self.right, self.down)

    def moved(self, target_from_source: npt.ArrayLike) -> "SlicePlane":
        """The plane carried by a rigid 4x4 matrix; the pixels stay matched one to one."""
        matrix = np.asarray(target_from_source, dtype=float)
        turn = matrix[:3, :3]
        return self._with(
            _vector(turn @ self.origin_lps_mm + matrix[:3, 3]),
            _vector(turn @ self.right),
            _vector(turn @ self.down),
        )

    def _with(self, origin: Vector, right: Vector, down: Vector) -> "SlicePlane":
        return SlicePlane(origin, right, down, self.pixel_mm, self.rows, self.columns)


def cross(a: Vector, b: Vector) -> Vector:
    """The cross product; for single vectors much faster than numpy's."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def plane_around(
    orientation: Orientation,
    center_lps_mm: Vector,
    size_mm: tuple[float, float],
    pixel_mm: float,
) -> SlicePlane:
    """A conventional plane of `size_mm` (width, height) with `center_lps_mm` in its middle."""
    right, down = DISPLAY_DIRECTIONS[orientation]
    return plane_facing(right, down, center_lps_mm, size_mm, pixel_mm)


def plane_facing(
    right: Vector,
    down: Vector,
    center_lps_mm: Vector,
    size_mm: tuple[float, float],
    pixel_mm: float,
) -> SlicePlane:
    """A plane of any direction and `size_mm` (width, height) with a point in its middle."""
    columns, rows = (max(1, round(edge / pixel_mm)) for edge in size_mm)
    corner = (
        np.asarray(center_lps_mm)
        - np.asarray(right) * (columns - 1) / 2 * pixel_mm
        - np.asarray(down) * (rows - 1) / 2 * pixel_mm
    )
    return SlicePlane(_vector(corner), right, down, pixel_mm, rows, columns)


def plane_across(
    geometry: Geometry, orientation: Orientation, through_lps_mm: Vector, pixel_mm: float
) -> SlicePlane:
    """A conventional plane through a point that shows the whole extent of a volume."""
    right, down = (np.asarray(v) for v in DISPLAY_DIRECTIONS[orientation])
    corners = geometry.lps_from_zyx(_box_corners(geometry))
    across, along = corners @ right, corners @ down
    away = np.cross(right, down)
    center = (
        right * (across.min() + across.max()) / 2
        + down * (along.min() + along.max()) / 2
        + away * float(np.asarray(through_lps_mm) @ away)
    )
    return plane_around(
        orientation, _vector(center), (float(np.ptp(across)), float(np.ptp(along))), pixel_mm
    )


def sample_plane(
    volume: Volume,
    plane: SlicePlane,
    interpolation: Interpolation = Interpolation.LINEAR,
    outside: float = 0.0,
) -> npt.NDArray[np.float32]:
    """The volume's values on a plane: float32 [rows, columns] in the volume's unit.

    Pixels beyond the voxels' boxes get `outside`. A plane along the array axes is interpolated
    axis by axis; an oblique one point by point. Uneven slice steps keep their true positions.
    """
    geometry = volume.geometry
    directions = np.array([plane.away, plane.down, plane.right]).T
    axes = matching_axes(geometry, directions)
    if axes is None:
        return _sample_oblique(volume, plane, interpolation, outside)
    start_mm = (np.asarray(plane.origin_lps_mm) - np.asarray(geometry.origin_lps_mm)) @ (
        geometry.axes
    )
    counts = (1, plane.rows, plane.columns)
    steps = []
    for k, axis in enumerate(axes):
        sign = float(np.sign(geometry.axes[:, axis] @ directions[:, k]))
        mm = start_mm[axis] + sign * plane.pixel_mm * np.arange(counts[k])
        steps.append(
            axis_steps(indices_along(geometry, axis, mm), geometry.shape_zyx[axis], interpolation)
        )
    layer, down, across = steps
    if not (layer.inside[0] and down.inside.any() and across.inside.any()):
        return np.full((plane.rows, plane.columns), outside, dtype=np.float32)
    slab = _slab(volume.values.transpose(axes), layer.low[0], layer.high[0], layer.weight[0])
    picture = interpolate_axis(interpolate_axis(slab, down, 0), across, 1)
    picture = picture.astype(np.float32, copy=False)
    picture[~down.inside] = outside
    picture[:, ~across.inside] = outside
    return picture


def _slab(
    values: npt.NDArray[Any], low: np.intp, high: np.intp, weight: np.float32
) -> npt.NDArray[Any]:
    """One layer between two neighbours along axis 0, contiguous."""
    if weight == 0:
        return np.ascontiguousarray(values[low])
    lower: npt.NDArray[np.float32] = values[low].astype(np.float32, order="C")
    lower += (values[high] - lower) * weight
    return lower


def _sample_oblique(
    volume: Volume, plane: SlicePlane, interpolation: Interpolation, outside: float
) -> npt.NDArray[np.float32]:
    geometry = volume.geometry
    start = (np.asarray(plane.origin_lps_mm) - np.asarray(geometry.origin_lps_mm)) @ geometry.axes
    down = np.asarray(plane.down) @ geometry.axes * plane.pixel_mm
    right = np.asarray(plane.right) @ geometry.axes * plane.pixel_mm
    mm = (
        start
        + np.arange(plane.rows)[:, None, None] * down
        + np.arange(plane.columns)[None, :, None] * right
    )
    return sample_mm(volume, mm, interpolation, outside)


def sample_mm(
    volume: Volume, mm: FloatArray, interpolation: Interpolation, outside: float
) -> npt.NDArray[np.float32]:
    """Values at positions in mm along the array axes (shape (..., 3)); float32, shape (...)."""
    zyx = volume.geometry.zyx_from_mm(mm)
    order: Literal[0, 1] = 1 if interpolation is Interpolation.LINEAR else 0
    picture: npt.NDArray[np.float32] = np.empty(zyx.shape[:-1], dtype=np.float32)
    ndimage.map_coordinates(
        volume.values, np.moveaxis(zyx, -1, 0), picture, order=order, mode="nearest"
    )
    picture[~volume.geometry.contains_zyx(zyx)] = outside
    return picture


def _box_corners(geometry: Geometry) -> FloatArray:
    """Indices of the eight corners of the volume's box, shape (8, 3)."""
    edges = [(-0.5, n - 0.5) for n in geometry.shape_zyx]
    return np.array([(z, y, x) for z in edges[0] for y in edges[1] for x in edges[2]])


def _vector(values: npt.ArrayLike) -> Vector:
    x, y, z = np.asarray(values, dtype=float)
    return float(x), float(y), float(z)
