"""The demo patient as two folders of DICOM files, written once and then reused."""

import hashlib
import json
import re
import shutil
import tempfile
import time
from pathlib import Path

from app.demo.phantom import Phantom, demo_phantom
from app.demo.scan import WRITER_VERSION, Progress, write_visit
from app.errors import ReaderError

# Marks a folder as ours from before the first file on; complete once it holds the parameters.
MANIFEST = "demo_patient.json"
HIDDEN = ".demo-"
ABANDONED_AFTER_S = 3600.0
OUR_FILE = re.compile(r"(PT/PT|CT/CT)\d{4}\.dcm")


def write_demo_patient(
    folder: Path, progress: Progress | None = None, phantom: Phantom | None = None
) -> tuple[Path, Path]:
    """The folders (baseline, month 3) of the demo patient below `folder`, written where needed.

    Each holds `PT` and `CT` with one file per slice. A complete set of the same parameters is
    reused; an incomplete or older one is written again. Files appear only once all are there:
    they are made in a hidden folder and moved. ReaderError DEMO_FOLDER_OCCUPIED where `folder`
    holds other files under these names, DEMO_NOT_WRITTEN where the disk refuses.
    """
    phantom = phantom or demo_phantom()
    baseline, month3 = (folder / visit.name for visit in phantom.visits)
    if not _is_complete(folder, phantom):
        _refuse_foreign_files(folder, (baseline, month3))
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


def _write(folder: Path, phantom: Phantom, progress: Progress) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    hidden = Path(tempfile.mkdtemp(prefix=HIDDEN, dir=folder))
    try:
        (folder / MANIFEST).touch()
        for nth, visit in enumerate(phantom.visits):
            part = _part_of(progress, nth, len(phantom.visits))
            write_visit(hidden / visit.name, phantom, visit, part)
        manifest = {"parameters": parameter_hash(phantom), "files": _sizes(hidden)}
        (hidden / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        if _is_complete(folder, phantom):  # another process was faster
            return
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
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _sizes(folder: Path) -> dict[str, int]:
    return {
        str(file.relative_to(folder).as_posix()): file.stat().st_size
        for file in sorted(folder.rglob("*.dcm"))
    }


def _refuse_foreign_files(folder: Path, visits: tuple[Path, ...]) -> None:
    """Never replace files that this module did not write."""
    marked = (folder / MANIFEST).is_file()
    for visit in visits:
        files = [f for f in visit.rglob("*") if not f.is_dir()] if visit.is_dir() else []
        if files and not (
            marked and all(OUR_FILE.fullmatch(f.relative_to(visit).as_posix()) for f in files)
        ):
            raise ReaderError(
                "DEMO_FOLDER_OCCUPIED",
                f"{visit} holds files that are not the demo patient's.",
                "Choose another folder for the demo.",
            )
