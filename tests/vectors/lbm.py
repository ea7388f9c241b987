"""Area `lbm`: lean body mass, ideal weight, surface area (spec 1.7)."""

from collections.abc import Mapping
from typing import Any

from app.domain.pet_header import PetHeader
from app.domain.quantification import LbmFormula
from app.quantification import lean_mass
from app.quantification.inputs import resolve_inputs
from app.quantification.lean_body import lean_body
from app.quantification.lean_mass import for_sex
from app.quantification.settings import QuantificationSettings
from tests.vectors.vector_file import Vector

MEASURES = {
    "james128": lean_mass.james128_kg,
    "james120": lean_mass.james120_kg,
    "james": lean_mass.james128_kg,
    "janma": lean_mass.janmahasatian_kg,
    "ibw": lean_mass.ideal_weight_kg,
}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if {"w0", "w1"} <= inputs.keys():
        return _weight_change(inputs)
    if "weight_kg" in inputs or "weight_field" in inputs or "size_field" in inputs:
        return _one_patient(inputs, vector.expected)
    if "size_m" in inputs or "sex" in inputs or "sexes" in inputs or not inputs:
        return _vertex(inputs)
    raise AssertionError(f"unknown input shape of area lbm: {sorted(inputs)}")


def _one_patient(inputs: Mapping[str, Any], expected: Mapping[str, Any]) -> Mapping[str, Any]:
    weight = inputs.get("weight_kg", inputs.get("weight_field", 70.0))
    size = inputs.get("size_m", inputs.get("size_field"))
    sex = inputs.get("sex", "M")
    header = PetHeader(weight=weight, size=size, sex=sex or "")
    resolved = resolve_inputs(header, QuantificationSettings())
    janma, james = (lean_body(resolved, formula) for formula in LbmFormula)
    refusals = {one.refusal.code for one in (janma, james) if one.refusal is not None}
    flags = {item.code for item in resolved.findings}
    answers: dict[str, Any] = {
        "flag": flags,
        "flags": flags,
        "error": refusals or None,
        "blocked": janma.refusal is not None,
        "janma_kg": janma.lbm_kg,
        "sul_over_suvbw_janma": janma.over_weight,
        "sul_janma": janma.over_weight,
        "sul": janma.over_weight,
        "weight_kg": resolved.weight.value,
        "size_m": resolved.size.value,
    }
    if size is None or not 0.3 < size <= 3.0 or not weight:
        return answers
    answers["bsa_m2"] = lean_mass.surface_area_m2(weight, size)
    answers["bmi"] = lean_mass.bmi_kg_per_m2(weight, size)
    for name, formula in MEASURES.items():
        answers[f"{name}_M_kg"] = formula(weight, size, "M")
        answers[f"{name}_F_kg"] = formula(weight, size, "F")
        if sex in ("M", "F", "O") and name != "janma":
            answers[f"{name}_kg"] = for_sex(formula, weight, size, sex)
    if sex in ("M", "F", "O"):
        answers["james_vertex_weight_kg"] = float(lean_mass.james_vertex_weight_kg(size, sex))
        answers["james_valid"] = lean_mass.james_is_valid(weight, size, sex)
        answers["sul_over_suvbw_james"] = answers["james128_kg"] / weight
        answers["sul_over_suvbw_james128"] = answers["sul_over_suvbw_james"]
    if not refusals and "error" in expected:
        answers["error"] = None
    return answers


def _weight_change(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same uptake fraction at two weights: SUVbw goes with W, SUL with LBM."""
    size, sex, suvbw0 = inputs["size_m"], inputs["sex"], inputs.get("suvbw0", 1.0)
    w0, w1 = inputs["w0"], inputs["w1"]
    masses = [for_sex(lean_mass.janmahasatian_kg, weight, size, sex) for weight in (w0, w1)]
    suvbw1 = suvbw0 * w1 / w0
    sul0, sul1 = suvbw0 * masses[0] / w0, suvbw1 * masses[1] / w1
    return {
        "suvbw1": suvbw1,
        "suvbw_change_pct": 100.0 * (suvbw1 - suvbw0) / suvbw0,
        "sul0": sul0,
        "sul1": sul1,
        "sul_change_pct": 100.0 * (sul1 - sul0) / sul0,
    }


def _vertex(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where James' parabola peaks, as BMI and as weight."""
    answers: dict[str, Any] = {}
    named = {"F": ("F", "female", "f"), "M": ("M", "male", "m", "M_128", "male_128")}
    for sex, names in named.items():
        bmi = lean_mass.james_vertex_bmi(sex)
        for name in names:
            for key in (f"bmi_{name}", f"vertex_bmi_{name}", f"james_vertex_bmi_{name}", name):
                answers[key] = bmi
        if "size_m" in inputs:
            weight = float(lean_mass.james_vertex_weight_kg(inputs["size_m"], sex))
            for name in names:
                answers[f"vertex_weight_kg_{name}"] = weight
                answers[f"james_vertex_weight_kg_{name}"] = weight
    sex = inputs.get("sex")
    if sex in ("M", "F"):
        bmi = lean_mass.james_vertex_bmi(sex)
        answers.update(dict.fromkeys(("bmi", "vertex_bmi", "james_vertex_bmi"), bmi))
        if "size_m" in inputs:
            weight = float(lean_mass.james_vertex_weight_kg(inputs["size_m"], sex))
            keys = ("weight_kg", "vertex_weight_kg", "james_vertex_weight_kg")
            answers.update(dict.fromkeys(keys, weight))
    return answers
