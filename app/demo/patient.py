"""The demo patient as two folders of DICOM files, written once and then reused."""

import hashlib
import json
import math
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.demo.phantom import Phantom, Visit, demo_phantom
from app.demo.render import ct_geometry, pet_geometry, render_hounsfield, render_suv
from app.dicom.image_timing import beds_from_feet
from app.dicom.image_writer import (
    WrittenInjection,
    WrittenPatient,
    WrittenReconstruction,
    WrittenSeries,
    WrittenStudy,
    slice_name,
    write_ct_series,
    write_pet_series,
)
from app.errors import ReaderError

Progress = Callable[[float], None]  # share of the work done, 0 to 1

# Raise with every change of rendering or writing that alters the files.
WRITER_VERSION = 1
MANIFEST = "demo_patient.json"
HIDDEN = ".demo-"
ABANDONED_AFTER_S = 3600.0
SYNTHETIC = "Synthetic demo phantom, no person"
CT_BEFORE_PET = timedelta(seconds=150)
STUDY_BEFORE_CT = timedelta(seconds=240)


def write_demo_patient(
    folder: Path, progress: Progress | None = None, phantom: Phantom | None = None
) -> tuple[Path, Path]:
    """The folders (baseline, month 3) of the demo patient below `folder`, written where needed.

    Each holds `PT` and `CT` with one file per slice. A complete set of the same parameters is
    reused; an incomplete or older one is written again. The files appear all at once: they are
    made in a hidden folder beside and renamed. ReaderError DEMO_FOLDER_OCCUPIED where `folder`
    holds other files under these names, DEMO_NOT_WRITTEN where the disk refuses.
    """
    phantom = phantom or demo_phantom()
    baseline, month3 = (folder / visit.name for visit in phantom.visits)
    if not _is_complete(folder, phantom):
        _refuse_foreign_files((baseline, month3), phantom)
        try:
            _write(folder, phantom, progress or (lambda _: None))
        except OSError as problem:
            raise ReaderError(
                "DEMO_NOT_WRITTEN",
                f"The demo patient could not be written to {folder}: {problem.strerror}.",
                "Free about 100 MB there or choose another folder.",
            ) from problem
    return baseline, month3


def parameter_hash(phantom: Phantom) -> str:
    """SHA-256 of everything the files depend on: all parameters and the writer's version."""
    return hashlib.sha256(f"{WRITER_VERSION} {phantom!r}".encode()).hexdigest()


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

    def one_slice() -> None:
        nonlocal done
        done += 1
        progress(done / (2 * scanner.slices))

    for modality in ("PT", "CT"):
        (folder / modality).mkdir(parents=True)
    write_pet_series(
        folder / "PT",
        render_suv(phantom, visit) * np.float32(bq_per_ml_of_suv_1(phantom, visit)),
        patient,
        study,
        pet_series,
        WrittenInjection(visit.injection, visit.dose_bq, scanner.half_life_s),
        WrittenReconstruction("OSEM simulated", f"Gaussian {scanner.psf_fwhm_mm:g} mm"),
        beds_from_feet(scanner.slices, scanner.beds, scanner.bed_step_s, scanner.bed_duration_s),
        one_slice,
    )
    write_ct_series(
        folder / "CT", render_hounsfield(phantom, visit), patient, study, ct_series, one_slice
    )


def bq_per_ml_of_suv_1(phantom: Phantom, visit: Visit) -> float:
    """The activity concentration (Bq/mL at series start) of SUVbw 1 (spec 1.1)."""
    left_bq = visit.dose_bq * math.pow(2.0, -visit.uptake_s / phantom.scanner.half_life_s)
    return left_bq / (visit.weight_kg * 1000.0)


def _write(folder: Path, phantom: Phantom, progress: Progress) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    hidden = Path(tempfile.mkdtemp(prefix=HIDDEN, dir=folder))
    try:
        for nth, visit in enumerate(phantom.visits):
            write_visit(
                hidden / visit.name, phantom, visit, _part_of(progress, nth, len(phantom.visits))
            )
        manifest = {"parameters": parameter_hash(phantom), "files": _sizes(hidden)}
        (hidden / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        if _is_complete(folder, phantom):  # another process was faster
            return
        (folder / MANIFEST).unlink(missing_ok=True)
        for visit in phantom.visits:
            if (folder / visit.name).exists():
                (folder / visit.name).rename(hidden / f"old-{visit.name}")
            (hidden / visit.name).rename(folder / visit.name)
        (hidden / MANIFEST).replace(folder / MANIFEST)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _part_of(progress: Progress, nth: int, count: int) -> Progress:
    return lambda share: progress((nth + share) / count)


def _sweep(folder: Path) -> None:
    """Remove what a killed process left behind; one that still works is younger."""
    for left in folder.glob(f"{HIDDEN}*"):
        if time.time() - left.stat().st_mtime > ABANDONED_AFTER_S:
            shutil.rmtree(left, ignore_errors=True)


def _is_complete(folder: Path, phantom: Phantom) -> bool:
    """Whether the set of these parameters lies there with every file at its size."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(
            manifest["parameters"] == parameter_hash(phantom)
            and all((folder / visit.name).is_dir() for visit in phantom.visits)
            and all((folder / f).stat().st_size == n for f, n in manifest["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sizes(folder: Path) -> dict[str, int]:
    return {
        str(file.relative_to(folder).as_posix()): file.stat().st_size
        for file in sorted(folder.rglob("*.dcm"))
    }


def _refuse_foreign_files(visits: tuple[Path, ...], phantom: Phantom) -> None:
    """Never replace files that this module did not write."""
    numbers = range(1, phantom.scanner.slices + 1)
    ours = {f"{m}/{slice_name(m, n)}" for m in ("PT", "CT") for n in numbers}
    for visit in visits:
        for file in visit.rglob("*") if visit.is_dir() else ():
            if not file.is_dir() and file.relative_to(visit).as_posix() not in ours:
                raise ReaderError(
                    "DEMO_FOLDER_OCCUPIED",
                    f"{visit} holds files that are not the demo patient's.",
                    "Choose another folder for the demo.",
                )
