"""Facts of a visit that DICOM does not state: read from what was typed, shown with their unit."""

from dataclasses import dataclass, replace

from app.reading.edits import SetFacts
from app.reading.state import ReaderFacts, ReadingState
from app.reporting.phrases import visit_name
from app.translation import tr

# The laboratories' factor; 200 mg/dL and 11.1 mmol/L, the limit in both units, are one value.
MMOL_PER_L_PER_MG_PER_DL = 0.0555
LARGEST = {"glucose_mmol_per_l": 50.0, "fasting_h": 100.0, "days_since_therapy": 20_000.0}


class FactUnreadableError(ValueError):
    """What was typed is no value of that fact; the text says what is expected."""


@dataclass(frozen=True, slots=True)
class FactsRow:
    """The facts of one visit as text for editing, "" where unknown."""

    visit: int
    label: str
    glucose: str
    fasting: str
    days_since_therapy: str


def facts_rows(state: ReadingState) -> tuple[FactsRow, ...]:
    """One row a visit; glucose in mmol/L, fasting in h, therapy in days."""
    return tuple(
        FactsRow(
            entry.number,
            visit_name(entry.number, short=True),
            _text(entry.facts.glucose_mmol_per_l),
            _text(entry.facts.fasting_h),
            _text(entry.facts.days_since_therapy),
        )
        for entry in state.visits
    )


def facts_edit(state: ReadingState, visit: int, name: str, text: str) -> SetFacts | None:
    """The edit for a fact as typed, or None where it says what stands already.

    Raises FactUnreadableError where the text is no value of that fact.
    """
    facts = state.visit(visit).facts
    changed = with_fact(facts, name, text)
    return None if changed == facts else SetFacts(visit, changed)


def with_fact(facts: ReaderFacts, name: str, text: str) -> ReaderFacts:
    """The facts with one of them read from text; empty is unknown.

    Glucose is mmol/L unless the text ends in mg/dL. Raises FactUnreadableError.
    """
    value = _value(name, text.strip())
    if name == "glucose_mmol_per_l":
        return replace(facts, glucose_mmol_per_l=value)
    if name == "fasting_h":
        return replace(facts, fasting_h=value)
    if value is not None and value != int(value):
        raise FactUnreadableError(tr("Whole days are expected."))
    return replace(facts, days_since_therapy=None if value is None else int(value))


def _value(name: str, text: str) -> float | None:
    if not text:
        return None
    number, factor = text.lower().replace(",", "."), 1.0
    if name == "glucose_mmol_per_l":
        if number.endswith("mg/dl"):
            factor = MMOL_PER_L_PER_MG_PER_DL
        number = number.removesuffix("mg/dl").removesuffix("mmol/l")
    try:
        value = float(number) * factor
    except ValueError:
        raise FactUnreadableError(tr("A number is expected.")) from None
    if not 0.0 <= value <= LARGEST[name]:
        raise FactUnreadableError(tr("The number is out of range; check the unit."))
    return round(value, 6)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
