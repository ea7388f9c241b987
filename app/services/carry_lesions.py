"""The foci of a follow-up told in the lesions of the baseline (spec 2.6, 2.7)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.services.find_lesions import FoundFocus
from app.services.lesion_records import KnownLesion, LesionIds, measurement
from app.services.load_visit import Visit
from app.services.place_reference import Anatomy
from segmentation.geometry import Vector
from segmentation.growing.carry import carried_labels, owners, union
from segmentation.mask import BoolArray, Mask
from segmentation.metrics.peak import region_peaks
from segmentation.sampling.registration import RigidTransform, register_rigid

CT_RANGE_HU = (-1000.0, 300.0)
SUL_RANGE_G_PER_ML = (0.0, 3.0)


@dataclass(frozen=True, eq=False)
class CarriedLesions:
    """The lesions of a follow-up, and what could not be told."""

    lesions: tuple[LesionMeasurement, ...]
    unmatched: tuple[str, ...]  # foci with no counterpart at baseline that are no organ
    outside: tuple[str, ...]  # baseline lesions whose place this scan does not cover


def align(baseline: Visit, base: Anatomy, current: Visit, now: Anatomy) -> RigidTransform:
    """The rigid transform from the baseline's frame to the follow-up's.

    CT on CT where both visits have one, else PET on PET. Besides the image centres it starts
    from the shift between the two visits' own landmarks (midline, front and back, liver dome).
    """
    x, y, z = np.subtract(_landmark(now), _landmark(base))
    starts = [(float(x), float(y), float(z))]
    if baseline.ct is not None and current.ct is not None:
        return register_rigid(current.ct, baseline.ct, CT_RANGE_HU, starts)
    return register_rigid(current.sul, baseline.sul, SUL_RANGE_G_PER_ML, starts)


def carry_lesions(
    known: Sequence[KnownLesion],
    transform: RigidTransform,
    visit: Visit,
    foci: Sequence[FoundFocus],
    threshold_g_per_ml: float,
    ids: LesionIds,
) -> CarriedLesions:
    """The follow-up's foci with the baseline's ids where they lie on a baseline lesion.

    Foci on one baseline lesion are that lesion, whole or in fragments. A baseline lesion with no
    focus is measured where it was, even below the threshold. Physiological foci of the baseline
    claim their own at follow-up, so that a kidney never becomes a lesion by moving. What lies on
    neither is unmatched: a draft never calls it new.
    """
    labels = carried_labels([item.region for item in known], visit.sul.geometry, transform)
    owner = owners([focus.region for focus in foci], labels)
    claimed: dict[int, list[Mask]] = {}
    for position, number in owner.items():
        claimed.setdefault(number, []).append(foci[position].region)
    occupied = _occupied(foci, labels.shape)
    lesions: list[LesionMeasurement] = []
    outside: list[str] = []
    for number, item in enumerate(known, start=1):
        identity = item.identity
        if number in claimed:
            origin, region = LesionOrigin.CANDIDATE, union(claimed[number])
        elif identity.mark is None:
            origin = LesionOrigin.CARRIED
            region = Mask.from_array((labels == number) & ~occupied, visit.sul.geometry)
        else:
            continue
        peaks = None if region.voxels == 0 else region_peaks(visit.sul, region)
        if peaks is None:
            outside.append(identity.lesion_id)
            continue
        lesions.append(measurement(identity, origin, region, peaks, visit, threshold_g_per_ml))
    unmatched: list[str] = []
    for position, focus in enumerate(foci):
        if position in owner:
            continue
        identity = ids.identify(focus, "U")
        lesions.append(
            measurement(
                identity,
                LesionOrigin.CANDIDATE,
                focus.region,
                focus.peaks,
                visit,
                threshold_g_per_ml,
            )
        )
        if identity.mark is None:
            unmatched.append(identity.lesion_id)
    lesions.sort(key=lambda item: (-item.sul_peak, item.lesion_id))
    return CarriedLesions(tuple(lesions), tuple(unmatched), tuple(outside))


def _occupied(foci: Sequence[FoundFocus], shape: tuple[int, ...]) -> BoolArray:
    whole = np.zeros(shape, dtype=bool)
    for focus in foci:
        whole[focus.region.box] |= focus.region.inside
    return whole


def _landmark(anatomy: Anatomy) -> Vector:
    geometry, body, dome = anatomy.frame.geometry, anatomy.frame.body, anatomy.frame.dome_mm
    k = int(np.abs(np.asarray(geometry.slice_offsets_mm) - dome).argmin())
    middle = (float(body.front_y_mm[k]) + float(body.back_y_mm[k])) / 2.0
    zyx = geometry.zyx_from_mm([dome, middle, float(body.midline_x_mm[k])])
    x, y, z = (float(v) for v in geometry.lps_from_zyx(zyx))
    return x, y, z
