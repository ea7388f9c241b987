"""The non-target component of RECIST 1.1 at one follow-up (spec 3.6)."""

from collections.abc import Sequence

from app.criteria.recist.length import mm
from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.rules import RecistRules
from app.domain.exact import at_least
from app.domain.recist import (
    NonTargetFinding,
    NonTargetItem,
    NonTargetStatus,
    RecistCategory,
)
from app.domain.recist_response import NonTargetComponent
from app.domain.response import Reason, reason


def non_target_component(
    items: Sequence[NonTargetItem],
    findings: Sequence[NonTargetFinding],
    rules: RecistRules,
    markers_normal: bool | None = None,
    measurable_disease: bool = True,
) -> NonTargetComponent:
    """The non-target category with the items behind it (spec 3.6).

    Order: PD with any unequivocal progression, NE with any item not evaluated, CR with all
    absent (and markers normal, where the protocol uses them), else NON-CR/NON-PD. An item
    without a finding is not evaluated; a finding of no item of the baseline is left out.
    """
    given = {finding.item_id: finding for finding in findings}
    ordered = sorted(items, key=lambda item: lesion_order(item.item_id))
    trace: list[Reason] = []
    found: dict[NonTargetStatus, list[str]] = {status: [] for status in NonTargetStatus}
    for item in ordered:
        status = effective_status(item, given.get(item.item_id), rules, trace)
        found[status].append(item.item_id)
    known = {item.item_id for item in items}
    for name in sorted(given.keys() - known, key=lesion_order):
        trace.append(reason("REC-3.3-FROZEN", "NO_ITEM_OF_BASELINE", item=name))
    progressing = tuple(found[NonTargetStatus.UNEQUIVOCAL_PROGRESSION])
    not_evaluated = tuple(found[NonTargetStatus.NE])
    present = tuple(found[NonTargetStatus.PRESENT])
    flags: tuple[str, ...] = ()
    if progressing:
        category, code, names = RecistCategory.PD, "ITEMS_PROGRESS_UNEQUIVOCALLY", progressing
        flags = tuple(
            f"NON_TARGET_PD_WITHOUT_TEXT {name}"
            for name in progressing
            if len(given[name].why.strip()) < rules.progression_text_characters
        )
    elif not_evaluated:
        category, code, names = RecistCategory.NE, "ITEMS_NOT_ALL_EVALUATED", not_evaluated
    elif present:
        category, code, names = RecistCategory.NON_CR_NON_PD, "ITEMS_PERSIST", present
    elif markers_normal is False:
        category, code, names = RecistCategory.NON_CR_NON_PD, "MARKERS_NOT_NORMAL", ()
    else:
        category, code, names = RecistCategory.CR, "ALL_ITEMS_GONE", ()
    trace.append(reason("REC-3.6", code, items=", ".join(names)))
    if progressing:
        size = "SUBSTANTIAL_WORSENING_NEEDED" if measurable_disease else "VOLUME_73_PERCENT"
        trace.append(reason("REC-3.6-PD", size))
    return NonTargetComponent(category, progressing, not_evaluated, present, tuple(trace), flags)


def effective_status(
    item: NonTargetItem,
    finding: NonTargetFinding | None,
    rules: RecistRules,
    trace: list[Reason] | None = None,
) -> NonTargetStatus:
    """The status that counts: of a node with a short axis, present from 10 mm, else absent."""
    if finding is None:
        return NonTargetStatus.NE
    status, axis = finding.status, finding.short_axis_mm
    if not item.nodal or axis is None:
        return status
    if status not in (NonTargetStatus.PRESENT, NonTargetStatus.ABSENT):
        return status
    large = at_least(mm(axis), mm(rules.node_normal_below_mm))
    counts = NonTargetStatus.PRESENT if large else NonTargetStatus.ABSENT
    if counts is not status and trace is not None:
        code = "ITEM_NODE_ENLARGED" if large else "ITEM_NODE_NORMAL"
        values = {"short_axis": axis, "limit": rules.node_normal_below_mm}
        trace.append(reason("REC-3.6-NODE", code, item=item.item_id, **values))
    return counts
