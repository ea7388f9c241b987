"""Everything known of the selected lesion: place, measures at each visit, verdict, comment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.reading.state import Lesion, LesionRole
from app.reporting.phrases import flag_text, mark_text, visit_name
from app.translation import tr
from app.wording import sentences
from viewers.presenters.derived import DerivedReading, measured
from viewers.presenters.new_lesions import ClassificationView, classification
from viewers.presenters.numbers import (
    SUL_UNIT,
    NumberKind,
    NumberRef,
    NumberView,
    computing,
    ready,
)

Choice = tuple[str, str]  # code, name


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a lesion, a number per visit."""

    label: str
    unit: str
    numbers: tuple[NumberView, ...]


@dataclass(frozen=True, slots=True)
class LesionCard:
    """The selected lesion."""

    lesion_id: str
    role: LesionRole
    confirmed: bool
    site: str
    side: str
    visits: tuple[str, ...]
    measures: tuple[MeasureRow, ...]
    cautions: tuple[str, ...]
    verdict: ClassificationView | None
    comment: str
    progressed: tuple[tuple[int, str, bool], ...] = ()  # follow-up, its name, ticked


def lesion_card(derived: DerivedReading, lesion_id: str) -> LesionCard:
    """The card of a lesion. Raises KeyError where there is none."""
    lesion = derived.state.lesion(lesion_id)
    numbers = tuple(entry.number for entry in derived.state.visits)
    return LesionCard(
        lesion_id=lesion_id,
        role=lesion.role,
        confirmed=lesion.confirmed,
        site=lesion.site,
        side=lesion.side,
        visits=tuple(visit_name(number, short=True) for number in numbers),
        measures=_measures(derived, lesion_id, numbers),
        cautions=_cautions(derived, lesion, numbers),
        verdict=classification(lesion),
        comment=lesion.comment,
        progressed=_progressed(lesion, numbers),
    )


def _progressed(lesion: Lesion, visits: tuple[int, ...]) -> tuple[tuple[int, str, bool], ...]:
    """The ticks of a tumour lesion of the baseline; no other can be a non-target lesion."""
    if lesion.first_visit != 0 or lesion.role is not LesionRole.TUMOUR:
        return ()
    return tuple(
        (visit, visit_name(visit, short=True), visit in lesion.progressed_visits)
        for visit in visits
        if visit > 0
    )


def site_choices() -> tuple[Choice, ...]:
    """Codes and names of the sites."""
    return tuple(sentences("sites").items())


def side_choices() -> tuple[Choice, ...]:
    """Codes and names of the sides."""
    return tuple(sentences("sides").items())


def measure_name(kind: NumberKind) -> str:
    """The name of a measure of a lesion."""
    names: Mapping[NumberKind, str] = {
        NumberKind.SUL_PEAK: tr("SULpeak"),
        NumberKind.SUL_MAX: tr("SULmax"),
        NumberKind.SUL_MEAN: tr("SULmean"),
        NumberKind.VOLUME: tr("Volume (MTV)"),
        NumberKind.GLYCOLYSIS: tr("TLG"),
        NumberKind.DIAMETER: tr("Extent at 50 % of max"),
    }
    return names[kind]


def _extent(measured: LesionMeasurement) -> float | None:
    """Below the threshold the half of the maximum is background: its extent says nothing."""
    carried = measured.origin is LesionOrigin.CARRIED
    return None if carried else measured.longest_diameter_mm


def _measures(
    derived: DerivedReading, lesion_id: str, visits: tuple[int, ...]
) -> tuple[MeasureRow, ...]:
    plans: tuple[tuple[NumberKind, str, int, Callable[[LesionMeasurement], float | None]], ...] = (
        (NumberKind.SUL_PEAK, SUL_UNIT, 2, lambda m: m.sul_peak),
        (NumberKind.SUL_MAX, SUL_UNIT, 2, lambda m: m.sul_max),
        (NumberKind.SUL_MEAN, SUL_UNIT, 2, lambda m: m.sul_mean),
        (NumberKind.VOLUME, "mL", 2, lambda m: m.volume_ml),
        (NumberKind.GLYCOLYSIS, "g", 1, lambda m: m.tlg_g),
        (NumberKind.DIAMETER, "mm", 1, _extent),
    )
    rows = []
    for kind, unit, decimals, value_of in plans:
        numbers = []
        for visit in visits:
            found, pending = measured(derived, lesion_id, visit)
            if pending:
                numbers.append(computing(unit))
                continue
            value = None if found is None else value_of(found)
            numbers.append(ready(value, decimals, unit, NumberRef(kind, visit, lesion_id)))
        rows.append(MeasureRow(measure_name(kind), unit, tuple(numbers)))
    return tuple(rows)


def _cautions(derived: DerivedReading, lesion: Lesion, visits: tuple[int, ...]) -> tuple[str, ...]:
    texts = [] if lesion.mark is None else [mark_text(lesion.mark)]
    for visit in visits:
        found, _ = measured(derived, lesion.lesion_id, visit)
        short = visit_name(visit, short=True)
        texts += [f"{short}: {flag_text(flag)}" for flag in (found.flags if found else ())]
    return tuple(texts)
