"""The foci of one visit: regions above its threshold, where they lie, what they may be."""

from dataclasses import dataclass

from app.domain.lesion import PhysiologicalMark
from app.services.load_visit import Visit
from app.services.place_reference import Anatomy
from app.services.progress import SILENT, Progress
from segmentation.anatomy.frame import Place
from segmentation.anatomy.sites import Focus, Side, Site, likely_organ, likely_site, side_of
from segmentation.anatomy.surroundings import mean_under, share_of_rim_in
from segmentation.growing.candidates import Candidate, find_candidates
from segmentation.mask import Mask
from segmentation.metrics.peak import Peaks


@dataclass(frozen=True, eq=False)
class FoundFocus:
    """A region with its peaks, its likely place and, where it looks like one, its organ."""

    region: Mask
    peaks: Peaks
    place: Place
    site: Site
    side: Side
    mark: PhysiologicalMark | None


def find_lesions(
    visit: Visit,
    anatomy: Anatomy,
    threshold_g_per_ml: float,
    liver_mean_g_per_ml: float,
    progress: Progress = SILENT,
) -> tuple[FoundFocus, ...]:
    """All foci of a visit at or above its threshold, hottest first, physiological ones marked."""
    return tuple(
        _described(visit, anatomy, candidate, liver_mean_g_per_ml)
        for candidate in find_candidates(visit.sul, threshold_g_per_ml, progress.checkpoint)
    )


def _described(
    visit: Visit, anatomy: Anatomy, candidate: Candidate, liver_mean: float
) -> FoundFocus:
    region = candidate.region
    place = anatomy.frame.place(region.centroid_lps_mm())
    dz, dy, dx = region.geometry.spacing_zyx_mm
    nz, ny, nx = region.inside.shape
    focus = Focus(
        place=place,
        volume_ml=region.volume_ml,
        peak_over_liver=candidate.peaks.continuous.value / liver_mean,
        extent_zyx_mm=(nz * dz, ny * dy, nx * dx),
        share_of_rim_in_liver=share_of_rim_in(region, anatomy.liver.region),
        mean_ct_hu=None if visit.ct is None else mean_under(region, visit.ct),
    )
    organ = likely_organ(focus)
    mark = None
    if organ is not None:
        mark = PhysiologicalMark(organ.value, *place)
    return FoundFocus(region, candidate.peaks, place, likely_site(focus), side_of(place), mark)
