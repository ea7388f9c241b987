"""The header of one PET series as a pure record, tolerant of anything a writer got wrong."""

from collections.abc import Callable, Hashable, Sequence

from pydicom.dataset import Dataset

from app.dicom.dicom_time import combine, parse_datetime, parse_offset, parse_time
from app.dicom.header_values import integer, items, number, numbers, text, texts
from app.dicom.pet_frames import code_value, first_text, frames_of, slice_of, units_of
from app.dicom.pet_private import (
    GE_ADMIN,
    GE_SCAN,
    PHILIPS_ACTIVITY,
    PHILIPS_SUV,
    SIEMENS_SCAN,
    as_number,
    read_private,
)
from app.domain.pet_header import (
    CodedEntry,
    PetHeader,
    RadiopharmaceuticalItem,
    ReconstructionFacts,
    Timestamp,
    VendorValues,
)

# Yes/no attributes of an Enhanced PET and the Corrected Image term each stands for.
ENHANCED_CORRECTIONS = {
    "AttenuationCorrected": "ATTN",
    "DecayCorrected": "DECY",
    "ScatterCorrected": "SCAT",
    "DeadTimeCorrected": "DTIM",
    "RandomsCorrected": "RAN",
    "DetectorNormalizationCorrection": "NORM",
    "SensitivityCalibrated": "DCAL",
}
# Texts that may betray a tracer which the radiopharmaceutical sequence leaves out.
PROTOCOL_KEYWORDS = ("AttenuationCorrectionMethod", "ProtocolName", "SeriesDescription")


def read_pet_header(datasets: Sequence[Dataset]) -> PetHeader:
    """The header record of one PET series from its header-only data sets in slice order.

    One data set per instance; a multi-frame object gives one slice record per frame. Missing or
    unreadable values become None, never an exception. Values that must be one per series (spec
    1.2) and are not are listed by tag; the record then holds those of the first instance.
    Times are the scanner's wall clock, dose in Bq, lengths in mm, durations in ms as stored.
    """
    if not datasets:
        return PetHeader()
    first = datasets[0]
    sources = [one for dataset in datasets for one in frames_of(dataset)]
    series = _series(first)
    mapped = list(dict.fromkeys(units_of(one) for one in sources))
    multi_frame = any(len(one) > 1 for one in sources)
    nearest = sources[0]
    return PetHeader(
        sop_class_uid=text(first, "SOPClassUID"),
        modality=text(first, "Modality").upper(),
        manufacturer=text(first, "Manufacturer"),
        model=text(first, "ManufacturerModelName"),
        units=mapped[0].units,
        suv_type=mapped[0].suv_type,
        corrected_image=_corrected_image(nearest),
        decay_correction=first_text(nearest, "DecayCorrection").upper(),
        series_type=_terms(nearest, "SeriesType"),
        image_type=texts(first, "ImageType"),
        series=series,
        timezone_offset_minutes=parse_offset(text(first, "TimezoneOffsetFromUTC")),
        weight=number(first, "PatientWeight"),
        size=number(first, "PatientSize"),
        sex=text(first, "PatientSex").upper(),
        radiopharmaceuticals=_radiopharmaceuticals(first),
        slices=tuple(slice_of(one, _series(one[-1])) for one in sources),
        vendor=_vendor(first),
        reconstruction=_reconstruction(nearest),
        heterogeneous_tags=_heterogeneous_tags(datasets),
        acquisition_date_assumed=_date_assumed(nearest),
        decay_corrected=first_text(nearest, "DecayCorrected").upper(),
        decay_correction_datetime=parse_datetime(first_text(nearest, "DecayCorrectionDateTime")),
        mapping_units=tuple(one.ucum for one in mapped) if multi_frame else (),
        protocol_texts=tuple(
            found for keyword in PROTOCOL_KEYWORDS if (found := first_text(nearest, keyword))
        ),
    )


def _series(dataset: Dataset) -> Timestamp | None:
    time = text(dataset, "SeriesTime")
    return combine(text(dataset, "SeriesDate"), time) or combine(text(dataset, "StudyDate"), time)


def _terms(sources: Sequence[Dataset], keyword: str) -> tuple[str, ...]:
    return next((found for one in sources if (found := texts(one, keyword))), ())


def _corrected_image(sources: Sequence[Dataset]) -> tuple[str, ...]:
    """Corrected Image, or the same terms from the yes/no attributes of an Enhanced PET."""
    stated = _terms(sources, "CorrectedImage")
    if stated:
        return stated
    return tuple(
        term
        for keyword, term in ENHANCED_CORRECTIONS.items()
        if first_text(sources, keyword).upper() == "YES"
    )


def _date_assumed(sources: Sequence[Dataset]) -> bool:
    dated = ("AcquisitionDate", "AcquisitionDateTime", "FrameAcquisitionDateTime")
    stated = any(first_text(sources, keyword) for keyword in dated)
    return bool(first_text(sources, "AcquisitionTime")) and not stated


