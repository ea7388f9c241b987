"""The files of one series made into stacks with geometry, unit and findings."""

from collections.abc import Sequence

from app.dicom.file_header import FileHeader, PixelState
from app.dicom.grouping import Stack, same_region, stacks_of
from app.dicom.header_values import integer, number, text
from app.dicom.identity import identity_of
from app.dicom.rescale import (
    HOUNSFIELD_TYPES,
    padding_is_replaced,
    padding_range,
    rescale_of,
)
from app.dicom.roles import VOLUME_ROLES, instance_role, is_greyscale, pet_role, pet_unit
from app.dicom.scanned import AcquisitionFacts, ScannedInstance, ScannedSeries
from app.dicom.slices import Slice, slices_of
from app.dicom.stack_geometry import StackGeometry, stack_geometry
from app.dicom.transfer_syntaxes import is_lossy, unsupported_encoding
from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.series import SeriesRole
from segmentation.volume import Unit

PET_ROLES = (SeriesRole.PET_AC, SeriesRole.PET_NAC)


def assemble_series(
    headers: Sequence[FileHeader], findings: Sequence[Finding]
) -> list[ScannedSeries]:
    """The stacks of one series and role, largest first; at least one entry.

    `headers` share series, patient and role; `findings` are what is already known of them.
    """
    role = instance_role(headers[0].dataset)
    ordered = sorted(headers, key=lambda h: (text(h.dataset, "SOPInstanceUID"), h.name))
    found = [*findings, *_identity_findings(ordered[0])]
    if role not in VOLUME_ROLES or not _is_image(ordered[0]):
        return [_without_volume(ordered, role, found)]
    usable, problems = _decodable(ordered)
    found += problems
    if not usable:
        return [_without_volume(ordered, role, found)]
    stacks = stacks_of([plane for header in usable for plane in slices_of(header)])
    built = [stack_geometry(stack) for stack in stacks]
    if len(stacks) > 1:
        found.append(_split_finding(stacks, built))
    return [_series(shape, role, found, number) for number, shape in enumerate(built)]


def _is_image(header: FileHeader) -> bool:
    described = integer(header.dataset, "BitsAllocated") is not None
    return described or header.pixels is not PixelState.ABSENT


def _identity_findings(header: FileHeader) -> list[Finding]:
    if text(header.dataset, "SeriesInstanceUID"):
        return []
    return [finding("SERIES_UID_MISSING", Severity.ERROR, file=header.name)]


def _decodable(headers: Sequence[FileHeader]) -> tuple[list[FileHeader], list[Finding]]:
    """Headers whose pixels can be read, and one finding per reason for the others."""
    usable: list[FileHeader] = []
    refused: dict[str, list[str]] = {}
    missing: list[str] = []
    colour: list[str] = []
    for header in headers:
        if header.pixels is PixelState.TRUNCATED:
            continue  # its finding names the file already
        absent = header.pixels is PixelState.ABSENT
        encoding = unsupported_encoding(header.dataset, header.transfer_syntax, not absent)
        if encoding is not None:
            refused.setdefault(encoding, []).append(header.name)
        elif absent:
            missing.append(header.name)
        elif not is_greyscale(header.dataset):
            colour.append(header.name)
        else:
            usable.append(header)
    found = [
        finding(
            "ENCODING_NOT_DECODED", Severity.ERROR, encoding=name, files=len(names), file=names[0]
        )
        for name, names in sorted(refused.items())
    ]
    if missing:
        found.append(
            finding("PIXEL_DATA_MISSING", Severity.ERROR, files=len(missing), file=missing[0])
        )
    if colour:
        found.append(finding("COLOUR_IMAGE", Severity.INFO, files=len(colour)))
    return usable, found


def _without_volume(
    headers: Sequence[FileHeader], role: SeriesRole, findings: Sequence[Finding]
) -> ScannedSeries:
    pet: PetHeader | None = None
    extra: tuple[Finding, ...] = ()
    if role in PET_ROLES:
        role, pet, extra = pet_role([header.dataset for header in headers])
    return ScannedSeries(
        identity=identity_of(headers[0].dataset),
        role=role,
        instances=tuple(
            ScannedInstance(header.path, text(header.dataset, "SOPInstanceUID"))
            for header in headers
        ),
        geometry=None,
        unit=Unit.UNKNOWN,
        pet_header=pet,
        facts=_facts(headers[0]),
        findings=(*findings, *extra),
        quantifiable=False,
    )


