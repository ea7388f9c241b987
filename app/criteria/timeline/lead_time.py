"""How much earlier one criterion shows progression than another (spec 3.11)."""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from app.domain.response import reason
from app.domain.timeline import CriterionCourse, LeadPair, LeadRow, LeadTime


def lead_time(courses: Iterable[CriterionCourse], randomisation: date | None) -> LeadTime:
    """First progression by each criterion with its days, and the lead of every pair in days.

    A positive lead means that the first-named criterion of the pair is earlier; of two that both
    progressed the earlier one is named first, ties go by name. Where only one progressed, the
    lead is at least the time until the other was last assessed. Raises ValueError for a criterion
    that is named twice.
    """
    ordered = sorted(courses, key=lambda item: item.criterion)
    names = [item.criterion for item in ordered]
    if len(set(names)) < len(names):
        raise ValueError("a criterion is named twice")
    earliest = min((c.progression for c in ordered if c.progression is not None), default=None)
    rows = tuple(
        LeadRow(
            item.criterion,
            item.progression,
            _days(randomisation, item.progression, 1),
            _days(earliest, item.progression, 0),
        )
        for item in ordered
    )
    return LeadTime(rows, tuple(_pair(one, other) for one, other in combinations(ordered, 2)))


def _pair(one: CriterionCourse, other: CriterionCourse) -> LeadPair:
    first, second = one, other
    if one.progression is None or (
        other.progression is not None and other.progression < one.progression
    ):
        first, second = other, one
    named = {"first": first.criterion, "second": second.criterion}
    rule = "TIM-3.11-LEAD"
    if first.progression is None:
        why = reason(rule, "LEAD_NO_PROGRESSION", first=one.criterion, second=other.criterion)
        return LeadPair(one.criterion, other.criterion, None, False, why)
    if second.progression is not None:
        days = (second.progression - first.progression).days
        why = reason(rule, "LEAD_KNOWN" if days else "LEAD_SAME_DAY", days=days, **named)
        return LeadPair(first.criterion, second.criterion, days, False, why)
    last = second.last_assessed
    if last is None or last < first.progression:
        why = reason(rule, "LEAD_NOT_COMPARABLE", **named)
        return LeadPair(first.criterion, second.criterion, None, False, why)
    days = (last - first.progression).days
    why = reason(rule, "LEAD_AT_LEAST", days=days, **named)
    return LeadPair(first.criterion, second.criterion, days, True, why)


def _days(start: date | None, end: date | None, offset: int) -> int | None:
    return None if start is None or end is None else (end - start).days + offset
