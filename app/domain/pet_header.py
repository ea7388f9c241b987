"""What the headers of one PET series state: the input of SUV quantification, nothing derived.

Absent or unreadable values are None (or "" and () for texts and lists). Times are scanner-local
wall clock; `None` never stands for zero.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A date and time as stored: wall clock, the UTC offset where it was stated, the text."""

    local: datetime  # naive, microsecond resolution
    utc_offset_minutes: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time without a date as stored: exact time since midnight and the text."""

    since_midnight: timedelta
    text: str


@dataclass(frozen=True, slots=True)
class CodedEntry:
    """A coded concept (value, scheme, meaning) as stored, without interpretation."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True, slots=True)
class RadiopharmaceuticalItem:
    """One item of the Radiopharmaceutical Information Sequence (0054,0016)."""

    text: str = ""  # Radiopharmaceutical (0018,0031)
    start_datetime: Timestamp | None = None  # (0018,1078)
    start_time: TimeOfDay | None = None  # (0018,1072)
    total_dose: float | None = None  # (0018,1074) as stored: Bq, unless somebody wrote MBq
    half_life: float | None = None  # (0018,1075) as stored: s, unless somebody wrote minutes
    nuclide_codes: tuple[CodedEntry, ...] = ()  # (0054,0300)
    tracer_codes: tuple[CodedEntry, ...] = ()  # (0054,0304)


@dataclass(frozen=True, slots=True)
class PetSlice:
    """What one instance (or one frame of a multi-frame object) states about itself."""

    acquisition: Timestamp | None = None
    frame_reference_time_ms: float | None = None  # (0054,1300)
    actual_frame_duration_ms: float | None = None  # (0018,1242)
    decay_factor: float | None = None  # (0054,1321)
    slope: float | None = None  # rescale, or real world value, slope
    intercept: float | None = None
    series: Timestamp | None = None
    private_scan: Timestamp | None = None  # GE (0009,xx0D) or Siemens (0071,xx22)
    frame_reference: Timestamp | None = None  # Enhanced PET (0018,9151)


@dataclass(frozen=True, slots=True)
class VendorValues:
    """Private values, each resolved through its private creator's block."""

    scan_tag: str | None = None  # "(0009,xx0D)" or "(0071,xx22)": which one the slices carry
    ge_admin: Timestamp | None = None  # GE (0009,xx3B)
    philips_suv_factor: float | None = None  # (7053,xx00)
    philips_activity_factor: float | None = None  # (7053,xx09)
    creator_missing: tuple[str, ...] = ()  # tags taken although the creator element was stripped


@dataclass(frozen=True, slots=True)
class ReconstructionFacts:
    """How the images were made, for the comparability of two scans."""

    method: str = ""
    iterations: int | None = None
    subsets: int | None = None
    convolution_kernel: str = ""
    slice_thickness_mm: float | None = None
    pixel_spacing_mm: tuple[float, float] | None = None  # row, column
    attenuation_method: str = ""
    scatter_method: str = ""
    randoms_method: str = ""
    software_versions: str = ""


@dataclass(frozen=True, slots=True)
class PetHeader:
    """Everything the SUV gate of spec 1.2-1.6 reads from one PET series."""

    sop_class_uid: str = ""
    modality: str = ""
    manufacturer: str = ""
    model: str = ""
    units: str = ""  # (0054,1001), or the term for the RWV unit of an Enhanced PET
    suv_type: str = ""  # (0054,1006)
    corrected_image: tuple[str, ...] = ()  # (0028,0051)
    decay_correction: str = ""  # (0054,1102)
    series_type: tuple[str, ...] = ()  # (0054,1000)
    image_type: tuple[str, ...] = ()
    series: Timestamp | None = None
    timezone_offset_minutes: int | None = None  # (0008,0201)
    weight: float | None = None  # (0010,1030) as stored
    size: float | None = None  # (0010,1020) as stored
    sex: str = ""
    radiopharmaceuticals: tuple[RadiopharmaceuticalItem, ...] = ()
    slices: tuple[PetSlice, ...] = ()
    vendor: VendorValues = VendorValues()
    reconstruction: ReconstructionFacts = ReconstructionFacts()
    heterogeneous_tags: tuple[str, ...] = ()  # "(gggg,eeee)" of values that must be one per series
    acquisition_date_assumed: bool = False  # Acquisition Date absent, the series date stands in
    decay_corrected: str = ""  # Enhanced PET (0018,9758)
    decay_correction_datetime: Timestamp | None = None  # Enhanced PET (0018,9701)
    mapping_units: tuple[str, ...] = ()  # distinct RWV units of an Enhanced PET, as stored
    protocol_texts: tuple[str, ...] = ()  # texts that may betray a tracer the sequence omits
