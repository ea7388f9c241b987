"""Area `bor`: best overall response of a sequence, and Table 3 (spec 3.10)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.criteria.recist.best_response import best_confirmed, best_unconfirmed
from app.criteria.recist.confirmation import AssessedVisit
from app.criteria.recist.table_three import two_visit_best
from app.domain.recist import RecistCategory
from app.domain.recist_response import BestResponse
from tests.vectors.days import as_given, day_of, day_of_row
from tests.vectors.recist_rules import rules_from
from tests.vectors.vector_file import Vector

# Sequences without days are scans every three months (spec 3.11) from the reference date.
VISIT_INTERVAL_DAYS = 91
REFERENCE = date(2026, 1, 5)
REFERENCE_KEYS = ("reference_date", "randomisation", "reference")


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if "rows" in keys:
        return {"bor": [_table_three(row) for row in inputs["rows"]]}
    if {"first", "second"} <= keys:
        return {"bor": _table_three(inputs)}
    name = next((key for key in ("observations", "sequence", "visits") if key in keys), None)
    if name is None:
        raise AssertionError(f"unknown input shape of area bor: {sorted(keys)}")
    return _sequence(inputs, inputs[name], confirmed=name == "observations")


def _table_three(row: Mapping[str, Any]) -> str:
    found = two_visit_best(
        RecistCategory(row["first"]), RecistCategory(row["second"]), bool(row.get("sd_min_met"))
    )
    return found[0].value if len(found) == 1 else f"READER_DECISION({'|'.join(found)})"


def _sequence(
    inputs: Mapping[str, Any], entries: Sequence[Any], confirmed: bool
) -> Mapping[str, Any]:
    rules = rules_from(inputs)
    stated = next((inputs[key] for key in REFERENCE_KEYS if inputs.get(key) is not None), None)
    reference = day_of(stated, REFERENCE) or REFERENCE
    interval = inputs.get("interval_days") or inputs.get("schedule_days") or VISIT_INTERVAL_DAYS
    start = REFERENCE if isinstance(stated, int | float) else reference
    visits = [
        _visit(entry, start, interval * number) for number, entry in enumerate(entries, start=1)
    ]
    progression = day_of(inputs.get("pd_date"), start)
    asked = inputs.get("confirmation", inputs.get("confirm_response"))
    if asked is None:
        asked = confirmed
    derive = best_confirmed if asked else best_unconfirmed
    best = derive(visits, reference, rules, progression)
    return _answers(best, reference, isinstance(stated, int | float))


def _visit(entry: Any, reference: date, default_days: int) -> AssessedVisit:
    """One entry: a category, a pair of date and category, or a record; null is NE."""
    entry = "NE" if entry is None else entry
    if isinstance(entry, str):
        return AssessedVisit(reference + timedelta(days=default_days), RecistCategory(entry))
    if isinstance(entry, Mapping):
        category = RecistCategory(entry.get("r") or entry.get("response") or entry["overall"])
        return AssessedVisit(day_of_row(entry, default_days, reference), category)
    day, text = entry
    return AssessedVisit(day_of(day, reference) or reference, RecistCategory(text))


def _answers(best: BestResponse, reference: date, numbered: bool) -> Mapping[str, Any]:
    day = best.scan_date
    flags = set(best.flags)
    return {
        "bor": best.category.value,
        "cbor": best.category.value,
        "date": as_given(day, numbered, REFERENCE),
        "day": None if day is None else (day - reference).days,
        "confirmed_on": as_given(best.confirmed_at, numbered, REFERENCE),
        "flag": flags,
        "flags": flags,
        "reader_options": [item.value for item in best.reader_options],
    }
