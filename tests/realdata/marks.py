"""The foci of a real visit with their marks, and how they compare with those of a copy."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.criteria.percist.threshold import measurability_threshold_g_per_ml
from app.domain.numbers import ReferenceNumbers
from app.domain.reference import ReferenceRegionKind
from app.services.find_lesions import FoundFocus, find_lesions
from app.services.load_visit import Visit, VisitSource, load_visit
from app.services.place_reference import Anatomy, find_anatomy, measure_sphere, place_reference
from app.services.rule_sets import load_percist_rules

SAME_PLACE_MM = 6.0


@dataclass(frozen=True)
class MarkedVisit:
    """One visit read alone, as a baseline is."""

    visit: Visit
    anatomy: Anatomy
    center_lps_mm: tuple[float, float, float]
    reference: ReferenceNumbers
    foci: tuple[FoundFocus, ...]

    @property
    def tumours(self) -> list[FoundFocus]:
        """The foci that are not marked, hottest first."""
        return [focus for focus in self.foci if focus.mark is None]

    def span_mm(self, focus: FoundFocus) -> tuple[float, float]:
        """The lowest and highest slice of a focus (LPS z)."""
        geometry = self.visit.sul.geometry
        low = focus.region.start_zyx[0]
        ends = [[low, 0, 0], [low + focus.region.inside.shape[0] - 1, 0, 0]]
        bottom, top = geometry.lps_from_zyx(ends)[:, 2]
        return float(bottom), float(top)


def marked(folder: Path) -> MarkedVisit:
    """The visit in a folder, its reference and its foci, through the services."""
    return marked_visit(load_visit(VisitSource(folder)))


def marked_visit(visit: Visit) -> MarkedVisit:
    """A loaded visit, its reference and its foci."""
    anatomy = find_anatomy(visit)
    sphere, _ = place_reference(visit, anatomy)
    reference = measure_sphere(visit, sphere)
    assert reference is not None
    mean, sd = reference.mean_sul_g_per_ml, reference.sd_sul_g_per_ml
    threshold = measurability_threshold_g_per_ml(
        ReferenceRegionKind.LIVER, mean, sd, load_percist_rules("percist-nadir")
    )
    foci = find_lesions(visit, anatomy, threshold, mean)
    return MarkedVisit(visit, anatomy, sphere.center_lps_mm, reference, foci)


def organ_of(focus: FoundFocus) -> str:
    """The organ a focus is marked as, or "none"."""
    return "none" if focus.mark is None else focus.mark.organ


def changed_marks(whole: MarkedVisit, part: MarkedVisit) -> list[str]:
    """Foci that lie wholly in a cropped copy and are another there, and foci only it has.

    Foci at the cut are left out: they are cut.
    """
    geometry = part.visit.sul.geometry
    step = geometry.slice_step_mm
    bottom = geometry.origin_lps_mm[2]
    top = bottom + geometry.slice_offsets_mm[-1]

    def inside(visit: MarkedVisit, focus: FoundFocus) -> bool:
        low, high = visit.span_mm(focus)
        return low > bottom + step / 2 and high < top - step / 2

    def here(visit: MarkedVisit) -> list[tuple[np.ndarray, str]]:
        return [
            (np.array(focus.peaks.continuous.position_lps_mm), organ_of(focus))
            for focus in visit.foci
            if inside(visit, focus)
        ]

    changed = []
    for one, other in ((here(whole), here(part)), (here(part), here(whole))):
        for place, organ in one:
            near = [o for p, o in other if np.linalg.norm(p - place) < SAME_PLACE_MM]
            if organ not in near:
                changed.append(f"{organ} at {np.round(place)} became {near or 'nothing'}")
    return changed
