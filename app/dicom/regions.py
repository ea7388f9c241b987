"""Regions drawn elsewhere, read from a DICOM SEG or RTSTRUCT onto a grid of ours."""

from pathlib import Path

import pydicom
from pydicom.dataset import FileDataset
from pydicom.uid import RTStructureSetStorage, SegmentationStorage

from app.dicom.file_header import UNREADABLE_FILE
from app.dicom.header_values import text
from app.dicom.rtstruct_reader import read_rtstruct
from app.dicom.segmentation_reader import read_segmentation
from app.dicom.voxel_region import NamedRegion
from app.wording import reader_error
from segmentation.geometry import Geometry

LABEL_MAP_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7"

__all__ = ["NamedRegion", "read_regions"]


def read_regions(
    file: Path, geometry: Geometry, frame_of_reference_uid: str | None
) -> tuple[NamedRegion, ...]:
    """One region per segment or ROI of a file, as masks on the geometry, in the file's order.

    Frames and contours are placed by their positions, whatever their order. Raises ReaderError:
    REGION_FILE_MISSING, FILE_UNREADABLE, NOT_A_REGION_FILE, REGION_INCOMPLETE,
    REGION_NOT_VOLUMETRIC, REGION_FRAME_OF_REFERENCE, PIXELS_UNREADABLE.
    """
    dataset = _read(file)
    sop_class = text(dataset, "SOPClassUID")
    if sop_class in (SegmentationStorage, LABEL_MAP_STORAGE):
        return read_segmentation(dataset, file, geometry, frame_of_reference_uid)
    if sop_class == RTStructureSetStorage:
        return read_rtstruct(dataset, file, geometry, frame_of_reference_uid)
    raise reader_error("NOT_A_REGION_FILE", file=file.name)


def _read(file: Path) -> FileDataset:
    if not file.is_file():
        raise reader_error("REGION_FILE_MISSING", file=str(file))
    try:
        return pydicom.dcmread(file)
    except pydicom.errors.InvalidDicomError as error:
        raise reader_error("NOT_A_REGION_FILE", file=file.name) from error
    except UNREADABLE_FILE as error:
        raise reader_error("FILE_UNREADABLE", file=file.name, cause=type(error).__name__) from error
