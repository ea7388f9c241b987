"""Area `suv`: decay, gate, repairs, reference time and SUV of a header (spec 1.1-1.6)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.dicom.dicom_time import parse_datetime
from app.domain.pet_header import PetHeader
from app.domain.quantification import Quantification, QuantificationStatus
from app.quantification import decay
from app.quantification.quantify import quantify
from app.quantification.reference_candidates import Candidates
from app.quantification.reference_time import cross_check
from app.quantification.wall_clock import seconds_of
from tests.vectors.suv_header import first_of, header_of
from tests.vectors.vector_file import Vector

HEADER_INPUTS = {
    "units", "suv_type", "decay_correction", "corrected_image", "manufacturer", "rescale_slope",
    "rescale_intercept", "series_datetime", "acq_datetime", "acq_datetimes", "rp_start_datetime",
    "rp_start_time", "private", "private_datetime", "stored", "c_bqml", "value", "delta_s",
    "raw_times_slope", "f7053_1000", "f7053_1009", "decay_corrected", "decay_correction_datetime",
    "first_bed_acq_datetime", "weight_field", "size_field", "height_field", "dose_field",
    "total_dose", "dose_bq", "half_life_field", "half_life_s", "weight_kg", "size_m", "sex",
    "nuclide_code", "rp_items", "image_type", "series_type", "modality", "sop_class_uid",
    "attenuation_correction_method", "slices", "beds", "radiopharmaceutical",
}  # fmt: skip


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    half_life = inputs.get("half_life_s", decay.F18_HALF_LIFE_S)
    if "delta_min" in keys:
        factors = [decay.decay_factor(60.0 * minutes, half_life) for minutes in inputs["delta_min"]]
        return {"factor": factors, "decay_factor": factors}
    if "duration_s" in keys:
        times = [decay.average_count_rate_time_s(one, half_life) for one in inputs["duration_s"]]
        return {"t_ave_s": times}
    if "error_s" in keys:
        errors = [
            100.0 * decay.suv_error_of_late_reference(one, half_life) for one in inputs["error_s"]
        ]
        return {"percent": errors}
    if {"a", "b", "delta_s"} <= keys:
        return _half_life_ratio(inputs)
    if "pre_bq" in keys:
        return _net_dose(inputs, half_life)
    if {"slices", "suvbw_scale"} <= keys:
        return _hottest_slice(inputs)
    if {"candidates", "A", "B", "C"} & keys:
        return _cross_check(inputs)
    if keys & HEADER_INPUTS:
        header = header_of(inputs)
        return _answers(inputs, vector.expected, header, quantify(header))
    raise AssertionError(f"unknown input shape of area suv: {sorted(keys)}")


def _cross_check(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Reference time candidates given outright: which is chosen and what contradicts it."""
    stated = inputs.get("candidates", inputs)
    times = {name: _seconds(stated[name]) for name in "ABC" if stated.get(name) is not None}
    letter = min(times)
    flags, blocked = cross_check(Candidates(times, False, (), ()), letter)
    named = {f"{item.code}({item.param('candidate')})" for item in flags}
    codes = {item.code for item in flags} | named
    return {
        "chosen": letter,
        "rule": letter,
        "flag": codes,
        "flags": codes,
        "blocked": blocked is not None,
        "error": {blocked.code} if blocked else None,
    }


def _seconds(value: Any) -> Fraction:
    stamp = parse_datetime(value) if isinstance(value, str) else None
    return seconds_of(stamp.local) if stamp is not None else Fraction(repr(float(value)))


