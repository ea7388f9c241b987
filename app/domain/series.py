"""What a DICOM series is to the reading: its identity and its role."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SeriesRole(StrEnum):
    """The part a series plays, decided from its header facts, never from its description."""

    PET_AC = "pet_ac"  # attenuation-corrected PET in usable units
    PET_NAC = "pet_nac"  # PET that must not be quantified
    CT = "ct"
    LOCALIZER = "localizer"
    NM = "nm"
    SR = "sr"
    SEG = "seg"
    RTSTRUCT = "rtstruct"
    RWVM = "rwvm"
    SECONDARY_CAPTURE = "sc"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SeriesIdentity:
    """Who, when and with what: the identifying header values of a series.

    Text values are stripped; an absent value is "" for text and None for dates and UIDs that
    may legitimately be missing. `series_datetime` is local scanner time without zone.
    """

    series_uid: str
    study_uid: str
    patient_id: str
    patient_name: str
    patient_birth_date: date | None
    patient_sex: str
    modality: str
    sop_class_uid: str
    description: str
    study_description: str
    manufacturer: str
    model: str
    study_date: date | None
    series_datetime: datetime | None
    frame_of_reference_uid: str | None
