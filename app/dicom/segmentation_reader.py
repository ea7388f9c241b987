"""Regions of a DICOM SEG: its frames placed on a grid by their positions."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileDataset
from pydicom.pixels.utils import pixel_array

from app.dicom.file_header import UNREADABLE_FILE
from app.dicom.header_values import integer, items, number, numbers, text
from app.dicom.slices import frame_values
from app.dicom.voxel_region import (
    BoolArray,
    NamedRegion,
    frame_of_reference_findings,
    named_region,
    outside_finding,
)
from app.domain.findings import Finding, Severity, finding
from app.wording import reader_error
from segmentation.geometry import Geometry

FloatArray = npt.NDArray[np.float64]

# A voxel of a FRACTIONAL segmentation belongs to the segment from this share on.
FRACTION_INSIDE = 0.5
# Grids whose voxel centres agree within this share of a voxel are one grid.
SAME_GRID = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class SegmentFrame:
    """One frame: pixels of a segment, and the affine from (row, column) to LPS millimetres."""

    inside: BoolArray  # [y, x]
    position: FloatArray
    row_step: FloatArray  # to the next row, mm
    column_step: FloatArray
    thickness_mm: float


def read_segmentation(
    dataset: FileDataset, file: Path, geometry: Geometry, frame_of_reference_uid: str | None
) -> tuple[NamedRegion, ...]:
    """One region per segment, in segment order (PS3.3 C.8.20): BINARY, FRACTIONAL, LABELMAP.

    On the same grid, whatever the order or direction of the frames, the voxels are taken over
    exactly; else every voxel takes the nearest segment voxel and a finding says so. Raises
    ReaderError REGION_INCOMPLETE, REGION_NOT_VOLUMETRIC, REGION_FRAME_OF_REFERENCE,
    PIXELS_UNREADABLE.
    """
    segments = items(dataset, "SegmentSequence")
    per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")
    for found_items, tag in ((segments, "(0062,0002)"), (per_frame, "(5200,9230)")):
        if not found_items:
            raise reader_error("REGION_INCOMPLETE", file=file.name, missing=tag)
    stated = text(dataset, "FrameOfReferenceUID")
    found = frame_of_reference_findings(stated, frame_of_reference_uid, file)
    frames = _frames_by_segment(dataset, file)
    regions = []
    for segment in segments:
        index = integer(segment, "SegmentNumber") or 0
        label = text(segment, "SegmentLabel") or f"segment {index}"
        inside, odd = _on_grid(frames.get(index, []), geometry)
        regions.append(named_region(label, inside, geometry, [*found, *odd]))
    return tuple(regions)


def _frames_by_segment(dataset: FileDataset, file: Path) -> dict[int, list[SegmentFrame]]:
    stored = _pixels(dataset, file)
    kind = text(dataset, "SegmentationType")
    most = integer(dataset, "MaximumFractionalValue") or 255
    groups = items(dataset, "PerFrameFunctionalGroupsSequence")
    if len(groups) != len(stored):
        raise reader_error("REGION_INCOMPLETE", file=file.name, missing="(5200,9230)")
    frames: dict[int, list[SegmentFrame]] = defaultdict(list)
    shared = items(dataset, "SharedFunctionalGroupsSequence")
    for pixels, group in zip(stored, groups, strict=True):
        sources = [group, *shared, dataset]
        if kind == "LABELMAP":
            for label in np.unique(pixels[pixels != 0]):
                frames[int(label)].append(_frame(pixels == label, sources, file))
            continue
        inside = pixels / most >= FRACTION_INSIDE if kind == "FRACTIONAL" else pixels != 0
        identified = frame_values(sources, "SegmentIdentificationSequence")
        index = integer(identified[0], "ReferencedSegmentNumber")
        if index is None:
            raise reader_error("REGION_INCOMPLETE", file=file.name, missing="(0062,000B)")
        frames[index].append(_frame(inside, sources, file))
    return frames


def _pixels(dataset: FileDataset, file: Path) -> npt.NDArray[np.generic]:
    if "PixelData" not in dataset:
        raise reader_error("REGION_INCOMPLETE", file=file.name, missing="(7FE0,0010)")
    try:
        pixels = pixel_array(dataset, raw=True)
    except (*UNREADABLE_FILE, RuntimeError) as error:
        raise reader_error(
            "PIXELS_UNREADABLE", file=file.name, cause=type(error).__name__
        ) from error
    return np.asarray(pixels[None] if pixels.ndim == 2 else pixels)


def _frame(inside: BoolArray, sources: list[Dataset], file: Path) -> SegmentFrame:
    position = _first(sources, "PlanePositionSequence", "ImagePositionPatient", 3)
    orientation = _first(sources, "PlaneOrientationSequence", "ImageOrientationPatient", 6)
    spacing = _first(sources, "PixelMeasuresSequence", "PixelSpacing", 2)
    if position is None or orientation is None or spacing is None:
        raise reader_error("REGION_NOT_VOLUMETRIC", file=file.name)
    measures = frame_values(sources, "PixelMeasuresSequence")
    thickness = next(
        (t for m in measures if (t := number(m, "SliceThickness")) is not None and t > 0), 0.0
    )
    return SegmentFrame(
        inside, position, orientation[3:] * spacing[0], orientation[:3] * spacing[1], thickness
    )


def _first(sources: list[Dataset], sequence: str, keyword: str, count: int) -> FloatArray | None:
    for item in frame_values(sources, sequence):
        found = numbers(item, keyword, count)
        if found is not None:
            return np.asarray(found, dtype=np.float64)
    return None


def _on_grid(frames: list[SegmentFrame], geometry: Geometry) -> tuple[BoolArray, list[Finding]]:
    inside = np.zeros(geometry.shape_zyx, dtype=bool)
    filled = [frame for frame in frames if frame.inside.any()]
    if not filled:
        return inside, []
    if all(_fits(frame, geometry) for frame in filled):
        outside = sum(_copy(frame, inside, geometry) for frame in filled)
        total = sum(int(np.count_nonzero(frame.inside)) for frame in filled)
        return inside, outside_finding(outside, total)
    for frame in filled:
        _resample(frame, inside, geometry)
    voxels = int(np.count_nonzero(inside))
    return inside, [finding("REGION_RESAMPLED", Severity.WARNING, voxels=voxels)]


def _corners(frame: SegmentFrame, geometry: Geometry) -> FloatArray:
    rows, columns = frame.inside.shape
    ends = [(0, 0), (rows - 1, 0), (0, columns - 1)]
    return geometry.zyx_from_lps(
        [frame.position + r * frame.row_step + c * frame.column_step for r, c in ends]
    )


def _fits(frame: SegmentFrame, geometry: Geometry) -> bool:
    """Whether the frame's pixel centres are voxel centres of the grid, axes in any order."""
    rows, columns = frame.inside.shape
    corners = _corners(frame, geometry)
    if np.abs(corners - np.rint(corners)).max() > SAME_GRID:
        return False
    steps = np.stack(
        [
            (corners[1] - corners[0]) / max(rows - 1, 1),
            (corners[2] - corners[0]) / max(columns - 1, 1),
        ]
    )
    # One voxel per pixel, or a thin frame whose only row or column has no step to compare.
    return bool(np.abs(np.abs(steps).sum(axis=1) - [rows > 1, columns > 1]).max() <= SAME_GRID)


