"""Sagittal planes of large volumes without a walk through all of memory for each.

Neighbouring voxels along x share cache lines, so one sagittal slice costs as much to fetch as
the next thirty. A block of them is turned over once and the following slices come from it.
"""

from collections import OrderedDict

import numpy as np

from segmentation.geometry import Geometry, Vector
from segmentation.sampling.reslice import SlicePlane
from segmentation.volume import Volume

_BLOCK = 32  # voxels along x; int16 fills a cache line
_BLOCKS_KEPT = 6
# The turned block has even steps along z; a stack that strays further from that is not turned.
_EVEN_MM = 0.005
_STRAIGHT = 1e-9


class SagittalBlocks:
    """Blocks of volumes stored with x as the slowest axis."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int], Volume] = OrderedDict()

    def near(self, volume: Volume, plane: SlicePlane) -> Volume:
        """The part of a volume that a plane needs, turned; the volume itself where that is no gain.

        Its voxels within the block's reach are those of the volume, at the same positions.
        """
        geometry = volume.geometry
        if abs(abs(plane.away[0]) - 1.0) > _STRAIGHT or not _is_turnable(geometry):
            return volume
        last = geometry.shape_zyx[2] - 1
        x = float(geometry.zyx_from_lps(plane.origin_lps_mm)[2])
        if not 0.0 <= x <= last:
            return volume
        number = int(x) // _BLOCK
        key = (id(volume), number)
        block = self._blocks.get(key)
        if block is None:
            block = _turned(volume, number * _BLOCK, min((number + 1) * _BLOCK + 1, last + 1))
            self._blocks[key] = block
            if len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        else:
            self._blocks.move_to_end(key)
        return block


def _is_turnable(geometry: Geometry) -> bool:
    """Whether a canonical stack is upright and even enough to be described with z in the plane."""
    steps = np.asarray(geometry.slice_offsets_mm)
    even = np.arange(len(steps)) * geometry.slice_step_mm
    straight = np.abs(geometry.axes - np.eye(3)[:, ::-1]).max() < _STRAIGHT
    return bool(straight and np.abs(steps - even).max() < _EVEN_MM)


def _turned(volume: Volume, first: int, stop: int) -> Volume:
    """Voxels first..stop of x as slices [x, z, y]: rows run to the back, columns to the head."""
    geometry = volume.geometry
    nz, ny, _ = geometry.shape_zyx
    values = np.empty((stop - first, nz, ny), dtype=volume.values.dtype)
    strip = np.empty((ny, stop - first), dtype=volume.values.dtype)
    for k in range(nz):  # slice by slice: what is turned stays in the cache
        strip[:] = volume.values[k, :, first:stop]
        values[:, k] = strip.T
    dz, dy, dx = geometry.spacing_zyx_mm
    x, y, z = (float(v) for v in geometry.lps_from_zyx((0, 0, first)))
    origin: Vector = (x, y, z)
    shape = (values.shape[0], values.shape[1], values.shape[2])
    turned = Geometry(
        shape, (dz, dy), origin, (0.0, 1.0, 0.0), (0.0, 0.0, 1.0),
        tuple(k * dx for k in range(shape[0])),
    )  # fmt: skip
    return Volume(values, turned, volume.unit)
