"""What the grid looks like from one voxel: slice positions and image edges around it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray, Geometry

# Offsets are rounded so that voxels whose surroundings differ only by the rounding of header
# strings share one kernel; 1e-3 mm shifts a 1 mL mean by far less than 0.05 %.
OFFSET_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The grid around one voxel within reach of a ball centred anywhere in the voxel's box.

    `slice_mm[i]` is the position of slice `first_slice + i` relative to the voxel's own slice
    (both relative). `edges_mm` are the image edges (z, y, x; lower, upper) relative to the
    voxel centre, +-inf where they are out of reach. Hashable: equal surroundings share kernels.
    """

    slice_mm: tuple[float, ...]
    first_slice: int
    spacing_yx_mm: tuple[float, float]
    edges_mm: tuple[tuple[float, float], ...]

    def slice_index(self, mm: FloatArray) -> FloatArray:
        """Fractional slice index relative to the voxel from millimetres relative to it."""
        indices = np.arange(len(self.slice_mm)) + self.first_slice
        return np.asarray(np.interp(mm, self.slice_mm, indices), dtype=np.float64)

    def slice_mm_at(self, offset: FloatArray) -> FloatArray:
        """Millimetres relative to the voxel from fractional slice indices relative to it."""
        indices = np.arange(len(self.slice_mm)) + self.first_slice
        return np.asarray(np.interp(offset, indices, self.slice_mm), dtype=np.float64)

    def taps(self, radius_mm: float) -> tuple[tuple[int, int], ...]:
        """First and last voxel offset (z, y, x) whose cubic B-spline reaches such a ball."""
        lateral = [int(np.ceil(radius_mm / d + 2.5)) - 1 for d in self.spacing_yx_mm]
        last_slice = self.first_slice + len(self.slice_mm) - 1
        return ((self.first_slice, last_slice), *((-n, n) for n in lateral))


def slice_reach(geometry: Geometry, first: int, last: int, radius_mm: float) -> tuple[int, int]:
    """Lowest and highest slice index a ball can draw on when centred in slices first..last.

    The indices may lie outside the volume, where the nominal step continues.
    """
    box_mm = geometry.mm_from_zyx([[first - 0.5, 0, 0], [last + 0.5, 0, 0]])
    reach = box_mm + np.array([[-radius_mm, 0, 0], [radius_mm, 0, 0]])
    low, high = geometry.zyx_from_mm(reach)[:, 0]
    return int(np.floor(low)) - 1, int(np.ceil(high)) + 1


def interior_surroundings(geometry: Geometry, radius_mm: float) -> Surroundings:
    """Surroundings of a voxel far from every edge in a stack of the nominal step."""
    step = geometry.slice_step_mm
    reach = int(np.ceil(radius_mm / step + 0.5)) + 1
    offsets = tuple(round(i * step, OFFSET_DIGITS) for i in range(-reach, reach + 1))
    free = (-np.inf, np.inf)
    return Surroundings(offsets, -reach, geometry.spacing_yx_mm, (free, free, free))


def surroundings_of(
    geometry: Geometry, voxels_zyx: npt.NDArray[np.intp], radius_mm: float
) -> dict[Surroundings, npt.NDArray[np.intp]]:
    """The voxels (n, 3) grouped by equal surroundings: positions in `voxels_zyx` per group."""
    slices = {int(k): _slice_part(geometry, int(k), radius_mm) for k in np.unique(voxels_zyx[:, 0])}
    lateral = [
        _edges(
            voxels_zyx[:, axis], geometry.shape_zyx[axis], geometry.spacing_zyx_mm[axis], radius_mm
        )
        for axis in (1, 2)
    ]
    groups: dict[Surroundings, list[int]] = {}
    made: dict[tuple[object, ...], Surroundings] = {}
    for n, (k, y, x) in enumerate(zip(voxels_zyx[:, 0], *lateral, strict=True)):
        key = (int(k), y, x)
        if key not in made:
            offsets, first, z = slices[int(k)]
            made[key] = Surroundings(offsets, first, geometry.spacing_yx_mm, (z, y, x))
        groups.setdefault(made[key], []).append(n)
    return {part: np.asarray(members, dtype=np.intp) for part, members in groups.items()}


def _slice_part(
    geometry: Geometry, k: int, radius_mm: float
) -> tuple[tuple[float, ...], int, tuple[float, float]]:
    low, high = slice_reach(geometry, k, k, radius_mm)
    slices = np.arange(low, high + 1)
    special = (k, -0.5, geometry.shape_zyx[0] - 0.5, k - 0.5, k + 0.5)
    points = np.zeros((len(slices) + len(special), 3))
    points[:, 0] = np.concatenate([slices, special])
    mm = geometry.mm_from_zyx(points)[:, 0]
    own, bottom, top, box_low, box_high = mm[len(slices) :].tolist()
    edges = (
        round(bottom - own, OFFSET_DIGITS) if bottom > box_low - radius_mm else -np.inf,
        round(top - own, OFFSET_DIGITS) if top < box_high + radius_mm else np.inf,
    )
    offsets = (mm[: len(slices)] - own).tolist()
    return tuple(round(offset, OFFSET_DIGITS) for offset in offsets), low - k, edges


def _edges(
    index: npt.NDArray[np.intp], count: int, spacing_mm: float, radius_mm: float
) -> list[tuple[float, float]]:
    reach = radius_mm + spacing_mm / 2.0
    below = -(index + 0.5) * spacing_mm
    above = (count - 0.5 - index) * spacing_mm
    below = np.where(below > -reach, np.round(below, OFFSET_DIGITS), -np.inf)
    above = np.where(above < reach, np.round(above, OFFSET_DIGITS), np.inf)
    return list(zip(below.tolist(), above.tolist(), strict=True))
