"""The report and the reading of a draft, written so that a failure leaves the former ones."""

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from app.reporting.compose import compose
from app.reporting.documents import read_document
from app.reporting.key_images import VisitImages, key_images
from app.reporting.pdf import render_pdf
from app.services.draft_read import LoadedDraft
from app.services.progress import SILENT, Progress
from app.wording import reader_error

REPORT_NAME = "report.pdf"
READING_NAME = "reading.json"


def export_report(
    draft: LoadedDraft, folder: Path, issued_utc: datetime, progress: Progress = SILENT
) -> dict[str, object]:
    """Writes report.pdf and reading.json into a folder and returns the reading's document.

    Both are rendered in full before either is replaced, each by an atomic rename: on a full disk
    the previous files stay as they were. Raises ReaderError EXPORT_FAILED.
    """
    progress.step("figures")
    images = [VisitImages(visit.sul, visit.ct) for visit in draft.visits]
    pictures = tuple(key_images(draft.read, images))
    progress.step("write_report")
    content = compose(draft.read, issued_utc, pictures)
    document = read_document(draft.read, REPORT_NAME, READING_NAME)
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pdf = render_pdf(content, {item.file: item.png for item in pictures}, issued_utc)
        _replace_all(folder, {REPORT_NAME: pdf, READING_NAME: text.encode("utf-8")})
    except OSError as fault:
        cause = fault.strerror or type(fault).__name__
        raise reader_error("EXPORT_FAILED", file=str(folder), cause=cause) from fault
    return document


def _replace_all(folder: Path, files: dict[str, bytes]) -> None:
    """Writes every file beside its place, to the disk, then renames them all."""
    written: list[tuple[Path, Path]] = []
    try:
        for name, data in files.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            written.append((Path(temporary), folder / name))
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(0o644)
        for temporary_path, place in written:
            temporary_path.replace(place)
    except OSError:
        for temporary_path, _ in written:
            temporary_path.unlink(missing_ok=True)
        raise
