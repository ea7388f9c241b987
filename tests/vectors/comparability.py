"""Area `comparability`: liver stability, uptake time, injected activity (spec 2.5)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.criteria.percist.comparability import (
    blocks,
    compare_scans,
    injected_activity,
    reference_stability,
)
from app.domain.exact import exact
from app.domain.reference import ReferenceRegionKind
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.scan_facts import ScanFacts
from app.services.rule_sets import load_percist_rules
from tests.vectors.vector_file import Vector

RULES = load_percist_rules("percist-nadir")
# Facts of two scans: the field of the record and the rule of the card.
FACTS = {
    "height": ("height_m", "HEIGHT"),
    "height_m": ("height_m", "HEIGHT"),
    "manufacturer": ("manufacturer", "MANUFACTURER"),
    "model": ("model", "SCANNER_MODEL"),
    "tracer": ("tracer", "TRACER"),
    "units": ("units", "UNITS"),
    "decay_correction": ("decay_correction", "DECAY_CORRECTION"),
    "lbm_formula": ("lbm_formula", "LBM_FORMULA"),
    "peak_kernel": ("peak_kernel", "PEAK_KERNEL"),
    "reconstruction": ("reconstruction", "RECONSTRUCTION"),
}
UPTAKE_RULES = ("UPTAKE_DIFFERENCE", "UPTAKE_WINDOW", "UPTAKE_WINDOW_EARLIER")


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if {"liver_baseline", "liver_followup"} <= keys:
        return _liver(inputs["liver_baseline"], inputs["liver_followup"])
    if {"uptake_baseline_min", "uptake_followup_min"} <= keys:
        return _uptake(inputs["uptake_baseline_min"], inputs["uptake_followup_min"])
    if {"dose_baseline", "dose_followup"} <= keys:
        return _activity(inputs["dose_baseline"], inputs["dose_followup"])
    if {"aorta_baseline", "aorta_followup"} <= keys:
        pool = ReferenceRegionKind.BLOOD_POOL
        return _liver(inputs["aorta_baseline"], inputs["aorta_followup"], pool)
    facts = {name for name in FACTS if f"{name}_baseline" in keys and f"{name}_followup" in keys}
    if facts:
        return _facts({name: _pair(inputs, name) for name in facts})
    raise AssertionError(f"unknown input shape of area comparability: {sorted(keys)}")


def _pair(inputs: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    return inputs[f"{name}_baseline"], inputs[f"{name}_followup"]


def _facts(pairs: Mapping[str, tuple[Any, Any]]) -> Mapping[str, Any]:
    """The verdict of the card on the facts that are given, by the rules that look at them."""
    fields = {FACTS[name][0]: pair for name, pair in pairs.items()}
    before = ScanFacts(**{field: values[0] for field, values in fields.items()})
    now = ScanFacts(**{field: values[1] for field, values in fields.items()})
    asked = {FACTS[name][1] for name in pairs}
    lines = [item for item in compare_scans(before, now, RULES) if item.rule in asked]
    assert {item.rule for item in lines} == asked, asked
    order = list(ComparabilitySeverity)
    worst = max((item.severity for item in lines), key=order.index)
    return {
        "severity": worst.value,
        "comparable": not blocks(lines),
        "blocks": blocks(lines),
        "blocking_pass": not blocks(lines),
        "all_pass": _all_ok(lines),
        "value": lines[0].value,
    }


def _liver(
    baseline: float | None,
    followup: float | None,
    kind: ReferenceRegionKind = ReferenceRegionKind.LIVER,
) -> Mapping[str, Any]:
    items = reference_stability(
        ScanFacts(reference_kind=kind, reference_mean_sul_g_per_ml=baseline),
        ScanFacts(reference_kind=kind, reference_mean_sul_g_per_ml=followup),
        RULES,
    )
    values = {item.rule: item.value for item in items}
    return {
        "delta": values.get("REFERENCE_DIFFERENCE"),
        "rel_of_larger": values.get("REFERENCE_SHARE"),
        "comparable": not blocks(items),
    }


def _uptake(baseline_min: float | None, followup_min: float | None) -> Mapping[str, Any]:
    card = compare_scans(
        ScanFacts(uptake_time_s=_scaled(baseline_min, 60)),
        ScanFacts(uptake_time_s=_scaled(followup_min, 60)),
        RULES,
    )
    lines = {item.rule: item for item in card if item.rule in UPTAKE_RULES}
    assert lines.keys() == set(UPTAKE_RULES)
    windows = [lines["UPTAKE_WINDOW"], lines["UPTAKE_WINDOW_EARLIER"]]
    return {
        "within_15": not blocks([lines["UPTAKE_DIFFERENCE"]]),
        "not_before_50": not blocks(windows),
        "window_50_70": _all_ok(windows),
        "blocking_pass": not blocks(list(lines.values())),
        "all_pass": _all_ok(list(lines.values())),
    }


def _activity(baseline_mbq: float | None, followup_mbq: float | None) -> Mapping[str, Any]:
    line = injected_activity(
        ScanFacts(injected_dose_bq=_scaled(baseline_mbq, 10**6)),
        ScanFacts(injected_dose_bq=_scaled(followup_mbq, 10**6)),
        RULES,
    )
    return {"rel": line.value, "within_20pct_of_baseline": _all_ok([line])}


def _scaled(value: float | None, factor: int) -> float | None:
    return None if value is None else float(exact(value) * Fraction(factor))


def _all_ok(items: list[ComparabilityItem]) -> bool:
    return all(item.severity is ComparabilitySeverity.OK for item in items)
