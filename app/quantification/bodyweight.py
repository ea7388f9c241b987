"""SUVbw factors of a series by the route its units allow (spec 1.3)."""

from dataclasses import dataclass

from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import (
    PhilipsPriority,
    PhilipsRoutes,
    ReferenceRule,
    Refusal,
    refusal,
)
from app.quantification.decay import decay_factor
from app.quantification.factors import (
    BODY_OF_SUV_TYPE,
    activity_factor,
    body_kg_of_suv_type,
    factors_conflict,
    has_activity,
    has_stored_suv,
    surface_factor,
    uncorrected_factors,
)
from app.quantification.inputs import Inputs
from app.quantification.settings import QuantificationSettings


@dataclass(frozen=True, slots=True)
class BodyweightFactors:
    """SUVbw per calibrated unit: one factor, or one per slice, or the refusals."""

    factor: float | None
    by_slice: tuple[float, ...] | None
    refusals: tuple[Refusal, ...]
    reference_dose_bq: float | None = None
    philips: PhilipsRoutes | None = None
    from_stored_suv: bool = False
    findings: tuple[Finding, ...] = ()


def bodyweight_factors(
    header: PetHeader, inputs: Inputs, settings: QuantificationSettings
) -> BodyweightFactors:
    """The SUVbw factors of a series that passed the gate."""
    if header.units == "CNTS":
        return _counts(header, inputs, settings)
    if has_stored_suv(header):
        return _stored_suv(header, inputs)
    return _activity(header, inputs, 1.0)


def _activity(header: PetHeader, inputs: Inputs, bqml_per_unit: float) -> BodyweightFactors:
    """Bq/mL, weight and decayed dose (spec 1.1)."""
    weight, dose, half_life = inputs.weight.value, inputs.dose.value, inputs.half_life.value
    if inputs.activity_refusals or weight is None or dose is None:
        return BodyweightFactors(None, None, inputs.activity_refusals)
    times = inputs.timing
    if times.rule is ReferenceRule.ADMIN:
        factor = activity_factor(weight, dose) * bqml_per_unit
        return BodyweightFactors(factor, None, (), dose)
    assert half_life is not None
    if times.rule in (ReferenceRule.NONE, ReferenceRule.FRAMES):
        each = uncorrected_factors(header, times, weight, dose, half_life)
        scaled = tuple(factor * bqml_per_unit for factor in each)
        one = scaled[0] if len(set(scaled)) == 1 else None
        return BodyweightFactors(one, None if one is not None else scaled, (), dose)
    assert times.reference is not None and times.injection is not None
    interval_s = float(times.reference - times.injection)
    reference_dose = dose * decay_factor(interval_s, half_life)
    factor = activity_factor(weight, reference_dose) * bqml_per_unit
    return BodyweightFactors(factor, None, (), reference_dose)


def _stored_suv(header: PetHeader, inputs: Inputs) -> BodyweightFactors:
    """GML and CM2ML: SUVbw from a stored SUV; other body measures need the patient's own."""
    if inputs.item_refusal is not None:
        return BodyweightFactors(None, None, (inputs.item_refusal,))
    by_surface = header.units == "CM2ML"
    if not by_surface and header.suv_type not in BODY_OF_SUV_TYPE:
        return BodyweightFactors(1.0, None, (), from_stored_suv=True)
    weight, size, sex = inputs.weight.value, inputs.size.value, inputs.sex.value
    needed = [inputs.weight.refusal, inputs.size.refusal]
    if not by_surface:
        needed.append(inputs.sex.refusal)
    refusals = tuple(one for one in needed if one is not None)
    if refusals or weight is None or size is None:
        return BodyweightFactors(None, None, refusals)
    if by_surface:
        return BodyweightFactors(surface_factor(weight, size), None, (), from_stored_suv=True)
    assert sex is not None
    body = body_kg_of_suv_type(header.suv_type, weight, size, sex)
    if body is None or body <= 0:
        bad = refusal("SUL_NO_LEAN_MASS", "(0010,1030)", weight_kg=weight, size_m=size)
        return BodyweightFactors(None, None, (bad,))
    return BodyweightFactors(weight / body, None, (), from_stored_suv=True)


def _counts(
    header: PetHeader, inputs: Inputs, settings: QuantificationSettings
) -> BodyweightFactors:
    """Philips counts: by activity factor, by SUV factor, or both with a check (spec 1.3 P1)."""
    suv = header.vendor.philips_suv_factor if has_stored_suv(header) else None
    activity = BodyweightFactors(None, None, ())
    if has_activity(header):
        activity = _activity(header, inputs, header.vendor.philips_activity_factor or 0.0)
    routes = PhilipsRoutes(activity.factor, suv)
    if suv is not None and activity.factor is not None and factors_conflict(activity.factor, suv):
        conflict = refusal(
            "SUV_FACTOR_CONFLICT",
            "(7053,xx09)",
            via_activity=activity.factor,
            via_suv_factor=suv,
        )
        return BodyweightFactors(None, None, (conflict,), None, routes)
    prefers_suv = settings.philips_factor_priority is PhilipsPriority.SUV
    if suv is not None and (prefers_suv or not has_activity(header)):
        if inputs.item_refusal is not None:
            return BodyweightFactors(None, None, (inputs.item_refusal,), None, routes)
        locked = finding("PHILIPS_SUV_FACTOR_USED", Severity.INFO, tag="(7053,xx00)")
        return BodyweightFactors(
            suv, None, (), None, routes, from_stored_suv=True, findings=(locked,)
        )
    return BodyweightFactors(
        activity.factor,
        activity.by_slice,
        activity.refusals,
        activity.reference_dose_bq,
        routes,
    )
