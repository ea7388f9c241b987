"""The settings of a RECIST rule set (spec 3, 10), as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecistRules:
    """One named rule set; the numbers are those of RECIST 1.1 unless the file says otherwise.

    Raises ValueError for limits that no scan could be judged by.
    """

    name: str
    pd_fraction: float = 0.20
    pd_min_mm: float = 5.0
    pr_fraction: float = 0.30
    non_nodal_min_mm: float = 10.0
    node_target_min_mm: float = 15.0
    node_normal_below_mm: float = 10.0
    slice_factor: float = 2.0
    max_targets: int = 5
    max_targets_per_organ: int = 2
    too_small_default_mm: float = 5.0
    diameter_resolution_mm: float = 0.1
    irradiated_allowed: bool = False
    pr_carry_forward: bool = False
    confirm_response: bool = False
    confirm_days: int = 28
    max_ne: int = 1
    accept_sd: bool = False
    missing_as_ne: bool = False
    sd_min_days: int = 42
    progression_text_characters: int = 20

    def __post_init__(self) -> None:
        if not 0.0 < self.pr_fraction < 1.0:
            raise ValueError(f"pr_fraction {self.pr_fraction} is not within 0 and 1")
        if not 0.0 < self.node_normal_below_mm <= self.node_target_min_mm:
            raise ValueError("a node must be normal below the size that makes it a target")
        for name in (
            "pd_fraction",
            "pd_min_mm",
            "non_nodal_min_mm",
            "slice_factor",
            "max_targets",
            "max_targets_per_organ",
            "too_small_default_mm",
            "diameter_resolution_mm",
            "confirm_days",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0")
        for name in ("max_ne", "sd_min_days", "progression_text_characters"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be below 0")
