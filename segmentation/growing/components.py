"""Connected regions above a threshold, split where their peaks are distinct."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from segmentation.geometry import FloatArray
from segmentation.mask import BoolArray, Mask
from segmentation.volume import Volume

NEIGHBOURS_26 = np.ones((3, 3, 3), dtype=bool)
# Two peaks are distinct when the saddle between them lies below this share of the lower one and
# each keeps a region of at least this volume. At 70 % a uniform lesion with PET noise stays
# whole; two lesions closer than about one resolution width are not parted.
DISTINCT_SADDLE_SHARE = 0.7
SMALLEST_PART_ML = 0.5
SPLIT_SMOOTHING_MM = 3.0


def region_between(volume: Volume, above: float, below: float | None = None) -> Mask:
    """All voxels with above <= value (<= below), in the volume's unit; bounds inclusive."""
    inside = volume.values >= above
    if below is not None:
        inside &= volume.values <= below
    return Mask.from_array(inside, volume.geometry)


def components(volume: Volume, above: float, smallest_ml: float = 0.0) -> Iterator[Mask]:
    """26-connected regions of voxels >= `above` with at least `smallest_ml`, in array order."""
    labels, _ = ndimage.label(volume.values >= above, structure=NEIGHBOURS_26)
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        inside = labels[box] == number
        region = Mask(volume.geometry, (box[0].start, box[1].start, box[2].start), inside)
        if region.volume_ml >= smallest_ml:
            yield region


def split_at_saddles(volume: Volume, region: Mask) -> tuple[Mask, ...]:
    """The region cut into one part per distinct peak, hottest first; often just itself.

    Voxels are visited from the hottest down on a lightly smoothed image; each joins the part of
    its neighbours. Where two parts meet, the colder one is absorbed unless its peak stands clear
    of the saddle (DISTINCT_SADDLE_SHARE) and its region is not tiny. The parts share no voxel and
    together are the region.
    """
    smallest = int(np.ceil(SMALLEST_PART_ML / region.geometry.voxel_volume_ml))
    if region.voxels < 2 * smallest:
        return (region,)
    height = _smoothed_box(volume, region)
    labels = _flood(height, region.inside, smallest)
    parts = [
        _part(region, labels == label, float(height[labels == label].max()))
        for label in np.unique(labels[region.inside])
    ]
    parts.sort(key=lambda item: -item[0])
    return tuple(part for _, part in parts)


def _part(region: Mask, inside: BoolArray, peak: float) -> tuple[float, Mask]:
    box = ndimage.find_objects(inside.astype(np.uint8))[0]
    start = tuple(s.start + o for s, o in zip(box, region.start_zyx, strict=True))
    return peak, Mask(region.geometry, (start[0], start[1], start[2]), inside[box].copy())


def _smoothed_box(volume: Volume, region: Mask) -> FloatArray:
    """The smoothed values in the region's box; computed with a margin so that edges agree."""
    spacing = region.geometry.spacing_zyx_mm
    margin = [int(np.ceil(4 * SPLIT_SMOOTHING_MM / s)) for s in spacing]
    wide = tuple(
        slice(max(0, b.start - m), b.stop + m) for b, m in zip(region.box, margin, strict=True)
    )
    smooth = ndimage.gaussian_filter(
        volume.values[wide].astype(np.float64), [SPLIT_SMOOTHING_MM / s for s in spacing]
    )
    inner = tuple(
        slice(b.start - w.start, b.stop - w.start) for b, w in zip(region.box, wide, strict=True)
    )
    return np.asarray(smooth[inner])


def _flood(height: FloatArray, inside: BoolArray, smallest_voxels: int) -> npt.NDArray[np.intp]:
    """Labels [z, y, x] of the distinct parts (0 outside), by descending flood with merging."""
    shape = np.asarray(inside.shape) + 2
    padded = np.zeros(shape, dtype=bool)
    padded[1:-1, 1:-1, 1:-1] = inside
    strides = (int(shape[1] * shape[2]), int(shape[2]), 1)
    steps = [
        dz * strides[0] + dy * strides[1] + dx
        for dz in (-1, 0, 1)
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
        if (dz, dy, dx) != (0, 0, 0)
    ]
    where = np.flatnonzero(padded)
    values = height[inside]
    order = np.argsort(-values, kind="stable")
    owner: dict[int, int] = {}
    turn: dict[int, int] = {}
    root: list[int] = []
    peak: list[float] = []
    size: list[int] = []

    def find(label: int) -> int:
        while root[label] != label:
            root[label] = root[root[label]]
            label = root[label]
        return label

    for rank in order:
        at, value = int(where[rank]), float(values[rank])
        # Already visited means at least as hot; the earliest visited neighbour is the steepest
        # way up, which is the part this voxel belongs to.
        visited = [at + step for step in steps if at + step in owner]
        if not visited:
            root.append(len(root))
            peak.append(value)
            size.append(1)
            owner[at] = len(root) - 1
            turn[at] = len(turn)
            continue
        own = find(owner[min(visited, key=turn.__getitem__)])
        owner[at] = own
        turn[at] = len(turn)
        size[own] += 1
        met = {find(owner[neighbour]) for neighbour in visited}
        hottest = max(met, key=peak.__getitem__)
        for other in met - {hottest}:
            distinct = value < DISTINCT_SADDLE_SHARE * peak[other]
            if not (distinct and size[other] >= smallest_voxels):
                root[other] = hottest
                size[hottest] += size[other]
    labels = np.zeros(shape, dtype=np.intp).ravel()
    for at, label in owner.items():
        labels[at] = find(label) + 1
    return np.asarray(labels.reshape(shape)[1:-1, 1:-1, 1:-1])
