"""From a region on a scan to the record of a lesion at a visit."""

import uuid
from collections import Counter
from dataclasses import dataclass

from app.domain.lesion import LesionMeasurement, LesionOrigin, PhysiologicalMark
from app.services.find_lesions import FoundFocus
from app.services.load_visit import Visit
from segmentation.mask import Mask
from segmentation.metrics.diameter import region_diameters
from segmentation.metrics.peak import Peaks
from segmentation.metrics.statistics import region_statistics

# Below this diameter partial volume lowers the uptake noticeably (spec 2.4).
SMALL_LESION_MM = 20.0
ISOCONTOUR_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class LesionIdentity:
    """What stays with a lesion for life: its id, tracking UID, place, and mark."""

    lesion_id: str
    tracking_uid: str
    site: str
    side: str
    mark: PhysiologicalMark | None


@dataclass(frozen=True, eq=False)
class KnownLesion:
    """A lesion of the baseline: who it is and where."""

    identity: LesionIdentity
    region: Mask


class LesionIds:
    """Hands out ids that are never reused: L lesion, P physiological, U unmatched focus."""

    def __init__(self, patient_key: str) -> None:
        self._patient_key = patient_key
        self._given: Counter[str] = Counter()

    def identify(self, focus: FoundFocus, letter: str) -> LesionIdentity:
        """The next id of a letter for a focus; a focus marked as an organ always gets P."""
        kind = letter if focus.mark is None else "P"
        self._given[kind] += 1
        lesion_id = f"{kind}{self._given[kind]}"
        uid = uuid.uuid5(uuid.NAMESPACE_OID, f"{self._patient_key}/{lesion_id}")
        return LesionIdentity(
            lesion_id, f"2.25.{uid.int}", focus.site.value, focus.side.value, focus.mark
        )


def measurement(
    identity: LesionIdentity,
    origin: LesionOrigin,
    region: Mask,
    peaks: Peaks,
    visit: Visit,
    threshold_g_per_ml: float,
) -> LesionMeasurement:
    """The measures of a lesion's region on a visit.

    The volume counts the voxels of the region at or above the visit's threshold, so that a
    carried lesion that fell below it has none; SULmax is that of the whole region.
    """
    whole = region_statistics(visit.sul, region)
    if whole is None:
        raise ValueError("a lesion without a voxel has no measures")
    hot = _at_least(region, visit, threshold_g_per_ml)
    statistics = region_statistics(visit.sul, hot)
    half = region_diameters(_at_least(region, visit, ISOCONTOUR_SHARE * whole.maximum))
    diameter = None if half is None else half.longest_diameter_mm
    flags = sorted(flag.value for flag in peaks.continuous.flags)
    if identity.mark is None and diameter is not None and diameter < SMALL_LESION_MM:
        flags.append("SMALL_LESION_PVE")
    return LesionMeasurement(
        lesion_id=identity.lesion_id,
        tracking_uid=identity.tracking_uid,
        origin=origin,
        peak_lps_mm=peaks.continuous.position_lps_mm,
        sul_peak_continuous=peaks.continuous.value,
        sul_peak_fractional=peaks.fractional.value,
        sul_peak_ibsi_binary=peaks.ibsi_binary.value,
        peak_volume_ml=peaks.continuous.volume_used_ml,
        sul_max=whole.maximum,
        sul_mean=None if statistics is None else statistics.mean,
        volume_ml=hot.volume_ml,
        tlg_g=None if statistics is None else statistics.lesion_glycolysis_g,
        longest_diameter_mm=diameter,
        site=identity.site,
        side=identity.side,
        physiological=identity.mark,
        flags=tuple(flags),
    )


def _at_least(region: Mask, visit: Visit, sul_g_per_ml: float) -> Mask:
    inside = region.inside & (visit.sul.values[region.box] >= sul_g_per_ml)
    return Mask(region.geometry, region.start_zyx, inside)
