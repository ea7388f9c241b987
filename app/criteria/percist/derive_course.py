"""A whole course: every follow-up in turn, best response, first progression, durations (2.10)."""

from collections.abc import Sequence
from datetime import date

from app.criteria.percist.course import PercistCourse
from app.criteria.percist.follow_up import FollowUp
from app.criteria.percist.new_lesions import first_appearance
from app.criteria.percist.overall import BEST_FIRST
from app.criteria.percist.rules import PercistRules, PmdConfirmation
from app.criteria.percist.selection import select_targets
from app.criteria.percist.target_forms import Earlier
from app.domain.percist_response import (
    CourseResponse,
    FirstProgression,
    PercistResponse,
    ResponseDurations,
)
from app.domain.response import MetabolicCategory

CMR, PMR, SMD, PMD, NE = (
    MetabolicCategory.CMR,
    MetabolicCategory.PMR,
    MetabolicCategory.SMD,
    MetabolicCategory.PMD,
    MetabolicCategory.NE,
)


def derive_course(
    course: PercistCourse, rules: PercistRules, explain: bool = True
) -> CourseResponse:
    """The responses of all follow-ups. Never raises for missing data.

    A follow-up's response rests on it and what came before, never on a later visit; best
    response and first progression look at the whole. Without `explain` only the primary form is
    judged, with no margins and a short trace; the categories are the same.
    """
    baseline = course.baseline
    selection = select_targets(baseline.sul_peaks, course.lesions, baseline.threshold, rules)
    responses = []
    earlier = Earlier()
    for place in range(len(course.follow_ups)):
        response, earlier = FollowUp(course, place, earlier, selection, rules, explain).response()
        responses.append(response)
    first = _first_progression(course, responses, rules)
    before = responses if first is None else [r for r in responses if r.visit < first.visit]
    categories = [response.overall for response in before]
    if first is not None:
        categories.append(PMD)
    best = min(categories, key=BEST_FIRST.index, default=NE)
    return CourseResponse(
        rules.name,
        tuple(responses),
        best,
        first,
        _durations(before, first, course.therapy_start, best),
        selection.flags,
    )


def _first_progression(
    course: PercistCourse, responses: Sequence[PercistResponse], rules: PercistRules
) -> FirstProgression | None:
    """The earliest progression that counts; dated by the scan that first showed it."""
    found: list[tuple[int, int]] = []  # where it was first to be seen, where it was proved
    foci = [visit.new_foci for visit in course.follow_ups]
    for place, response in enumerate(responses):
        for name in response.new_lesions.unequivocal:
            first = first_appearance(foci[: place + 1], name)
            if first is not None and first < place:
                found.append((first, place))
        if response.overall is PMD:
            proved = _proved_at(place, responses, rules)
            if proved is not None:
                found.append((place, proved))
    if not found:
        return None
    first, proved = min(found)
    visit = course.follow_ups[first]
    return FirstProgression(visit.number, visit.on, course.follow_ups[proved].number)


def _proved_at(place: int, responses: Sequence[PercistResponse], rules: PercistRules) -> int | None:
    """Where a progression is proved; None where the next evaluable scan does not confirm it."""
    waits = rules.pmd_confirmation is PmdConfirmation.PER_WAHL
    if not waits or "PMD_UNCONFIRMED" not in responses[place].flags:
        return place
    for later in range(place + 1, len(responses)):
        if responses[later].overall is not NE:
            return later if responses[later].overall is PMD else None
    return None


def _durations(
    before: Sequence[PercistResponse],
    first: FirstProgression | None,
    therapy_start: date | None,
    best: MetabolicCategory,
) -> ResponseDurations:
    """Days to the first progression, else to the last evaluable follow-up (then not ended)."""
    evaluable = [response for response in before if response.overall is not NE]
    end = evaluable[-1].on if first is None and evaluable else None
    end = end if first is None else first.on

    def days_since(start: date | None) -> int | None:
        return None if start is None or end is None else (end - start).days

    def begin(*categories: MetabolicCategory) -> date | None:
        return next((item.on for item in evaluable if item.overall in categories), None)

    controlled = best in (CMR, PMR, SMD)
    return ResponseDurations(
        complete_days=days_since(begin(CMR)),
        response_days=days_since(begin(CMR, PMR)),
        stable_days=days_since(therapy_start) if controlled else None,
        ended=first is not None,
    )
