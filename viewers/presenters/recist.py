"""Diameters from the calipers with role and state: per lesion and summed over the targets."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistFinding, RecistLesion, RecistRead, RecistRole
from app.domain.recist_response import TargetComponent
from app.reading.state import ReadingState
from app.reporting.lengths import length_text
from app.reporting.phrases import site_text, visit_name
from app.reporting.reasons import reason_text
from app.reporting.recist_phrases import role_text, state_text
from app.translation import tr
from viewers.presenters.numbers import (
    NONE_TEXT,
    NumberKind,
    NumberRef,
    NumberState,
    NumberView,
    absent,
    signed,
)
from viewers.presenters.recist_choices import ChoiceGroup, choices_of
from viewers.presenters.response import ReasonRow

UNIT = "mm"
SHORT_ROLE = {RecistRole.TARGET: "T", RecistRole.NON_TARGET: "NT", RecistRole.NONE: NONE_TEXT}
NOT_STATED = "?"  # a word would take the room of the site
PROPOSED = "?"


@dataclass(frozen=True, slots=True)
class RecistRow:
    """One lesion (or a caliper that belongs to none) with its diameter or state at each visit.

    `role` is short, with a question mark while it is a proposal; `why` tells all of it.
    `counted`: a target, part of the sums. `groups` are what a reader may state of it.
    """

    lesion_id: str
    place: str
    role: str
    why: str
    short_axis: bool
    numbers: tuple[NumberView, ...]
    change: NumberView
    counted: bool
    groups: tuple[ChoiceGroup, ...]

    @property
    def axis_text(self) -> str:
        """Which diameter counts."""
        return tr("short") if self.short_axis else tr("long")


@dataclass(frozen=True, slots=True)
class RecistSummary:
    """The sums of the targets and their changes; `left_out` names what enters nothing, and why."""

    visits: tuple[str, ...]
    rows: tuple[RecistRow, ...]
    sums: tuple[NumberView, ...]
    baseline: NumberView
    nadir: NumberView
    now: NumberView
    change_from_baseline: NumberView
    change_from_nadir: NumberView
    note: str
    left_out: tuple[ReasonRow, ...]


def recist_summary(state: ReadingState, read: RecistRead | None) -> RecistSummary:
    """The table of diameters; a sum exists where every target was assessed. Empty without any."""
    visits = tuple(visit_name(entry.number, short=True) for entry in state.visits)
    if read is None:
        none, percent = absent(UNIT), absent("%")
        sums = (none,) * len(visits)
        return RecistSummary(visits, (), sums, none, none, none, percent, percent, "", ())
    components = [_component(read, number) for number in read.visit_numbers[1:]]
    first, latest = read.visit_numbers[0], read.visit_numbers[-1]
    last = components[-1] if components else None
    missing = ", ".join(last.missing) if last is not None else ""
    start = _start(read, first)
    return RecistSummary(
        visits=visits,
        rows=tuple(_row(read, item) for item in read.lesions),
        sums=(start, *(map(_sum, components, read.visit_numbers[1:]))),
        baseline=start,
        nadir=absent(UNIT) if last is None else _length(last.nadir_sum_mm, latest),
        now=absent(UNIT) if last is None else _sum(last, latest),
        change_from_baseline=_change(last, latest),
        change_from_nadir=_change(last, latest, from_nadir=True),
        note=tr("Not measured now: {lesions}").format(lesions=missing) if missing else "",
        left_out=tuple(
            ReasonRow(item.lesion_id, _why(item)) for item in read.lesions if item.left_out
        ),
    )


def _component(read: RecistRead, number: int) -> TargetComponent | None:
    response = read.response(number)
    return None if response is None else response.target


def _start(read: RecistRead, visit: int) -> NumberView:
    targets = read.baseline.targets
    if not targets:
        return absent(UNIT)
    total = sum((Decimal(repr(item.baseline_mm)) for item in targets), Decimal(0))
    return _length(float(total), visit)


def _sum(component: TargetComponent | None, visit: int) -> NumberView:
    if component is None:
        return absent(UNIT)
    if component.sum_mm is None:
        return NumberView(tr("incomplete"), UNIT, NumberState.ABSENT)
    return _length(component.sum_mm, visit)


def _length(value: float, visit: int) -> NumberView:
    return NumberView(length_text(value), UNIT, ref=NumberRef(NumberKind.AXIS_SUM, visit))


def _change(component: TargetComponent | None, visit: int, from_nadir: bool = False) -> NumberView:
    if component is None:
        return absent("%")
    start, nadir = component.change_from_baseline_fraction, component.change_from_nadir_fraction
    fraction = nadir if from_nadir else start
    if fraction is None:
        return absent("%")
    text = signed(100 * fraction, 0)
    return NumberView(text, "%", ref=NumberRef(NumberKind.AXIS_SUM, visit))


def _row(read: RecistRead, item: RecistLesion) -> RecistRow:
    sizes = [found.size_mm for found in item.findings]
    return RecistRow(
        lesion_id=item.lesion_id,
        place=site_text(item.site, item.side) if item.site else "",
        role=_short_role(item),
        why=f"{role_text(item)}: {_why(item)}",
        short_axis=item.nodal,
        numbers=tuple(_found(item, found, read.visit_numbers[0]) for found in item.findings),
        change=_size_change(sizes),
        counted=item.role is RecistRole.TARGET,
        groups=choices_of(item),
    )


def _why(item: RecistLesion) -> str:
    return " ".join(reason_text(why) for why in item.reasons)


def _short_role(item: RecistLesion) -> str:
    if item.new_class is not None:
        return tr("new")
    proposed = item.role is not RecistRole.NONE and not item.chosen
    return SHORT_ROLE[item.role] + (PROPOSED if proposed else "")


def _found(item: RecistLesion, found: RecistFinding, first: int) -> NumberView:
    """The diameters; beside or instead of them what was stated; a quiet word where neither is."""
    stated = state_text(found)
    if found.caliper_id is None:
        if found.visit != first and item.role is RecistRole.NON_TARGET:
            stated = stated or NOT_STATED
        return NumberView(stated, UNIT, NumberState.ABSENT) if stated else absent(UNIT)
    ref = NumberRef(NumberKind.AXIS, found.visit, found.caliper_id)
    if found.size_mm is None:
        return NumberView(tr("no short axis"), UNIT, NumberState.ABSENT, ref)
    text = length_text(found.long_mm or 0.0)
    if found.short_mm is not None:
        text = f"{text} × {length_text(found.short_mm)}"
    if found.state is TargetState.TOO_SMALL:
        text = f"{text}, {stated}"
    if found.status is NonTargetStatus.UNEQUIVOCAL_PROGRESSION:
        text = f"{text}, {stated}"
    return NumberView(text, UNIT, NumberState.READY, ref)


def _size_change(sizes: list[float | None]) -> NumberView:
    before, now = sizes[0], sizes[-1]
    if len(sizes) < 2 or before is None or now is None:
        return absent("%")
    start = Decimal(repr(before))
    percent = float(100 * (Decimal(repr(now)) - start) / start)
    return NumberView(signed(percent, 0), "%")
