"""A reading's measurements, ticks and verdicts as PERCIST judges them, and the responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.criteria.percist.course import PercistCourse, VisitRecord, blocked_pairs
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import PercistRules
from app.criteria.percist.selection import BaselineLesion
from app.criteria.percist.variants import MeasuredVisit, Quantity, course_in, derive_variants
from app.domain.draft_read import TimePoint
from app.domain.lesion import LesionMeasurement
from app.domain.percist_response import CourseResponse, NonTargetStatus, SensitivityRow
from app.domain.quantification import LbmFormula
from app.domain.scan_facts import ScanFacts
from app.reading.state import Lesion, LesionRole, ReadingState
from segmentation.metrics.peak import PeakMethod


@dataclass(frozen=True, slots=True)
class JudgedVisit:
    """A measured visit with what else decides: facts of the scan, lesions without a number here.

    `aligned` is False where the visit could not be registered to the baseline: nothing carried
    there may be compared.
    """

    point: TimePoint
    facts: ScanFacts
    missing: tuple[str, ...]
    aligned: bool


def judged(
    state: ReadingState, visits: Sequence[JudgedVisit], rules: PercistRules
) -> CourseResponse:
    """The responses of all follow-ups under a rule set."""
    return derive_course(course_of(state, visits, rules), rules)


def course_of(
    state: ReadingState, visits: Sequence[JudgedVisit], rules: PercistRules
) -> PercistCourse:
    """The visits as records of the engine.

    Non-target items are the lesions of the baseline beside its hottest. A complete response
    needs every lesion of the baseline ticked as resolved, so ticks count only together.
    """
    baseline = visits[0].point.tumour_lesions
    blocked = _blocked(visits, [visit.facts for visit in visits], rules)
    return PercistCourse(
        tuple(
            _record(state, visit, baseline, blocked[number]) for number, visit in enumerate(visits)
        ),
        {
            item.lesion_id: BaselineLesion(
                item.lesion_id, item.site, diameter_mm=item.longest_diameter_mm
            )
            for item in baseline
        },
    )


def sensitivity(
    state: ReadingState, visits: Sequence[JudgedVisit], rules: PercistRules
) -> tuple[SensitivityRow, ...]:
    """The categories under both references, one and five lesions, formulas and peak methods.

    A formula that a visit cannot be quantified by has no rows (spec 1.7: James beyond its
    maximum, height or sex unknown).
    """
    course = course_of(state, visits, rules)
    courses = {}
    for formula in LbmFormula:
        scales = [_scale(visit.point, formula) for visit in visits]
        if any(scale is None for scale in scales):
            continue
        for method in PeakMethod:
            measured = _measured(visits, [scale or 1.0 for scale in scales], method, rules)
            courses[Quantity(formula.value, method.value)] = course_in(course, measured)
    return tuple(
        SensitivityRow(
            row.quantity.lbm_formula,
            row.quantity.peak_method,
            row.lesions,
            row.reference.value,
            row.categories,
            row.best,
        )
        for row in derive_variants(courses, rules)
    )


def _record(
    state: ReadingState,
    visit: JudgedVisit,
    baseline: Sequence[LesionMeasurement],
    blocked: frozenset[int],
) -> VisitRecord:
    point = visit.point
    known = [item.lesion_id for item in baseline]
    ticked = {name for name in known if point.number in state.lesion(name).resolved_visits}
    peaks = {item.lesion_id: item.sul_peak for item in point.lesions if item.lesion_id in known}
    return VisitRecord(
        number=point.number,
        on=point.scanned_at.date(),
        sul_peaks=peaks,
        reference_mean=point.reference.mean_sul_g_per_ml,
        threshold=point.threshold_g_per_ml,
        reference_kind=point.reference.kind,
        blocked_against=blocked,
        resolved=frozenset(ticked) if ticked == set(known) else frozenset(),
        missing=visit.missing,
        non_targets=tuple(
            NonTargetItem(name, _status(state.lesion(name), point.number, peaks), peaks.get(name))
            for name in known[1:]
        ),
        new_foci=tuple(_new_foci(state, point.number)),
    )


def _status(lesion: Lesion, visit: int, peaks: Mapping[str, float]) -> NonTargetStatus:
    """What the reader said of an item; without a word of his it persists."""
    if visit in lesion.progressed_visits:
        return NonTargetStatus.PMD
    if visit in lesion.resolved_visits:
        return NonTargetStatus.CMR
    measured = lesion.lesion_id in peaks
    return NonTargetStatus.NON_CMR_NON_PMD if measured else NonTargetStatus.NE


def _new_foci(state: ReadingState, visit: int) -> list[NewFocus]:
    """The foci that were not there at baseline, as classified, until a reader ticks them resolved.

    A new lesion stays one at later visits, also where its place was not measured again: else a
    visit after progression by it would read as a response.
    """
    return [
        NewFocus(
            lesion.lesion_id,
            lesion.new_class,
            lesion.site,
            lesion.new_reason,
            lesion.ild_considered,
        )
        for lesion in state.present_lesions()
        if 0 < lesion.first_visit <= visit
        and lesion.role is LesionRole.TUMOUR
        and visit not in lesion.resolved_visits
    ]


def _blocked(
    visits: Sequence[JudgedVisit], facts: Sequence[ScanFacts], rules: PercistRules
) -> list[frozenset[int]]:
    pairs = blocked_pairs(
        [(visit.point.number, fact) for visit, fact in zip(visits, facts, strict=True)], rules
    )
    before: list[int] = []
    found = []
    for visit, pair in zip(visits, pairs, strict=True):
        found.append(pair if visit.aligned else pair | set(before))
        before.append(visit.point.number)
    return found


def _scale(point: TimePoint, formula: LbmFormula) -> float | None:
    """What SUL of the reading's own formula is multiplied by to be that of another."""
    recipe = point.scan.quantification
    shares = {
        LbmFormula.JANMA: recipe.sul_over_suvbw_janma,
        LbmFormula.JAMES128: recipe.sul_over_suvbw_james128,
    }
    own, other = shares[recipe.lbm_formula], shares[formula]
    if formula is recipe.lbm_formula:
        return 1.0
    return None if not own or other is None else other / own


def _measured(
    visits: Sequence[JudgedVisit],
    scales: Sequence[float],
    method: PeakMethod,
    rules: PercistRules,
) -> list[MeasuredVisit]:
    facts = [
        replace(visit.facts, reference_mean_sul_g_per_ml=scale * mean if mean is not None else None)
        for visit, scale in zip(visits, scales, strict=True)
        for mean in [visit.facts.reference_mean_sul_g_per_ml]
    ]
    known = {item.lesion_id for item in visits[0].point.tumour_lesions}
    blocked = _blocked(visits, facts, rules)
    return [
        MeasuredVisit(
            {
                item.lesion_id: scale * _peak(item, method)
                for item in visit.point.lesions
                if item.lesion_id in known
            },
            scale * visit.point.reference.mean_sul_g_per_ml,
            scale * visit.point.threshold_g_per_ml,
            blocked[number],
        )
        for number, (visit, scale) in enumerate(zip(visits, scales, strict=True))
    ]


def _peak(item: LesionMeasurement, method: PeakMethod) -> float:
    return {
        PeakMethod.CONTINUOUS: item.sul_peak_continuous,
        PeakMethod.FRACTIONAL: item.sul_peak_fractional,
        PeakMethod.IBSI_BINARY: item.sul_peak_ibsi_binary,
    }[method]
