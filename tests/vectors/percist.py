"""Area `percist`: the target component, its changes and reference (spec 2.6, 2.7)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.target import TargetCase, target_response
from app.domain.response import TargetResponse
from app.quantification.lean_mass import for_sex, james128_kg, janmahasatian_kg
from app.services.rule_sets import load_percist_rules
from tests.vectors.vector_file import Vector

RULES = load_percist_rules("percist-nadir")
RULE_INPUTS = (
    "pmr_inclusive",
    "pmd_inclusive",
    "threshold_inclusive",
    "response_fraction",
)


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if {"base", "cur"} <= keys:
        return _one_lesion(inputs)
    if {"baseline", "followup"} <= keys:
        return _many_lesions(inputs)
    if {"sulpeak_james128", "sex", "weight_kg", "size_m"} <= keys:
        return _two_formulas(inputs)
    raise AssertionError(f"unknown input shape of area percist: {sorted(keys)}")


def _rules(inputs: Mapping[str, Any]) -> PercistRules:
    rules = load_percist_rules(inputs["rule_set"]) if "rule_set" in inputs else RULES
    changed = {name: inputs[name] for name in RULE_INPUTS if name in inputs}
    if "progression_reference" in inputs:
        changed["progression_reference"] = ProgressionReference(inputs["progression_reference"])
    if "min_abs_sul" in inputs:
        changed["min_abs_sul_g_per_ml"] = inputs["min_abs_sul"]
    return replace(rules, **changed)


def _one_lesion(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    base, cur = inputs["base"], inputs["cur"]
    threshold = inputs.get("threshold")
    if inputs.get("measurable") is False:
        threshold = 2.0 * base  # any that the baseline lesion does not reach
    case = TargetCase(
        baseline={"L1": base},
        current={} if cur is None else {"L1": cur},
        earlier=[None if one is None else {"L1": one} for one in inputs.get("prior") or ()],
        liver_mean=inputs.get("liver"),
        baseline_threshold=threshold,
        comparable=inputs.get("comparable", True),
        resolved=inputs.get("visual_target_resolved", False),
    )
    return _answers(target_response(case, _rules(inputs)))


def _answers(response: TargetResponse) -> Mapping[str, Any]:
    flags = {*response.flags, *(item.code for item in response.reasons)}
    return {
        "target": response.category.value,
        "pct_from_baseline": _percent(response.change_from_baseline_fraction),
        "delta_from_baseline": response.change_from_baseline_abs,
        "reference_for_progression": response.reference_sul_peak_g_per_ml,
        "pct_from_reference": _percent(response.change_from_reference_fraction),
        "delta_from_reference": response.change_from_reference_abs,
        "flag": flags,
        "flags": flags,
    }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100.0 * fraction


def _many_lesions(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """One-lesion PERCIST among several: the hottest of each scan, and the same one tracked."""
    assert inputs.get("mode", "hottest_each_scan") == "hottest_each_scan", inputs["mode"]
    baseline, followup = _by_name(inputs["baseline"]), _by_name(inputs["followup"])
    liver, rules = inputs.get("liver"), _rules(inputs)
    response = target_response(TargetCase(baseline, followup, liver_mean=liver), rules)
    first = response.baseline_target_id
    assert first is not None
    same = target_response(
        TargetCase({first: baseline[first]}, {first: followup[first]}, liver_mean=liver), rules
    )
    percent = _percent(response.change_from_baseline_fraction)
    return {
        **_answers(response),
        "base": response.baseline_sul_peak_g_per_ml,
        "cur": response.sul_peak_g_per_ml,
        "pct": percent,
        "same_lesion_would_give": same.category.value,
        "hottest_cur": response.sul_peak_g_per_ml,
        "pct1": percent,
        "category1": response.category.value,
        "tracked_first_lesion_pct": _percent(same.change_from_baseline_fraction),
    }


def _by_name(peaks: Mapping[str, float] | list[float]) -> Mapping[str, float]:
    if isinstance(peaks, Mapping):
        return peaks
    return {f"L{number}": peak for number, peak in enumerate(peaks, start=1)}


def _two_formulas(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """One scan pair under both lean body mass formulas; SUL goes with the mass."""
    patient = (inputs["weight_kg"], inputs["size_m"], inputs["sex"])
    ratio = for_sex(janmahasatian_kg, *patient) / for_sex(james128_kg, *patient)
    peaks = inputs["sulpeak_james128"]
    return {
        "ratio_janma_over_james": ratio,
        "james128": _under_formula(inputs, peaks, 1.0),
        "janma": _under_formula(inputs, peaks, ratio),
    }


def _under_formula(
    inputs: Mapping[str, Any], peaks: Mapping[str, float], ratio: float
) -> Mapping[str, Any]:
    b, c = ratio * peaks["baseline"], ratio * peaks["followup"]
    liver = ratio * inputs["liver_mean_james"]
    response = target_response(TargetCase({"L1": b}, {"L1": c}, liver_mean=liver), _rules(inputs))
    return {
        "baseline": b,
        "followup": c,
        "delta": response.change_from_baseline_abs,
        "pct": _percent(response.change_from_baseline_fraction),
        "category": response.category.value,
    }
