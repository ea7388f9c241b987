"""Progression-free survival with FDA-style censoring (spec 3.11, source 20 partly)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.criteria.timeline.progression import first_progression
from app.domain.response import Reason, reason
from app.domain.rule_content import rules_sha256
from app.domain.timeline import (
    Assessment,
    FirstProgression,
    Outcome,
    PfsCase,
    PfsKind,
    PfsResult,
)
from app.domain.trial import Schedule


@dataclass(frozen=True, slots=True)
class _Event:
    kind: PfsKind
    dated: date
    progression: FirstProgression | None


def progression_free_survival(case: PfsCase, schedule: Schedule) -> PfsResult:
    """Event or censoring with its date; days = date - randomisation + 1.

    Rules in order: no baseline; new therapy before the event; no event; two or more visits missed
    right before the event (gap over `gap_limit_days`); else the event. A progression on the day
    of a new therapy, or of death, counts. Source: spec 3.11.
    """
    seen = [item for item in case.assessments if _counts(item, case)]
    flags = () if len(seen) == len(case.assessments) else ("PFS_ASSESSMENTS_LEFT_OUT",)
    start = PfsResult(False, PfsKind.NO_EVENT, None, None, rules_sha256(schedule), flags=flags)
    if not case.baseline_done:
        why = reason("TIM-3.11-BASELINE", "PFS_NO_BASELINE")
        return _censored(start, PfsKind.NO_BASELINE, None, case, why)
    event = _first_event(first_progression(seen), case)
    adequate = adequate_dates(seen, case, schedule)
    therapy = _known(case.new_therapy, case)
    if (
        schedule.new_therapy_censors
        and therapy is not None
        and (event is None or therapy < event.dated)
    ):
        last = max((day for day in adequate if day <= therapy), default=None)
        why = reason("TIM-3.11-THERAPY", "PFS_NEW_THERAPY", therapy=therapy.isoformat())
        return _censored(start, PfsKind.NEW_THERAPY, last, case, why)
    if event is None:
        last = max(adequate, default=None)
        if last is None:
            why = reason("TIM-3.11-ASSESSMENT", "PFS_NO_ASSESSMENT")
            return _censored(start, PfsKind.NO_ASSESSMENT, None, case, why)
        why = reason("TIM-3.11-EVENT", "PFS_NO_EVENT")
        return _censored(start, PfsKind.NO_EVENT, last, case, why)
    return _after_gap(start, event, adequate, case, schedule)


def adequate_dates(
    assessments: Sequence[Assessment], case: PfsCase, schedule: Schedule
) -> tuple[date, ...]:
    """Dates of the adequate assessments without progression: complete and evaluable, sorted."""
    needed = frozenset(case.modalities)
    return tuple(
        sorted(
            item.visit_date(schedule.visit_date_rule)
            for item in assessments
            if item.outcome is Outcome.NO_PROGRESSION and needed <= item.modalities()
        )
    )


def _after_gap(
    start: PfsResult, event: _Event, adequate: Sequence[date], case: PfsCase, schedule: Schedule
) -> PfsResult:
    """The event, unless it comes right after two or more missed visits."""
    before = [
        day
        for day in adequate
        if day < event.dated or (day == event.dated and event.kind is PfsKind.DEATH)
    ]
    last = max(before, default=None)
    origin = case.randomisation if last is None else last
    gap = None if origin is None else (event.dated - origin).days
    limit = schedule.gap_limit_days
    start = replace(start, last_adequate=last, gap_days=gap)
    if schedule.gap_censors and gap is not None and gap > limit:
        why = reason(
            "TIM-3.11-GAP",
            "PFS_AFTER_GAP",
            event=event.kind.value,
            dated=event.dated.isoformat(),
            gap=gap,
            limit=limit,
        )
        kind = PfsKind.MISSED_VISITS
        if last is None and event.kind is PfsKind.DEATH:
            kind = PfsKind.NO_ASSESSMENT
        return _censored(start, kind, last, case, why)
    found = event.progression
    return replace(
        _dated(start, event.dated, case),
        event=True,
        kind=event.kind,
        pd_basis=None if found is None else found.basis,
        pd_modality=None if found is None else found.modality,
        reasons=(_event_reason(event),),
    )


def _event_reason(event: _Event) -> Reason:
    rule, dated, found = "TIM-3.11-EVENT", event.dated.isoformat(), event.progression
    if found is None:
        return reason(rule, "PFS_DEATH", dated=dated)
    if found.modality is None:
        return reason(rule, "PFS_PROGRESSION", dated=dated, basis=found.basis.value)
    basis, modality = found.basis.value, found.modality.value
    return reason(rule, "PFS_PROGRESSION_BY", dated=dated, basis=basis, modality=modality)


def _first_event(progression: FirstProgression | None, case: PfsCase) -> _Event | None:
    death = _known(case.death, case)
    if progression is not None and (death is None or progression.dated <= death):
        return _Event(PfsKind.PROGRESSION, progression.dated, progression)
    return None if death is None else _Event(PfsKind.DEATH, death, None)


def _censored(
    start: PfsResult, kind: PfsKind, last: date | None, case: PfsCase, why: Reason
) -> PfsResult:
    """Censored at the last adequate assessment, without one at randomisation."""
    at = case.randomisation if last is None else last
    trace = [why]
    if at is not None:
        code = "PFS_CENSORED_AT_RANDOMISATION" if last is None else "PFS_CENSORED_AT_ASSESSMENT"
        trace.append(reason("TIM-3.11-CENSOR", code, dated=at.isoformat()))
    result = replace(start, kind=kind, last_adequate=last, reasons=tuple(trace))
    return _dated(result, at, case)


def _dated(result: PfsResult, at: date | None, case: PfsCase) -> PfsResult:
    if at is None or case.randomisation is None:
        flags = tuple(sorted({*result.flags, "PFS_RANDOMISATION_UNKNOWN"}))
        return replace(result, dated=at, flags=flags)
    return replace(result, dated=at, days=(at - case.randomisation).days + 1)


def _counts(item: Assessment, case: PfsCase) -> bool:
    """Whether an assessment lies after randomisation and is complete by the cut-off."""
    dates = [scan.scan_date for scan in item.scans]
    early = case.randomisation is not None and max(dates) < case.randomisation
    return not early and (case.cutoff is None or max(dates) <= case.cutoff)


def _known(day: date | None, case: PfsCase) -> date | None:
    return None if day is None or (case.cutoff is not None and day > case.cutoff) else day
