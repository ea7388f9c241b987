"""Bone scintigraphy: what a reader records at a visit, and what follows from it (spec 4.2)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.response import Reason


class SkeletalRegion(StrEnum):
    """Where a focus lies. The list of spec 4.2 has 23 names; the 24th is what none of them is."""

    SKULL = "skull"
    MANDIBLE = "mandible"
    CERVICAL_SPINE = "cervical_spine"
    THORACIC_SPINE = "thoracic_spine"
    LUMBAR_SPINE = "lumbar_spine"
    SACRUM = "sacrum"
    STERNUM = "sternum"
    CLAVICLE_LEFT = "clavicle_left"
    CLAVICLE_RIGHT = "clavicle_right"
    SCAPULA_LEFT = "scapula_left"
    SCAPULA_RIGHT = "scapula_right"
    RIBS_LEFT = "ribs_left"
    RIBS_RIGHT = "ribs_right"
    PELVIS_LEFT = "pelvis_left"
    PELVIS_RIGHT = "pelvis_right"
    HUMERUS_LEFT = "humerus_left"
    HUMERUS_RIGHT = "humerus_right"
    FOREARM_HAND_LEFT = "forearm_hand_left"
    FOREARM_HAND_RIGHT = "forearm_hand_right"
    FEMUR_LEFT = "femur_left"
    FEMUR_RIGHT = "femur_right"
    TIBIA_FIBULA_FOOT_LEFT = "tibia_fibula_foot_left"
    TIBIA_FIBULA_FOOT_RIGHT = "tibia_fibula_foot_right"
    OTHER = "other"


class BoneView(StrEnum):
    """A view on which a focus is seen."""

    ANTERIOR = "anterior"
    POSTERIOR = "posterior"
    SPECT = "spect"


class FocusClass(StrEnum):
    """What a reader takes a focus for."""

    METASTATIC = "METASTATIC"
    EQUIVOCAL = "EQUIVOCAL"
    BENIGN = "BENIGN"


class BenignCause(StrEnum):
    """Why a focus is benign."""

    DEGENERATIVE = "degenerative"
    FRACTURE = "fracture"
    POST_SURGICAL = "post_surgical"
    INFECTION = "infection"
    PAGET = "paget"
    URINARY_CONTAMINATION = "urinary_contamination"


class CtCorrelate(StrEnum):
    """What CT shows at the focus."""

    LYTIC = "lytic"
    BLASTIC = "blastic"
    MIXED = "mixed"
    SOFT_TISSUE = "soft_tissue"
    NONE = "none"
    NOT_COVERED = "not_covered"


class FocusChange(StrEnum):
    """A focus against an earlier scan."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    RESOLVED = "resolved"
    NEW = "new"


class ScanQuality(StrEnum):
    """Whether a scan can be read."""

    ADEQUATE = "adequate"
    LIMITED = "limited"
    NOT_READABLE = "not_readable"


class BoneCategory(StrEnum):
    """The bone component at a visit; NED where there never was a metastatic focus."""

    CR = "CR"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    PD = "PD"
    NE = "NE"
    NED = "NED"


class NewBoneLesion(StrEnum):
    """What the foci that are new amount to (rule B2)."""

    NONE = "NONE"
    EQUIVOCAL = "EQUIVOCAL"
    UNEQUIVOCAL = "UNEQUIVOCAL"


class Flare(StrEnum):
    """Where the suspicion of a flare stands after a scan (rules F1, F2)."""

    NONE = "NONE"
    SUSPECTED = "FLARE_SUSPECTED"
    CONFIRMED = "FLARE_CONFIRMED"
    REFUTED = "FLARE_REFUTED"


