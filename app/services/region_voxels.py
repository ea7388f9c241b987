"""From a region as defined to its voxels on a visit's PET, and a mask to a blob and back."""

import hashlib
import struct
import zlib
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from app.domain.region import MaskRegion, RegionSpec, SphereRegion, ThresholdRegion
from segmentation.geometry import Geometry
from segmentation.growing.components import NEIGHBOURS_26
from segmentation.mask import Mask
from segmentation.voi import SphereVoi
from segmentation.volume import Volume

BlobReader = Callable[[str], bytes]
_HEADER = struct.Struct("<9i")


def mask_of(region: RegionSpec, sul: Volume, read_blob: BlobReader) -> Mask:
    """The voxels of a region on a canonical SUL volume; may be empty.

    Raises KeyError where a blob is missing, ValueError where it belongs to another grid.
    """
    if isinstance(region, SphereRegion):
        return SphereVoi(region.center_lps_mm, region.diameter_mm).mask(sul.geometry)
    if isinstance(region, ThresholdRegion):
        return _grown(region, sul)
    return mask_from_blob(read_blob(region.blob_key), sul.geometry)


def mask_blob(mask: Mask) -> tuple[MaskRegion, bytes]:
    """A mask as a blob named by its content: grid shape, box, packed bits."""
    header = _HEADER.pack(*mask.geometry.shape_zyx, *mask.start_zyx, *mask.inside.shape)
    data = zlib.compress(header + np.packbits(mask.inside).tobytes(), 6)
    return MaskRegion(hashlib.sha256(data).hexdigest()), data


def mask_from_blob(data: bytes, geometry: Geometry) -> Mask:
    """The mask of a blob on its grid. Raises ValueError where the grid is another."""
    raw = zlib.decompress(data)
    numbers = _HEADER.unpack_from(raw)
    if numbers[:3] != geometry.shape_zyx:
        raise ValueError(f"mask of grid {numbers[:3]} on {geometry.shape_zyx}")
    z, y, x = numbers[3:6]
    shape = numbers[6:9]
    count = shape[0] * shape[1] * shape[2]
    bits = np.frombuffer(raw, dtype=np.uint8, offset=_HEADER.size)
    inside = np.unpackbits(bits, count=count).astype(bool).reshape(shape)
    return Mask(geometry, (z, y, x), inside)


def _grown(region: ThresholdRegion, sul: Volume) -> Mask:
    """Voxels at or above the limit connected to the seed's hottest neighbour, within the ball."""
    ball = SphereVoi(region.seed_lps_mm, region.within_diameter_mm).mask(sul.geometry)
    inside = ball.inside & (sul.values[ball.box] >= region.above_sul_g_per_ml)
    labels, _ = ndimage.label(inside, structure=NEIGHBOURS_26)
    seed = np.rint(sul.geometry.zyx_from_lps(region.seed_lps_mm)).astype(int) - ball.start_zyx
    near = tuple(slice(max(0, int(s) - 1), int(s) + 2) for s in seed)
    touched = labels[near]
    touched = touched[touched > 0]
    label = int(np.bincount(touched).argmax()) if touched.size else 0
    grown = (labels == label) if label else np.zeros_like(inside)
    return Mask(sul.geometry, ball.start_zyx, grown)
