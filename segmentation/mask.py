"""A region: which voxels of a geometry belong to it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from segmentation.geometry import Geometry, Vector

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Mask:
    """A region stored as its bounding box: `inside` [z, y, x] starting at `start_zyx`.

    A whole-body PET has tens of lesions; boxes keep memory near the size of the lesions.
    """

    geometry: Geometry
    start_zyx: tuple[int, int, int]
    inside: BoolArray

    def __post_init__(self) -> None:
        stop = tuple(a + n for a, n in zip(self.start_zyx, self.inside.shape, strict=True))
        if min(self.start_zyx) < 0 or any(
            s > n for s, n in zip(stop, self.geometry.shape_zyx, strict=True)
        ):
            raise ValueError("region lies outside its volume")
        self.inside.setflags(write=False)

    @staticmethod
    def from_array(full: BoolArray, geometry: Geometry) -> "Mask":
        """A region from a full-size array [z, y, x]; an empty one keeps a box of zero size."""
        if full.shape != geometry.shape_zyx:
            raise ValueError(f"array {full.shape} is not {geometry.shape_zyx}")
        spans = []
        for axis in range(3):
            hit = np.flatnonzero(full.any(axis=tuple(a for a in range(3) if a != axis)))
            spans.append((int(hit[0]), int(hit[-1]) + 1) if hit.size else (0, 0))
        box = tuple(slice(a, b) for a, b in spans)
        return Mask(geometry, (spans[0][0], spans[1][0], spans[2][0]), full[box].copy())

    @property
    def box(self) -> tuple[slice, slice, slice]:
        """Slices of the bounding box in the full array."""
        z, y, x = (slice(a, a + n) for a, n in zip(self.start_zyx, self.inside.shape, strict=True))
        return z, y, x

    def full(self) -> BoolArray:
        """The region as a full-size array [z, y, x]."""
        whole = np.zeros(self.geometry.shape_zyx, dtype=bool)
        whole[self.box] = self.inside
        return whole

    @cached_property
    def voxels(self) -> int:
        """Number of voxels."""
        return int(np.count_nonzero(self.inside))

    @property
    def volume_ml(self) -> float:
        """Voxel count times nominal voxel volume (spec 1.8, MTV)."""
        return self.voxels * self.geometry.voxel_volume_ml

    def indices_zyx(self) -> npt.NDArray[np.intp]:
        """Indices of the voxels in the full array, shape (n, 3)."""
        return np.asarray(np.argwhere(self.inside) + np.asarray(self.start_zyx), dtype=np.intp)

    def centroid_lps_mm(self) -> Vector:
        """Mean voxel position (LPS, mm). Raises ValueError for an empty region."""
        if self.voxels == 0:
            raise ValueError("an empty region has no centre")
        x, y, z = self.geometry.lps_from_zyx(self.indices_zyx()).mean(axis=0)
        return float(x), float(y), float(z)
