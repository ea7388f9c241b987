"""Diameters from the calipers: per lesion and summed, at baseline, at the nadir and now.

Numbers only: which lesions are targets, and the RECIST response, are not decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.caliper import Caliper
from app.reading.state import LesionRole, ReadingState
from app.reporting.phrases import site_text, visit_name
from app.translation import tr
from viewers.presenters.numbers import (
    NumberKind,
    NumberRef,
    NumberState,
    NumberView,
    absent,
    ready,
    signed,
)

UNIT = "mm"
# Sites whose lesions are taken for lymph nodes, measured by the short axis (spec 3.2).
NODE_SITES = frozenset({"neck", "axilla", "mediastinum", "hilum"})


@dataclass(frozen=True, slots=True)
class RecistRow:
    """One lesion (or a caliper that belongs to none) with its diameter at each visit.

    `counted`: part of the sums, as a lesion taken for tumour and measured at baseline.
    """

    lesion_id: str
    place: str
    short_axis: bool
    numbers: tuple[NumberView, ...]
    change: NumberView
    counted: bool

    @property
    def axis_text(self) -> str:
        """Which diameter counts."""
        return tr("short") if self.short_axis else tr("long")


@dataclass(frozen=True, slots=True)
class RecistSummary:
    """The sums of the lesions measured at baseline, and their changes."""

    visits: tuple[str, ...]
    rows: tuple[RecistRow, ...]
    sums: tuple[NumberView, ...]
    baseline: NumberView
    nadir: NumberView
    now: NumberView
    change_from_baseline: NumberView
    change_from_nadir: NumberView
    note: str


def recist_summary(state: ReadingState) -> RecistSummary:
    """The table of diameters; a sum exists where every lesion of the baseline was measured."""
    visits = [entry.number for entry in state.visits]
    rows = _rows(state, visits)
    first, latest = visits[0], visits[-1]
    counted = [values for row, _, values in rows if row.counted]
    sums = {visit: _sum(counted, visit) for visit in visits}
    known = [s for visit in visits[:-1] if (s := sums[visit]) is not None]
    nadir, now = (min(known) if known else None), sums[latest]
    several = latest != first
    missing = [name for row, name, values in rows if row.counted and latest not in values]
    return RecistSummary(
        visits=tuple(visit_name(visit, short=True) for visit in visits),
        rows=tuple(row for row, _, _ in rows),
        sums=tuple(_sum_view(sums[visit], visit, bool(counted)) for visit in visits),
        baseline=_sum_view(sums[first], first, bool(counted)),
        nadir=_sum_view(nadir, latest, False) if several else absent(UNIT),
        now=_sum_view(now, latest, bool(counted)) if several else absent(UNIT),
        change_from_baseline=_change(now, sums[first], latest) if several else absent("%"),
        change_from_nadir=_change(now, nadir, latest) if several else absent("%"),
        note=tr("Not measured now: {lesions}").format(lesions=", ".join(missing))
        if missing and several
        else "",
    )


Measured = tuple[RecistRow, str, Mapping[int, Decimal]]


def _rows(state: ReadingState, visits: Sequence[int]) -> list[Measured]:
    grouped: dict[str, list[Caliper]] = {}
    for caliper in state.calipers:
        grouped.setdefault(caliper.lesion_id or caliper.caliper_id, []).append(caliper)
    rows: list[Measured] = []
    for name, calipers in grouped.items():
        lesion = next((x for x in state.present_lesions() if x.lesion_id == name), None)
        node = lesion is not None and lesion.site in NODE_SITES
        latest_of = {caliper.visit: caliper for caliper in calipers}  # a later caliper stands
        numbers = tuple(_axis(latest_of.get(visit), node) for visit in visits)
        values: Mapping[int, Decimal] = {
            visit: value
            for visit, caliper in latest_of.items()
            if (value := _length(caliper, node)) is not None
        }
        change = _change(values.get(visits[-1]), values.get(visits[0]), visits[-1])
        row = RecistRow(
            lesion_id=name,
            place="" if lesion is None else site_text(lesion.site, lesion.side),
            short_axis=node,
            numbers=numbers,
            change=change if len(visits) > 1 else absent("%"),
            counted=lesion is not None and lesion.role is LesionRole.TUMOUR and visits[0] in values,
        )
        rows.append((row, name, values))
    return rows


def _length(caliper: Caliper, node: bool) -> Decimal | None:
    length = caliper.short_axis_mm if node else caliper.long_axis_mm
    return None if length is None else Decimal(repr(length))


def _axis(caliper: Caliper | None, node: bool) -> NumberView:
    if caliper is None:
        return absent(UNIT)
    ref = NumberRef(NumberKind.AXIS, caliper.visit, caliper.caliper_id)
    length = caliper.short_axis_mm if node else caliper.long_axis_mm
    if length is None:
        return NumberView(tr("no short axis"), UNIT, NumberState.ABSENT, ref)
    if caliper.short_axis_mm is None:
        return ready(length, 1, UNIT, ref)
    text = f"{caliper.long_axis_mm:.1f} × {caliper.short_axis_mm:.1f}"
    return NumberView(text, UNIT, NumberState.READY, ref)


def _sum(values: Sequence[Mapping[int, Decimal]], visit: int) -> Decimal | None:
    if not values or any(visit not in item for item in values):
        return None
    return sum((item[visit] for item in values), Decimal(0))


def _sum_view(total: Decimal | None, visit: int, any_counted: bool) -> NumberView:
    if total is None:
        text = tr("incomplete") if any_counted else ""
        return NumberView(text, UNIT, NumberState.ABSENT) if text else absent(UNIT)
    return NumberView(f"{total:.1f}", UNIT, ref=NumberRef(NumberKind.AXIS_SUM, visit))


def _change(now: Decimal | None, before: Decimal | None, visit: int) -> NumberView:
    if now is None or not before:
        return absent("%")
    percent = float(100 * (now - before) / before)
    return NumberView(signed(percent, 0), "%", ref=NumberRef(NumberKind.AXIS_SUM, visit))
