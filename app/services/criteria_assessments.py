"""The courses of the criteria as assessments that the timeline reads (spec 3.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.criteria.timeline.progression import outcome_of
from app.domain import trial
from app.domain.bone import BoneCourse, BoneVisit, ProgressionEvidence
from app.domain.percist_response import CourseResponse, PercistResponse
from app.domain.recist import Modality, RecistVisit
from app.domain.recist_response import ProgressionBasis, RecistCourse
from app.domain.response import MetabolicCategory
from app.domain.timeline import Assessment, Evidence, Outcome, PdBasis, ScanDone

RECIST_BASES = (
    (ProgressionBasis.NEW_LESION, PdBasis.NEW_LESION),
    (ProgressionBasis.RECURRENCE, PdBasis.NEW_LESION),
    (ProgressionBasis.TARGET, PdBasis.TARGET),
    (ProgressionBasis.NON_TARGET, PdBasis.NON_TARGET),
)
RECIST_MODALITIES = {
    Modality.CT: trial.Modality.CT,
    Modality.PET: trial.Modality.FDG_PET_CT,
    Modality.BONE_SCAN: trial.Modality.BONE_SCAN,
}
BONE_BASES = {
    ProgressionEvidence.NEW_LESION: PdBasis.NEW_LESION,
    ProgressionEvidence.NON_TARGET: PdBasis.NON_TARGET,
    ProgressionEvidence.CT: PdBasis.UNSTATED,
}


@dataclass(frozen=True, slots=True)
class Assessed:
    """The follow-ups of a course as assessments, and the date of its first progression."""

    assessments: tuple[Assessment, ...]
    progression: date | None


@dataclass(frozen=True, slots=True)
class _Visit:
    """A follow-up: its name in the course, its scans and the text of its category."""

    name: int | str
    scans: tuple[ScanDone, ...]
    response: str


@dataclass(frozen=True, slots=True)
class _Progression:
    """A first progression: the visit that shows it, the date it counts from, its ground."""

    shown_at: int | str
    dated: date
    basis: PdBasis
    modality: trial.Modality | None


def percist_assessed(course: CourseResponse) -> Assessed:
    """A PERCIST course; every visit is one FDG-PET-CT."""
    pet = trial.Modality.FDG_PET_CT
    visits = [
        _Visit(item.visit, (ScanDone(item.on, pet),), item.overall.value)
        for item in course.responses
    ]
    first = course.first_progression
    if first is None:
        return _assessed(visits, None)
    basis = percist_basis(course)[0]
    return _assessed(visits, _Progression(first.shown_at, first.on, basis, pet))


def percist_basis(course: CourseResponse) -> tuple[PdBasis, ...]:
    """What the first progression of a PERCIST course rests on; () where there is none."""
    first = course.first_progression
    if first is None:
        return ()
    by_visit = {item.visit: item for item in course.responses}
    seen, proved = by_visit[first.visit], by_visit[first.shown_at]
    if seen.overall is MetabolicCategory.PMD:
        return _percist_grounds(seen)
    return _percist_grounds(proved)[:1]  # an equivocal focus that was confirmed


def _percist_grounds(response: PercistResponse) -> tuple[PdBasis, ...]:
    extent = response.extent is not None and response.extent.progression
    found = {
        PdBasis.NEW_LESION: bool(response.new_lesions.unequivocal),
        PdBasis.TARGET: response.target.category is MetabolicCategory.PMD or extent,
        PdBasis.NON_TARGET: response.non_target.category is MetabolicCategory.PMD,
    }
    return tuple(basis for basis, holds in found.items() if holds) or (PdBasis.UNSTATED,)


def recist_assessed(course: RecistCourse, visits: Sequence[RecistVisit]) -> Assessed:
    """A RECIST course; the scans of a visit are its own date and those of its findings."""
    by_name = {visit.visit_id: visit for visit in visits}
    rows = [
        _Visit(item.visit_id, recist_scans(by_name[item.visit_id]), item.overall.value)
        for item in course.responses
        if by_name[item.visit_id].done
    ]
    first = course.first_progression
    if first is None:
        return _assessed(rows, None)
    basis = next(basis for ground, basis in RECIST_BASES if ground in first.basis)
    modality = RECIST_MODALITIES.get(first.modality[0]) if first.modality else None
    return _assessed(rows, _Progression(first.declared_at, first.scan_date, basis, modality))


def recist_scans(visit: RecistVisit) -> tuple[ScanDone, ...]:
    """All scans of a visit, by date."""
    scans = {ScanDone(visit.scan_date, trial.Modality.CT)}
    scans |= {
        ScanDone(item.scan_date, trial.Modality.CT) for item in visit.targets if item.scan_date
    }
    scans |= {
        ScanDone(item.scan_date or visit.scan_date, RECIST_MODALITIES.get(item.modality))
        for items in (visit.non_targets, visit.new_lesions)
        for item in items
    }
    pet = trial.Modality.FDG_PET_CT
    scans |= {ScanDone(item.scan_date or visit.scan_date, pet) for item in visit.pet}
    return tuple(sorted(scans, key=lambda scan: (scan.scan_date, scan.modality or "")))


def bone_assessed(course: BoneCourse, visits: Sequence[BoneVisit]) -> Assessed:
    """A bone course; a visit without any examination is no assessment."""
    by_number = {visit.visit: visit for visit in visits}
    rows = []
    for item in course.responses[1:]:
        scans = _bone_scans(by_number[item.visit])
        if scans:
            rows.append(_Visit(item.visit, scans, item.category.value))
    first = course.first_progression
    if first is None:
        return _assessed(rows, None)
    ct = first.evidence is ProgressionEvidence.CT
    modality = trial.Modality.CT if ct else trial.Modality.BONE_SCAN
    basis = BONE_BASES[first.evidence]
    return _assessed(rows, _Progression(first.visit, first.dated, basis, modality))


def _bone_scans(visit: BoneVisit) -> tuple[ScanDone, ...]:
    scans = []
    if visit.scan is not None:
        scans.append(ScanDone(visit.scan.scan_date, trial.Modality.BONE_SCAN))
    elif visit.ct is not None and visit.ct.bone_status is not None:
        scans.append(ScanDone(visit.ct.scan_date, trial.Modality.CT))
    return tuple(scans)


def _assessed(visits: Sequence[_Visit], first: _Progression | None) -> Assessed:
    """The first progression stands at the visit that shows it, dated where it counts from.

    A progression that does not count (not confirmed, or shown before the visit that settles it)
    neither is an event nor shows that there was none. What follows the first progression is left
    out: it changes nothing.
    """
    found = []
    for visit in visits:
        if first is not None and visit.name == first.shown_at:
            found.append(_event(visit, first))
            break
        outcome = outcome_of(visit.response)
        if outcome is Outcome.PROGRESSION:
            outcome = Outcome.NOT_EVALUABLE
        found.append(Assessment(visit.scans, outcome, visit.response))
    return Assessed(tuple(found), None if first is None else first.dated)


def _event(visit: _Visit, first: _Progression) -> Assessment:
    earliest = min(scan.scan_date for scan in visit.scans)
    if first.dated < earliest:
        evidence = Evidence(first.basis, (earliest,), first.modality, first.dated)
    else:
        evidence = Evidence(first.basis, (first.dated,), first.modality)
    return Assessment(visit.scans, Outcome.PROGRESSION, visit.response, (evidence,))
