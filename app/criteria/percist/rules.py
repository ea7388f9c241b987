"""The settings of a PERCIST rule set (spec 2.13, 10), as data."""

from dataclasses import dataclass
from enum import StrEnum


class ProgressionReference(StrEnum):
    """What a rise is measured from (spec 2.7)."""

    NADIR = "nadir"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class PercistRules:
    """One named rule set; the numbers are those of the spec unless the file says otherwise.

    Raises ValueError for limits that no scan could be judged by.
    """

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

    def __post_init__(self) -> None:
        if not 0.0 < self.response_fraction < 1.0:
            raise ValueError(f"response_fraction {self.response_fraction} is not within 0 and 1")
        if not 0.0 < self.uptake_min_s <= self.uptake_max_s:
            raise ValueError(f"uptake window {self.uptake_min_s}-{self.uptake_max_s} s is empty")
        for name in (
            "min_abs_sul_g_per_ml",
            "liver_abs_limit_g_per_ml",
            "liver_rel_limit_fraction",
            "uptake_difference_s",
            "dose_difference_fraction",
            "height_difference_m",
        ):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be above 0")
