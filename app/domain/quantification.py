"""How a PET series is turned into SUV: factors, the values used, and every reason to refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.findings import Finding, ParamValue
from app.domain.pet_header import ReconstructionFacts


class LbmFormula(StrEnum):
    """Lean body mass formulas, by their DICOM SUV Type terms (spec 1.7)."""

    JANMA = "LBMJANMA"
    JAMES128 = "LBMJAMES128"


class HalfLifeSource(StrEnum):
    """Where the half-life of 18F comes from."""

    HEADER = "header"
    FIXED = "fixed_6586.2"


class PhilipsPriority(StrEnum):
    """Which Philips factor wins when both exist (spec 1.3 P1)."""

    ACTIVITY = "activity"
    SUV = "suv"


class InterceptPolicy(StrEnum):
    """What to do with a non-zero Rescale Intercept."""

    REFUSE = "refuse"
    APPLY = "apply"


class ReferenceTimeOrder(StrEnum):
    """In which order the candidates for the decay reference time are chosen (spec 1.4)."""

    PRIVATE_SERIES_BACKCOMPUTE = "private, series, backcompute"
    SERIES_FIRST = "series_first"  # QIBA
    BACKCOMPUTE_ONLY = "backcompute_only"  # IBSI-SUV


class SuvQuantity(StrEnum):
    """The three quantities a factor exists for."""

    SUVBW = "suvbw"
    SUL_JANMA = "sul_janma"
    SUL_JAMES128 = "sul_james128"


class ReferenceRule(StrEnum):
    """Which rule gave the time that the dose is decayed to (spec 1.4)."""

    PRIVATE = "A"  # vendor private scan datetime
    SERIES = "B"  # series datetime
    BACK_COMPUTED = "C"  # acquisition time + average count rate time - frame reference time
    ADMIN = "ADMIN"  # images are corrected to injection: no decay
    NONE = "NONE"  # no decay correction: each slice brought to injection
    UNITS = "UNITS"  # the stored unit is an SUV: no decay, no dose
    ENHANCED = "ENHANCED"  # Decay Correction DateTime of an Enhanced PET
    FRAMES = "FRAMES"  # Enhanced PET without decay correction: per frame
    MANUAL = "MANUAL"  # entered by the data manager


class QuantificationStatus(StrEnum):
    """Whether SUVbw may be shown."""

    OK = "ok"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a quantity is not given: a code, the tag to blame, values for the sentence."""

    code: str
    tag: str  # "(gggg,eeee)"
    params: tuple[tuple[str, ParamValue], ...] = ()


def refusal(code: str, tag: str, **params: ParamValue) -> Refusal:
    """A Refusal from keyword parameters."""
    return Refusal(code, tag, tuple(sorted(params.items())))


def refusal_params(item: Refusal) -> Mapping[str, ParamValue]:
    """The parameters of a refusal by name, its tag among them."""
    return {**dict(item.params), "tag": item.tag}


@dataclass(frozen=True, slots=True)
class Adaptation:
    """A repair for the audit trail: the tag, the stored value, the value used, the rule."""

    tag: str
    stored: str
    used: str
    rule: str


@dataclass(frozen=True, slots=True)
class PhilipsRoutes:
    """SUVbw per count by either Philips factor, where both could be computed (spec 1.3 P1)."""

    via_activity: float | None
    via_suv_factor: float | None


@dataclass(frozen=True, slots=True)
class Quantification:
    """The SUV recipe of one PET series: factors, values used, refusals, findings.

    A factor multiplies a value in the calibrated unit (rescaled; Bq/mL for BQML) and gives g/mL.
    It is None where the quantity is refused, and where it varies by slice: then
    `suvbw_factors_by_slice`, in the slice order of the header, holds one factor per slice.
    """

    status: QuantificationStatus
    calibrated_unit: str  # the Units term the factors apply to
    suvbw_refusal: Refusal | None
    sul_janma_refusal: Refusal | None
    sul_james128_refusal: Refusal | None
    all_refusals: tuple[Refusal, ...]  # everything the gate objected to, most basic first
    suvbw_factor: float | None
    sul_janma_factor: float | None
    sul_james128_factor: float | None
    suvbw_factors_by_slice: tuple[float, ...] | None
    sul_over_suvbw_janma: float | None  # LBM / weight
    sul_over_suvbw_james128: float | None
    lbm_formula: LbmFormula  # the formula the study reports SUL with
    reference_rule: ReferenceRule | None
    reference_time: datetime | None  # scanner-local
    injection_time: datetime | None  # scanner-local
    first_emission_time: datetime | None  # scanner-local start of the first bed
    utc_offset_minutes: int | None  # of the three times above, where the series states it
    decay_interval_s: float | None  # reference time - injection
    uptake_time_s: float | None  # first emission start - injection (spec 1.5)
    decay_correction: str  # the stored Decay Correction, or YES/NO of an Enhanced PET
    dose_bq: float | None  # at injection
    reference_dose_bq: float | None  # at the reference time
    half_life_s: float | None
    weight_kg: float | None
    size_m: float | None
    sex: str
    lbm_janma_kg: float | None
    lbm_james128_kg: float | None
    tracer: str  # "FDG", "other" or "unstated"
    percist_refusal: Refusal | None
    philips: PhilipsRoutes | None
    suvbw_ignores_weight_and_dose: bool  # the scanner's weight is baked in (spec 1.3 P3)
    reconstruction: ReconstructionFacts
    adaptations: tuple[Adaptation, ...]
    findings: tuple[Finding, ...]
    content_key: str  # sha256 over formula, settings and every header value

    def refusal_of(self, quantity: SuvQuantity) -> Refusal | None:
        """Why a quantity is refused, or None."""
        return {
            SuvQuantity.SUVBW: self.suvbw_refusal,
            SuvQuantity.SUL_JANMA: self.sul_janma_refusal,
            SuvQuantity.SUL_JAMES128: self.sul_james128_refusal,
        }[quantity]

    def factors_of(self, quantity: SuvQuantity, slices: int) -> tuple[float, ...] | None:
        """One factor per slice (g/mL per calibrated unit), or None where refused."""
        if self.refusal_of(quantity) is not None:
            return None
        ratio = {
            SuvQuantity.SUVBW: 1.0,
            SuvQuantity.SUL_JANMA: self.sul_over_suvbw_janma,
            SuvQuantity.SUL_JAMES128: self.sul_over_suvbw_james128,
        }[quantity]
        if ratio is None:
            return None
        if self.suvbw_factors_by_slice is not None:
            return tuple(factor * ratio for factor in self.suvbw_factors_by_slice)
        return None if self.suvbw_factor is None else (self.suvbw_factor * ratio,) * slices

    def reported_sul_quantity(self) -> SuvQuantity:
        """The SUL quantity the study's formula stands for."""
        janma = self.lbm_formula is LbmFormula.JANMA
        return SuvQuantity.SUL_JANMA if janma else SuvQuantity.SUL_JAMES128
