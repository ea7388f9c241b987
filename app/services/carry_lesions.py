"""Where the baseline's lesions lie at a follow-up (spec 2.6, 2.7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.services.find_lesions import FoundFocus
from app.services.load_visit import Visit
from app.services.place_reference import Anatomy
from app.services.progress import SILENT, Progress
from segmentation.geometry import Vector
from segmentation.growing.carry import LabelArray, carried_labels, owners, union
from segmentation.mask import BoolArray, Mask
from segmentation.sampling.registration import RigidTransform, register_rigid

CT_RANGE_HU = (-1000.0, 300.0)
# Just above the liver: a tumour that vanished between the scans weighs no more than an organ.
SUL_RANGE_G_PER_ML = (0.0, 1.5)
# An organ that lights up over a lesion's place is not the lesion when it is this many times as
# large as the place; nor is a focus the organ when less than this share of it lies on the place.
MUCH_LARGER = 2.0
SHARE_ON_ORGAN = 0.5
# A lesion has merged with its neighbour when more than this share of it lies in that focus.
MERGED_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class KnownRegion:
    """A lesion of the baseline: its id, where it lies there, whether it is marked as an organ."""

    lesion_id: str
    region: Mask
    physiological: bool


@dataclass(frozen=True, eq=False)
class CarriedRegions:
    """Regions of the baseline's lesions on a follow-up, by id, and foci that belong to none.

    A lesion that is missing from `regions` has no place in this scan, lies under an organ's
    uptake, or is physiological uptake that is no longer above the threshold.
    """

    regions: Mapping[str, Mask]
    unmatched: tuple[FoundFocus, ...]


def align(
    baseline: Visit, base: Anatomy, current: Visit, now: Anatomy, progress: Progress = SILENT
) -> RigidTransform:
    """The rigid transform from the baseline's frame to the follow-up's.

    CT on CT where both visits have one, else PET on PET. Besides the image centres it starts
    from the shift between the two visits' own landmarks (midline, front and back, liver dome).
    """
    x, y, z = np.subtract(_landmark(now), _landmark(base))
    starts = [(float(x), float(y), float(z))]
    look = progress.checkpoint
    if baseline.ct is not None and current.ct is not None:
        return register_rigid(current.ct, baseline.ct, CT_RANGE_HU, starts, look)
    return register_rigid(current.sul, baseline.sul, SUL_RANGE_G_PER_ML, starts, look)


def carry_lesions(
    known: Sequence[KnownRegion],
    transform: RigidTransform,
    visit: Visit,
    foci: Sequence[FoundFocus],
    progress: Progress = SILENT,
) -> CarriedRegions:
    """The follow-up's foci shared out among the baseline's lesions.

    Foci on one baseline lesion are that lesion, whole or in fragments. A baseline lesion with no
    focus is measured where it was, even below the threshold; one that has merged with another
    lesion gets its own place's part of their common focus; one whose place an organ has taken is
    not measured. Physiological foci of the baseline claim their own at follow-up, so that a
    kidney never becomes a lesion by moving. What lies on neither is unmatched: a draft never
    calls it new.
    """
    grid = visit.sul.geometry
    masks = [item.region for item in known]
    labels = carried_labels(masks, grid, transform)
    progress.checkpoint()
    owner = {
        position: number
        for position, number in owners([focus.region for focus in foci], labels).items()
        if _belongs(foci[position], known[number - 1], labels, number)
    }
    claimed: dict[int, list[Mask]] = {}
    for position, number in owner.items():
        claimed.setdefault(number, []).append(foci[position].region)
    regions = {number: union(parts) for number, parts in claimed.items()}
    tumour = _occupied(
        (region for number, region in regions.items() if not known[number - 1].physiological),
        grid.shape_zyx,
    )
    occupied = _occupied((focus.region for focus in foci), grid.shape_zyx)
    cores = carried_labels(masks, grid, transform, margin_mm=0.0)
    shared = np.zeros(grid.shape_zyx, dtype=bool)
    for number, item in enumerate(known, start=1):
        progress.checkpoint()
        if number in claimed or item.physiological:
            continue
        place, core = labels == number, cores == number
        merged = np.count_nonzero(core & tumour) > MERGED_SHARE * np.count_nonzero(core)
        region = place & tumour if merged else place & ~occupied
        if merged:
            shared |= region
        if region.any():
            regions[number] = Mask.from_array(region, grid)
    for number in claimed if shared.any() else ():
        rest = regions[number].full() & ~shared
        if rest.any():
            regions[number] = Mask.from_array(rest, grid)
    return CarriedRegions(
        {known[number - 1].lesion_id: region for number, region in sorted(regions.items())},
        tuple(focus for position, focus in enumerate(foci) if position not in owner),
    )


def _belongs(focus: FoundFocus, item: KnownRegion, labels: LabelArray, number: int) -> bool:
    """Whether a focus on a baseline lesion's place is that lesion, or that organ."""
    region, marked = focus.region, focus.mark is not None
    if item.physiological and not marked:
        on_place = np.count_nonzero((labels[region.box] == number) & region.inside)
        return bool(on_place >= SHARE_ON_ORGAN * region.voxels)
    if not item.physiological and marked:
        return bool(region.voxels <= MUCH_LARGER * np.count_nonzero(labels == number))
    return True


def _occupied(regions: Iterable[Mask], shape: tuple[int, ...]) -> BoolArray:
    whole = np.zeros(shape, dtype=bool)
    for region in regions:
        whole[region.box] |= region.inside
    return whole


def _landmark(anatomy: Anatomy) -> Vector:
    geometry, body, dome = anatomy.frame.geometry, anatomy.frame.body, anatomy.frame.dome_mm
    k = int(np.abs(np.asarray(geometry.slice_offsets_mm) - dome).argmin())
    middle = (float(body.front_y_mm[k]) + float(body.back_y_mm[k])) / 2.0
    zyx = geometry.zyx_from_mm([dome, middle, float(body.midline_x_mm[k])])
    x, y, z = (float(v) for v in geometry.lps_from_zyx(zyx))
    return x, y, z
