"""What the image writer needs to know about patient, study, series and PET acquisition."""

from dataclasses import dataclass
from datetime import date, datetime

from segmentation.geometry import Geometry


@dataclass(frozen=True, slots=True)
class WrittenPatient:
    """Who the images show; `name` as DICOM PN, `sex` M, F or O."""

    name: str
    patient_id: str
    birth_date: date
    sex: str


@dataclass(frozen=True, slots=True)
class WrittenStudy:
    """One examination and the patient's measures at it."""

    uid: str
    started: datetime
    study_id: str
    description: str
    weight_kg: float
    size_m: float
    comment: str


@dataclass(frozen=True, slots=True)
class WrittenSeries:
    """What the series of both modalities have in common; slices are written head first."""

    uid: str
    number: int
    description: str
    started: datetime
    frame_of_reference_uid: str
    geometry: Geometry
    manufacturer: str
    model: str
    software: str


@dataclass(frozen=True, slots=True)
class WrittenInjection:
    """FDG as injected (net dose, Bq; half-life, s)."""

    started: datetime
    dose_bq: float
    half_life_s: float


@dataclass(frozen=True, slots=True)
class WrittenReconstruction:
    """How the PET was made: the names of the method and of the post-filter."""

    method: str
    kernel: str
