"""Turning maximum intensity projections that remember which voxel each pixel shows."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Vector
from segmentation.sampling.column_maximum import (
    EMPTY,
    ColumnMaximum,
    column_maximum,
    pack_columns,
)
from segmentation.sampling.reslice import SlicePlane, plane_facing
from segmentation.sampling.separable import axis_steps, interpolate_axis
from segmentation.sampling.upright import upright
from segmentation.volume import Volume

FRAMES_PER_TURN = 72  # 5 degrees a step, as readers know it (peers 3.1)


@dataclass(frozen=True, slots=True, eq=False)
class MipFrames:
    """Maximum projections of a volume seen from around the patient's z axis.

    `images` [frame, row, column] float32: the exact value of the hottest voxel on the ray.
    `hottest_column` [frame, row, column] int32: which voxel column (y * nx + x of the upright
    grid) holds it, EMPTY where the ray meets none. Rows run from head to feet at `z_mm`; columns
    are `pixel_mm` apart. At 0 degrees the viewer stands in front (patient right on the left), at
    90 degrees at the patient's left side (anterior on the left), at 180 degrees behind.
    """

    images: npt.NDArray[np.float32]
    hottest_column: npt.NDArray[np.int32]
    angles_deg: tuple[float, ...]
    pixel_mm: float
    z_mm: FloatArray
    y_mm: FloatArray
    x_mm: FloatArray

    @property
    def pivot_lps_mm(self) -> Vector:
        """A point of the axis of rotation: a voxel centre amid the grid, z 0."""
        return float(self.x_mm[len(self.x_mm) // 2]), float(self.y_mm[len(self.y_mm) // 2]), 0.0

    def lps_at(self, frame: int, row: int, column: int) -> Vector | None:
        """The position (LPS, mm) of the voxel a pixel shows; None where its ray is empty."""
        hottest = int(self.hottest_column[frame, row, column])
        if hottest == EMPTY:
            return None
        y, x = divmod(hottest, len(self.x_mm))
        return float(self.x_mm[x]), float(self.y_mm[y]), float(self.z_mm[row])

    def pixel_from_lps(self, frame: int, lps_mm: Vector) -> tuple[float, float]:
        """The fractional pixel (row, column) of a patient position in one frame."""
        right = np.asarray(frame_right(self.angles_deg[frame]))
        u_mm = float((np.asarray(lps_mm) - np.asarray(self.pivot_lps_mm)) @ right)
        return float(
            self._rows_at(np.array([lps_mm[2]]))[0]
        ), u_mm / self.pixel_mm + self.images.shape[2] // 2

    def plane(self, frame: int, pixel_mm: float) -> SlicePlane:
        """The square-pixel plane on which a whole frame is shown."""
        edge_mm = self._row_step_mm / 2
        top, bottom = float(self.z_mm[0]) + edge_mm, float(self.z_mm[-1]) - edge_mm
        pivot_x, pivot_y, _ = self.pivot_lps_mm
        size_mm = (self.images.shape[2] * self.pixel_mm, top - bottom)
        return self.plane_around(frame, (pivot_x, pivot_y, (top + bottom) / 2), size_mm, pixel_mm)

    def plane_around(
        self, frame: int, center_lps_mm: Vector, size_mm: tuple[float, float], pixel_mm: float
    ) -> SlicePlane:
        """The plane for a region of a frame: `size_mm` (width, height) around a position."""
        right = frame_right(self.angles_deg[frame])
        return plane_facing(right, (0.0, 0.0, -1.0), center_lps_mm, size_mm, pixel_mm)

    def sample(self, frame: int, plane: SlicePlane, outside: float) -> npt.NDArray[np.float32]:
        """A frame on the pixels of a plane that faces the same way: float32 [rows, columns]."""
        right = np.asarray(frame_right(self.angles_deg[frame]))
        if not np.allclose(plane.right, right) or not np.allclose(plane.down, (0.0, 0.0, -1.0)):
            raise ValueError("the plane does not face the viewer of this frame")
        first_mm = (np.asarray(plane.origin_lps_mm) - np.asarray(self.pivot_lps_mm)) @ right
        u = (first_mm + np.arange(plane.columns) * plane.pixel_mm) / self.pixel_mm
        z = plane.origin_lps_mm[2] - np.arange(plane.rows, dtype=np.float64) * plane.pixel_mm
        image = self.images[frame]
        down = axis_steps(self._rows_at(z), image.shape[0])
        across = axis_steps(u + image.shape[1] // 2, image.shape[1])
        picture: npt.NDArray[np.float32] = interpolate_axis(
            interpolate_axis(image, down, 0), across, 1
        )
        picture[~down.inside] = outside
        picture[:, ~across.inside] = outside
        return picture

    @property
    def _row_step_mm(self) -> float:
        return float(np.median(-np.diff(self.z_mm))) if len(self.z_mm) > 1 else 1.0

    def _rows_at(self, z_mm: FloatArray) -> FloatArray:
        """Fractional rows of patient z positions; the nominal step continues beyond the ends."""
        rows = np.interp(-z_mm, -self.z_mm, np.arange(len(self.z_mm), dtype=np.float64))
        above = np.minimum(self.z_mm[0] - z_mm, 0.0)
        below = np.maximum(self.z_mm[-1] - z_mm, 0.0)
        return np.asarray(rows + (above + below) / self._row_step_mm, dtype=np.float64)


def frame_right(angle_deg: float) -> Vector:
    """The patient direction that points to the right of a frame."""
    angle = np.deg2rad(angle_deg)
    return float(np.cos(angle)), float(np.sin(angle)), 0.0


def turn(frames: int = FRAMES_PER_TURN) -> tuple[float, ...]:
    """The angles (degrees) of one full turn, starting in front of the patient."""
    return tuple(360.0 * k / frames for k in range(frames))


def project_maximum(
    volume: Volume,
    angles_deg: Sequence[float],
    floor: float | None = None,
    threads: int = 2,
    checkpoint: Callable[[], None] | None = None,
) -> MipFrames:
    """Maximum intensity projections from the given angles around the patient's z axis.

    Every voxel falls on the pixel that its centre projects to, so no maximum is ever missed and
    each pixel is the exact value of one voxel. Voxel columns along z that never exceed `floor`
    (the volume's unit; air) are left out for speed; by default only columns at the minimum.
    `checkpoint` is called before each frame and may raise to cancel. Any orientation of the
    array is accepted; an oblique one is first resampled onto an upright grid.
    """
    grid = upright(volume)
    columns = pack_columns(grid, floor)

    def frame(angle_deg: float) -> ColumnMaximum:
        if checkpoint is not None:
            checkpoint()
        return column_maximum(grid, columns, np.asarray(frame_right(angle_deg)))

    with ThreadPoolExecutor(threads) as pool:
        frames = list(pool.map(frame, angles_deg))
    return MipFrames(
        np.stack([image for image, _ in frames]),
        np.stack([hottest for _, hottest in frames]),
        tuple(float(a) for a in angles_deg),
        columns.pixel_mm,
        grid.z_mm,
        grid.y_mm,
        grid.x_mm,
    )
