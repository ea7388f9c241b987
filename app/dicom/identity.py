"""Who, when and with what: the identity of a series from its headers."""

import re
from datetime import date, datetime, time

from pydicom.dataset import Dataset

from app.dicom.header_values import text
from app.domain.series import SeriesIdentity

_DATE = re.compile(r"^(\d{4})[.\-]?(\d{2})[.\-]?(\d{2})$")
_TIME = re.compile(r"^(\d{2}):?(\d{2})?:?(\d{2})?(?:\.(\d{1,6}))?$")


def parse_date(written: str) -> date | None:
    """The date of a DICOM DA value; dots as in ACR-NEMA objects are read too (PS3.5 6.2)."""
    match = _DATE.match(written.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(written: str) -> time | None:
    """The time of a DICOM TM value: HH, HHMM or HHMMSS with up to six decimals, colons allowed."""
    match = _TIME.match(written.strip())
    if match is None:
        return None
    microsecond = int((match[4] or "0").ljust(6, "0"))
    # A leap second (60) is not representable; the last second of the minute is.
    second = min(int(match[3] or 0), 59)
    try:
        return time(int(match[1]), int(match[2] or 0), second, microsecond)
    except ValueError:
        return None


def identity_of(dataset: Dataset) -> SeriesIdentity:
    """The identity stated in one header of the series.

    The series time is (0008,0021)/(0008,0031), else that of the acquisition; a date without a
    time gives no series time.
    """
    return SeriesIdentity(
        series_uid=text(dataset, "SeriesInstanceUID"),
        study_uid=text(dataset, "StudyInstanceUID"),
        patient_id=text(dataset, "PatientID"),
        patient_name=text(dataset, "PatientName"),
        patient_birth_date=parse_date(text(dataset, "PatientBirthDate")),
        patient_sex=text(dataset, "PatientSex"),
        modality=text(dataset, "Modality"),
        sop_class_uid=text(dataset, "SOPClassUID"),
        description=text(dataset, "SeriesDescription"),
        study_description=text(dataset, "StudyDescription"),
        manufacturer=text(dataset, "Manufacturer"),
        model=text(dataset, "ManufacturerModelName"),
        study_date=parse_date(text(dataset, "StudyDate")),
        series_datetime=_moment(dataset, "Series") or _moment(dataset, "Acquisition"),
        frame_of_reference_uid=text(dataset, "FrameOfReferenceUID") or None,
    )


def _moment(dataset: Dataset, prefix: str) -> datetime | None:
    day = parse_date(text(dataset, f"{prefix}Date"))
    clock = parse_time(text(dataset, f"{prefix}Time"))
    return None if day is None or clock is None else datetime.combine(day, clock)