class BoneItemState(StrEnum):
    """The non-target item "bone, scintigraphy" as RECIST stores it (spec 3.6)."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    UNEQUIVOCAL_PROGRESSION = "UNEQUIVOCAL_PROGRESSION"
    NE = "NE"


class ProgressionEvidence(StrEnum):
    """What a progression rests on."""

    NEW_LESION = "NEW_LESION"
    NON_TARGET = "NON_TARGET"
    CT = "CT"


@dataclass(frozen=True, slots=True)
class BoneFocus:
    """One focus at one scan; None in a comparison is "not compared".

    `correlate_is_new` says that what CT shows was not there at baseline; `other_correlate` that
    MRI or a radiograph shows a metastasis there; `trauma_or_degeneration` that the place explains
    uptake; `sclerosis_on_ct` that CT shows sclerosis that appeared there. Raises ValueError for a
    cause of anything but a benign focus.
    """

    focus_id: str
    region: SkeletalRegion
    focus_class: FocusClass
    versus_baseline: FocusChange | None = None
    versus_previous: FocusChange | None = None
    views: tuple[BoneView, ...] = ()
    benign_cause: BenignCause | None = None
    ct_correlate: CtCorrelate = CtCorrelate.NOT_COVERED
    correlate_is_new: bool = False
    other_correlate: bool = False
    trauma_or_degeneration: bool = False
    sclerosis_on_ct: bool = False

    def __post_init__(self) -> None:
        if self.benign_cause is not None and self.focus_class is not FocusClass.BENIGN:
            raise ValueError(f"{self.focus_id} has a benign cause and is not benign")

    @property
    def resolved(self) -> bool:
        """Whether the uptake is gone."""
        return FocusChange.RESOLVED in (self.versus_previous, self.versus_baseline) and (
            self.versus_previous is not FocusChange.NEW
        )


@dataclass(frozen=True, slots=True)
class ReportedIndex:
    """A bone scan index as a vendor's program gave it; exploratory."""

    fraction: float
    software: str
    software_version: str


@dataclass(frozen=True, slots=True)
class BoneScan:
    """One bone scan as read (spec 4.2). Raises ValueError for a focus that is listed twice."""

    scan_date: date
    foci: tuple[BoneFocus, ...] = ()
    diffuse: bool = False  # superscan: too many foci to tell apart
    reader_status: BoneCategory | None = None
    clinical_improvement: bool | None = None
    quality: ScanQuality = ScanQuality.ADEQUATE
    quality_reason: str = ""
    tracer: str = ""
    activity_bq: float | None = None
    uptake_time_s: float | None = None
    index: ReportedIndex | None = None

    def __post_init__(self) -> None:
        names = [focus.focus_id for focus in self.foci]
        if len(set(names)) < len(names):
            raise ValueError("a focus is listed twice")
        if self.quality is not ScanQuality.ADEQUATE and not self.quality_reason:
            raise ValueError("a scan that is not adequate needs a reason")


@dataclass(frozen=True, slots=True)
class CtFinding:
    """What the CT of a visit says: target or non-target PD, and the bones where it shows them."""

    scan_date: date
    progression: bool | None = None
    bone_status: BoneCategory | None = None


@dataclass(frozen=True, slots=True)
class BoneVisit:
    """A visit in its order; None is an examination that was not done."""

    visit: int
    scan: BoneScan | None
    ct: CtFinding | None = None


@dataclass(frozen=True, slots=True)
class BoneProgression:
    """A progression of bone: the date it counts from, the date it was seen, what it rests on."""

    dated: date
    seen_on: date
    visit: int
    evidence: ProgressionEvidence
    rule: str


@dataclass(frozen=True, slots=True)
class BoneResponse:
    """The bone component at a visit with all that led to it.

    `new_foci` are those that are neither of the baseline nor explained by a flare that ended;
    `healing_foci` (F4) and `benign_foci` were left out. `progression` is set where this visit
    shows progression; its date may be that of an earlier visit. `metastatic_count` is None where
    the uptake is diffuse or the scan was not read.
    """

    visit: int
    scan_date: date | None
    category: BoneCategory
    item: BoneItemState | None
    new_lesion: NewBoneLesion
    flare: Flare
    rule_set: str
    rules_sha256: str
    progression: BoneProgression | None = None
    new_foci: tuple[str, ...] = ()
    worse_foci: tuple[str, ...] = ()
    healing_foci: tuple[str, ...] = ()
    benign_foci: tuple[str, ...] = ()
    metastatic_count: int | None = None
    count_text: str = ""
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoneCourse:
    """The responses of all visits in order, and the first progression or None."""

    responses: tuple[BoneResponse, ...]
    first_progression: BoneProgression | None
