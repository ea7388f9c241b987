"""What presenters read: the state with the numbers derived from it, and the images of visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.draft_read import DraftRead, ScanSummary
from app.domain.findings import Finding
from app.domain.lesion import LesionMeasurement
from app.domain.numbers import REFERENCE
from app.domain.reference import ReferenceRegion
from app.reading.state import ReadingState


class DerivedReading(Protocol):
    """A reading with its numbers; None stands for one that is being computed."""

    @property
    def state(self) -> ReadingState:
        """What the reader decided."""

    @property
    def references(self) -> Mapping[int, ReferenceRegion | None]:
        """The reference region of each visit."""

    @property
    def measurements(self) -> Mapping[tuple[str, int], LesionMeasurement | None]:
        """Measures by lesion id and visit."""

    @property
    def thresholds(self) -> Mapping[int, float | None]:
        """The threshold of each visit in g/mL."""

    @property
    def impossible(self) -> frozenset[tuple[str, int]]:
        """Lesion id (or "" for the reference) and visit of numbers that cannot be computed."""

    @property
    def read(self) -> DraftRead | None:
        """The read as a whole, once every number it needs is there."""


@dataclass(frozen=True, slots=True)
class VisitImages:
    """What was scanned at a visit; it does not change while the reading is open."""

    scan: ScanSummary
    findings: tuple[Finding, ...]


def images_of(read: DraftRead) -> Mapping[int, VisitImages]:
    """The images of each visit of a read."""
    return {point.number: VisitImages(point.scan, point.findings) for point in read.time_points}


def measured(
    derived: DerivedReading, lesion_id: str, visit: int
) -> tuple[LesionMeasurement | None, bool]:
    """The measures of a lesion at a visit, and whether they are being computed.

    A complete read computes nothing any more: what it lacks holds no voxel of that scan.
    """
    found = derived.measurements.get((lesion_id, visit))
    if found is not None:
        return found, False
    region = derived.state.lesion(lesion_id).region_at(visit)
    in_vain = derived.impossible & {(lesion_id, visit), (REFERENCE, visit)}
    return None, region is not None and derived.read is None and not in_vain
