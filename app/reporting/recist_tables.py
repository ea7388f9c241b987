"""The RECIST part of the report: diameters with roles, the response of each visit, the trace."""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.draft_read import DraftRead
from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistFinding, RecistLesion, RecistRead, RecistRole
from app.domain.recist_response import RecistResponse, TargetComponent
from app.domain.rule_content import short_hash
from app.reporting.content import Field, RecistSection, Table
from app.reporting.lengths import length_text
from app.reporting.numbers import MINUS
from app.reporting.phrases import flag_text, percent, site_text, visit_name
from app.reporting.reasons import reason_text, visit_text
from app.reporting.recist_phrases import (
    category_text,
    recist_headline,
    recist_margin_texts,
    role_text,
    state_text,
)
from app.translation import tr
from app.wording import sentence

NONE = "–"
SPACE = "\N{NO-BREAK SPACE}"  # both axes stay on one line
VISITS_ABREAST = 4


def recist_section(read: DraftRead) -> RecistSection | None:
    """What the report says by RECIST 1.1; None where nothing was measured."""
    recist = read.recist
    if recist is None:
        return None
    last = recist.course.responses[-1] if recist.course.responses else None
    return RecistSection(
        title=tr("CT response by RECIST 1.1"),
        facts=_facts(recist, last),
        lesions=_lesion_tables(recist),
        responses=_responses(recist),
        margins=() if last is None else recist_margin_texts(last),
        reasons=_reasons(recist, last),
        cautions=_cautions(recist, last),
        left_out=tuple(
            Field(item.lesion_id, " ".join(reason_text(why) for why in item.reasons))
            for item in recist.lesions
            if item.left_out
        ),
    )


def _headline(response: RecistResponse) -> str:
    return recist_headline(response).replace(" -", f" {MINUS}")


def _facts(recist: RecistRead, last: RecistResponse | None) -> tuple[Field, ...]:
    facts = []
    if last is not None:
        text = f"{_headline(last)} ({category_text(last.overall)})"
        facts.append(Field(visit_text(last.visit_id), text))
        best = recist.course.best
        text = category_text(best.category)
        if best.scan_date is not None:
            text = f"{text}, {best.scan_date.isoformat()}"
        facts.append(Field(tr("Best overall response"), text))
        first = recist.course.first_progression
        if first is not None:
            grounds = ", ".join(sentence("recist_basis", item.value, {}) for item in first.basis)
            text = f"{first.scan_date.isoformat()} ({grounds})"
            facts.append(Field(tr("First progression"), text))
        rules = sentence("recist_rule_sets", last.rule_set, {})
        facts.append(Field(tr("Rule set"), f"{rules} [{short_hash(recist.rules_sha256)}]"))
    if recist.proposed:
        total = sum(item.role is not RecistRole.NONE for item in recist.lesions)
        text = tr("Draft: {open} of {total} roles are proposals")
        facts.append(Field(tr("Roles"), text.format(open=recist.proposed, total=total)))
    return tuple(facts)


def _lesion_tables(recist: RecistRead) -> tuple[Table, ...]:
    """Every lesion with its diameters; more visits than fit abreast go below."""
    places = range(len(recist.visit_numbers))
    starts = places[::VISITS_ABREAST]
    return tuple(_lesions(recist, places[start : start + VISITS_ABREAST]) for start in starts)


def _lesions(recist: RecistRead, places: Sequence[int]) -> Table:
    ends = places[-1] == len(recist.visit_numbers) - 1 and len(recist.visit_numbers) > 1
    columns = [tr("Lesion"), tr("Site"), tr("Role"), tr("Axis")]
    columns += [visit_name(recist.visit_numbers[place], short=True) for place in places]
    if ends:
        columns.append(tr("Change"))
    rows = []
    for item in recist.lesions:
        row = [
            item.lesion_id,
            site_text(item.site, item.side) if item.site else NONE,
            role_text(item),
            tr("short") if item.nodal else tr("long"),
            *(_cell(item.findings[place]) for place in places),
        ]
        rows.append((*row, _size_change(item)) if ends else tuple(row))
    sums = [tr("Sum of targets"), "", "", "", *(_sum_at(recist, place) for place in places)]
    last = _component(recist, len(recist.visit_numbers) - 1)
    whole = percent(None if last is None else last.change_from_baseline_fraction)
    rows.append((*sums, whole) if ends else tuple(sums))
    marks = ["target" if item.role is RecistRole.TARGET else "" for item in recist.lesions]
    return Table(
        tuple(columns),
        tuple(rows),
        marks=(*marks, "target"),
        numeric=(len(columns) - 1,) if ends else (),
        note=tr("Long × short axis on CT in mm; of a node the short axis counts. Bold: target."),
    )


