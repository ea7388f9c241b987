"""The reading as it stands: immutable, saved, undoable. What the report is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from app.domain.caliper import Caliper
from app.domain.lesion import NewLesionClass as NewLesionClass
from app.domain.lesion import PhysiologicalMark
from app.domain.reference import PlacementMethod
from app.domain.region import RegionSpec, SphereRegion
from app.reading.recist_marks import RecistMark

Matrix = tuple[tuple[float, ...], ...]


class LesionRole(StrEnum):
    """What the reader takes a focus for (triage keys L, P, U)."""

    TUMOUR = "tumour"
    PHYSIOLOGICAL = "physiological"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Lesion:
    """One focus through all visits. `regions` holds (visit, region) in order of visit.

    `confirmed` says that a reader has looked at it; until then everything about it is the
    draft's proposal. A removed lesion stays, so that its id is never given again.
    """

    lesion_id: str
    tracking_uid: str
    role: LesionRole
    site: str
    side: str
    first_visit: int
    regions: tuple[tuple[int, RegionSpec], ...] = ()
    mark: PhysiologicalMark | None = None
    confirmed: bool = False
    resolved_visits: tuple[int, ...] = ()
    progressed_visits: tuple[int, ...] = ()  # unequivocal progression, as a non-target lesion
    new_class: NewLesionClass | None = None
    new_reason: str = ""
    ild_considered: bool = False
    comment: str = ""
    removed: bool = False

    def region_at(self, visit: int) -> RegionSpec | None:
        """The region at a visit, or None where the lesion has none."""
        return dict(self.regions).get(visit)

    def with_region(self, visit: int, region: RegionSpec | None) -> "Lesion":
        """The lesion with another region (None: without one) at a visit."""
        others = {v: r for v, r in self.regions if v != visit}
        if region is not None:
            others[visit] = region
        return replace(self, regions=tuple(sorted(others.items(), key=lambda item: item[0])))


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What DICOM does not state and a reader enters from the case report form."""

    glucose_mmol_per_l: float | None = None
    fasting_h: float | None = None
    days_since_therapy: int | None = None


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """One time point of the reading: its images, reference sphere, alignment and facts."""

    number: int
    folder: str
    pet_series_uid: str
    ct_series_uid: str | None
    scanned_at: datetime
    reference: SphereRegion
    reference_method: PlacementMethod
    reference_confirmed: bool = False
    here_from_baseline: Matrix | None = None
    registration_correlation: float | None = None
    facts: ReaderFacts = field(default_factory=ReaderFacts)


@dataclass(frozen=True, slots=True)
class ReadingState:
    """Everything a reader decided or has yet to confirm. Equal states give equal reports."""

    reading_id: str
    patient_key: str
    rule_set: str
    visits: tuple[VisitEntry, ...]
    lesions: tuple[Lesion, ...] = ()
    calipers: tuple[Caliper, ...] = ()
    comment: str = ""
    impression: str = ""
    recist: tuple[RecistMark, ...] = ()

    def lesion(self, lesion_id: str) -> Lesion:
        """The lesion of an id. Raises KeyError where there is none."""
        for item in self.lesions:
            if item.lesion_id == lesion_id:
                return item
        raise KeyError(lesion_id)

    def visit(self, number: int) -> VisitEntry:
        """The visit of a number. Raises KeyError where there is none."""
        for item in self.visits:
            if item.number == number:
                return item
        raise KeyError(number)

    def present_lesions(self) -> Iterable[Lesion]:
        """The lesions that were not removed."""
        return (item for item in self.lesions if not item.removed)

    def with_lesion(self, changed: Lesion) -> "ReadingState":
        """The state with a lesion of the same id replaced."""
        return replace(
            self,
            lesions=tuple(
                changed if item.lesion_id == changed.lesion_id else item for item in self.lesions
            ),
        )

    def with_visit(self, changed: VisitEntry) -> "ReadingState":
        """The state with a visit of the same number replaced."""
        return replace(
            self,
            visits=tuple(
                changed if item.number == changed.number else item for item in self.visits
            ),
        )

    def next_id(self, letter: str) -> str:
        """The next free id of a letter: one above the highest ever given."""
        taken = [*(i.lesion_id for i in self.lesions), *(c.caliper_id for c in self.calipers)]
        numbers = [int(name[len(letter) :]) for name in taken if _is_numbered(name, letter)]
        return f"{letter}{max(numbers, default=0) + 1}"


def _is_numbered(name: str, letter: str) -> bool:
    return name.startswith(letter) and name[len(letter) :].isdigit()