def _radiopharmaceuticals(dataset: Dataset) -> tuple[RadiopharmaceuticalItem, ...]:
    return tuple(
        RadiopharmaceuticalItem(
            text=text(item, "Radiopharmaceutical"),
            start_datetime=parse_datetime(text(item, "RadiopharmaceuticalStartDateTime")),
            start_time=parse_time(text(item, "RadiopharmaceuticalStartTime")),
            total_dose=number(item, "RadionuclideTotalDose"),
            half_life=number(item, "RadionuclideHalfLife"),
            nuclide_codes=_codes(item, "RadionuclideCodeSequence"),
            tracer_codes=_codes(item, "RadiopharmaceuticalCodeSequence"),
        )
        for item in items(dataset, "RadiopharmaceuticalInformationSequence")
    )


def _codes(item: Dataset, keyword: str) -> tuple[CodedEntry, ...]:
    return tuple(
        CodedEntry(
            code_value(code), text(code, "CodingSchemeDesignator"), text(code, "CodeMeaning")
        )
        for code in items(item, keyword)
    )


def _vendor(dataset: Dataset) -> VendorValues:
    scans = {
        wanted: found
        for wanted in (GE_SCAN, SIEMENS_SCAN)
        if (found := read_private(dataset, wanted)) is not None
    }
    admin = read_private(dataset, GE_ADMIN)
    suv, activity = read_private(dataset, PHILIPS_SUV), read_private(dataset, PHILIPS_ACTIVITY)
    taken = {**scans, GE_ADMIN: admin, PHILIPS_SUV: suv, PHILIPS_ACTIVITY: activity}
    return VendorValues(
        scan_tag=next((wanted.name for wanted in scans), None),
        ge_admin=None if admin is None else parse_datetime(admin.text),
        philips_suv_factor=as_number(suv),
        philips_activity_factor=as_number(activity),
        creator_missing=tuple(
            wanted.name for wanted, found in taken.items() if found and found.creator_missing
        ),
    )


def _reconstruction(sources: Sequence[Dataset]) -> ReconstructionFacts:
    def first_integer(keyword: str) -> int | None:
        values = (integer(one, keyword) for one in sources)
        return next((found for found in values if found is not None), None)

    def first_numbers(keyword: str, count: int) -> tuple[float, ...] | None:
        return next((found for one in sources if (found := numbers(one, keyword, count))), None)

    thickness = first_numbers("SliceThickness", 1)
    spacing = first_numbers("PixelSpacing", 2)
    method = first_text(sources, "ReconstructionMethod")
    attenuation = first_text(sources, "AttenuationCorrectionMethod")
    return ReconstructionFacts(
        method=method or first_text(sources, "ReconstructionAlgorithm"),
        iterations=first_integer("NumberOfIterations"),
        subsets=first_integer("NumberOfSubsets"),
        convolution_kernel=first_text(sources, "ConvolutionKernel"),
        slice_thickness_mm=None if thickness is None else thickness[0],
        pixel_spacing_mm=None if spacing is None else (spacing[0], spacing[1]),
        attenuation_method=attenuation or first_text(sources, "AttenuationCorrectionSource"),
        scatter_method=first_text(sources, "ScatterCorrectionMethod"),
        randoms_method=first_text(sources, "RandomsCorrectionMethod"),
        software_versions=first_text(sources, "SoftwareVersions"),
    )


def _heterogeneous_tags(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """The tags of spec 1.2 whose value is not the same on all instances, numbers by value."""

    def item(dataset: Dataset, keyword: str) -> Hashable:
        return tuple(
            number(one, keyword) for one in items(dataset, "RadiopharmaceuticalInformationSequence")
        )

    def injection(dataset: Dataset) -> Hashable:
        return tuple((one.start_datetime, one.start_time) for one in _radiopharmaceuticals(dataset))

    readers: dict[str, Callable[[Dataset], Hashable]] = {
        "(0054,1001)": lambda one: text(one, "Units").upper(),
        "(0054,1006)": lambda one: text(one, "SUVType").upper(),
        "(0028,0051)": lambda one: frozenset(texts(one, "CorrectedImage")),
        "(0054,1102)": lambda one: text(one, "DecayCorrection").upper(),
        "(0010,1030)": lambda one: number(one, "PatientWeight"),
        "(0010,1020)": lambda one: number(one, "PatientSize"),
        "(0010,0040)": lambda one: text(one, "PatientSex").upper(),
        "(0018,1075)": lambda one: item(one, "RadionuclideHalfLife"),
        "(0018,1074)": lambda one: item(one, "RadionuclideTotalDose"),
        "(0018,1072)": injection,
        "(0008,0031)": lambda one: stamp.local if (stamp := _series(one)) else None,
        "(7053,xx00)": lambda one: as_number(read_private(one, PHILIPS_SUV)),
        "(7053,xx09)": lambda one: as_number(read_private(one, PHILIPS_ACTIVITY)),
    }
    return tuple(
        tag for tag, read in readers.items() if len({read(dataset) for dataset in datasets}) > 1
    )
