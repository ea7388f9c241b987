"""The largest value of voxel columns that fall on one ray, and which column holds it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.geometry import FloatArray
from segmentation.sampling.upright import Upright

EMPTY = -1  # marks a pixel whose ray meets no voxel
ColumnMaximum = tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]
_PACKING_BLOCK = 32  # slices turned over at a time, so that both layouts stay in the cache


@dataclass(frozen=True, slots=True, eq=False)
class PackedColumns:
    """Voxel columns along z whose values are packed with the number of their column.

    The high bits of a word hold the value's rank, the low bits the column, so that the larger of
    two words is the hotter voxel and says at once where it lies: one maximum does the work of a
    maximum and an argmax. 16 + 16 bits hold up to 65536 columns, 32 + 32 bits any number.
    """

    words: npt.NDArray[Any]  # [column, z], unsigned
    column_yx: npt.NDArray[np.intp]  # y * nx + x of each packed column
    offset_mm: FloatArray  # LPS offset of each column from the pivot, shape (n, 3), z 0
    pixel_mm: float
    half_width: int  # pixels of a frame on each side of the pivot
    bits: int
    lowest: float  # the volume's minimum


def pack_columns(grid: Upright, floor: float | None) -> PackedColumns:
    """The columns that exceed `floor` somewhere (default: the minimum), ready to project."""
    nz, ny, nx = grid.values.shape
    low, high = float(grid.values.min()), float(grid.values.max())
    keep_above = low if floor is None else max(low, floor)
    column_yx = np.flatnonzero((grid.values.max(axis=0) > keep_above).ravel())
    y, x = np.divmod(column_yx, nx)
    bits = 16 if len(column_yx) <= 2**16 else 32
    word: np.dtype[Any] = np.dtype(np.uint32 if bits == 16 else np.uint64)
    work: np.dtype[Any] = np.dtype(np.float32 if bits == 16 else np.float64)
    top_rank = 2.0**bits - 1.0
    words = np.empty((len(column_yx), nz), dtype=word)
    number = np.arange(len(column_yx), dtype=word)[:, None]
    for z in range(0, nz, _PACKING_BLOCK):
        rank = grid.values[z : z + _PACKING_BLOCK].reshape(-1, ny * nx)[:, column_yx].astype(work)
        rank -= low
        rank *= top_rank / (high - low) if high > low else 0.0
        np.minimum(rank, top_rank, out=rank)
        words[:, z : z + _PACKING_BLOCK] = (rank.T.astype(word) << word.type(bits)) | number
    offset = np.zeros((len(column_yx), 3))
    offset[:, 0] = grid.x_mm[x] - grid.x_mm[nx // 2]
    offset[:, 1] = grid.y_mm[y] - grid.y_mm[ny // 2]
    pixel_mm = max(_step_mm(grid.x_mm), _step_mm(grid.y_mm))
    reach = float(np.hypot(offset[:, 0], offset[:, 1]).max(initial=0.0))
    return PackedColumns(
        words, column_yx, offset, pixel_mm, int(np.ceil(reach / pixel_mm)), bits, low
    )


def column_maximum(grid: Upright, columns: PackedColumns, right: FloatArray) -> ColumnMaximum:
    """One frame: the exact hottest value per ray and its column, both [row, pixel].

    `right` is the patient direction (unit, LPS) that points to the right of the frame. Each
    column falls on the pixel its centre projects to. Empty rays carry the volume's minimum.
    """
    nz, _, nx = grid.values.shape
    width = 2 * columns.half_width + 1
    # The slack keeps centres that project exactly between two pixels on one side.
    position = columns.offset_mm @ right / columns.pixel_mm
    ray = np.floor(position + 0.5 + 1e-6).astype(np.intp) + columns.half_width
    # Rays sorted by the number of columns they cross: pass k takes the k-th column of the rays
    # that have one, and those stay contiguous.
    crossed = np.bincount(ray, minlength=width)
    ranked = np.argsort(-crossed, kind="stable")
    lengths = crossed[ranked]
    first = (np.cumsum(crossed) - crossed)[ranked]
    by_ray = np.argsort(ray, kind="stable")
    hottest = np.zeros((width, nz), dtype=columns.words.dtype)
    layer = np.empty_like(hottest)
    for k in range(int(lengths[0])):
        rays = int(np.searchsorted(-lengths, -k))
        columns.words.take(by_ray[first[:rays] + k], axis=0, out=layer[:rays], mode="clip")
        np.maximum(hottest[:rays], layer[:rays], out=hottest[:rays])
    filled = int(np.count_nonzero(lengths))
    low_bits = hottest.dtype.type(2**columns.bits - 1)
    yx = columns.column_yx[(hottest[:filled] & low_bits).astype(np.intp)].T
    image = np.full((nz, width), columns.lowest, dtype=np.float32)
    image[:, ranked[:filled]] = grid.values[np.arange(nz)[:, None], yx // nx, yx % nx]
    column = np.full((nz, width), EMPTY, dtype=np.int32)
    column[:, ranked[:filled]] = yx
    return image, column


def _step_mm(coordinates: FloatArray) -> float:
    return float(np.median(np.diff(coordinates))) if len(coordinates) > 1 else 1.0
