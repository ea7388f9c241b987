"""SUL over SUVbw (LBM / weight) of a patient by both formulas, or why not (spec 1.6, 1.7)."""

from dataclasses import dataclass

from app.domain.quantification import LbmFormula, Refusal, refusal
from app.quantification.inputs import Inputs
from app.quantification.lean_mass import (
    BodyFormula,
    for_sex,
    james128_kg,
    james_is_valid,
    james_vertex_weight_kg,
    janmahasatian_kg,
)
from app.quantification.patient import WEIGHT_TAG

FORMULAS: dict[LbmFormula, BodyFormula] = {
    LbmFormula.JANMA: janmahasatian_kg,
    LbmFormula.JAMES128: james128_kg,
}


@dataclass(frozen=True, slots=True)
class LeanBody:
    """Lean body mass in kg and its share of the weight, or the refusal."""

    lbm_kg: float | None
    over_weight: float | None
    refusal: Refusal | None


def lean_body(inputs: Inputs, formula: LbmFormula) -> LeanBody:
    """One formula's lean body mass for the patient of a series."""
    weight, size, sex = inputs.weight.value, inputs.size.value, inputs.sex.value
    why = inputs.weight.refusal or inputs.size.refusal or inputs.sex.refusal
    if why is not None or weight is None or size is None or sex is None:
        return LeanBody(None, None, why)
    if formula is LbmFormula.JAMES128 and not james_is_valid(weight, size, sex):
        peak = float(james_vertex_weight_kg(size, sex))
        beyond = refusal(
            "SUL_JAMES_BEYOND_MAXIMUM", WEIGHT_TAG, weight_kg=weight, vertex_weight_kg=peak
        )
        return LeanBody(None, None, beyond)
    mass = for_sex(FORMULAS[formula], weight, size, sex)
    return LeanBody(mass, mass / weight, None)