def _split_finding(stacks: Sequence[Stack], built: Sequence[StackGeometry]) -> Finding:
    first, second = len(built[0].slices), len(built[1].slices)
    repeated = any(same_region(stacks[0], other) for other in stacks[1:])
    return finding(
        "SERIES_REPEATS_POSITIONS" if repeated else "SERIES_SPLIT",
        Severity.WARNING,
        stacks=len(stacks),
        used=first,
        others=sum(len(stack) for stack in stacks) - len(stacks[0]),
        next_largest=second,
    )


def _series(
    shape: StackGeometry, role: SeriesRole, series_findings: Sequence[Finding], stack: int
) -> ScannedSeries:
    datasets = _distinct_datasets(shape.slices)
    found = [*(series_findings if stack == 0 else ()), *shape.findings]
    pet: PetHeader | None = None
    unit = Unit.UNKNOWN
    quantifiable = shape.quantifiable
    if role in PET_ROLES:
        role, pet, extra = pet_role([header.dataset for header in datasets])
        unit = pet_unit(pet)
        found += extra
        # Straightening interpolates: fine for looking and for HU, not for activity.
        quantifiable = quantifiable and not _is_sheared(shape)
    unit, value_findings = _value_findings(shape.slices, role, unit)
    found += value_findings
    header = shape.slices[0].header
    return ScannedSeries(
        identity=identity_of(header.dataset),
        role=role if stack == 0 else SeriesRole.OTHER,
        instances=tuple(
            ScannedInstance(plane.header.path, plane.sop_instance_uid, plane.frame, shift)
            for plane, shift in zip(shape.slices, shape.shifts_yx_px, strict=True)
        ),
        geometry=shape.geometry,
        unit=unit,
        pet_header=pet,
        facts=_facts(header, shape.slices[0].thickness_mm),
        findings=tuple(dict.fromkeys(found)),
        broken_joints=shape.broken_joints,
        quantifiable=quantifiable,
        stack=stack,
    )


def _distinct_datasets(slices: Sequence[Slice]) -> list[FileHeader]:
    return list({id(plane.header): plane.header for plane in slices}.values())


def _is_sheared(shape: StackGeometry) -> bool:
    return any(shift != (0.0, 0.0) for shift in shape.shifts_yx_px)


def _value_findings(
    slices: Sequence[Slice], role: SeriesRole, unit: Unit
) -> tuple[Unit, list[Finding]]:
    """The unit of the values, and what is odd about their rescale, padding and compression."""
    found: list[Finding] = []
    rescales = [rescale_of(plane.header.dataset, plane.frame) for plane in slices]
    is_pet = role in PET_ROLES
    missing = sum(1 for rescale in rescales if rescale is None)
    kinds = sorted({rescale.kind for rescale in rescales if rescale is not None})
    if missing and (role is SeriesRole.CT or is_pet):
        found.append(finding("RESCALE_MISSING", Severity.ERROR, slices=missing))
        unit = Unit.UNKNOWN
    elif role is SeriesRole.CT and all(kind in HOUNSFIELD_TYPES for kind in kinds):
        unit = Unit.HOUNSFIELD
    elif role is SeriesRole.CT:
        found.append(finding("NOT_HOUNSFIELD", Severity.ERROR, stored=", ".join(kinds)))
    first = slices[0]
    padding, rescale = padding_range(first.header.dataset), rescales[0]
    if padding is not None and rescale is not None and (unit is Unit.HOUNSFIELD or is_pet):
        replaced = padding_is_replaced(first.header.dataset, rescale, is_pet)
        found.append(
            finding(
                "PIXEL_PADDING_REPLACED" if replaced else "PIXEL_PADDING_KEPT",
                Severity.INFO if replaced else Severity.WARNING,
                stored=padding[0],
            )
        )
    lossy = sum(1 for plane in slices if plane.lossy)
    if lossy:
        found.append(finding("LOSSY_COMPRESSION", Severity.WARNING, slices=lossy))
    if text(first.header.dataset, "PhotometricInterpretation") == "MONOCHROME1":
        found.append(finding("MONOCHROME1", Severity.INFO))
    return unit, found


def _facts(header: FileHeader, thickness_mm: float | None = None) -> AcquisitionFacts:
    dataset = header.dataset
    return AcquisitionFacts(
        slice_thickness_mm=thickness_mm or number(dataset, "SliceThickness"),
        pixel_padding_value=integer(dataset, "PixelPaddingValue"),
        contrast_agent=text(dataset, "ContrastBolusAgent"),
        convolution_kernel=text(dataset, "ConvolutionKernel"),
        tube_voltage_kv=number(dataset, "KVP"),
        lossy_compressed=is_lossy(dataset, header.transfer_syntax),
    )
