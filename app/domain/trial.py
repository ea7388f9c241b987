"""A trial as data: its arms, what is imaged when, and the study-level settings (spec 10)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.quantification import (
    HalfLifeSource,
    InterceptPolicy,
    LbmFormula,
    PhilipsPriority,
    ReferenceTimeOrder,
)


class Modality(StrEnum):
    """What is imaged at a visit."""

    CT = "CT"
    BONE_SCAN = "BONE_SCAN"
    FDG_PET_CT = "FDG_PET_CT"


class BodyPart(StrEnum):
    """What a scan has to cover."""

    THORAX = "THORAX"
    ABDOMEN = "ABDOMEN"
    PELVIS = "PELVIS"
    WHOLE_BODY = "WHOLE_BODY"


class Criterion(StrEnum):
    """Which response criteria an arm is read by; RSCAT keeps them apart (spec 3.11)."""

    RECIST = "RECIST"
    PERCIST = "PERCIST"


class VisitDateRule(StrEnum):
    """Which scan dates a visit without progression (spec 3.11)."""

    LAST_SCAN = "last_scan"
    FIRST_SCAN = "first_scan"


class PeakKernel(StrEnum):
    """Which SULpeak is reported; all three are stored (spec 1.8)."""

    CONTINUOUS = "continuous"
    FRACTIONAL = "fractional"
    IBSI_BINARY = "ibsi_binary"


class PeakScope(StrEnum):
    """Where the ball may be centred (spec 1.8)."""

    GLOBAL = "global"
    LOCAL = "local"


class ParallelLbm(StrEnum):
    """The second lean body mass formula, stored beside the first."""

    JAMES128 = "LBMJAMES128"
    NONE = "none"


class AdjudicationTrigger(StrEnum):
    """What sends two reads to an adjudicator (spec 5.4)."""

    PD_VISIT = "pd_visit"
    BOR = "bor"
    PD_YES_NO = "pd_yes_no"
    PD_DATE = "pd_date"
    BASELINE_MEASURABILITY = "baseline_measurability"
    VISIT_RESPONSE = "visit_response"
    NEW_LESION = "new_lesion"
    TARGET_CHANGE = "target_change"
    PERCIST_CATEGORY = "percist_category"


class AdjudicationMode(StrEnum):
    """What the adjudicator may do (spec 5.4)."""

    CHOOSE = "choose"
    THIRD_READ = "third_read"
    CONSENSUS = "consensus"


class PostProgressionReading(StrEnum):
    """How many visits are read after a signed progression (spec 5.3)."""

    ONE_MORE = "one_more"
    STOP = "stop"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Imaging:
    """One examination of an arm."""

    modality: Modality
    coverage: tuple[BodyPart, ...]

    def __post_init__(self) -> None:
        if not self.coverage:
            raise ValueError("coverage must name a part of the body")


@dataclass(frozen=True, slots=True)
class Arm:
    """What is imaged in an arm and by which rule sets it is read."""

    name: str
    criterion: Criterion
    response_rules: str
    imaging: tuple[Imaging, ...]
    bone_rules: str | None = None

    def __post_init__(self) -> None:
        modalities = self.modalities
        if not modalities or len(set(modalities)) < len(modalities):
            raise ValueError(f"imaging of {self.name} must name each modality once")
        if (self.bone_rules is not None) != (Modality.BONE_SCAN in modalities):
            raise ValueError(f"bone_rules of {self.name} must go with a bone scan")

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """All scans that make a visit of this arm complete."""
        return tuple(item.modality for item in self.imaging)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When scans are due and how a time to progression is censored (spec 3.11), in days."""

    visit_interval_days: int = 91
    window_days: int = 14
    duration_days: int = 730
    missed_visits_limit: int = 2
    visit_date_rule: VisitDateRule = VisitDateRule.LAST_SCAN
    new_therapy_censors: bool = True
    gap_censors: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.visit_interval_days <= self.duration_days:
            raise ValueError(f"visit_interval_days {self.visit_interval_days} gives no visit")
        if not 0 <= 2 * self.window_days < self.visit_interval_days:
            raise ValueError(f"window_days {self.window_days} lets two windows overlap")
        if self.missed_visits_limit < 1:
            raise ValueError("missed_visits_limit must be 1 or more")

    @property
    def gap_limit_days(self) -> int:
        """Days after an adequate assessment within which an event still counts (196)."""
        return self.missed_visits_limit * self.visit_interval_days + self.window_days


@dataclass(frozen=True, slots=True)
class TrialRules:
    """The study-level settings; those of one criterion stand in its own rule set.

    `flare_window_weeks` outranks that of the bone rule set. `adjudication_change_limits` are the
    fall and the rise, as fractions, across which two readers' changes may not lie apart.
    """

    name: str
    registry_id: str
    arms: tuple[Arm, ...]
    schedule: Schedule = Schedule()
    flare_window_weeks: int = 26
    lbm_formula: LbmFormula = LbmFormula.JANMA
    parallel_lbm: ParallelLbm = ParallelLbm.JAMES128
    half_life_source: HalfLifeSource = HalfLifeSource.HEADER
    philips_factor_priority: PhilipsPriority = PhilipsPriority.ACTIVITY
    strict_dicom: bool = False
    nonzero_intercept: InterceptPolicy = InterceptPolicy.REFUSE
    ref_time_order: ReferenceTimeOrder = ReferenceTimeOrder.PRIVATE_SERIES_BACKCOMPUTE
    peak_kernel: PeakKernel = PeakKernel.CONTINUOUS
    peak_diameter_mm: float = 12.407
    peak_scope: PeakScope = PeakScope.GLOBAL
    liver_sphere_mm: float = 30.0
    reference_sd_ddof: int = 1
    adjudication_triggers: tuple[AdjudicationTrigger, ...] = (
        AdjudicationTrigger.PD_VISIT,
        AdjudicationTrigger.BOR,
        AdjudicationTrigger.PD_YES_NO,
    )
    adjudication_mode: AdjudicationMode = AdjudicationMode.CHOOSE
    adjudication_change_limits: tuple[float, float] = (-0.30, 0.20)
    post_pd_reading: PostProgressionReading = PostProgressionReading.ONE_MORE

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if not names or len(set(names)) < len(names):
            raise ValueError("arms must have a name each")
        if self.flare_window_weeks < 0:
            raise ValueError("flare_window_weeks must not be negative")
        if self.reference_sd_ddof not in (0, 1):
            raise ValueError("reference_sd_ddof must be 0 or 1")
        if self.parallel_lbm.value == self.lbm_formula.value:
            raise ValueError("parallel_lbm must differ from lbm_formula")
        if len(set(self.adjudication_triggers)) < len(self.adjudication_triggers):
            raise ValueError("adjudication_triggers names one twice")
        fall, rise = self.adjudication_change_limits
        if not -1.0 < fall < 0.0 < rise:
            raise ValueError("adjudication_change_limits must be a fall and a rise")
        for name in ("peak_diameter_mm", "liver_sphere_mm"):
            if not 0.0 < getattr(self, name) < 100.0:
                raise ValueError(f"{name} must lie between 0 and 100")

    def arm(self, name: str) -> Arm:
        """The arm of a name. Raises KeyError where the trial has none."""
        return {arm.name: arm for arm in self.arms}[name]
