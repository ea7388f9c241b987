"""One visit's response put together from its components (spec 3.9)."""

from app.criteria.recist.overall import overall_category
from app.criteria.recist.recurrence import NO_RECURRENCE
from app.criteria.recist.rules import RecistRules
from app.domain.recist import RecistCategory, RecistVisit
from app.domain.recist_response import (
    NewLesionComponent,
    NewLesionState,
    NonTargetComponent,
    RecistMargin,
    RecistResponse,
    Recurrence,
    TargetComponent,
)
from app.domain.response import Reason, reason

NOTHING_NEW = NewLesionComponent(NewLesionState.NONE, (), (), (), ())


def not_done(visit: RecistVisit, rules: RecistRules) -> RecistResponse:
    """The response of a scheduled visit without any scan: ND."""
    return RecistResponse(
        visit_id=visit.visit_id,
        scan_date=visit.scan_date,
        rule_set=rules.name,
        overall=RecistCategory.ND,
        target=None,
        non_target=None,
        new_lesions=NOTHING_NEW,
        recurrence=NO_RECURRENCE,
        margins=(),
        reasons=(reason("REC-3.9-ND", "VISIT_NOT_DONE"),),
        flags=(),
    )


def visit_response(
    visit: RecistVisit,
    rules: RecistRules,
    target: TargetComponent | None,
    non_target: NonTargetComponent | None,
    new_lesions: NewLesionComponent,
    recurrence: Recurrence,
) -> RecistResponse:
    """The overall response with the whole trace, all flags, and the margins that matter to it."""
    target_category = None if target is None else target.category
    non_target_category = None if non_target is None else non_target.category
    new = bool(new_lesions.counted or recurrence.counted)
    overall = overall_category(target_category, non_target_category, new)
    margins: tuple[RecistMargin, ...] = ()
    trace: tuple[Reason, ...] = ()
    flags: list[str] = []
    if target is not None:
        margins = tuple(
            margin
            for item in target.margins
            if (margin := _overall_margin(item, overall, non_target_category, new)) is not None
        )
        trace += target.reasons
        flags += target.flags
    if non_target is not None:
        trace += non_target.reasons
        flags += non_target.flags
    alone = target_category not in (None, RecistCategory.PD) and not new
    if alone and non_target_category is RecistCategory.PD:
        flags.append("PD_BY_NON_TARGET_ALONE")
    flags += [*new_lesions.flags, *recurrence.flags]
    if visit.definitive_cr and overall is not RecistCategory.CR:
        flags.append("DEFINITIVE_CR_WITHOUT_CR")
    return RecistResponse(
        visit_id=visit.visit_id,
        scan_date=visit.scan_date,
        rule_set=rules.name,
        overall=overall,
        target=target,
        non_target=non_target,
        new_lesions=new_lesions,
        recurrence=recurrence,
        margins=margins,
        reasons=(
            *trace,
            *new_lesions.reasons,
            *recurrence.reasons,
            _table_reason(target_category, non_target_category, new, overall),
        ),
        flags=tuple(flags),
    )


def _overall_margin(
    margin: RecistMargin,
    overall: RecistCategory,
    non_target: RecistCategory | None,
    new: bool,
) -> RecistMargin | None:
    """A margin of the target as one of the overall response; None where that would not change."""
    category = overall_category(margin.category, non_target, new)
    if category is overall:
        return None
    return RecistMargin(
        category, margin.at_mm, margin.difference_mm, margin.inclusive, margin.lesion_id
    )


def _table_reason(
    target: RecistCategory | None,
    non_target: RecistCategory | None,
    new: bool,
    overall: RecistCategory,
) -> Reason:
    if target is None and non_target is None:
        code = "NEW_DISEASE_AFTER_NONE" if new else "NO_DISEASE_AT_BASELINE"
        return reason("REC-3.9-NED", code, overall=overall.value)
    table = 2 if target is None else 1
    return reason(
        f"REC-3.9-T{table}",
        "OVERALL_BY_TABLE_NEW" if new else "OVERALL_BY_TABLE",
        table=table,
        target="-" if target is None else target.value,
        non_target="-" if non_target is None else non_target.value,
        overall=overall.value,
    )