def _copy(frame: SegmentFrame, inside: BoolArray, geometry: Geometry) -> int:
    """Take a frame over pixel by pixel; the number of pixels that lie outside the grid."""
    r, c = np.nonzero(frame.inside)
    lps = frame.position + r[:, None] * frame.row_step + c[:, None] * frame.column_step
    zyx = np.rint(geometry.zyx_from_lps(lps)).astype(int)
    within = np.all((zyx >= 0) & (zyx < geometry.shape_zyx), axis=1)
    inside[tuple(zyx[within].T)] = True
    return int(np.count_nonzero(~within))


def _resample(frame: SegmentFrame, inside: BoolArray, geometry: Geometry) -> None:
    """Mark the voxels whose centre lies in the slab of a frame, on a pixel of the segment."""
    normal = np.cross(frame.column_step, frame.row_step)
    normal /= np.linalg.norm(normal)
    half = (frame.thickness_mm or geometry.slice_step_mm) / 2
    r, c = np.nonzero(frame.inside)
    row_ends, column_ends = (r.min() - 0.5, r.max() + 0.5), (c.min() - 0.5, c.max() + 0.5)
    ends = np.asarray([(a, b) for a in row_ends for b in column_ends])
    plane = frame.position + ends[:, :1] * frame.row_step + ends[:, 1:] * frame.column_step
    box = geometry.zyx_from_lps(np.concatenate([plane - half * normal, plane + half * normal]))
    shape = np.asarray(geometry.shape_zyx)
    low = np.clip(np.floor(box.min(axis=0)), 0, shape).astype(int)
    high = np.clip(np.ceil(box.max(axis=0)) + 1, 0, shape).astype(int)
    if np.any(high <= low):
        return
    grid = np.stack(np.meshgrid(*map(np.arange, low, high), indexing="ij"), axis=-1)
    relative = geometry.lps_from_zyx(grid) - frame.position
    row = np.rint(relative @ frame.row_step / (frame.row_step @ frame.row_step)).astype(int)
    column = np.rint(relative @ frame.column_step / (frame.column_step @ frame.column_step)).astype(
        int
    )
    depth = relative @ normal
    rows, columns = frame.inside.shape
    near = (depth >= -half) & (depth < half) & (row >= 0) & (row < rows)
    near &= (column >= 0) & (column < columns)
    marked = np.zeros(near.shape, dtype=bool)
    marked[near] = frame.inside[row[near], column[near]]
    inside[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] |= marked
