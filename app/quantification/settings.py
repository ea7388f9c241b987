"""Study settings of SUV quantification (spec 10) and what a data manager may enter by hand."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.quantification import (
    HalfLifeSource,
    InterceptPolicy,
    LbmFormula,
    PhilipsPriority,
    ReferenceTimeOrder,
)


@dataclass(frozen=True, slots=True)
class ManualEntries:
    """Values a data manager entered with a source note; they outrank the header."""

    reference_time: datetime | None = None  # scanner-local
    injection_time: datetime | None = None  # scanner-local
    dose_bq: float | None = None  # net activity of the case report form, signed
    weight_kg: float | None = None
    size_m: float | None = None
    sex: str | None = None  # M or F
    radiopharmaceutical_item: int | None = None  # 0-based pick among several items
    source_note: str = ""


@dataclass(frozen=True, slots=True)
class QuantificationSettings:
    """The keys of spec 10 that decide an SUV; part of the content key."""

    lbm_formula: LbmFormula = LbmFormula.JANMA
    half_life_source: HalfLifeSource = HalfLifeSource.HEADER
    philips_factor_priority: PhilipsPriority = PhilipsPriority.ACTIVITY
    strict_dicom: bool = False
    nonzero_intercept: InterceptPolicy = InterceptPolicy.REFUSE
    ref_time_order: ReferenceTimeOrder = ReferenceTimeOrder.PRIVATE_SERIES_BACKCOMPUTE
    manual: ManualEntries = ManualEntries()
