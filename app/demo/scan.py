"""One visit of the demo patient as the scanner would send it: a PET and a CT series."""

import math
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.demo.phantom import Phantom, Visit
from app.demo.render import ct_geometry, pet_geometry, render_hounsfield, render_suv
from app.dicom.image_records import (
    WrittenInjection,
    WrittenPatient,
    WrittenReconstruction,
    WrittenSeries,
    WrittenStudy,
)
from app.dicom.image_timing import beds_from_feet
from app.dicom.image_writer import write_ct_series, write_pet_series

Progress = Callable[[float], None]  # share of the work done, 0 to 1

# Raise with every change of rendering or writing that alters the files.
WRITER_VERSION = 1
SYNTHETIC = "Synthetic demo phantom, no person"
CT_BEFORE_PET = timedelta(seconds=150)
STUDY_BEFORE_CT = timedelta(seconds=240)


def demo_uid(*path: str) -> str:
    """The UID of a study, series or frame of reference of the demo: always the same."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(('oncoread demo', *path))).int}"


def write_visit(
    folder: Path, phantom: Phantom, visit: Visit, progress: Progress = lambda _: None
) -> None:
    """Render one visit and write its files to `folder/PT` and `folder/CT`; OSError as the disk."""
    scanner = phantom.scanner
    patient = WrittenPatient(phantom.patient_name, phantom.patient_id, phantom.birth_date, "F")
    pet_start = visit.injection + timedelta(seconds=visit.uptake_s)
    study = WrittenStudy(
        uid=demo_uid(visit.name),
        started=pet_start - CT_BEFORE_PET - STUDY_BEFORE_CT,
        study_id=visit.name.upper(),
        description=f"DEMO PHANTOM FDG PET-CT {visit.description}",
        weight_kg=visit.weight_kg,
        size_m=phantom.size_m,
        comment=SYNTHETIC,
    )
    ct_series = WrittenSeries(
        uid=demo_uid(visit.name, "CT"),
        number=2,
        description="DEMO CT WB",
        started=pet_start - CT_BEFORE_PET,
        frame_of_reference_uid=demo_uid(visit.name, "frame of reference"),
        geometry=ct_geometry(scanner, visit),
        manufacturer="OncoRead",
        model="Demo phantom",
        software=str(WRITER_VERSION),
    )
    pet_series = WrittenSeries(
        uid=demo_uid(visit.name, "PT"),
        number=3,
        description="DEMO PET AC WB",
        started=pet_start,
        frame_of_reference_uid=ct_series.frame_of_reference_uid,
        geometry=pet_geometry(scanner, visit),
        manufacturer=ct_series.manufacturer,
        model=ct_series.model,
        software=ct_series.software,
    )
    done = 0

    def still() -> None:
        progress(done / (2 * scanner.slices))

    def one_slice() -> None:
        nonlocal done
        done += 1
        still()

    for modality in ("PT", "CT"):
        (folder / modality).mkdir(parents=True)
    write_pet_series(
        folder / "PT",
        render_suv(phantom, visit, checkpoint=still)
        * np.float32(bq_per_ml_of_suv_1(phantom, visit)),
        patient,
        study,
        pet_series,
        WrittenInjection(visit.injection, visit.dose_bq, scanner.half_life_s),
        WrittenReconstruction("OSEM simulated", f"Gaussian {scanner.psf_fwhm_mm:g} mm"),
        beds_from_feet(scanner.slices, scanner.beds, scanner.bed_step_s, scanner.bed_duration_s),
        one_slice,
    )
    write_ct_series(
        folder / "CT",
        render_hounsfield(phantom, visit, checkpoint=still),
        patient,
        study,
        ct_series,
        one_slice,
    )


def bq_per_ml_of_suv_1(phantom: Phantom, visit: Visit) -> float:
    """The activity concentration (Bq/mL at series start) of SUVbw 1 (spec 1.1)."""
    left_bq = visit.dose_bq * math.pow(2.0, -visit.uptake_s / phantom.scanner.half_life_s)
    return left_bq / (visit.weight_kg * 1000.0)
