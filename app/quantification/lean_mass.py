"""Lean body mass, ideal weight and body surface area (spec 1.7). W in kg, H in m, sex M or F."""

from collections.abc import Callable
from fractions import Fraction

from app.domain.exact import TIE, exact

BodyFormula = Callable[[float, float, str], float]

JAMES_LINEAR = {"M": "1.10", "F": "1.07"}  # LBM = a*W - b*(W/H_cm)^2
JAMES_QUADRATIC = {"M": 128, "F": 148}


def bmi_kg_per_m2(weight_kg: float, size_m: float) -> float:
    """Body mass index W / H^2."""
    return weight_kg / size_m**2


def james128_kg(weight_kg: float, size_m: float, sex: str) -> float:
    """LBM by James with the male multiplier 128 (LBMJAMES128)."""
    ratio = weight_kg / (100.0 * size_m)
    return float(JAMES_LINEAR[sex]) * weight_kg - JAMES_QUADRATIC[sex] * ratio**2


def james120_kg(weight_kg: float, size_m: float, sex: str) -> float:
    """LBM by the obsolete DICOM "LBM" (male multiplier 120); to read such images only."""
    if sex == "F":
        return james128_kg(weight_kg, size_m, sex)
    return 1.10 * weight_kg - 120.0 * (weight_kg / (100.0 * size_m)) ** 2


def janmahasatian_kg(weight_kg: float, size_m: float, sex: str) -> float:
    """LBM by Janmahasatian 2005 (LBMJANMA)."""
    base, slope = (6680.0, 216.0) if sex == "M" else (8780.0, 244.0)
    return 9270.0 * weight_kg / (base + slope * bmi_kg_per_m2(weight_kg, size_m))


def ideal_weight_kg(weight_kg: float, size_m: float, sex: str) -> float:
    """Ideal body weight by Sugawara; the weight does not enter."""
    del weight_kg
    over_cm = 100.0 * size_m - 152.0
    return 48.0 + 1.06 * over_cm if sex == "M" else 45.5 + 0.91 * over_cm


def surface_area_m2(weight_kg: float, size_m: float) -> float:
    """Body surface area by DuBois."""
    return float(0.007184 * weight_kg**0.425 * (100.0 * size_m) ** 0.725)


def for_sex(formula: BodyFormula, weight_kg: float, size_m: float, sex: str) -> float:
    """A formula's value; for sex O the mean of the two sexes (ADAPT_SEX_O, spec 1.6)."""
    sexes = ("M", "F") if sex == "O" else (sex,)
    return sum(formula(weight_kg, size_m, one) for one in sexes) / len(sexes)


def james_vertex_weight_kg(size_m: float, sex: str) -> Fraction:
    """The weight at which James' parabola peaks, a*H^2/(2b), exactly; for O the lower one."""
    if sex == "O":
        return min(james_vertex_weight_kg(size_m, one) for one in ("M", "F"))
    height_cm = 100 * exact(size_m)
    return Fraction(JAMES_LINEAR[sex]) * height_cm**2 / (2 * JAMES_QUADRATIC[sex])


def james_vertex_bmi(sex: str) -> float:
    """The BMI at which James' parabola peaks: 36.15 (F), 42.97 (M)."""
    return float(Fraction(JAMES_LINEAR[sex]) * 10**4 / (2 * JAMES_QUADRATIC[sex]))


def james_is_valid(weight_kg: float, size_m: float, sex: str) -> bool:
    """Whether the weight lies below the peak of James' parabola (at it counts as invalid)."""
    return exact(weight_kg) < james_vertex_weight_kg(size_m, sex) - TIE
