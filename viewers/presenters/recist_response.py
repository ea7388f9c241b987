"""The RECIST response of each visit, as the response panel shows one."""

from app.domain.recist_read import RecistRead, RecistRole
from app.domain.recist_response import RecistResponse, TargetComponent
from app.domain.response import Reason
from app.reading.state import ReadingState
from app.reporting.lengths import length_text
from app.reporting.phrases import flag_text, percent, visit_name
from app.reporting.reasons import reason_text
from app.reporting.recist_phrases import recist_headline, recist_margin_texts
from app.translation import tr
from app.wording import sentence
from viewers.presenters.numbers import MINUS, NumberKind, NumberRef, NumberState
from viewers.presenters.response import ReasonRow, ResponseView


def recist_views(read: RecistRead | None, state: ReadingState) -> tuple[ResponseView, ...]:
    """The response of each visit, the baseline's choice of targets first; none without calipers."""
    if read is None:
        return ()
    note = draft_note(read)
    return tuple(_view(read, entry.number, note) for entry in state.visits)


def draft_note(read: RecistRead) -> str:
    """What makes the read a draft: roles that no reader chose."""
    if not read.proposed:
        return ""
    total = sum(item.role is not RecistRole.NONE for item in read.lesions)
    return tr("Draft: {open} of {total} roles are proposals").format(
        open=read.proposed, total=total
    )


def _view(read: RecistRead, visit: int, note: str) -> ResponseView:
    response = read.response(visit)
    if response is None:
        return _baseline(read, visit, note)
    category = response.overall
    return ResponseView(
        visit=visit,
        visit_label=visit_name(visit),
        state=NumberState.READY,
        category=category.value,
        category_text=sentence("recist_categories", category.value, {}),
        headline=recist_headline(response),
        brief=_sums(response.target),
        change=_change(response.target),
        target=_sums(response.target),
        margins=recist_margin_texts(response),
        rule_set=sentence("recist_rule_sets", response.rule_set, {}),
        other_rule_set="",
        reasons=_rows(response.reasons),
        cautions=_cautions(read, response),
        comparability=(),
        draft_note=note,
        ref=None if response.target is None else NumberRef(NumberKind.AXIS_SUM, visit),
    )


def _baseline(read: RecistRead, visit: int, note: str) -> ResponseView:
    total = sum(item.baseline_mm for item in read.baseline.targets)
    targets = ""
    if read.baseline.targets:
        targets = tr("{count} targets, sum {sum} mm").format(
            count=len(read.baseline.targets), sum=length_text(round(total, 3))
        )
    rule_set = read.course.responses[0].rule_set if read.course.responses else ""
    return ResponseView(
        visit=visit,
        visit_label=visit_name(visit),
        state=NumberState.ABSENT,
        category="",
        category_text=tr("Baseline: no response yet"),
        headline="",
        brief=targets,
        change="",
        target=targets,
        margins=(),
        rule_set=sentence("recist_rule_sets", rule_set, {}) if rule_set else "",
        other_rule_set="",
        reasons=tuple(
            ReasonRow(item.lesion_id, " ".join(reason_text(why) for why in item.reasons))
            for item in read.lesions
            if item.role is not RecistRole.NONE
        ),
        cautions=_choice(read),
        comparability=(),
        draft_note=note,
        ref=None,
    )


def _rows(reasons: tuple[Reason, ...]) -> tuple[ReasonRow, ...]:
    return tuple(ReasonRow(item.rule, reason_text(item)) for item in reasons)


def _choice(read: RecistRead) -> tuple[str, ...]:
    return tuple(reason_text(item) for item in (*read.problems, *read.hints))


def _cautions(read: RecistRead, response: RecistResponse) -> tuple[str, ...]:
    """What a forbidden choice of targets and the flags of the visit ask of the reader."""
    problems = [reason_text(item) for item in read.problems]
    return tuple(dict.fromkeys((*problems, *(flag_text(flag) for flag in response.flags))))


def _sums(target: TargetComponent | None) -> str:
    if target is None:
        return ""
    if target.sum_mm is None:
        return tr("Sum incomplete: {missing} not assessed").format(
            missing=", ".join(target.missing)
        )
    return tr("Sum {start} → {now} mm, nadir {nadir} mm").format(
        start=length_text(target.baseline_sum_mm),
        now=length_text(target.sum_mm),
        nadir=length_text(target.nadir_sum_mm),
    )


def _change(target: TargetComponent | None) -> str:
    if target is None or target.sum_mm is None:
        return ""
    text = tr("{percent} from baseline, {nadir} from nadir ({absolute} mm)").format(
        percent=percent(target.change_from_baseline_fraction),
        nadir=percent(target.change_from_nadir_fraction),
        absolute=length_text(target.change_from_nadir_mm or 0.0, signed=True),
    )
    return text.replace("-", MINUS)
