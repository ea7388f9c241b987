"""The header values a quantification uses, resolved once: patient, dose, half-life, times."""

from dataclasses import dataclass

from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import Adaptation, Refusal
from app.quantification.factors import has_activity
from app.quantification.patient import sex, size_m, weight_kg
from app.quantification.radiopharmacy import ITEMS_TAG, dose_bq, half_life_s, pick_item
from app.quantification.resolved import Resolved
from app.quantification.settings import QuantificationSettings
from app.quantification.timing import Timing, timing
from app.quantification.tracer import TracerStatement, state_tracer


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every value used, each with its refusal; `activity_refusals` bar dose and decay only."""

    weight: Resolved[float]
    size: Resolved[float]
    sex: Resolved[str]
    dose: Resolved[float]
    half_life: Resolved[float]
    tracer: TracerStatement
    timing: Timing
    item_refusal: Refusal | None
    activity_refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    adaptations: tuple[Adaptation, ...]


def resolve_inputs(header: PetHeader, settings: QuantificationSettings) -> Inputs:
    """All values of a series that SUV and SUL may need (spec 1.4-1.6)."""
    weight, size = weight_kg(header, settings), size_m(header, settings)
    patient_sex = sex(header, settings)
    picked = pick_item(header, settings)
    tracer = state_tracer(picked.value, header.protocol_texts)
    nothing: Resolved[float] = Resolved(None, picked.refusal)
    dose = nothing if picked.value is None else dose_bq(picked.value, tracer, settings)
    half_life = nothing if picked.value is None else half_life_s(picked.value, tracer, settings)
    needs_decay = has_activity(header)
    times = timing(header, picked.value, half_life.value, settings, needs_decay=needs_decay)
    refusals = [picked.refusal, tracer.suv_refusal, weight.refusal, dose.refusal]
    if header.decay_correction != "ADMIN":
        refusals.append(half_life.refusal)
    refusals += times.refusals
    findings = [*picked.findings, *tracer.findings]
    if picked.value is None and not header.radiopharmaceuticals:
        findings.append(finding("RP_MISSING", Severity.WARNING, tag=ITEMS_TAG))
    steps: tuple[Resolved[float] | Resolved[str], ...] = (
        weight, size, patient_sex, dose, half_life,
    )  # fmt: skip
    for step in steps:
        findings += step.findings
    unique = dict.fromkeys(one for one in refusals if one is not None)
    return Inputs(
        weight,
        size,
        patient_sex,
        dose,
        half_life,
        tracer,
        times,
        picked.refusal if header.radiopharmaceuticals else None,
        tuple(unique),
        (*findings, *times.findings),
        tuple(one for step in (*steps, times) for one in step.adaptations),
    )
