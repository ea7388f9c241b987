"""The settings of a PERCIST rule set (spec 2.13, 10), as data."""

from dataclasses import dataclass
from enum import StrEnum


class ProgressionReference(StrEnum):
    """What a rise is measured from (spec 2.7)."""

    NADIR = "nadir"
    BASELINE = "baseline"


class FiveLesionMode(StrEnum):
    """Which lesions are summed at a follow-up (spec 2.6)."""

    SAME_LESIONS = "same_lesions"
    FIVE_HOTTEST_EACH_SCAN = "five_hottest_each_scan"


class ComparabilityFailureAction(StrEnum):
    """What becomes of the target component where two scans must not be compared (spec 2.5)."""

    NE = "NE"
    VISUAL = "VISUAL"
    WARN = "WARN"


class UptakeRuleset(StrEnum):
    """Whose uptake-time limits are asked for; the stricter ones warn (spec 2.2)."""

    PERCIST = "PERCIST"
    QIBA = "QIBA"
    EANM = "EANM"


class TlgSegmentation(StrEnum):
    """How the voxels of TLG were chosen; values of different ways are never compared (2.7)."""

    LIVER_MEAN_PLUS_2SD = "liver_mean_plus_2sd"
    PERCENT_41_OF_MAX = "41pct_max"
    PERCENT_50_OF_MAX = "50pct_max"
    FIXED = "fixed"
    MANUAL = "manual"


class PmdConfirmation(StrEnum):
    """Whether a progression must be seen on a second scan (spec 2.8)."""

    NONE = "none"
    PER_WAHL = "per_wahl"


class NonmeasurablePolicy(StrEnum):
    """What becomes of a patient without a measurable lesion at baseline (spec 2.9)."""

    VISUAL = "visual"
    DEFER_RECIST = "defer_recist"
    EXCLUDE = "exclude"


ONE_LESION, FIVE_LESIONS = 1, 5


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
    percist_lesions: int = ONE_LESION
    percist5_mode: FiveLesionMode = FiveLesionMode.SAME_LESIONS
    comparability_failure_action: ComparabilityFailureAction = ComparabilityFailureAction.NE
    nonmeasurable_policy: NonmeasurablePolicy = NonmeasurablePolicy.VISUAL
    pmd_confirmation: PmdConfirmation = PmdConfirmation.NONE
    tlg_auto_pmd: bool = False
    tlg_alert_fraction: float = 0.75
    tlg_segmentation: TlgSegmentation = TlgSegmentation.LIVER_MEAN_PLUS_2SD
    liver_abs_limit_g_per_ml: float = 0.3
    liver_rel_limit_fraction: float = 0.20
    uptake_ruleset: UptakeRuleset = UptakeRuleset.PERCIST
    uptake_min_s: float = 3000.0
    uptake_max_s: float = 4200.0
    uptake_difference_s: float = 900.0
    dose_difference_fraction: float = 0.20
    height_difference_m: float = 0.02

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a rule set needs a name")
        if not 0.0 < self.response_fraction < 1.0:
            raise ValueError(f"response_fraction {self.response_fraction} is not within 0 and 1")
        if self.percist_lesions not in (ONE_LESION, FIVE_LESIONS):
            raise ValueError(f"percist_lesions {self.percist_lesions} is neither 1 nor 5")
        if not 0.0 < self.uptake_min_s <= self.uptake_max_s:
            raise ValueError(f"uptake window {self.uptake_min_s}-{self.uptake_max_s} s is empty")
        for name in (
            "min_abs_sul_g_per_ml",
            "tlg_alert_fraction",
            "liver_abs_limit_g_per_ml",
            "liver_rel_limit_fraction",
            "uptake_difference_s",
            "dose_difference_fraction",
            "height_difference_m",
        ):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be above 0")
