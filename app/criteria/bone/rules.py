"""The settings of a bone rule set (spec 3.8, 4.3, 4.5, 4.6, 10), as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.exact import exact
from app.domain.trial import TrialRules

# Spiers' shares as listed add up to 100.1 % of the skeleton (spec 4.6).
WEIGHT_SUM_TOLERANCE = 0.005
SIDES = ("left", "right")


class NewBoneLesionRule(StrEnum):
    """When a new focus is an unequivocal new lesion (spec 10)."""

    CORRELATE_OR_TWO_TYPICAL = "correlate_or_two_typical"
    ANY = "any"
    TWO_PLUS_TWO = "2plus2"


@dataclass(frozen=True, slots=True)
class BoneWeight:
    """The share of the skeleton's weight of one bone, or of each of a pair, as a fraction."""

    bone: str
    weight_fraction: float
    paired: bool

    def __post_init__(self) -> None:
        if not 0.0 < self.weight_fraction < 1.0:
            raise ValueError(f"weight_fraction of {self.bone} is not within 0 and 1")


@dataclass(frozen=True, slots=True)
class BoneRules:
    """One named rule set. Raises ValueError for limits that no scan could be judged by."""

    name: str
    weights: tuple[BoneWeight, ...]
    flare_window_weeks: int = 26
    bone_new_lesion_rule: NewBoneLesionRule = NewBoneLesionRule.CORRELATE_OR_TWO_TYPICAL
    typical_foci_min: int = 2
    exact_count_max: int = 20
    two_plus_two_min_foci: int = 2
    two_plus_two_min_weeks: int = 6

    def __post_init__(self) -> None:
        if self.flare_window_weeks < 0 or self.two_plus_two_min_weeks < 0:
            raise ValueError("flare_window_weeks and two_plus_two_min_weeks must not be negative")
        for name in ("typical_foci_min", "exact_count_max", "two_plus_two_min_foci"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more")
        names = [item.bone for item in self.weights]
        if len(set(names)) < len(names):
            raise ValueError("weights names a bone twice")
        total = sum(
            (exact(item.weight_fraction) * (2 if item.paired else 1) for item in self.weights),
            start=exact(0),
        )
        if abs(total - 1) > exact(WEIGHT_SUM_TOLERANCE):
            raise ValueError(f"weights add up to {float(total):.3f} of the skeleton")

    def weight_fractions(self) -> Mapping[str, float]:
        """The share of every single bone; pairs as `femur_left`, `femur_right`."""
        shares: dict[str, float] = {}
        for item in self.weights:
            for name in [f"{item.bone}_{side}" for side in SIDES] if item.paired else [item.bone]:
                shares[name] = item.weight_fraction
        return shares


def rules_of_trial(rules: BoneRules, trial: TrialRules) -> BoneRules:
    """The rule set with the flare window that the trial states."""
    return replace(rules, flare_window_weeks=trial.flare_window_weeks)
