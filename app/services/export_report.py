"""The report and the reading of a draft, written so that a failure leaves the former ones."""

import json
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from app.reporting.compose import compose
from app.reporting.documents import read_document
from app.reporting.key_images import key_images
from app.reporting.pdf import render_pdf
from app.reporting.picture_files import VisitImages
from app.services.draft_read import LoadedDraft
from app.services.progress import SILENT, Progress
from app.wording import reader_error

REPORT_NAME = "report.pdf"
READING_NAME = "reading.json"
ABANDONED_AFTER_S = 3600.0


def check_folder(folder: Path) -> None:
    """Raises ReaderError EXPORT_FAILED where files cannot go into a folder, also one to be made.

    Called before the work, which takes longer than the complaint; nothing is created.
    """
    try:
        existing = folder
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        if not existing.is_dir():
            raise NotADirectoryError(0, "not a folder", str(existing))
        if not os.access(existing, os.W_OK | os.X_OK):
            raise PermissionError(0, "no permission", str(existing))
        for name in (REPORT_NAME, READING_NAME):
            if (folder / name).is_dir():
                raise IsADirectoryError(0, "is a folder", str(folder / name))
    except OSError as fault:
        raise _failed(folder, fault) from fault


def export_report(
    draft: LoadedDraft, folder: Path, issued_utc: datetime, progress: Progress = SILENT
) -> dict[str, object]:
    """Writes report.pdf and reading.json into a folder and returns the reading's document.

    Both are rendered and written in full before either is replaced, each by an atomic rename: on
    a full disk, at Ctrl-C or when it is cancelled the previous files stay as they were. Raises
    ReaderError EXPORT_FAILED.
    """
    progress.step("figures")
    images = [VisitImages(visit.sul, visit.ct) for visit in draft.visits]
    pictures = []
    for picture in key_images(draft.read, images):
        progress.checkpoint()
        pictures.append(picture)
    progress.step("write_report")
    content = compose(draft.read, issued_utc, tuple(pictures))
    document = read_document(draft.read, REPORT_NAME, READING_NAME)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # Characters that UTF-8 cannot hold (broken header values) become JSON escapes.
    reading = text.encode("utf-8", "backslashreplace")
    try:
        pdf = render_pdf(content, {item.file: item.png for item in pictures}, issued_utc)
    except OSError as fault:
        raise _failed(Path(tempfile.gettempdir()), fault) from fault
    progress.checkpoint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace_all(folder, {REPORT_NAME: pdf, READING_NAME: reading})
    except OSError as fault:
        raise _failed(folder, fault) from fault
    return document


def _failed(folder: Path, fault: OSError) -> Exception:
    cause = fault.strerror or type(fault).__name__
    return reader_error("EXPORT_FAILED", file=str(folder), cause=cause)


def report_path(folder: Path) -> Path:
    """Where the report of a folder lies."""
    return folder / REPORT_NAME


def _replace_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts all files in place, or none: the previous ones are at hand until the last is in."""
    _sweep(folder, files)
    new = {name: _hidden(folder, name, "new") for name in files}
    old = {name: _hidden(folder, name, "old") for name in files}
    replaced: list[str] = []
    try:
        for name, data in files.items():
            with new[name].open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            _keep(folder / name, old[name])
        for name in files:
            replaced.append(name)
            new[name].replace(folder / name)
    except BaseException:  # Ctrl-C among them
        for name in replaced:
            if old[name].exists():
                old[name].replace(folder / name)
            elif not new[name].exists():
                (folder / name).unlink(missing_ok=True)
        raise
    finally:
        for path in (*new.values(), *old.values()):
            path.unlink(missing_ok=True)


def _sweep(folder: Path, names: Iterable[str]) -> None:
    """Removes what a killed process left behind; one that still works is younger."""
    for name in names:
        for left in folder.glob(f".{name}.*-*"):
            # Linking renews the change time, not the modification time.
            if time.time() - left.stat().st_ctime > ABANDONED_AFTER_S:
                left.unlink(missing_ok=True)


def _hidden(folder: Path, name: str, purpose: str) -> Path:
    return folder / f".{name}.{purpose}-{uuid.uuid4().hex}"


def _keep(place: Path, copy: Path) -> None:
    """A second name for the previous file; a copy where the file system has no links."""
    if place.exists():
        try:
            os.link(place, copy)
        except OSError:
            shutil.copy2(place, copy)
