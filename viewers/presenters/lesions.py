"""The rows of the lesion list, and the order in which a reader goes through them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.reading.state import Lesion, LesionRole, NewLesionClass
from app.reporting.phrases import mark_text, site_text, visit_name
from app.translation import tr
from app.wording import sentence
from viewers.presenters.derived import DerivedReading, measured
from viewers.presenters.numbers import (
    SUL_UNIT,
    NumberKind,
    NumberRef,
    NumberView,
    absent,
    computing,
    percent_change,
    ready,
)

ROLE_LETTERS = {LesionRole.TUMOUR: "L", LesionRole.PHYSIOLOGICAL: "P", LesionRole.UNSURE: "U"}


@dataclass(frozen=True, slots=True)
class VisitCell:
    """SULpeak of a lesion at a visit; `resolved` is None where no tick can stand."""

    visit: int
    number: NumberView
    resolved: bool | None
    notes: tuple[str, ...]
    below_threshold: bool = False


@dataclass(frozen=True, slots=True)
class LesionRow:
    """One lesion through all visits. `target` is "", "now", "baseline" or "both"."""

    lesion_id: str
    role: LesionRole
    confirmed: bool
    site: str
    side: str
    place: str
    cells: tuple[VisitCell, ...]
    change: NumberView
    notes: str
    target: str
    is_new: bool
    new_class: NewLesionClass | None
    mark: str
    comment: str
    selected: bool

    @property
    def role_letter(self) -> str:
        """The triage letter; a question mark says that no reader has confirmed it."""
        return ROLE_LETTERS[self.role] + ("" if self.confirmed else "?")


def lesion_rows(derived: DerivedReading, selected: str | None = None) -> tuple[LesionRow, ...]:
    """All lesions that were not removed, in the order of the state, whatever their role."""
    targets = _targets(derived)
    return tuple(
        _row(derived, lesion, targets, lesion.lesion_id == selected)
        for lesion in derived.state.present_lesions()
    )


def next_unconfirmed(lesions: Sequence[Lesion], current: str | None) -> str | None:
    """The id of the next lesion no reader has confirmed, after `current` and round; else None."""
    present = [item for item in lesions if not item.removed]
    start = next((i for i, item in enumerate(present) if item.lesion_id == current), -1) + 1
    for item in (*present[start:], *present[:start]):
        if not item.confirmed:
            return item.lesion_id
    return None


def confirmed_share(lesions: Sequence[Lesion]) -> tuple[int, int]:
    """How many lesions a reader has confirmed, and how many there are."""
    present = [item for item in lesions if not item.removed]
    return sum(item.confirmed for item in present), len(present)


def progress_text(lesions: Sequence[Lesion]) -> str:
    """How far the triage is, in words."""
    done, total = confirmed_share(lesions)
    return tr("{done} of {total} confirmed").format(done=done, total=total)


def role_text(role: LesionRole) -> str:
    """The name of a role."""
    return {
        LesionRole.TUMOUR: tr("Lesion"),
        LesionRole.PHYSIOLOGICAL: tr("Physiological"),
        LesionRole.UNSURE: tr("Unsure"),
    }[role]


def _row(
    derived: DerivedReading, lesion: Lesion, targets: dict[str, str], selected: bool
) -> LesionRow:
    cells = tuple(_cell(derived, lesion, entry.number) for entry in derived.state.visits)
    notes = dict.fromkeys(note for cell in cells for note in cell.notes)
    return LesionRow(
        lesion_id=lesion.lesion_id,
        role=lesion.role,
        confirmed=lesion.confirmed,
        site=lesion.site,
        side=lesion.side,
        place=_place(lesion),
        cells=cells,
        change=_change(derived, lesion),
        notes=" · ".join(notes),
        target=targets.get(lesion.lesion_id, ""),
        is_new=lesion.first_visit > 0,
        new_class=lesion.new_class,
        mark="" if lesion.mark is None else mark_text(lesion.mark),
        comment=lesion.comment,
        selected=selected,
    )


def _place(lesion: Lesion) -> str:
    if lesion.role is not LesionRole.PHYSIOLOGICAL or lesion.mark is None:
        return site_text(lesion.site, lesion.side)
    organ = sentence("organs", lesion.mark.organ, {})
    if lesion.side not in ("right", "left"):
        return organ
    return f"{organ}, {sentence('sides', lesion.side, {})}"


def _cell(derived: DerivedReading, lesion: Lesion, visit: int) -> VisitCell:
    found, pending = measured(derived, lesion.lesion_id, visit)
    ref = NumberRef(NumberKind.SUL_PEAK, visit, lesion.lesion_id)
    if pending:
        number = computing(SUL_UNIT)
    else:
        number = ready(None if found is None else found.sul_peak, 2, SUL_UNIT, ref)
    tickable = lesion.role is LesionRole.TUMOUR and visit > lesion.first_visit
    resolved = visit in lesion.resolved_visits if tickable else None
    below = found is not None and found.origin is LesionOrigin.CARRIED
    return VisitCell(visit, number, resolved, _notes(found, visit), below)


def _notes(found: LesionMeasurement | None, visit: int) -> tuple[str, ...]:
    if found is None:
        return ()
    short = visit_name(visit, short=True)
    notes = [sentence("flags_short", flag, {}) for flag in found.flags]
    if found.origin is LesionOrigin.CARRIED:
        notes.append(tr("{visit}: below threshold").format(visit=short))
    return tuple(notes)


def _change(derived: DerivedReading, lesion: Lesion) -> NumberView:
    latest = derived.state.visits[-1].number
    if lesion.first_visit >= latest:
        return absent("%")
    before, before_pending = measured(derived, lesion.lesion_id, lesion.first_visit)
    now, now_pending = measured(derived, lesion.lesion_id, latest)
    if before_pending or now_pending:
        return computing("%")
    if before is None or now is None:
        return absent("%")
    ref = NumberRef(NumberKind.LESION_CHANGE, latest, lesion.lesion_id)
    return percent_change(now.sul_peak, before.sul_peak, ref)


def _targets(derived: DerivedReading) -> dict[str, str]:
    if derived.read is None or derived.read.latest.response is None:
        return {}
    response = derived.read.latest.response
    targets: dict[str, str] = {}
    if response.baseline_target_id is not None:
        targets[response.baseline_target_id] = "baseline"
    if response.target_id is not None:
        targets[response.target_id] = "both" if response.target_id in targets else "now"
    return targets
