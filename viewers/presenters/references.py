"""The reference region of each visit, as shown."""

from dataclasses import dataclass

from app.domain.numbers import REFERENCE
from app.domain.reference import PlacementMethod
from app.reading.edits import MoveReference
from app.reading.state import ReadingState
from app.reporting.phrases import flag_text, visit_name
from app.translation import tr
from app.wording import sentence
from viewers.presenters.derived import DerivedReading
from viewers.presenters.numbers import (
    SUL_UNIT,
    NumberKind,
    NumberRef,
    NumberView,
    absent,
    computing,
    impossible,
    ready,
)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """Reference mean, SD, threshold of a visit; how the sphere came there, and doubts."""

    visit: int
    label: str
    mean: NumberView
    sd: NumberView
    threshold: NumberView
    placement: str
    placement_short: str
    confirmed: bool
    cautions: tuple[str, ...]

    @property
    def mean_and_sd(self) -> str:
        """`1.62 ± 0.11`, or what stands in for it; the heading says the unit."""
        return self.mean.text if self.mean.ref is None else f"{self.mean.text} ± {self.sd.text}"


def reference_rows(derived: DerivedReading) -> tuple[ReferenceRow, ...]:
    """One row a visit."""
    rows = []
    for entry in derived.state.visits:
        region = derived.references.get(entry.number)
        rows.append(
            ReferenceRow(
                visit=entry.number,
                label=visit_name(entry.number, short=True),
                mean=_number(derived, NumberKind.REFERENCE_MEAN, entry.number),
                sd=_number(derived, NumberKind.REFERENCE_SD, entry.number),
                threshold=_threshold(derived, entry.number),
                placement=sentence("reference", entry.reference_method.value, {}),
                placement_short=_short(entry.reference_method),
                confirmed=entry.reference_confirmed,
                cautions=tuple(flag_text(flag) for flag in (region.flags if region else ())),
            )
        )
    return tuple(rows)


def confirm_reference(state: ReadingState, visit: int) -> MoveReference:
    """The edit that accepts the reference sphere where it lies."""
    return MoveReference(visit, state.visit(visit).reference)


def placement_text(row: ReferenceRow) -> str:
    """How the sphere came there and whether a reader agreed."""
    return row.placement if not row.confirmed else tr("{how}, confirmed").format(how=row.placement)


def _short(method: PlacementMethod) -> str:
    return {
        PlacementMethod.AUTOMATIC: tr("proposed"),
        PlacementMethod.CARRIED: tr("carried"),
        PlacementMethod.READER: tr("by reader"),
    }[method]


def _number(derived: DerivedReading, kind: NumberKind, visit: int) -> NumberView:
    region = derived.references.get(visit)
    if region is None:
        return _without(derived, visit)
    mean = kind is NumberKind.REFERENCE_MEAN
    value = region.mean_sul_g_per_ml if mean else region.sd_sul_g_per_ml
    return ready(value, 2, SUL_UNIT, NumberRef(kind, visit))


def _threshold(derived: DerivedReading, visit: int) -> NumberView:
    if visit not in derived.thresholds:
        return absent(SUL_UNIT)
    value = derived.thresholds[visit]
    if value is None:
        return _without(derived, visit)
    return ready(value, 2, SUL_UNIT, NumberRef(NumberKind.THRESHOLD, visit))


def _without(derived: DerivedReading, visit: int) -> NumberView:
    in_vain = (REFERENCE, visit) in derived.impossible
    return impossible(SUL_UNIT) if in_vain else computing(SUL_UNIT)
