"""From the header of a PET series to its SUV recipe (spec 1.1-1.7)."""

from datetime import datetime
from fractions import Fraction

from app.domain.pet_header import PetHeader
from app.domain.quantification import (
    LbmFormula,
    Quantification,
    QuantificationStatus,
    ReferenceRule,
    Refusal,
)
from app.quantification.bodyweight import BodyweightFactors, bodyweight_factors
from app.quantification.content_key import content_key
from app.quantification.gate import gate
from app.quantification.inputs import resolve_inputs
from app.quantification.lean_body import lean_body
from app.quantification.settings import QuantificationSettings
from app.quantification.wall_clock import moment_of

DEFAULT_SETTINGS = QuantificationSettings()


def quantify(
    header: PetHeader, settings: QuantificationSettings = DEFAULT_SETTINGS
) -> Quantification:
    """The factors that turn a series' calibrated values into SUVbw and SUL, or the refusals.

    Never raises for what a header may say: each refusal names its tag, each repair is an
    adaptation with a finding. Sources: spec 1.1-1.7.
    """
    objections, gate_findings = gate(header, settings)
    inputs = resolve_inputs(header, settings)
    route = BodyweightFactors(None, None, ())
    if not objections:
        route = bodyweight_factors(header, inputs, settings)
    refusals = tuple(dict.fromkeys((*objections, *route.refusals)))
    suvbw_refusal = refusals[0] if refusals else None
    janma = lean_body(inputs, LbmFormula.JANMA)
    james = lean_body(inputs, LbmFormula.JAMES128)
    times = inputs.timing
    interval = None
    if times.reference is not None and times.injection is not None:
        interval = float(times.reference - times.injection)
    uptake = None
    if times.first_emission is not None and times.injection is not None:
        uptake = float(times.first_emission - times.injection)
    return Quantification(
        status=QuantificationStatus.REFUSED if refusals else QuantificationStatus.OK,
        calibrated_unit=header.units,
        suvbw_refusal=suvbw_refusal,
        sul_janma_refusal=_first(suvbw_refusal, janma.refusal),
        sul_james128_refusal=_first(suvbw_refusal, james.refusal),
        all_refusals=refusals,
        suvbw_factor=route.factor,
        sul_janma_factor=_product(route.factor, janma.over_weight),
        sul_james128_factor=_product(route.factor, james.over_weight),
        suvbw_factors_by_slice=route.by_slice,
        sul_over_suvbw_janma=janma.over_weight,
        sul_over_suvbw_james128=james.over_weight,
        lbm_formula=settings.lbm_formula,
        reference_rule=ReferenceRule.UNITS if route.from_stored_suv else times.rule,
        reference_time=_wall_clock(times.reference),
        injection_time=_wall_clock(times.injection),
        first_emission_time=_wall_clock(times.first_emission),
        utc_offset_minutes=header.timezone_offset_minutes,
        decay_interval_s=interval,
        uptake_time_s=uptake,
        decay_correction=header.decay_correction or header.decay_corrected,
        dose_bq=inputs.dose.value,
        reference_dose_bq=route.reference_dose_bq,
        half_life_s=inputs.half_life.value,
        weight_kg=inputs.weight.value,
        size_m=inputs.size.value,
        sex=inputs.sex.value or "",
        lbm_janma_kg=janma.lbm_kg,
        lbm_james128_kg=james.lbm_kg,
        tracer=inputs.tracer.tracer.value,
        percist_refusal=inputs.tracer.percist_refusal,
        philips=route.philips,
        suvbw_ignores_weight_and_dose=route.from_stored_suv,
        reconstruction=header.reconstruction,
        adaptations=inputs.adaptations,
        findings=tuple(dict.fromkeys((*gate_findings, *inputs.findings, *route.findings))),
        content_key=content_key(header, settings),
    )


def _first(*refusals: Refusal | None) -> Refusal | None:
    return next((one for one in refusals if one is not None), None)


def _product(factor: float | None, ratio: float | None) -> float | None:
    return None if factor is None or ratio is None else factor * ratio


def _wall_clock(seconds: Fraction | None) -> datetime | None:
    return None if seconds is None else moment_of(seconds)
