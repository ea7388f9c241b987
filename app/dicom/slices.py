"""The planes a header describes: one for a single-frame object, one per frame otherwise."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from app.dicom.file_header import FileHeader
from app.dicom.header_values import integer, items, number, numbers, text
from app.dicom.transfer_syntaxes import is_lossy

Numbers = tuple[float, ...]

# How far a direction vector may be from unit length or its partner from perpendicular before
# the orientation is called invalid; below, it is rounding of decimal strings and is repaired.
ORIENTATION_TOLERANCE = 1e-2

# Header values that tell the members of one series apart, tried in this order where slices
# coincide (spec 1.2; multi-phase, dynamic, gated, several reconstructions under one UID).
DISTINGUISHING = (
    "TemporalPositionIdentifier",
    "AcquisitionNumber",
    "FrameReferenceTime",
    "TriggerTime",
    "EchoNumbers",
    "ImageType",
    "ConvolutionKernel",
    "SeriesNumber",
    "AcquisitionTime",
    "ContentTime",
)


@dataclass(frozen=True, eq=False)
class Slice:
    """One plane: where it lies, what its pixels measure and what tells it from its neighbours.

    `position`, `orientation` (row then column direction) and `spacing` (between rows, between
    columns) are as written, None where absent. `marks` are the values of DISTINGUISHING.
    """

    header: FileHeader
    frame: int | None
    sop_instance_uid: str
    rows: int
    columns: int
    position: Numbers | None
    orientation: Numbers | None
    spacing: Numbers | None
    thickness_mm: float | None
    stack_id: str
    lossy: bool
    marks: tuple[str, ...]

    @property
    def order_key(self) -> tuple[str, Numbers, int, str]:
        """A key that depends on content only, never on the order or names of files."""
        syntax = str(self.header.transfer_syntax)
        return self.sop_instance_uid, self.position or (), self.frame or 0, syntax

    @cached_property
    def directions(self) -> npt.NDArray[np.float64] | None:
        """Row and column unit vectors, shape (2, 3), made exactly perpendicular; None if not so."""
        if self.orientation is None:
            return None
        row, column = np.asarray(self.orientation, dtype=np.float64).reshape(2, 3)
        lengths = np.linalg.norm(row), np.linalg.norm(column)
        if max(abs(length - 1) for length in lengths) > ORIENTATION_TOLERANCE:
            return None
        row, column = row / lengths[0], column / lengths[1]
        if abs(row @ column) > ORIENTATION_TOLERANCE:
            return None
        column = column - (row @ column) * row
        return np.stack([row, column / np.linalg.norm(column)])


def slices_of(header: FileHeader) -> list[Slice]:
    """The planes of one object, from its own attributes or its functional groups (PS3.3 C.7.6.16).

    A multi-frame object without functional groups says nothing of where its frames lie: one
    plane without position stands for it.
    """
    dataset = header.dataset
    per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")
    if not per_frame:
        plane = _plane(header, None, [dataset])
        several = (integer(dataset, "NumberOfFrames") or 1) > 1
        return [replace(plane, position=None) if several else plane]
    shared = list(items(dataset, "SharedFunctionalGroupsSequence"))
    return [
        _plane(header, index, [group, *shared, dataset]) for index, group in enumerate(per_frame)
    ]


def frame_values(groups: list[Dataset], sequence: str) -> list[Dataset]:
    """Where a value of one frame may stand: its functional group, the shared one, the object."""
    found = [item for group in groups for item in items(group, sequence)]
    return [*found, groups[-1]]


def _first_numbers(sources: list[Dataset], keyword: str, count: int) -> Numbers | None:
    return next((got for s in sources if (got := numbers(s, keyword, count)) is not None), None)


def _plane(header: FileHeader, frame: int | None, groups: list[Dataset]) -> Slice:
    dataset = header.dataset
    measures = frame_values(groups, "PixelMeasuresSequence")
    content = frame_values(groups, "FrameContentSequence")
    position = frame_values(groups, "PlanePositionSequence")
    orientation = frame_values(groups, "PlaneOrientationSequence")
    marks = [text(dataset, keyword) for keyword in DISTINGUISHING]
    if frame is not None:
        marks[0] = text(content[0], "TemporalPositionIndex")
        marks[1] = text(content[0], "FrameAcquisitionNumber")
    thickness = _first_numbers(measures, "SliceThickness", 1)
    return Slice(
        header=header,
        frame=frame,
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        rows=integer(dataset, "Rows") or 0,
        columns=integer(dataset, "Columns") or 0,
        position=_first_numbers(position, "ImagePositionPatient", 3),
        orientation=_first_numbers(orientation, "ImageOrientationPatient", 6),
        spacing=_first_numbers(measures, "PixelSpacing", 2),
        thickness_mm=thickness[0] if thickness else number(dataset, "SliceThickness"),
        stack_id=text(content[0], "StackID") if frame is not None else "",
        lossy=is_lossy(dataset, header.transfer_syntax),
        marks=tuple(marks),
    )
