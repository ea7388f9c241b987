"""Per-slice values of a PET series: one record per instance, or per frame of a multi-frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from app.dicom.dicom_time import combine, parse_datetime
from app.dicom.header_values import integer, items, number, text
from app.dicom.pet_private import GE_SCAN, SIEMENS_SCAN, read_private
from app.domain.pet_header import PetSlice, Timestamp

FRAME_LIMIT = 100_000  # a Number of Frames beyond this is a broken value
# UCUM units of a real world value map and the Units and SUV Type they stand for (CID 84).
# Older objects write the annotation first: {SUVlbm}g/ml (spec 1.9).
UNITS_OF_UCUM = {
    "bq/ml": ("BQML", ""),
    "g/ml{suvbw}": ("GML", "BW"),
    "g/ml{suvlbm}": ("GML", "LBM"),
    "g/ml{suvlbm(james128)}": ("GML", "LBMJAMES128"),
    "g/ml{suvlbm(janma)}": ("GML", "LBMJANMA"),
    "g/ml{suvibw}": ("GML", "IBW"),
    "cm2/ml{suvbsa}": ("CM2ML", "BSA"),
    "g/ml": ("GML", ""),
    "cm2/ml": ("CM2ML", ""),
    "{counts}": ("CNTS", ""),
    "{counts}/s": ("CPS", ""),
    "{propcounts}": ("PROPCNTS", ""),
    "{propcounts}/s": ("PROPCPS", ""),
    "/cm": ("1CM", ""),
}


@dataclass(frozen=True, slots=True)
class FrameUnits:
    """The unit of one slice's rescaled values: DICOM Units and SUV Type, "" where unstated."""

    units: str
    suv_type: str
    ucum: str


def frames_of(dataset: Dataset) -> list[list[Dataset]]:
    """For each frame the data sets that speak for it: own groups, shared groups, the object."""
    count = integer(dataset, "NumberOfFrames") or 1
    own = items(dataset, "PerFrameFunctionalGroupsSequence")
    if not own:
        return [[dataset]] if count <= 1 else [[dataset]] * min(count, FRAME_LIMIT)
    shared = _inside(items(dataset, "SharedFunctionalGroupsSequence"))
    return [[*_inside([group]), *shared, dataset] for group in own]


def slice_of(sources: Sequence[Dataset], series: Timestamp | None) -> PetSlice:
    """What the sources of one frame state, the nearest first."""
    top = sources[-1]
    mapping = _mapping(sources)
    slope_source = [mapping, *sources] if mapping is not None else sources
    slope = first_number(slope_source, "RealWorldValueSlope" if mapping else "RescaleSlope")
    intercept = first_number(
        slope_source, "RealWorldValueIntercept" if mapping else "RescaleIntercept"
    )
    private = read_private(top, GE_SCAN) or read_private(top, SIEMENS_SCAN)
    duration = first_number(sources, "ActualFrameDuration")
    if duration is None:
        duration = first_number(sources, "FrameAcquisitionDuration")
    return PetSlice(
        acquisition=_acquisition(sources, series),
        frame_reference_time_ms=first_number(sources, "FrameReferenceTime"),
        actual_frame_duration_ms=duration,
        decay_factor=first_number(sources, "DecayFactor"),
        slope=slope,
        intercept=intercept,
        series=series,
        private_scan=None if private is None else parse_datetime(private.text),
        frame_reference=parse_datetime(first_text(sources, "FrameReferenceDateTime")),
    )


def units_of(sources: Sequence[Dataset]) -> FrameUnits:
    """The unit of one frame: Units where stated, else the real world value map's, else Rescale."""
    units = first_text(sources, "Units").upper()
    suv_type = first_text(sources, "SUVType").upper()
    mapping = _mapping(sources)
    if mapping is not None:
        codes = items(mapping, "MeasurementUnitsCodeSequence")
        ucum = code_value(codes[0]) if codes else ""
        known = UNITS_OF_UCUM.get(_annotation_last(ucum))
        if known is not None:
            return FrameUnits(known[0], known[1] or suv_type, ucum)
        if ucum:
            return FrameUnits(ucum.upper(), suv_type, ucum)
    if units:
        return FrameUnits(units, suv_type, units)
    kind = first_text(sources, "RescaleType").upper()
    return FrameUnits(kind if len(sources) > 1 else "", suv_type, kind)


def code_value(code: Dataset) -> str:
    """The code of an entry: Code Value, or Long Code Value where it exceeds 16 characters."""
    return text(code, "CodeValue") or text(code, "LongCodeValue")


def first_text(sources: Sequence[Dataset], keyword: str) -> str:
    """The nearest statement of a text."""
    return next((found for one in sources if (found := text(one, keyword))), "")


def first_number(sources: Sequence[Dataset], keyword: str) -> float | None:
    """The nearest statement of a number."""
    values = (number(one, keyword) for one in sources)
    return next((found for found in values if found is not None), None)


def _inside(groups: Sequence[Dataset]) -> list[Dataset]:
    """The items inside the macros of functional groups (Frame Content, Pixel Value, ...)."""
    return [
        item
        for group in groups
        for element in group
        if element.VR == "SQ" and element.keyword != "RealWorldValueMappingSequence"
        for item in items(group, element.keyword)
    ] + list(groups)


def _mapping(sources: Sequence[Dataset]) -> Dataset | None:
    """The nearest real world value map with a slope, of a multi-frame object only."""
    if len(sources) == 1:
        return None
    maps = (item for one in sources for item in items(one, "RealWorldValueMappingSequence"))
    return next((item for item in maps if number(item, "RealWorldValueSlope") is not None), None)


def _acquisition(sources: Sequence[Dataset], series: Timestamp | None) -> Timestamp | None:
    """Acquisition start: date and time, else one of the date-time attributes."""
    date, time = first_text(sources, "AcquisitionDate"), first_text(sources, "AcquisitionTime")
    if len(sources) > 1:
        frame = parse_datetime(first_text(sources, "FrameAcquisitionDateTime"))
        if frame is not None:
            return frame
    stamp = combine(date, time) or parse_datetime(first_text(sources, "AcquisitionDateTime"))
    if stamp is None and time and series is not None:
        return combine(series.local.strftime("%Y%m%d"), time)
    return stamp


def _annotation_last(ucum: str) -> str:
    """A UCUM unit in lower case with its annotation behind: {SUVlbm}g/ml -> g/ml{suvlbm}."""
    lower = ucum.strip().lower()
    if lower.startswith("{suv") and "}" in lower:
        annotation, _, unit = lower.partition("}")
        return f"{unit}{annotation}}}"
    return lower
