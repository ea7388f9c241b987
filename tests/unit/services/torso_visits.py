"""Visits of the synthetic torso on disk: small, real DICOM, read like any other."""

import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from app.dicom.image_records import (
    WrittenInjection,
    WrittenPatient,
    WrittenReconstruction,
    WrittenSeries,
    WrittenStudy,
)
from app.dicom.image_timing import beds_from_feet
from app.dicom.image_writer import write_pet_series
from segmentation.geometry import Geometry
from tests.builders.phantom_truth import sul_per_suv
from tests.unit.segmentation.anatomy.torso import ORGANS, SPACING_MM, torso

WEIGHT_KG, SIZE_M, DOSE_BQ, HALF_LIFE_S = 70.0, 1.70, 250e6, 6586.2
UPTAKE_S = 3600.0


def uid(*path: object) -> str:
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(map(str, path))).int}"


def write_torso(
    folder: Path,
    day: date,
    lesions=(),
    *,
    shift_mm=(0.0, 0.0, 0.0),
    patient_id="TORSO",
    slices=slice(None),
    organs=ORGANS,
    seed=None,
) -> Path:
    """A folder with the PET of one visit; lesions are balls in the torso's own frame."""
    seed = day.toordinal() if seed is None else seed
    sul = torso((*organs, *lesions), slices=slices, seed=seed)
    origin = tuple(float(v) for v in np.add(sul.geometry.origin_lps_mm, shift_mm))
    started = datetime(day.year, day.month, day.day, 10, 0, 0)
    name = f"{patient_id}/{day}/{seed}"
    series = WrittenSeries(
        uid=uid(name, "series"),
        number=1,
        description="TORSO PET",
        started=started,
        frame_of_reference_uid=uid(name, "frame"),
        geometry=Geometry.even(sul.values.shape, (SPACING_MM,) * 3, origin),
        manufacturer="OncoRead",
        model="Torso",
        software="1",
    )
    factor = DOSE_BQ * 2.0 ** (-UPTAKE_S / HALF_LIFE_S) / (WEIGHT_KG * 1000.0)
    suv = np.maximum(sul.values, 0.0) / sul_per_suv(WEIGHT_KG, SIZE_M)
    folder.mkdir(parents=True)
    write_pet_series(
        folder,
        (suv * factor).astype(np.float32),
        WrittenPatient("TORSO^TEST", patient_id, date(1960, 1, 1), "F"),
        WrittenStudy(uid(name, "study"), started, "1", "TORSO", WEIGHT_KG, SIZE_M, ""),
        series,
        WrittenInjection(started - timedelta(seconds=UPTAKE_S), DOSE_BQ, HALF_LIFE_S),
        WrittenReconstruction("OSEM", "none"),
        beds_from_feet(sul.values.shape[0], 2, 150.0, 120.0),
    )
    return folder
