"""Candidate lesions: regions hot enough to be measurable, one per distinct peak (spec 2.4, 2.6)."""

from collections.abc import Callable
from dataclasses import dataclass

from segmentation.growing.components import components, split_at_saddles
from segmentation.mask import Mask
from segmentation.metrics.peak import PeakMethod, Peaks, region_peak, region_peaks
from segmentation.volume import Volume


@dataclass(frozen=True, eq=False)
class Candidate:
    """A region of voxels at or above the threshold, and its peaks."""

    region: Mask
    peaks: Peaks


def find_candidates(
    sul: Volume, threshold_g_per_ml: float, checkpoint: Callable[[], None] = lambda: None
) -> tuple[Candidate, ...]:
    """All regions at or above the threshold whose SULpeak reaches it, hottest first.

    26-connected voxels with SUL >= threshold, cut where peaks are distinct; a region counts only
    if its 1 mL mean reaches the threshold, which is what PERCIST calls measurable: single hot
    voxels of a noisy scan do not. Order and regions do not depend on the order of slices.
    `checkpoint` is called before each region and may raise to cancel.
    """
    found = []
    for component in components(sul, threshold_g_per_ml):
        checkpoint()
        if not _hot_enough(sul, component, threshold_g_per_ml):
            continue
        for part in split_at_saddles(sul, component):
            checkpoint()
            peaks = region_peaks(sul, part)
            if peaks is not None and peaks.continuous.value >= threshold_g_per_ml:
                found.append(Candidate(part, peaks))
    found.sort(key=lambda item: (-item.peaks.continuous.value, item.region.start_zyx))
    return tuple(found)


def _hot_enough(sul: Volume, component: Mask, threshold: float) -> bool:
    peak = region_peak(sul, component, PeakMethod.CONTINUOUS)
    return peak is not None and peak.value >= threshold
