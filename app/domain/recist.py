"""What a reader records for RECIST 1.1 (spec 3): targets, items, values, new lesions, visits."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RecistCategory(StrEnum):
    """Categories of RECIST 1.1 components, time points and best responses (spec 3.5-3.10)."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON-CR/NON-PD"
    NED = "NED"  # no disease at baseline and none since
    PD = "PD"
    NE = "NE"
    ND = "ND"  # the visit was not done
    MISSING = "MISSING"  # best response of a patient without any visit


class TargetState(StrEnum):
    """How a target was found at a follow-up (spec 3.4)."""

    MEASURED = "measured"
    TOO_SMALL = "too_small"
    ABSENT = "absent"
    SPLIT = "split"
    MERGED = "merged"
    NOT_ASSESSED = "not_assessed"


class NonTargetStatus(StrEnum):
    """What a reader says of a non-target item (spec 3.6)."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    UNEQUIVOCAL_PROGRESSION = "UNEQUIVOCAL_PROGRESSION"
    NE = "NE"


class NewLesionCertainty(StrEnum):
    """A reader's verdict on a focus that was not there at baseline (spec 3.7)."""

    UNEQUIVOCAL = "unequivocal"
    EQUIVOCAL = "equivocal"
    NOT_MALIGNANT = "not_malignant"


class Modality(StrEnum):
    """What kind of scan a finding rests on."""

    CT = "CT"
    MR = "MR"
    PET = "PET"
    BONE_SCAN = "BONE_SCAN"
    OTHER = "OTHER"


class BaselinePet(StrEnum):
    """The FDG-PET at baseline, if there was one (spec 3.7)."""

    NOT_DONE = "not_done"
    NEGATIVE = "negative"
    POSITIVE = "positive"


class CtCorrelate(StrEnum):
    """What CT shows where FDG-PET is positive (spec 3.7)."""

    NEW_LESION = "new_lesion"
    NOT_CONFIRMED = "not_confirmed"
    KNOWN_NOT_GROWING = "known_not_growing"


@dataclass(frozen=True, slots=True)
class TargetLesion:
    """A target as chosen at baseline: longest diameter in mm, of a node the short axis."""

    lesion_id: str
    organ: str
    nodal: bool
    baseline_mm: float

    def __post_init__(self) -> None:
        _check_length(self.lesion_id, self.baseline_mm)


@dataclass(frozen=True, slots=True)
class NonTargetItem:
    """A non-target item of the baseline: one lesion, several of one organ, a bone hot spot."""

    item_id: str
    organ: str = ""
    nodal: bool = False


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A target at a follow-up (spec 3.4); mm, longest diameter or the short axis of a node.

    `diameter_mm` is needed where MEASURED, allowed where TOO_SMALL (the actual value) and where
    MERGED (the one diameter of the mass, on whichever of the merged lesions it was drawn).
    `fragments_mm` holds the parts of a SPLIT lesion, `merged_with` the other lesions of a merge.
    `scan_date` is the day of the scan it was measured on, where visits take several days.
    """

    lesion_id: str
    state: TargetState
    diameter_mm: float | None = None
    fragments_mm: tuple[float, ...] = ()
    merged_with: tuple[str, ...] = ()
    scan_date: date | None = None

    def __post_init__(self) -> None:
        lengths = self.fragments_mm if self.diameter_mm is None else (self.diameter_mm,)
        for length in lengths:
            _check_length(self.lesion_id, length)
        allowed = (TargetState.MEASURED, TargetState.TOO_SMALL, TargetState.MERGED)
        if self.diameter_mm is not None and self.state not in allowed:
            raise ValueError(f"{self.lesion_id} is {self.state} and has no diameter of its own")
        if self.state is TargetState.MEASURED and self.diameter_mm is None:
            raise ValueError(f"{self.lesion_id} is measured but has no diameter")
        if (self.state is TargetState.SPLIT) != bool(self.fragments_mm):
            raise ValueError(f"{self.lesion_id}: fragments belong to a split lesion")
        if (self.state is TargetState.MERGED) != bool(self.merged_with):
            raise ValueError(f"{self.lesion_id}: a merged lesion names those it merged with")


@dataclass(frozen=True, slots=True)
class NonTargetFinding:
    """A non-target item at a follow-up. `why` is the reader's free text where it progresses.

    `short_axis_mm` may be given for a node: below 10 mm it is normal (spec 3.6).
    """

    item_id: str
    status: NonTargetStatus
    short_axis_mm: float | None = None
    why: str = ""
    modality: Modality = Modality.CT
    scan_date: date | None = None


@dataclass(frozen=True, slots=True)
class NewLesionFinding:
    """A focus that was not there at baseline, as judged at one visit (spec 3.7).

    `earlier_short_axis_mm` is the short axis of a node that was already visible, and normal.
    `outside_baseline_scan` tells that its body part was not imaged at baseline.
    """

    lesion_id: str
    certainty: NewLesionCertainty
    modality: Modality = Modality.CT
    nodal: bool = False
    short_axis_mm: float | None = None
    earlier_short_axis_mm: float | None = None
    outside_baseline_scan: bool = False
    scan_date: date | None = None


@dataclass(frozen=True, slots=True)
class PetFinding:
    """A site on FDG-PET in the CT arm; positive is more than twice the surrounding uptake."""

    lesion_id: str
    positive: bool
    ct: CtCorrelate
    scan_date: date | None = None


@dataclass(frozen=True, slots=True)
class RecistBaseline:
    """The frozen lists of one reader's baseline (spec 3.3)."""

    scan_date: date
    targets: tuple[TargetLesion, ...] = ()
    non_targets: tuple[NonTargetItem, ...] = ()
    pet: BaselinePet = BaselinePet.NOT_DONE

    def __post_init__(self) -> None:
        ids = [item.lesion_id for item in self.targets]
        ids += [item.item_id for item in self.non_targets]
        if len(ids) != len(set(ids)):
            raise ValueError("a lesion is listed twice at baseline")


@dataclass(frozen=True, slots=True)
class RecistVisit:
    """One follow-up as read. A target or item without an entry was not assessed.

    `markers_normal` is None where the protocol uses no tumour markers. `definitive_cr` is the
    reader's tick that a complete response of this visit is definitive. `done` is False for a
    scheduled visit without any scan.
    """

    visit_id: str
    scan_date: date
    targets: tuple[TargetValue, ...] = ()
    non_targets: tuple[NonTargetFinding, ...] = ()
    new_lesions: tuple[NewLesionFinding, ...] = ()
    pet: tuple[PetFinding, ...] = ()
    markers_normal: bool | None = None
    definitive_cr: bool = False
    done: bool = True

    def __post_init__(self) -> None:
        for ids in (
            [value.lesion_id for value in self.targets],
            [finding.item_id for finding in self.non_targets],
            [finding.lesion_id for finding in self.new_lesions],
            [finding.lesion_id for finding in self.pet],
        ):
            if len(ids) != len(set(ids)):
                raise ValueError(f"visit {self.visit_id} states a lesion twice")


def _check_length(name: str, length_mm: float) -> None:
    if not 0.0 <= length_mm < math.inf:
        raise ValueError(f"{name}: {length_mm} mm is no diameter")
