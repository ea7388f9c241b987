"""Area `adjudication`: which triggers fire on two reads (spec 5.4)."""

from collections.abc import Mapping
from typing import Any

from app.criteria.adjudication import CaseRead, adjudicate
from app.domain.trial import AdjudicationTrigger, TrialRules
from app.services.rule_sets import load_rules
from tests.vectors.days import day_of
from tests.vectors.vector_file import Vector

TRIAL = load_rules("nct07130344", TrialRules)
READERS = (("r1", "r2"), ("reader1", "reader2"))
# Other names that a trigger or a reader's value could go by.
TRIGGER_NAMES = {
    "pd": AdjudicationTrigger.PD_YES_NO,
    "pd_any": AdjudicationTrigger.PD_YES_NO,
    "measurable": AdjudicationTrigger.BASELINE_MEASURABILITY,
    "overall_response": AdjudicationTrigger.VISIT_RESPONSE,
    "new_lesions": AdjudicationTrigger.NEW_LESION,
    "target_pct": AdjudicationTrigger.TARGET_CHANGE,
    "percist": AdjudicationTrigger.PERCIST_CATEGORY,
    **{trigger.value: trigger for trigger in AdjudicationTrigger},
}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    pair = next((names for names in READERS if inputs.keys() >= set(names)), None)
    if pair is None:
        raise AssertionError(f"unknown input shape of area adjudication: {sorted(inputs)}")
    names = inputs.get("triggers") or [item.value for item in TRIAL.adjudication_triggers]
    chosen = [TRIGGER_NAMES[name] for name in names]
    limits = tuple(inputs.get("change_limits", TRIAL.adjudication_change_limits))
    rows = [inputs[name] for name in pair]
    known = any("pd_visit" in row or "pd_date" in row for row in rows)
    found = adjudicate(_read(rows[0], known), _read(rows[1], known), chosen, limits)
    reasons = [name for name in names if TRIGGER_NAMES[name] in found.triggers]
    return {"adjudicate": found.required, "required": found.required, "reasons": reasons}


def _read(row: Mapping[str, Any], known: bool) -> CaseRead:
    """A read; `known`: one of the two states when progression was found, so none is "never"."""
    changes = _visits(row, "target_changes", "target_change")
    if not changes:
        percents = _visits(row, "target_pcts", "target_pct", "pct_change", "pct")
        changes = {visit: percent / 100.0 for visit, percent in percents.items()}
    return CaseRead(
        bor=row.get("bor"),
        pd_visit=row.get("pd_visit"),
        pd_date=day_of(row.get("pd_date")),
        pd=row.get("pd", row.get("pd_yes_no")),
        pd_known=known,
        measurable=row.get("measurable"),
        responses=_visits(row, "responses", "overall", "overall_response", "response"),
        new_lesions=_visits(row, "new_lesions", "new_lesion"),
        target_changes=changes,
        percist_categories=_visits(row, "percist_categories", "percist_category", "percist"),
    )


def _visits(row: Mapping[str, Any], *names: str) -> Mapping[int, Any]:
    """A value per visit: a mapping, a list from visit 1 on, or one value."""
    value = next((row[name] for name in names if name in row), None)
    if isinstance(value, Mapping):
        return {int(visit): one for visit, one in value.items()}
    if isinstance(value, list):
        return {n: one for n, one in enumerate(value, start=1) if one is not None}
    return {} if value is None else {1: value}
