"""Factors from the calibrated unit to SUVbw in g/mL (spec 1.1, 1.3, 1.4)."""

from fractions import Fraction

from app.domain.exact import at_most, exact
from app.domain.pet_header import PetHeader
from app.quantification.attenuation import usable_factor
from app.quantification.decay import decay_factor, mean_decay_correction
from app.quantification.lean_mass import (
    BodyFormula,
    for_sex,
    ideal_weight_kg,
    james120_kg,
    james128_kg,
    janmahasatian_kg,
    surface_area_m2,
)
from app.quantification.reference_candidates import local_seconds
from app.quantification.timing import Timing

FACTOR_CONFLICT = Fraction(2, 100)  # spec 1.3 P1
BODY_OF_SUV_TYPE: dict[str, BodyFormula] = {
    "LBM": james120_kg,
    "LBMJAMES128": james128_kg,
    "LBMJANMA": janmahasatian_kg,
    "IBW": ideal_weight_kg,
}


def activity_factor(weight_kg: float, reference_dose_bq: float) -> float:
    """SUVbw per Bq/mL: W[g] / D_ref."""
    return weight_kg * 1000.0 / reference_dose_bq


def uncorrected_factors(
    header: PetHeader, timing: Timing, weight_kg: float, dose_bq: float, half_life_s: float
) -> tuple[float, ...]:
    """SUVbw per Bq/mL for every slice of a series without decay correction (spec 1.4 NONE).

    Each slice is brought from its frame mean to injection; where an Enhanced PET states the
    Frame Reference DateTime, that is the instant the frame's mean activity belongs to.
    """
    assert timing.injection is not None
    base = activity_factor(weight_kg, dose_bq)
    zone = header.timezone_offset_minutes
    factors = []
    for one in header.slices:
        if header.decay_corrected == "NO" and one.frame_reference is not None:
            elapsed = float(local_seconds(one.frame_reference, zone) - timing.injection)
            factors.append(base / decay_factor(elapsed, half_life_s))
            continue
        assert one.acquisition is not None and one.actual_frame_duration_ms is not None
        duration_s = one.actual_frame_duration_ms / 1000.0
        elapsed = float(local_seconds(one.acquisition, zone) - timing.injection)
        in_frame = mean_decay_correction(duration_s, half_life_s)
        factors.append(base * in_frame / decay_factor(elapsed, half_life_s))
    return tuple(factors)


def body_kg_of_suv_type(suv_type: str, weight_kg: float, size_m: float, sex: str) -> float | None:
    """The mass a stored SUV was normalised by (LBM, IBW), or None for BW."""
    formula = BODY_OF_SUV_TYPE.get(suv_type)
    return None if formula is None else for_sex(formula, weight_kg, size_m, sex)


def surface_factor(weight_kg: float, size_m: float) -> float:
    """SUVbw per SUVbsa: W[g] / BSA[cm2] with DuBois' area."""
    return weight_kg * 1000.0 / (surface_area_m2(weight_kg, size_m) * 1e4)


def factors_conflict(via_activity: float, via_suv_factor: float) -> bool:
    """Whether the two Philips factors disagree by more than 2 % of the activity route."""
    gap = abs(exact(via_activity) - exact(via_suv_factor)) / exact(via_activity)
    return not at_most(gap, FACTOR_CONFLICT)


def has_activity(header: PetHeader) -> bool:
    """Whether stored values lead to Bq/mL, so that dose and decay give SUVbw."""
    if header.units == "CNTS":
        return usable_factor(header.vendor.philips_activity_factor)
    return header.units not in ("GML", "CM2ML")


def has_stored_suv(header: PetHeader) -> bool:
    """Whether stored values are an SUV already, or counts with an SUV scale factor."""
    if header.units == "CNTS":
        return usable_factor(header.vendor.philips_suv_factor)
    return header.units in ("GML", "CM2ML")
