"""What a scan of a folder found: series, their slices in order, and findings."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.findings import Finding
from app.domain.pet_header import PetHeader
from app.domain.series import SeriesIdentity, SeriesRole
from segmentation.geometry import Geometry
from segmentation.volume import Unit


@dataclass(frozen=True, slots=True)
class ScannedInstance:
    """One slice of a series: a file, or one frame of a file.

    `frame` counts from 0 and is None for a single-frame object. `shift_yx_px` is how far the
    slice lies from its place in the stack, in pixels along columns and rows; other than zero
    only for sheared stacks, which the volume reader straightens.
    """

    path: Path
    sop_instance_uid: str
    frame: int | None = None
    shift_yx_px: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class AcquisitionFacts:
    """Header values that decide whether two series may be compared; None or "" where absent."""

    slice_thickness_mm: float | None = None
    pixel_padding_value: int | None = None
    contrast_agent: str = ""
    convolution_kernel: str = ""
    tube_voltage_kv: float | None = None
    lossy_compressed: bool = False


@dataclass(frozen=True, slots=True)
class ScannedSeries:
    """One stack of a series, ready to be read, or an object that is no stack.

    A series UID with several stacks gives several of these with the same identity: `stack` 0
    is the largest and keeps the role, the others have a number above 0 and the role OTHER, so
    that nothing takes them for the examination by accident. `geometry` is None where there is
    no volume; the findings say why. `broken_joints` holds the index k of every step between
    slices k and k+1 that is not to be trusted (gap, duplicate position, uneven step); a region
    that crosses one must not be quantified (spec 1.2). `quantifiable` is False where that holds
    for the whole stack.
    """

    identity: SeriesIdentity
    role: SeriesRole
    instances: tuple[ScannedInstance, ...]
    geometry: Geometry | None
    unit: Unit
    pet_header: PetHeader | None
    facts: AcquisitionFacts
    findings: tuple[Finding, ...]
    broken_joints: tuple[int, ...] = ()
    quantifiable: bool = True
    stack: int = 0

    def crosses_broken_joint(self, first_slice: int, last_slice: int) -> bool:
        """Whether slices first..last (inclusive) span a step that is not to be trusted."""
        return any(first_slice <= joint < last_slice for joint in self.broken_joints)


@dataclass(frozen=True, slots=True)
class Scan:
    """All series of a folder, and findings about files that belong to none of them."""

    series: tuple[ScannedSeries, ...]
    findings: tuple[Finding, ...]
