"""The viewports' images of a loaded visit, with the texts of their corners."""

from dataclasses import replace

import numpy as np

from app.domain.quantification import Quantification, SuvQuantity
from app.reading.state import VisitEntry
from app.reporting.phrases import visit_name
from app.services.load_unquantified import Unquantified
from app.services.load_visit import Visit
from app.translation import tr
from app.wording import refusal_text
from segmentation.sampling.projection import MipFrames
from viewers.scene.images import VisitScene


def visit_scene(visit: Visit, entry: VisitEntry) -> VisitScene:
    """What the viewports show of a visit; the MIP and the liver mean come when they are ready."""
    recipe = visit.quantification
    over_weight = recipe.sul_over_suvbw_janma
    if recipe.reported_sul_quantity() is SuvQuantity.SUL_JAMES128:
        over_weight = recipe.sul_over_suvbw_james128
    factor = recipe.suvbw_factor
    matrix = entry.here_from_baseline
    return VisitScene(
        number=entry.number,
        label=f"{visit_name(entry.number)} {visit.day.isoformat()}",
        sul=visit.sul,
        ct=visit.ct,
        suvbw_over_sul=None if not over_weight else 1.0 / over_weight,
        bq_per_ml_over_sul=_activity_per_sul(recipe.calibrated_unit, factor, over_weight),
        here_from_baseline=None if matrix is None else np.asarray(matrix),
        pet_lines=_pet_lines(visit),
        ct_lines=_ct_lines(visit),
        patient=visit.pet.identity.patient_id,
    )


def unquantified_scene(found: Unquantified) -> VisitScene:
    """What the viewports show of a PET without SUV; the reason stands on every picture of it."""
    identity = found.series.identity
    moment = identity.series_datetime
    scanner = f"{identity.manufacturer} {identity.model}".strip()
    return VisitScene(
        number=0,
        label=identity.description if moment is None else moment.date().isoformat(),
        sul=found.pet,
        ct=found.ct,
        pet_lines=tuple(line for line in (identity.description, scanner) if line),
        ct_lines=() if found.ct_series is None else (found.ct_series.identity.description,),
        patient=identity.patient_id,
        refusal=refusal_text(found.refusal),
        mip=found.mip,
    )


def with_mip(scene: VisitScene, mip: MipFrames) -> VisitScene:
    """The scene with its turning MIP."""
    return replace(scene, mip=mip)


def with_liver(scene: VisitScene, liver_mean: float | None) -> VisitScene:
    """The scene with the reference mean (SUL, g/mL) for the ratio under the cursor."""
    return replace(scene, liver_mean=liver_mean)


def _activity_per_sul(unit: str, factor: float | None, over_weight: float | None) -> float | None:
    """Bq/mL per SUL where the series stores Bq/mL and one factor holds for all slices."""
    if unit != "BQML" or not factor or not over_weight:
        return None
    return 1.0 / (factor * over_weight)


def acquisition_text(recipe: Quantification) -> str:
    """Uptake time, activity and weight, as far as they are known."""
    facts = []
    if recipe.uptake_time_s is not None:
        facts.append(tr("uptake {minutes:.0f} min").format(minutes=recipe.uptake_time_s / 60.0))
    if recipe.dose_bq is not None:
        facts.append(f"{recipe.dose_bq / 1e6:.0f} MBq")
    if recipe.weight_kg is not None:
        facts.append(f"{recipe.weight_kg:.0f} kg")
    return " · ".join(facts)


def _pet_lines(visit: Visit) -> tuple[str, ...]:
    identity = visit.pet.identity
    scanner = f"{identity.manufacturer} {identity.model}".strip()
    return tuple(line for line in (scanner, acquisition_text(visit.quantification)) if line)


def _ct_lines(visit: Visit) -> tuple[str, ...]:
    """The series and how thick its slices are, which decides what can be measured on it."""
    if visit.ct_series is None:
        return ()
    thickness = visit.ct_series.facts.slice_thickness_mm
    parts = [visit.ct_series.identity.description]
    if thickness is not None:
        parts.append(tr("slices {thickness:.3g} mm").format(thickness=thickness))
    return (" · ".join(part for part in parts if part),)