def _half_life_ratio(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """SUV goes with 1 / decayed dose: the ratio for two half-lives."""
    delta = inputs["delta_s"]
    ratio = decay.decay_factor(delta, inputs["b"]) / decay.decay_factor(delta, inputs["a"])
    return {"suv_ratio_a_over_b": ratio}


def _net_dose(inputs: Mapping[str, Any], half_life: float) -> Mapping[str, Any]:
    net = decay.net_injected_activity_bq(
        inputs["pre_bq"],
        60.0 * inputs.get("pre_min_before_injection", 0.0),
        inputs.get("residual_bq", 0.0),
        60.0 * inputs.get("residual_min_after_injection", 0.0),
        half_life,
    )
    return {"net_injected_bq": net}


def _hottest_slice(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """SUVmax over slices, each scaled by its own slope first."""
    scaled = [one["slope"] * one["stored_max"] * inputs["suvbw_scale"] for one in inputs["slices"]]
    return {"argmax_slice": scaled.index(max(scaled)), "suvmax": max(scaled)}


def _answers(
    inputs: Mapping[str, Any],
    expected: Mapping[str, Any],
    header: PetHeader,
    result: Quantification,
) -> Mapping[str, Any]:
    """Everything a vector may ask about a header's quantification, by the vectors' names."""
    suv_errors = {one.code for one in result.all_refusals}
    sul_errors = {
        one.code for one in (result.sul_janma_refusal, result.sul_james128_refusal) if one
    }
    flags = {item.code for item in result.findings} | {one.rule for one in result.adaptations}
    flags |= {
        f"{item.code}({item.param('candidate')})"
        for item in result.findings
        if item.param("candidate")
    }
    wants_sul = str(expected.get("error") or "").startswith("SUL_")
    refused = result.status is QuantificationStatus.REFUSED or bool(wants_sul and sul_errors)
    factors = result.suvbw_factors_by_slice
    factor = factors[0] if factors else result.suvbw_factor
    slope = header.slices[0].slope or 0.0
    calibrated = first_of(inputs, "c_bqml", "value", "raw_times_slope", default=1.0)
    one_suv = None if factor is None else factor * calibrated
    stored = inputs.get("stored") or {}
    suvbw: Any = one_suv
    if stored:
        suvbw = {name: None if factor is None else factor * slope * count
                 for name, count in stored.items()}  # fmt: skip
    answers: dict[str, Any] = {
        "suvbw": suvbw,
        "suv": suvbw,
        "suvbw_computed_unrounded": suvbw,
        "suvbw_scale": factor,
        "suvbw_factor": factor,
        "status": result.status.value,
        "blocked": refused,
        "refused": refused,
        "error": suv_errors or (sul_errors if expected.get("error") else None) or None,
        "flag": flags,
        "flags": flags,
        "rule": result.reference_rule and result.reference_rule.value,
        "chosen": result.reference_rule and result.reference_rule.value,
        "delta_s": result.decay_interval_s,
        "decay_interval_s": result.decay_interval_s,
        "decayed_dose_bq": result.reference_dose_bq,
        "dose_bq": result.dose_bq,
        "weight_kg": result.weight_kg,
        "size_m": result.size_m,
        "half_life_s": result.half_life_s,
        "tracer": result.tracer,
        "percist_refused": result.percist_refusal is not None,
        "sul_janma": _product(one_suv, result.sul_over_suvbw_janma),
        "sul_james128": _product(one_suv, result.sul_over_suvbw_james128),
        "sul": _product(one_suv, result.sul_over_suvbw_janma),
    }
    for why in (*result.all_refusals, result.sul_janma_refusal):
        for name, value in () if why is None else why.params:
            answers.setdefault(name, value)
    if not header.suv_type and header.units == "GML" and factor == 1.0:
        answers["assumed"] = "BW"
    if result.dose_bq and result.reference_dose_bq:
        answers["decay_factor"] = result.reference_dose_bq / result.dose_bq
    if result.reference_time is not None:
        answers["reference_datetime"] = result.reference_time.strftime("%Y%m%d%H%M%S")
        answers["reference_time"] = answers["reference_datetime"]
    if result.philips is not None:
        answers["via_activity"] = _product(result.philips.via_activity, calibrated)
        answers["via_suv_factor"] = _product(result.philips.via_suv_factor, calibrated)
    if result.uptake_time_s is not None and result.first_emission_time is not None:
        last = max(one.acquisition.local for one in header.slices if one.acquisition)
        spread = (last - result.first_emission_time).total_seconds()
        answers["uptake_s"] = result.uptake_time_s
        answers["uptake_min"] = result.uptake_time_s / 60.0
        answers["bed_spread_min"] = spread / 60.0
    return answers


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other
