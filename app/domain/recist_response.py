"""RECIST 1.1 responses and how they were reached (spec 3.5-3.10)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.recist import Modality, RecistCategory
from app.domain.response import Reason


class NewLesionState(StrEnum):
    """What the new foci of a visit amount to (spec 3.7)."""

    NONE = "none"
    EQUIVOCAL = "equivocal"
    UNEQUIVOCAL = "unequivocal"


class ProgressionBasis(StrEnum):
    """What a first progression rests on (`pd_basis`, spec 3.11)."""

    NEW_LESION = "new_lesion"
    NON_TARGET = "non_target"
    RECURRENCE = "recurrence"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class RecistMargin:
    """How far the sum of diameters (or one node, `lesion_id`) is from another category, in mm.

    At `at_mm` the category would become `category`; `difference_mm` is that value minus the
    current one (positive: larger). `inclusive` tells whether the named value already gives it.
    """

    category: RecistCategory
    at_mm: float
    difference_mm: float
    inclusive: bool
    lesion_id: str | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a target adds to the sum, in mm; None where it is missing."""

    lesion_id: str
    nodal: bool
    state: str
    value_mm: float | None
    booked_on: str | None = None


@dataclass(frozen=True, slots=True)
class TargetComponent:
    """The target component of a visit. Sums in mm, changes as fractions.

    `sum_mm` is None unless every target was assessed; `measured_sum_mm` is the part that was.
    """

    category: RecistCategory
    baseline_sum_mm: float
    nadir_sum_mm: float
    nadir_visit: str | None
    sum_mm: float | None
    measured_sum_mm: float
    change_from_baseline_fraction: float | None
    change_from_nadir_fraction: float | None
    change_from_nadir_mm: float | None
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    margins: tuple[RecistMargin, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NonTargetComponent:
    """The non-target component of a visit, with the items behind it."""

    category: RecistCategory
    progressing: tuple[str, ...]
    not_evaluated: tuple[str, ...]
    present: tuple[str, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when a lesion was first seen."""

    lesion_id: str
    visit_id: str
    scan_date: date
    modality: Modality


@dataclass(frozen=True, slots=True)
class NewLesionComponent:
    """The new lesions of a visit: those that count, since when, and those that wait."""

    state: NewLesionState
    counted: tuple[Sighting, ...]
    waiting: tuple[str, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Disease seen again after a definitive complete response (spec 3.5, 3.7)."""

    counted: tuple[Sighting, ...]
    waiting: tuple[str, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecistResponse:
    """The response at one visit, with components, trace, flags and margins.

    A component is None where the baseline has nothing of its kind. `margins` are the distances
    at which the overall response would change.
    """

    visit_id: str
    scan_date: date
    rule_set: str
    overall: RecistCategory
    target: TargetComponent | None
    non_target: NonTargetComponent | None
    new_lesions: NewLesionComponent
    recurrence: Recurrence
    margins: tuple[RecistMargin, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstProgression:
    """The first progression: its date, the visit it belongs to and what it rests on.

    `declared_at` is the visit that established it, later than `visit_id` where an equivocal
    finding was confirmed afterwards.
    """

    scan_date: date
    visit_id: str
    declared_at: str
    basis: tuple[ProgressionBasis, ...]
    modality: tuple[Modality, ...]


@dataclass(frozen=True, slots=True)
class BestResponse:
    """The best overall response and the date it was first met.

    `reader_options` are the categories a reader has to choose from; empty where none is needed.
    """

    category: RecistCategory
    scan_date: date | None
    confirmed_at: date | None
    reader_options: tuple[RecistCategory, ...]
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecistCourse:
    """All visits of one reader, the first progression and the best overall response.

    `best` is the one the rule set asks for; both are kept for comparison (spec 10).
    """

    responses: tuple[RecistResponse, ...]
    first_progression: FirstProgression | None
    best: BestResponse
    best_unconfirmed: BestResponse
    best_confirmed: BestResponse
