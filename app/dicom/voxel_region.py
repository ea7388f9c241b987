"""A named region on a grid, and what its frame of reference must be."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.domain.findings import Finding, Severity, finding
from app.wording import reader_error
from segmentation.geometry import Geometry
from segmentation.mask import Mask

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A segment or ROI by its label, its voxels, and what was odd about carrying it over."""

    label: str
    mask: Mask
    findings: tuple[Finding, ...]


def named_region(
    label: str, inside: BoolArray, geometry: Geometry, findings: list[Finding]
) -> NamedRegion:
    """A region from a full-size array; an empty one carries a finding."""
    found = list(findings)
    if not inside.any():
        found.append(finding("REGION_EMPTY", Severity.WARNING))
    return NamedRegion(label, Mask.from_array(inside, geometry), tuple(found))


def frame_of_reference_findings(
    stated: str, frame_of_reference_uid: str | None, file: Path
) -> list[Finding]:
    """Nothing where the frames of reference agree, a finding where one is not stated.

    Raises ReaderError REGION_FRAME_OF_REFERENCE where they differ: positions in one say nothing
    of the other (pitfall 34).
    """
    if not stated or not frame_of_reference_uid:
        return [finding("FRAME_OF_REFERENCE_UNSTATED", Severity.WARNING)]
    if stated != frame_of_reference_uid:
        raise reader_error("REGION_FRAME_OF_REFERENCE", file=file.name)
    return []


def outside_finding(outside: int, total: int) -> list[Finding]:
    """A finding where a share of the region's elements has no place in the image."""
    if outside == 0:
        return []
    share = 100.0 * outside / total
    return [finding("REGION_OUTSIDE_IMAGE", Severity.WARNING, share_percent=share)]
