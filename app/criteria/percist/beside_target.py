"""What stands beside the target of one follow-up: non-target items and extent (2.7, 2.9)."""

from collections.abc import Sequence
from dataclasses import replace

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.extent import extent_change, extent_not_compared, same_segmentation
from app.criteria.percist.non_target import NonTargetItem, non_target_response
from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.target_forms import Form
from app.domain.exact import at_most, exact
from app.domain.percist_response import ExtentChange, NonTargetResponse, NonTargetStatus


def non_target_of(course: PercistCourse, place: int, rules: PercistRules) -> NonTargetResponse:
    """The items of this visit, each with its own reference; one that is not named is NE."""
    visit = course.visits[place + 1]
    named = {item.item_id for item in visit.non_targets}
    unnamed = [
        NonTargetItem(item.item_id, NonTargetStatus.NE)
        for item in course.baseline.non_targets
        if item.item_id not in named
    ]
    items = [
        item
        if item.reference_sul_peak_g_per_ml is not None
        else replace(
            item, reference_sul_peak_g_per_ml=_own_reference(course, place, item.item_id, rules)
        )
        for item in visit.non_targets
    ]
    return non_target_response([*items, *unnamed], rules)


def _own_reference(
    course: PercistCourse, place: int, item_id: str, rules: PercistRules
) -> float | None:
    baseline_only = rules.progression_reference is ProgressionReference.BASELINE
    before = course.visits[: 1 if baseline_only else place + 1]
    return min(
        (
            item.sul_peak_g_per_ml
            for visit in before
            for item in visit.non_targets
            if item.item_id == item_id
            and item.sul_peak_g_per_ml is not None
            and item.status is not NonTargetStatus.NE
        ),
        default=None,
    )


def extent_of(
    course: PercistCourse, place: int, form: Form, eligible: Sequence[str], rules: PercistRules
) -> ExtentChange | None:
    """TLG against the scan a rise is measured from, where both are known."""
    nadir, target, visit = form.nadir, form.judged.response, course.visits[place + 1]
    before = course.visits[0 if nadir is None else nadir + 1]
    c, r = target.sul_peak_g_per_ml, target.reference_sul_peak_g_per_ml
    if visit.tlg_g is None or before.tlg_g is None or c is None or r is None:
        return None
    if not same_segmentation(before.tlg_segmentation, visit.tlg_segmentation, rules):
        return extent_not_compared()
    return extent_change(
        before.tlg_g, visit.tlg_g, r, c, rules, _is_all_below_reference(visit, eligible)
    )


def _is_all_below_reference(visit: VisitRecord, eligible: Sequence[str]) -> bool:
    """Whether all uptake of baseline lesions is below the reference mean."""
    mean = visit.reference_mean
    peaks = [peak for name, peak in visit.sul_peaks.items() if name in eligible]
    return mean is not None and at_most(exact(max(peaks)), exact(mean), inclusive=False)
