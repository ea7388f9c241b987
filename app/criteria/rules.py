"""The settings of a PERCIST rule set (spec 2.13, 10), as data."""

from dataclasses import dataclass
from enum import StrEnum


class ProgressionReference(StrEnum):
    """What a rise is measured from (spec 2.7)."""

    NADIR = "nadir"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class PercistRules:
    """One named rule set; the numbers are those of the spec unless the file says otherwise."""

    name: str
    progression_reference: ProgressionReference
    pmr_inclusive: bool
    pmd_inclusive: bool
    response_fraction: float = 0.30
    min_abs_sul_g_per_ml: float = 0.8
    threshold_inclusive: bool = True
    bloodpool_sd_term: bool = True
    liver_abs_limit_g_per_ml: float = 0.3
    liver_rel_limit_fraction: float = 0.20
    uptake_min_s: float = 3000.0
    uptake_max_s: float = 4200.0
    uptake_difference_s: float = 900.0
    dose_difference_fraction: float = 0.20
    height_difference_m: float = 0.02
