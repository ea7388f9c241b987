"""Where voxels lie in the patient: array indices [z, y, x] to LPS millimetres and back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Vector = tuple[float, float, float]

# Joints between PET beds may deviate a few percent from the nominal step (spec 1.2); a stack is
# "even" for the purpose of affine sampling when no step is off by more than this share.
EVEN_STEP_TOLERANCE = 0.01


@dataclass(frozen=True)
class Geometry:
    """A stack of parallel slices in patient space (LPS, mm).

    `origin_lps_mm` is the centre of voxel (0, 0, 0). `row_direction` is the unit vector along
    increasing x (column index), `column_direction` along increasing y (row index). Slices follow
    the normal `row x column`; slice k lies `slice_offsets_mm[k]` along it from the origin
    (first 0, strictly increasing), so uneven steps keep their true positions.
    """

    shape_zyx: tuple[int, int, int]
    spacing_yx_mm: tuple[float, float]
    origin_lps_mm: Vector
    row_direction: Vector
    column_direction: Vector
    slice_offsets_mm: tuple[float, ...]

    def __post_init__(self) -> None:
        nz, ny, nx = self.shape_zyx
        if min(nz, ny, nx) < 1 or len(self.slice_offsets_mm) != nz:
            raise ValueError("shape and slice offsets disagree")
        if min(self.spacing_yx_mm) <= 0:
            raise ValueError("pixel spacing must be positive")
        if self.slice_offsets_mm[0] != 0 or np.any(np.diff(self.slice_offsets_mm) <= 0):
            raise ValueError("slice offsets must start at 0 and increase")

    @staticmethod
    def even(
        shape_zyx: tuple[int, int, int],
        spacing_zyx_mm: tuple[float, float, float],
        origin_lps_mm: Vector = (0.0, 0.0, 0.0),
        row_direction: Vector = (1.0, 0.0, 0.0),
        column_direction: Vector = (0.0, 1.0, 0.0),
    ) -> "Geometry":
        """A stack with one constant slice step (mm)."""
        offsets = tuple(float(k * spacing_zyx_mm[0]) for k in range(shape_zyx[0]))
        return Geometry(
            shape_zyx,
            (spacing_zyx_mm[1], spacing_zyx_mm[2]),
            origin_lps_mm,
            row_direction,
            column_direction,
            offsets,
        )

    @cached_property
    def slice_step_mm(self) -> float:
        """The nominal slice step: the median of the true steps (a single slice counts as 1 mm)."""
        if self.shape_zyx[0] == 1:
            return 1.0
        return float(np.median(np.diff(self.slice_offsets_mm)))

    @property
    def spacing_zyx_mm(self) -> tuple[float, float, float]:
        """Nominal voxel spacing along the array axes."""
        return (self.slice_step_mm, *self.spacing_yx_mm)

    @property
    def voxel_volume_ml(self) -> float:
        """Nominal volume of one voxel."""
        dz, dy, dx = self.spacing_zyx_mm
        return dz * dy * dx / 1000.0

    @cached_property
    def is_even(self) -> bool:
        """Whether every slice step is within 1 % of the nominal one."""
        steps = np.diff(self.slice_offsets_mm)
        return bool(
            np.all(np.abs(steps - self.slice_step_mm) <= EVEN_STEP_TOLERANCE * self.slice_step_mm)
        )

    @cached_property
    def axes(self) -> FloatArray:
        """3x3 matrix whose columns are the LPS unit vectors of the z, y and x array axes."""
        row = np.asarray(self.row_direction, dtype=float)
        column = np.asarray(self.column_direction, dtype=float)
        return np.stack([np.cross(row, column), column, row], axis=1)

    def mm_from_zyx(self, zyx: npt.ArrayLike) -> FloatArray:
        """Millimetres along the array axes from fractional indices, shape (..., 3).

        Beyond the first and last slice the nominal step continues.
        """
        index = np.asarray(zyx, dtype=float)
        mm = index * np.asarray(self.spacing_zyx_mm)
        offsets = np.asarray(self.slice_offsets_mm)
        z = index[..., 0]
        last = len(offsets) - 1
        inside = np.interp(z, np.arange(len(offsets)), offsets)
        below, above = np.minimum(z, 0.0), np.maximum(z - last, 0.0)
        mm[..., 0] = inside + (below + above) * self.slice_step_mm
        return np.asarray(mm, dtype=np.float64)

    def zyx_from_mm(self, mm: npt.ArrayLike) -> FloatArray:
        """Fractional indices from millimetres along the array axes, shape (..., 3)."""
        position = np.asarray(mm, dtype=float)
        zyx = position / np.asarray(self.spacing_zyx_mm)
        offsets = np.asarray(self.slice_offsets_mm)
        z = position[..., 0]
        inside = np.interp(z, offsets, np.arange(len(offsets)))
        beyond = np.minimum(z, 0.0) + np.maximum(z - offsets[-1], 0.0)
        zyx[..., 0] = inside + beyond / self.slice_step_mm
        return np.asarray(zyx, dtype=np.float64)

    def lps_from_zyx(self, zyx: npt.ArrayLike) -> FloatArray:
        """Patient positions (LPS, mm) of fractional indices, shape (..., 3)."""
        lps: FloatArray = self.mm_from_zyx(zyx) @ self.axes.T + np.asarray(self.origin_lps_mm)
        return lps

    def zyx_from_lps(self, lps_mm: npt.ArrayLike) -> FloatArray:
        """Fractional indices of patient positions (LPS, mm), shape (..., 3)."""
        relative = np.asarray(lps_mm, dtype=float) - np.asarray(self.origin_lps_mm)
        return self.zyx_from_mm(relative @ self.axes)

    def contains_zyx(self, zyx: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether fractional indices lie in the union of the voxels' boxes."""
        index = np.asarray(zyx, dtype=float)
        upper = np.asarray(self.shape_zyx) - 0.5
        return np.asarray(np.all((index >= -0.5) & (index <= upper), axis=-1))
