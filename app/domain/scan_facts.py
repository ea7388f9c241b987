"""What is known of a scan that decides whether it may be compared with another."""

from dataclasses import dataclass

from app.domain.reference import ReferenceRegionKind


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """Acquisition and patient facts of one visit; unknown is None (spec 2.2, 2.5).

    `glucose_mmol_per_l`, `fasting_h` and `days_since_therapy` are not in DICOM: they come from
    the case report form once a reader enters them.
    """

    reference_kind: ReferenceRegionKind | None = None
    reference_mean_sul_g_per_ml: float | None = None
    uptake_time_s: float | None = None
    injected_dose_bq: float | None = None
    manufacturer: str = ""
    model: str = ""
    reconstruction: str = ""
    voxel_size_mm: tuple[float, float, float] | None = None
    tracer: str = ""
    units: str = ""
    decay_correction: str = ""
    lbm_formula: str = ""
    peak_kernel: str = ""
    height_m: float | None = None
    glucose_mmol_per_l: float | None = None
    fasting_h: float | None = None
    days_since_therapy: int | None = None
