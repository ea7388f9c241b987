"""A scan that meets every rule."""

from app.domain.reference import ReferenceRegionKind
from app.domain.scan_facts import ScanFacts

SOUND = ScanFacts(
    reference_kind=ReferenceRegionKind.LIVER,
    reference_mean_sul_g_per_ml=1.6,
    uptake_time_s=3600.0,
    injected_dose_bq=300e6,
    manufacturer="SIEMENS",
    model="Biograph64_mCT",
    reconstruction="PSF+TOF 2i21s XYZ Gauss5.00",
    voxel_size_mm=(3.0, 4.07283, 4.07283),
    tracer="FDG",
    units="BQML",
    decay_correction="START",
    lbm_formula="LBMJANMA",
    peak_kernel="continuous",
    height_m=1.65,
    glucose_mmol_per_l=5.5,
    fasting_h=6.0,
    days_since_therapy=21,
)
