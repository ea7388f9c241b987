"""Regions of an RTSTRUCT: closed planar contours filled on the slices of a grid."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from app.dicom.contour_fill import fill_contours
from app.dicom.header_values import UNREADABLE_VALUE, integer, items, text
from app.dicom.voxel_region import (
    NamedRegion,
    frame_of_reference_findings,
    named_region,
    outside_finding,
)
from app.domain.findings import Finding, Severity, finding
from app.wording import reader_error
from segmentation.geometry import Geometry

FloatArray = npt.NDArray[np.float64]

CLOSED_TYPES = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR")
# Contours whose planes are nearer than this are one plane (mm).
SAME_PLANE_MM = 0.01
# A contour plane this far off its slice, as a share of the step, was not drawn on that slice:
# bed joints are up to 5 % off (spec 1.2).
OFF_SLICE = 0.1


def read_rtstruct(
    dataset: Dataset, file: Path, geometry: Geometry, frame_of_reference_uid: str | None
) -> tuple[NamedRegion, ...]:
    """One region per ROI with contours, in the order of the structure set (PS3.3 C.8.8.5, .6).

    A slice takes the contours of the nearest plane within half a plane spacing; all contours of
    a plane are combined by even-odd, voxels count by their centre (spec 6.2). Raises ReaderError
    REGION_INCOMPLETE or REGION_FRAME_OF_REFERENCE.
    """
    definitions = items(dataset, "StructureSetROISequence")
    drawings = items(dataset, "ROIContourSequence")
    if not definitions or not drawings:
        missing = "(3006,0020)" if not definitions else "(3006,0039)"
        raise reader_error("REGION_INCOMPLETE", file=file.name, missing=missing)
    drawn = {integer(item, "ReferencedROINumber"): item for item in drawings}
    regions = []
    for definition in definitions:
        roi = drawn.get(integer(definition, "ROINumber"))
        contours = items(roi, "ContourSequence") if roi is not None else ()
        if not contours:
            continue
        stated = text(definition, "ReferencedFrameOfReferenceUID") or _study_frame(dataset)
        found = frame_of_reference_findings(stated, frame_of_reference_uid, file)
        label = text(definition, "ROIName") or f"ROI {integer(definition, 'ROINumber')}"
        regions.append(_region(label, contours, geometry, found))
    if not regions:
        raise reader_error("REGION_INCOMPLETE", file=file.name, missing="(3006,0040)")
    return tuple(regions)


def _study_frame(dataset: Dataset) -> str:
    frames = items(dataset, "ReferencedFrameOfReferenceSequence")
    return text(frames[0], "FrameOfReferenceUID") if len(frames) == 1 else ""


def _region(
    label: str, contours: Sequence[Dataset], geometry: Geometry, findings: list[Finding]
) -> NamedRegion:
    found = list(findings)
    planes, skipped, tilted = _planes(contours, geometry)
    if skipped:
        found.append(finding("CONTOUR_SKIPPED", Severity.WARNING, contours=skipped))
    if tilted:
        found.append(finding("CONTOUR_NOT_IN_SLICE", Severity.ERROR, contours=tilted))
    inside = np.zeros(geometry.shape_zyx, dtype=bool)
    if planes:
        found += _fill(inside, planes, geometry)
        points = np.concatenate([p for polygons in planes.values() for p in polygons])
        size = np.asarray(geometry.shape_zyx[:0:-1])
        beyond = int(np.count_nonzero(np.any((points < -0.5) | (points > size - 0.5), axis=1)))
        if not any(f.code == "REGION_OUTSIDE_IMAGE" for f in found):
            found += outside_finding(beyond, len(points))
    return named_region(label, inside, geometry, found)


def _planes(
    contours: Sequence[Dataset], geometry: Geometry
) -> tuple[dict[float, list[FloatArray]], int, int]:
    """Polygons (x, y in pixels) by the offset of their plane (mm), and what had to be left out."""
    found: list[tuple[float, FloatArray]] = []
    skipped = tilted = 0
    origin = np.asarray(geometry.origin_lps_mm)
    for contour in contours:
        points = _points(contour)
        if points is None:
            skipped += 1
            continue
        along = (points - origin) @ geometry.axes
        if np.ptp(along[:, 0]) > geometry.slice_step_mm / 2:
            tilted += 1
            continue
        dy, dx = geometry.spacing_yx_mm
        polygon = np.stack([along[:, 2] / dx, along[:, 1] / dy], axis=1)
        found.append((float(np.median(along[:, 0])), polygon))
    planes: dict[float, list[FloatArray]] = defaultdict(list)
    plane = -np.inf
    for offset, polygon in sorted(found, key=lambda pair: pair[0]):
        if offset - plane > SAME_PLANE_MM:
            plane = offset
        planes[plane].append(polygon)
    return planes, skipped, tilted


def _points(contour: Dataset) -> FloatArray | None:
    if text(contour, "ContourGeometricType").upper() not in CLOSED_TYPES:
        return None
    try:
        numbers = np.asarray([float(v) for v in contour.ContourData], dtype=np.float64)
    except UNREADABLE_VALUE:
        return None
    if numbers.size < 9 or numbers.size % 3 or not np.all(np.isfinite(numbers)):
        return None
    return numbers.reshape(-1, 3)


def _fill(
    inside: npt.NDArray[np.bool_], planes: dict[float, list[FloatArray]], geometry: Geometry
) -> list[Finding]:
    """Fill every slice from its plane; say where planes and slices do not match."""
    offsets = np.asarray(list(planes))
    slices = np.asarray(geometry.slice_offsets_mm)
    step = geometry.slice_step_mm
    spacing = float(np.min(np.diff(offsets))) if len(offsets) > 1 else step
    nearest = np.abs(slices[:, None] - offsets[None, :])
    own = nearest.argmin(axis=1)
    reach = max(spacing, step if len(offsets) == 1 else 0.0) / 2
    for k, plane in enumerate(own):
        if nearest[k, plane] <= reach + SAME_PLANE_MM:
            inside[k] = fill_contours(planes[float(offsets[plane])], geometry.shape_zyx[1:])
    found: list[Finding] = []
    lost = int(np.count_nonzero(nearest.min(axis=0) > step / 2 + SAME_PLANE_MM))
    found += outside_finding(lost, len(offsets))
    if np.any((nearest.min(axis=0) > OFF_SLICE * step) & (nearest.min(axis=0) <= step / 2)):
        found.append(
            finding("CONTOUR_PLANES_DIFFER", Severity.WARNING, spacing_mm=spacing, slice_mm=step)
        )
    return found
