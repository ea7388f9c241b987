"""All visits of one reader: responses, first progression, best overall response (spec 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.criteria.recist.best_response import best_confirmed, best_unconfirmed
from app.criteria.recist.booking import book_targets
from app.criteria.recist.confirmation import AssessedVisit, confirming_visit
from app.criteria.recist.length import exact_sum, mm
from app.criteria.recist.new_lesions import new_lesion_step
from app.criteria.recist.non_target import non_target_component
from app.criteria.recist.progression import (
    Evidence,
    first_progression,
    non_target_evidence,
    sighting_evidence,
    target_evidence,
)
from app.criteria.recist.recurrence import NO_RECURRENCE, recurrence_step
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.sum_limits import SumLimits
from app.criteria.recist.target import TargetHistory, target_component
from app.criteria.recist.visit_response import not_done, visit_response
from app.domain.recist import RecistBaseline, RecistCategory, RecistVisit
from app.domain.recist_response import (
    FirstProgression,
    ProgressionBasis,
    RecistCourse,
    RecistResponse,
    Sighting,
)


@dataclass(slots=True)
class _Walk:
    """What is known after the visits so far; lives inside `recist_course` only."""

    history: TargetHistory
    definitive_since: int | None = None
    new: Mapping[str, Sighting] = field(default_factory=dict)
    returned: Mapping[str, Sighting] = field(default_factory=dict)
    responses: list[RecistResponse] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


def recist_course(
    baseline: RecistBaseline,
    visits: Sequence[RecistVisit],
    rules: RecistRules,
    reference_date: date | None = None,
) -> RecistCourse:
    """The response at every follow-up, the first progression and the best overall response.

    Visits may come in any order; they are read by date. `reference_date` (randomisation) is
    what the minimum duration of SD runs from, by default the baseline. Raises ValueError where
    two visits share an id. Source: spec 3.4-3.10.
    """
    ordered = sorted(visits, key=lambda visit: (visit.scan_date, visit.visit_id))
    if len({visit.visit_id for visit in ordered}) != len(ordered):
        raise ValueError("two visits share an id")
    start = exact_sum(mm(target.baseline_mm) for target in baseline.targets)
    walk = _Walk(TargetHistory.start(start))
    for visit in ordered:
        if visit.done:
            _step(walk, baseline, visit, rules)
        else:
            walk.responses.append(not_done(visit, rules))
    first = first_progression([visit.visit_id for visit in ordered], walk.evidence)
    sequence = _for_best(walk.responses, first)
    reference = baseline.scan_date if reference_date is None else reference_date
    unconfirmed = best_unconfirmed(sequence, reference, rules)
    confirmed = best_confirmed(sequence, reference, rules)
    return RecistCourse(
        responses=tuple(walk.responses),
        first_progression=first,
        best=confirmed if rules.confirm_response else unconfirmed,
        best_unconfirmed=unconfirmed,
        best_confirmed=confirmed,
    )


def _step(walk: _Walk, baseline: RecistBaseline, visit: RecistVisit, rules: RecistRules) -> None:
    """One visit: its components and response, and what it adds to the walk."""
    booked, steps = book_targets(baseline.targets, visit.targets, rules)
    target = None
    if baseline.targets:
        target = target_component(booked, walk.history, rules, steps)
    non_target = None
    if baseline.non_targets:
        non_target = non_target_component(
            baseline.non_targets,
            visit.non_targets,
            rules,
            visit.markers_normal,
            measurable_disease=bool(baseline.targets),
        )
    new = new_lesion_step(visit, baseline.pet, walk.new, rules)
    recurrence = NO_RECURRENCE
    if walk.definitive_since is not None:
        returned = recurrence_step(visit, booked, baseline.non_targets, walk.returned, rules)
        recurrence, walk.returned = returned.recurrence, returned.sightings
    response = visit_response(visit, rules, target, non_target, new.component, recurrence)
    if target is not None and target.category is RecistCategory.PD:
        limits = SumLimits(walk.history.baseline, walk.history.nadir, False, rules)
        walk.evidence.append(target_evidence(visit, booked, limits))
    if non_target is not None:
        walk.evidence += non_target_evidence(visit, non_target)
    for counted, basis in (
        (new.component.counted, ProgressionBasis.NEW_LESION),
        (recurrence.counted, ProgressionBasis.RECURRENCE),
    ):
        walk.evidence += sighting_evidence(visit, counted, basis)
    walk.new = new.sightings
    if target is not None:
        walk.history = walk.history.after(visit.visit_id, booked, target.category)
    walk.responses.append(response)
    if walk.definitive_since is None and _is_definitive(walk.responses, visit, rules):
        walk.definitive_since = len(walk.responses)


def _is_definitive(
    responses: Sequence[RecistResponse], visit: RecistVisit, rules: RecistRules
) -> bool:
    """Whether the latest response makes a CR definitive: by the reader's tick or confirmed."""
    if responses[-1].overall is not RecistCategory.CR:
        return False
    sequence = [AssessedVisit(item.scan_date, item.overall) for item in responses]
    return visit.definitive_cr or any(
        confirming_visit(sequence, number, rules) is not None
        for number, item in enumerate(sequence)
        if item.category is RecistCategory.CR
    )


def _for_best(
    responses: Sequence[RecistResponse], first: FirstProgression | None
) -> list[AssessedVisit]:
    """The visits a best response is chosen from: PD stands where it is dated, nothing after."""
    sequence: list[AssessedVisit] = []
    for item in responses:
        if first is not None and item.visit_id == first.visit_id:
            return [*sequence, AssessedVisit(item.scan_date, RecistCategory.PD)]
        sequence.append(AssessedVisit(item.scan_date, item.overall))
    return sequence
