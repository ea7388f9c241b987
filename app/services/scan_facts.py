"""The comparability facts of a loaded visit."""

from app.domain.reference import ReferenceRegion
from app.domain.scan_facts import ScanFacts
from app.reading.state import ReaderFacts
from app.services.load_visit import Visit

PEAK_KERNEL = "continuous"


def facts_of(visit: Visit, reference: ReferenceRegion, entered: ReaderFacts) -> ScanFacts:
    """What the header, the quantification, the reference region and the reader say of a scan."""
    recipe = visit.quantification
    made = recipe.reconstruction
    parts = [made.method, made.convolution_kernel]
    if made.iterations is not None or made.subsets is not None:
        parts.append(f"{made.iterations or '?'}i{made.subsets or '?'}s")
    return ScanFacts(
        reference_kind=reference.kind,
        reference_mean_sul_g_per_ml=reference.mean_sul_g_per_ml,
        uptake_time_s=recipe.uptake_time_s,
        injected_dose_bq=recipe.dose_bq,
        manufacturer=visit.pet.identity.manufacturer,
        model=visit.pet.identity.model,
        reconstruction=" ".join(part for part in parts if part),
        voxel_size_mm=visit.sul.geometry.spacing_zyx_mm,
        tracer="" if recipe.tracer == "unstated" else recipe.tracer,
        units=recipe.calibrated_unit,
        decay_correction=recipe.decay_correction,
        lbm_formula=recipe.lbm_formula.value,
        peak_kernel=PEAK_KERNEL,
        height_m=recipe.size_m,
        glucose_mmol_per_l=entered.glucose_mmol_per_l,
        fasting_h=entered.fasting_h,
        days_since_therapy=entered.days_since_therapy,
    )
