"""The response at a follow-up as shown: category, change, margin, why, comparability, doubts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.findings import Severity
from app.domain.percist_response import PercistResponse
from app.domain.response import ComparabilitySeverity, TargetResponse
from app.reading.state import ReadingState
from app.reporting.change_text import change_text
from app.reporting.phrases import (
    comparability_label,
    comparability_text,
    flag_text,
    margin_text,
    percent,
    site_text,
    visit_flags,
    visit_name,
)
from app.reporting.progression_facts import course_facts, progression_facts, response_line
from app.reporting.reasons import reason_text
from app.translation import tr
from app.wording import sentence
from viewers.presenters.derived import DerivedReading
from viewers.presenters.lesions import confirmed_share
from viewers.presenters.numbers import MINUS, NumberKind, NumberRef, NumberState
from viewers.presenters.time_points import doubt_rows


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One step of the trace: the rule and its sentence."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class ComparabilityRow:
    """One line of the comparability card."""

    label: str
    text: str
    severity: ComparabilitySeverity


@dataclass(frozen=True, slots=True)
class ResponseView:
    """The answer of one visit. `category` is the code, "" where there is none yet."""

    visit: int
    visit_label: str
    state: NumberState
    category: str
    category_text: str
    headline: str
    brief: str
    change: str
    target: str
    margins: tuple[str, ...]
    rule_set: str
    other_rule_set: str
    reasons: tuple[ReasonRow, ...]
    cautions: tuple[str, ...]
    comparability: tuple[ComparabilityRow, ...]
    draft_note: str
    ref: NumberRef | None
    facts: str = ""  # what decides beside the target, and the course
    reserve: str = ""  # what of the scans stands against the category


def response_view(derived: DerivedReading, visit: int) -> ResponseView:
    """The response at a visit; "computing" until every number it rests on is there."""
    note = draft_note(derived.state)
    if derived.read is None and derived.impossible:
        return _without(visit, NumberState.REFUSED, tr("cannot be computed"), note)
    if derived.read is None:
        return _without(visit, NumberState.COMPUTING, tr("computing"), note)
    point = next(p for p in derived.read.time_points if p.number == visit)
    if point.percist is None:
        shown = _without(visit, NumberState.ABSENT, tr("Baseline: no response yet"), note)
        cautions, card = _cautions(point), comparability_rows(point)
        return replace(shown, cautions=cautions, comparability=card)
    response = point.percist
    return ResponseView(
        visit=visit,
        visit_label=visit_name(visit),
        state=NumberState.READY,
        category=response.overall.value,
        category_text=sentence("categories", response.overall.value, {}),
        headline=response_line(response),
        brief=_brief(response.target),
        change=change_text(response.target),
        target=_target(derived.read, point, response.target),
        margins=_margins(response),
        rule_set=sentence("rule_sets", response.rule_set, {}),
        other_rule_set=_other(point.other_percist),
        reasons=tuple(ReasonRow(item.rule, reason_text(item)) for item in response.trace),
        cautions=_cautions(point),
        comparability=comparability_rows(point),
        draft_note=note,
        ref=NumberRef(NumberKind.RESPONSE, visit),
        facts=_facts(derived.read, point),
        reserve=_reserve(point),
    )


def response_views(derived: DerivedReading) -> tuple[ResponseView, ...]:
    """The response of each visit, the baseline's prerequisites first."""
    return tuple(response_view(derived, entry.number) for entry in derived.state.visits)


def comparability_rows(point: TimePoint) -> tuple[ComparabilityRow, ...]:
    """The comparability card of a visit, what blocks first, then what warns."""
    order = {
        ComparabilitySeverity.BLOCK: 0,
        ComparabilitySeverity.WARN: 1,
        ComparabilitySeverity.OK: 2,
    }
    return tuple(
        ComparabilityRow(comparability_label(item), comparability_text(item), item.severity)
        for item in sorted(point.comparability, key=lambda item: order[item.severity])
    )


def _without(visit: int, state: NumberState, text: str, note: str) -> ResponseView:
    return ResponseView(
        visit=visit,
        visit_label=visit_name(visit),
        state=state,
        category="",
        category_text=text,
        headline="",
        brief="",
        change="",
        target="",
        margins=(),
        rule_set="",
        other_rule_set="",
        reasons=(),
        cautions=(),
        comparability=(),
        draft_note=note,
        ref=None,
    )


def draft_note(state: ReadingState) -> str:
    """What of a reading no reader has confirmed yet, in words; "" where everything is."""
    done, total = confirmed_share(state.lesions)
    references = sum(not entry.reference_confirmed for entry in state.visits)
    if done == total:
        return tr("Draft: reference not confirmed") if references else ""
    if not references:
        return tr("Draft: {open} of {total} foci not confirmed").format(
            open=total - done, total=total
        )
    return tr("Unconfirmed: {open} of {total} foci, reference").format(
        open=total - done, total=total
    )


def _brief(response: TargetResponse) -> str:
    before, now = response.baseline_sul_peak_g_per_ml, response.sul_peak_g_per_ml
    if before is None or now is None:
        return ""
    return tr("{lesion}: {before} → {now} g/mL").format(
        lesion=response.target_id, before=f"{before:.2f}", now=f"{now:.2f}"
    )


def _target(read: DraftRead, point: TimePoint, response: TargetResponse) -> str:
    name = response.target_id
    lesion = next((item for item in point.lesions if item.lesion_id == name), None)
    if lesion is None or response.sul_peak_g_per_ml is None:
        return ""
    before = response.baseline_sul_peak_g_per_ml
    start = "" if before is None else f"{before:.2f}"
    if response.baseline_target_id not in (None, name):
        start += f" ({response.baseline_target_id})"
    place, now = site_text(lesion.site, lesion.side), f"{response.sul_peak_g_per_ml:.2f}"
    return tr("{lesion} {place}: SULpeak {before} → {now} g/mL").format(
        lesion=name, place=place, before=start, now=now
    )


def _facts(read: DraftRead, point: TimePoint) -> str:
    """New lesions, unequivocal progression and, at the latest visit, what the course came to."""
    fields = progression_facts(point, not read.review.complete)
    if point is read.latest:
        fields = (*fields, *course_facts(read))
    return "\n".join(
        tr("{label}: {value}").format(label=field.label, value=field.value) for field in fields
    )


def _reserve(point: TimePoint) -> str:
    """What the category cannot stand without: blocking rules, else the first beyond its limit."""
    rows = doubt_rows(point.comparability)
    blocked = [row.label for row in rows if row.severity is Severity.ERROR]
    if blocked:
        return tr("not comparable: {rules}").format(rules=", ".join(blocked))
    if not rows:
        return ""
    more = tr(" (+{count} more)").format(count=len(rows) - 1) if len(rows) > 1 else ""
    first = tr("{label}: {value}").format(label=rows[0].label, value=rows[0].text)
    return f"{first}{more}"


def _margins(response: PercistResponse) -> tuple[str, ...]:
    first = margin_text(response.overall, response.margins)
    return () if first is None else (first,)


def _other(other: PercistResponse | None) -> str:
    if other is None:
        return ""
    change = percent(other.target.change_from_baseline_fraction)
    category = other.overall.value.replace("_", " ")
    return f"{other.rule_set}: {category} ({change.replace('-', MINUS)})"


def _cautions(point: TimePoint) -> tuple[str, ...]:
    flags: Iterable[str] = (
        *visit_flags(point),
        *point.reference.flags,
    )
    return tuple(dict.fromkeys(flag_text(flag) for flag in flags))
