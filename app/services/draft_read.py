"""The automatic draft of a PERCIST read: visits in, lesions, comparability and response out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from app.criteria.comparability import blocks, compare_scans, scan_prerequisites
from app.criteria.percist_target import TargetCase, target_response
from app.criteria.rules import PercistRules
from app.criteria.threshold import measurability_threshold_g_per_ml
from app.domain.draft_read import DraftRead, ScanSummary, TimePoint
from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.domain.reference import ReferenceRegion
from app.domain.response import ComparabilityItem, TargetResponse
from app.services.carry_lesions import CarriedLesions, align, carry_lesions
from app.services.choose_series import check_one_patient
from app.services.find_lesions import find_lesions
from app.services.lesion_records import KnownLesion, LesionIds, measurement
from app.services.load_visit import Visit, load_visit
from app.services.place_reference import Anatomy, find_anatomy, place_reference
from app.services.progress import SILENT, Progress
from app.services.scan_facts import PEAK_KERNEL, facts_of
from app.version import VERSION
from app.wording import reader_error
from segmentation.sampling.registration import RigidTransform


@dataclass(frozen=True, eq=False)
class LoadedDraft:
    """The draft and the loaded visits it was made from, in the same order."""

    read: DraftRead
    visits: tuple[Visit, ...]


@dataclass(frozen=True, eq=False)
class _Baseline:
    visit: Visit
    anatomy: Anatomy
    reference: ReferenceRegion
    lesions: tuple[KnownLesion, ...]
    point: TimePoint


def draft_read(
    folders: Sequence[Path],
    rules: PercistRules,
    other_rules: PercistRules,
    progress: Progress = SILENT,
) -> LoadedDraft:
    """The draft of all visits, ordered by the time of their scans.

    Raises ReaderError where a folder cannot be read as a visit, the visits belong to different
    patients or are the same scan, or no reference region fits. It never calls a focus new and
    never gives CMR: both need a reader (spec 2.7, 2.8).
    """
    visits = tuple(
        sorted((load_visit(folder, progress) for folder in folders), key=lambda v: v.scanned_at)
    )
    check_one_patient([visit.pet for visit in visits])
    for earlier, later in pairwise(visits):
        if earlier.pet.identity.series_uid == later.pet.identity.series_uid:
            raise reader_error("SAME_SCAN", uid=later.pet.identity.series_uid)
    ids = LesionIds(visits[0].pet.identity.series_uid)
    baseline = _baseline(visits[0], rules, ids, progress)
    points = [baseline.point]
    for number, visit in enumerate(visits[1:], start=1):
        points.append(
            _follow_up(number, visit, baseline, points, rules, other_rules, ids, progress)
        )
    read = DraftRead(
        patient=visits[0].pet.identity,
        rule_set=rules.name,
        lbm_formula=visits[0].quantification.lbm_formula.value,
        peak_kernel=PEAK_KERNEL,
        time_points=tuple(points),
        program_version=VERSION,
        inputs_hash=_inputs_hash(visits),
    )
    return LoadedDraft(read, visits)


def _baseline(visit: Visit, rules: PercistRules, ids: LesionIds, progress: Progress) -> _Baseline:
    progress.step("place_reference")
    anatomy = find_anatomy(visit)
    reference = place_reference(visit, anatomy)
    threshold = _threshold(reference, rules)
    progress.step("find_lesions")
    foci = find_lesions(visit, anatomy, threshold, reference.mean_sul_g_per_ml)
    known = [KnownLesion(ids.identify(focus, "L"), focus.region) for focus in foci]
    lesions = tuple(
        measurement(
            item.identity, LesionOrigin.CANDIDATE, item.region, focus.peaks, visit, threshold
        )
        for item, focus in zip(known, foci, strict=True)
    )
    point = TimePoint(
        number=0,
        scanned_at=visit.scanned_at,
        scan=_summary(visit),
        reference=reference,
        threshold_g_per_ml=threshold,
        lesions=lesions,
        comparability=scan_prerequisites(facts_of(visit, reference), rules),
        response=None,
        other_rules=None,
        flags=() if any(k.identity.mark is None for k in known) else ("NO_MEASURABLE_LESION",),
        findings=visit.findings,
    )
    return _Baseline(visit, anatomy, reference, tuple(known), point)


def _follow_up(
    number: int,
    visit: Visit,
    baseline: _Baseline,
    points: Sequence[TimePoint],
    rules: PercistRules,
    other_rules: PercistRules,
    ids: LesionIds,
    progress: Progress,
) -> TimePoint:
    day = visit.day.isoformat()
    progress.step("place_reference")
    anatomy = find_anatomy(visit)
    progress.step("register", visit=day)
    transform = align(baseline.visit, baseline.anatomy, visit, anatomy)
    carried_to = transform.apply(baseline.reference.center_lps_mm) if transform.trusted else None
    reference = place_reference(visit, anatomy, carried_to)
    threshold = _threshold(reference, rules)
    progress.step("find_lesions")
    foci = find_lesions(visit, anatomy, threshold, reference.mean_sul_g_per_ml)
    progress.step("carry_lesions", visit=day)
    carried = carry_lesions(baseline.lesions, transform, visit, foci, threshold, ids)
    progress.step("respond")
    card = compare_scans(
        facts_of(baseline.visit, baseline.reference), facts_of(visit, reference), rules
    )
    respond = _Responder(baseline.point, points, carried, reference, card, transform)
    flags = [f"UNMATCHED_FOCUS {name}" for name in carried.unmatched]
    flags += [f"LESION_OUTSIDE_SCAN {name}" for name in carried.outside]
    if not transform.trusted:
        flags.append("REGISTRATION_NOT_TRUSTED")
    return TimePoint(
        number=number,
        scanned_at=visit.scanned_at,
        scan=_summary(visit),
        reference=reference,
        threshold_g_per_ml=threshold,
        lesions=carried.lesions,
        comparability=card,
        response=respond.by(rules),
        other_rules=respond.by(other_rules),
        flags=tuple(flags),
        findings=visit.findings,
        registration_correlation=transform.correlation,
        here_from_baseline=tuple(
            tuple(float(v) for v in row) for row in transform.target_from_source
        ),
    )


@dataclass(frozen=True, eq=False)
class _Responder:
    """The target case of one follow-up, answered under any rule set."""

    baseline: TimePoint
    earlier: Sequence[TimePoint]
    carried: CarriedLesions
    reference: ReferenceRegion
    card: Sequence[ComparabilityItem]
    transform: RigidTransform

    def by(self, rules: PercistRules) -> TargetResponse:
        lesions = _peaks(self.baseline.tumour_lesions)
        case = TargetCase(
            baseline=lesions,
            current=_peaks(item for item in self.carried.lesions if item.lesion_id in lesions),
            earlier=[_earlier_peaks(point, lesions) for point in self.earlier[1:]],
            liver_mean=self.reference.mean_sul_g_per_ml,
            baseline_threshold=self.baseline.threshold_g_per_ml,
            comparable=self.transform.trusted and not blocks(self.card),
            missing=self.carried.outside,
        )
        return target_response(case, rules)


def _peaks(lesions: Iterable[LesionMeasurement]) -> Mapping[str, float]:
    return {item.lesion_id: item.sul_peak for item in lesions}


def _earlier_peaks(point: TimePoint, baseline: Mapping[str, float]) -> Mapping[str, float] | None:
    if point.response is None or point.response.sul_peak_g_per_ml is None:
        return None
    return _peaks(item for item in point.lesions if item.lesion_id in baseline)


def _threshold(reference: ReferenceRegion, rules: PercistRules) -> float:
    return measurability_threshold_g_per_ml(
        reference.kind, reference.mean_sul_g_per_ml, reference.sd_sul_g_per_ml, rules
    )


def _summary(visit: Visit) -> ScanSummary:
    geometry = visit.sul.geometry
    return ScanSummary(
        pet=visit.pet.identity,
        ct=None if visit.ct_series is None else visit.ct_series.identity,
        quantification=visit.quantification,
        pet_shape_zyx=geometry.shape_zyx,
        pet_spacing_zyx_mm=geometry.spacing_zyx_mm,
    )


def _inputs_hash(visits: Sequence[Visit]) -> str:
    """Over every voxel read and every header value used (spec 0.3 N6)."""
    digest = hashlib.sha256()
    for visit in visits:
        digest.update(visit.quantification.content_key.encode())
        digest.update(visit.sul.values.tobytes())
        if visit.ct is not None:
            digest.update(visit.ct.values.tobytes())
    return digest.hexdigest()
