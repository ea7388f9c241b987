"""What lies around and under a region: liver at its rim, CT density inside."""

import numpy as np
from scipy import ndimage

from segmentation.mask import Mask
from segmentation.volume import Volume

RIM_VOXELS = 2


def share_of_rim_in(region: Mask, organ: Mask) -> float:
    """The share of the voxels one step outside a region's border that belong to an organ.

    Both masks lie on one grid. The voxels that touch the region are skipped: blur mixes them.
    """
    box = tuple(
        slice(max(0, s.start - RIM_VOXELS), min(n, s.stop + RIM_VOXELS))
        for s, n in zip(region.box, region.geometry.shape_zyx, strict=True)
    )
    inside = _within(region, box)
    touching = ndimage.binary_dilation(inside)
    rim = ndimage.binary_dilation(touching) & ~touching
    count = int(np.count_nonzero(rim))
    return float(np.count_nonzero(_within(organ, box) & rim)) / count if count else 0.0


def mean_under(region: Mask, image: Volume) -> float | None:
    """The mean of another image (same frame of reference, any grid) at a region's voxel centres.

    Linear interpolation; None where no voxel of the region lies in the image.
    """
    lps = region.geometry.lps_from_zyx(region.indices_zyx())
    zyx = image.geometry.zyx_from_lps(lps)
    zyx = zyx[image.geometry.contains_zyx(zyx)]
    if zyx.size == 0:
        return None
    values = ndimage.map_coordinates(image.values, zyx.T, order=1, mode="nearest", output=float)
    return float(values.mean())


def _within(mask: Mask, box: tuple[slice, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    view = np.zeros([s.stop - s.start for s in box], dtype=bool)
    low = [max(b.start, m.start) for b, m in zip(box, mask.box, strict=True)]
    high = [min(b.stop, m.stop) for b, m in zip(box, mask.box, strict=True)]
    if any(a >= b for a, b in zip(low, high, strict=True)):
        return view
    to = tuple(slice(a - b.start, c - b.start) for a, c, b in zip(low, high, box, strict=True))
    of = tuple(slice(a - m.start, c - m.start) for a, c, m in zip(low, high, mask.box, strict=True))
    view[to] = mask.inside[of]
    return view
