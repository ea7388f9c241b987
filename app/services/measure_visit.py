"""The numbers of a reading: which are needed, and each of them measured on its visit."""

from collections.abc import Iterator, Mapping

from app.criteria.percist.rules import PercistRules
from app.criteria.percist.threshold import measurability_threshold_g_per_ml
from app.domain.numbers import (
    NumberKey,
    PreviewNumbers,
    ReferenceKey,
    ReferenceNumbers,
    RegionKey,
    RegionNumbers,
)
from app.domain.reference import ReferenceRegionKind
from app.reading.state import ReadingState
from app.services.load_visit import Visit
from app.services.place_reference import measure_sphere
from app.services.region_voxels import BlobReader, mask_of
from segmentation.mask import Mask
from segmentation.metrics.diameter import region_diameters
from segmentation.metrics.peak import PeakMethod, region_peak, region_peaks
from segmentation.metrics.statistics import region_statistics

ISOCONTOUR_SHARE = 0.5

# None is a result too: the region or sphere holds no voxel of its scan.
Numbers = Mapping[NumberKey, RegionNumbers | ReferenceNumbers | None]


def needed(
    state: ReadingState, keys: Mapping[int, str], numbers: Numbers, rules: PercistRules
) -> Iterator[tuple[int, NumberKey]]:
    """The keys, with their visits, of all numbers a state needs and that are not there yet.

    Reference spheres come first: the lesions' keys hold the threshold that rests on them.
    """
    for entry in state.visits:
        reference = ReferenceKey(keys[entry.number], entry.reference)
        if reference not in numbers:
            yield entry.number, reference
            continue
        threshold = threshold_of(numbers[reference], rules)
        if threshold is None:
            continue
        for lesion in state.present_lesions():
            region = lesion.region_at(entry.number)
            if region is not None:
                key = RegionKey(keys[entry.number], region, threshold)
                if key not in numbers:
                    yield entry.number, key


def threshold_of(
    reference: RegionNumbers | ReferenceNumbers | None, rules: PercistRules
) -> float | None:
    """The threshold (g/mL) that rests on a measured reference, None where it has no voxel."""
    if not isinstance(reference, ReferenceNumbers):
        return None
    return measurability_threshold_g_per_ml(
        ReferenceRegionKind.LIVER, reference.mean_sul_g_per_ml, reference.sd_sul_g_per_ml, rules
    )


def compute(
    key: NumberKey, visit: Visit, read_blob: BlobReader
) -> RegionNumbers | ReferenceNumbers | None:
    """One number record of a key on its visit; None where there is no voxel to measure."""
    if isinstance(key, ReferenceKey):
        return measure_sphere(visit, key.sphere)
    return _region(mask_of(key.region, visit.sul, read_blob), visit, key.threshold_g_per_ml)


def preview(
    key: NumberKey, visit: Visit, read_blob: BlobReader
) -> PreviewNumbers | ReferenceNumbers | None:
    """The numbers of a key that a drag shows, in half the time that all of them take."""
    if isinstance(key, ReferenceKey):
        return measure_sphere(visit, key.sphere)
    region = mask_of(key.region, visit.sul, read_blob)
    whole = region_statistics(visit.sul, region) if region.voxels else None
    peak = None if whole is None else region_peak(visit.sul, region, PeakMethod.CONTINUOUS)
    if whole is None or peak is None:
        return None
    hot = _at_least(region, visit, key.threshold_g_per_ml)
    return PreviewNumbers(peak.value, whole.maximum, hot.volume_ml)


def counted_voxels(key: RegionKey, visit: Visit, read_blob: BlobReader) -> Mask:
    """The voxels whose volume, mean and TLG a key's numbers tell; empty below the threshold."""
    return _at_least(mask_of(key.region, visit.sul, read_blob), visit, key.threshold_g_per_ml)


def _region(region: Mask, visit: Visit, threshold: float) -> RegionNumbers | None:
    whole = region_statistics(visit.sul, region) if region.voxels else None
    peaks = None if whole is None else region_peaks(visit.sul, region)
    if whole is None or peaks is None:
        return None
    hot = _at_least(region, visit, threshold)
    above = region_statistics(visit.sul, hot)
    half = region_diameters(_at_least(region, visit, ISOCONTOUR_SHARE * whole.maximum))
    return RegionNumbers(
        peak_lps_mm=peaks.continuous.position_lps_mm,
        sul_peak_continuous=peaks.continuous.value,
        sul_peak_fractional=peaks.fractional.value,
        sul_peak_ibsi_binary=peaks.ibsi_binary.value,
        peak_volume_ml=peaks.continuous.volume_used_ml,
        sul_max=whole.maximum,
        sul_mean=None if above is None else above.mean,
        volume_ml=hot.volume_ml,
        tlg_g=None if above is None else above.lesion_glycolysis_g,
        isocontour_diameter_mm=None if half is None else half.longest_diameter_mm,
        flags=tuple(sorted(flag.value for flag in peaks.continuous.flags)),
    )


def _at_least(region: Mask, visit: Visit, sul_g_per_ml: float) -> Mask:
    inside = region.inside & (visit.sul.values[region.box] >= sul_g_per_ml)
    return Mask(region.geometry, region.start_zyx, inside)