def _cell(found: RecistFinding) -> str:
    stated = state_text(found)
    if found.caliper_id is None:
        return stated or NONE
    if found.size_mm is None:
        return tr("no short axis")
    text = length_text(found.long_mm or 0.0)
    if found.short_mm is not None:
        text = f"{text}{SPACE}×{SPACE}{length_text(found.short_mm)}"
    told = found.state is TargetState.TOO_SMALL
    told |= found.status is NonTargetStatus.UNEQUIVOCAL_PROGRESSION
    return f"{text}, {stated}" if told else text


def _size_change(item: RecistLesion) -> str:
    before, now = item.findings[0].size_mm, item.findings[-1].size_mm
    if before is None or now is None:
        return NONE
    start = Decimal(repr(before))
    return percent(float((Decimal(repr(now)) - start) / start))


def _component(recist: RecistRead, place: int) -> TargetComponent | None:
    response = recist.response(recist.visit_numbers[place])
    return None if response is None else response.target


def _sum_at(recist: RecistRead, place: int) -> str:
    if place == 0:
        sizes = [Decimal(repr(item.baseline_mm)) for item in recist.baseline.targets]
        return length_text(float(sum(sizes, Decimal(0)))) if sizes else NONE
    component = _component(recist, place)
    if component is None:
        return NONE
    return tr("incomplete") if component.sum_mm is None else length_text(component.sum_mm)


def _responses(recist: RecistRead) -> Table:
    columns = (
        tr("Visit"),
        tr("Date"),
        tr("Sum"),
        tr("Nadir"),
        tr("From baseline"),
        tr("From nadir"),
        tr("Target"),
        tr("Non-target"),
        tr("New"),
        tr("Response"),
    )
    rows = tuple(_response_row(item) for item in recist.course.responses)
    return Table(columns, rows, numeric=(2, 3, 4, 5), note=tr("Sums of diameters in mm."))


def _response_row(item: RecistResponse) -> tuple[str, ...]:
    target = item.target
    numbers: tuple[str, ...] = (NONE,) * 4
    if target is not None:
        numbers = (
            tr("incomplete") if target.sum_mm is None else length_text(target.sum_mm),
            length_text(target.nadir_sum_mm),
            percent(target.change_from_baseline_fraction),
            percent(target.change_from_nadir_fraction),
        )
    counted = ", ".join(seen.lesion_id for seen in item.new_lesions.counted)
    return (
        visit_text(item.visit_id),
        item.scan_date.isoformat(),
        *numbers,
        NONE if target is None else target.category.value,
        NONE if item.non_target is None else item.non_target.category.value,
        counted or NONE,
        _headline(item),
    )


def _reasons(recist: RecistRead, last: RecistResponse | None) -> tuple[Field, ...]:
    """The trace of the latest visit, with the reader's reasons of an unequivocal progression."""
    if last is None:
        return ()
    steps = [Field(item.rule, reason_text(item)) for item in last.reasons]
    steps += [
        Field(item.lesion_id, item.findings[-1].why)
        for item in recist.lesions
        if item.role is RecistRole.NON_TARGET and item.findings[-1].why
    ]
    return tuple(steps)


def _cautions(recist: RecistRead, last: RecistResponse | None) -> tuple[str, ...]:
    problems = [reason_text(item) for item in recist.problems]
    best = recist.course.best.flags if last is not None else ()
    flags = (*(() if last is None else last.flags), *best)
    return tuple(dict.fromkeys((*problems, *(flag_text(flag) for flag in flags))))
