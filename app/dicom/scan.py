"""What a folder of DICOM files holds, whatever state it is in."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from app.dicom.file_header import FileHeader, PixelState, read_file_header
from app.dicom.folder_walk import printable_name, walk_files
from app.dicom.header_values import numbers, text
from app.dicom.roles import instance_role
from app.dicom.scanned import Scan, ScannedSeries
from app.dicom.series_assembly import assemble_series
from app.dicom.transfer_syntaxes import is_lossy, unsupported_encoding
from app.domain.findings import Finding, Severity, finding
from app.wording import reader_error

Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]
SeriesKey = tuple[str, ...]


def scan_folder(
    folder: Path,
    progress: Progress | None = None,
    is_cancelled: IsCancelled | None = None,
    checkpoint: Callable[[], None] = lambda: None,
) -> Scan:
    """The series and oddities of a folder and its subfolders; headers only, nothing decoded.

    `progress(done, total)` counts files; `checkpoint` is called often and may raise to cancel,
    also while the headers are made into series, which takes as long. The result does not depend
    on the names or the order of the files. Raises ReaderError: FOLDER_MISSING, NOT_A_FOLDER,
    NO_DICOM, CANCELLED.
    """
    if not folder.exists():
        raise reader_error("FOLDER_MISSING", folder=str(folder))
    if not folder.is_dir():
        raise reader_error("NOT_A_FOLDER", folder=str(folder))
    walked = list(walk_files(folder))
    findings = [item for item in walked if isinstance(item, Finding)]
    files = [item for item in walked if isinstance(item, Path)]
    headers: list[FileHeader] = []
    ignored = 0
    for done, path in enumerate(files):
        checkpoint()
        if is_cancelled is not None and is_cancelled():
            raise reader_error("CANCELLED")
        read = read_file_header(path, printable_name(path, folder))
        if isinstance(read, FileHeader):
            headers.append(read)
        elif isinstance(read, Finding):
            findings.append(read)
        else:
            ignored += 1
        if progress is not None:
            progress(done + 1, len(files))
    if not headers:
        raise reader_error("NO_DICOM", folder=str(folder), files=len(files), damaged=len(findings))
    if ignored:
        findings.append(finding("NON_DICOM_FILES", Severity.INFO, files=ignored))
    return Scan(tuple(_all_series(headers, checkpoint)), tuple(findings))


def _all_series(
    headers: Iterable[FileHeader], checkpoint: Callable[[], None]
) -> list[ScannedSeries]:
    groups: dict[SeriesKey, list[FileHeader]] = defaultdict(list)
    for header in headers:
        groups[_series_key(header)].append(header)
    series: list[ScannedSeries] = []
    for _, group in sorted(groups.items()):
        checkpoint()
        found: list[Finding] = []
        whole = _without_truncated(group, found)
        checkpoint()
        series += assemble_series(_without_copies(whole, found) or group[:1], found)
    return series


def _series_key(header: FileHeader) -> SeriesKey:
    """What must agree for two files to be one series; a file without a series UID stands alone."""
    dataset = header.dataset
    series = text(dataset, "SeriesInstanceUID")
    return (
        text(dataset, "StudyInstanceUID"),
        series,
        text(dataset, "PatientID"),
        instance_role(dataset).value,
        text(dataset, "SOPClassUID"),
        "" if series else header.name,
    )


def _without_truncated(group: list[FileHeader], found: list[Finding]) -> list[FileHeader]:
    """Files whose data are all there: a cut slice is left out and named, never half read."""
    whole = []
    for header in group:
        if header.pixels is PixelState.TRUNCATED:
            found.append(finding("FILE_TRUNCATED", Severity.WARNING, file=header.name))
        else:
            whole.append(header)
    return whole


def _without_copies(group: list[FileHeader], found: list[Finding]) -> list[FileHeader]:
    """One file per image; among copies the one that decodes and kept its values.

    Images under one SOP instance UID that differ in place or scale are no copies: all are kept.
    """
    images: dict[tuple[object, ...], list[FileHeader]] = defaultdict(list)
    for header in group:
        uid = text(header.dataset, "SOPInstanceUID") or f"file {header.name}"
        images[(uid, *_content(header))].append(header)
    kept = [min(copies, key=_copy_rank) for copies in images.values()]
    surplus = [copies for copies in images.values() if len(copies) > 1]
    if surplus:
        files = sum(len(copies) - 1 for copies in surplus)
        name = min(header.name for copies in surplus for header in copies)
        found.append(finding("DUPLICATE_INSTANCE", Severity.INFO, files=files, file=name))
    clashes = len(images) - len({uid for uid, *_ in images})
    if clashes:
        found.append(finding("INSTANCE_UID_REUSED", Severity.WARNING, images=clashes + 1))
    return kept


def _copy_rank(header: FileHeader) -> tuple[object, ...]:
    dataset, syntax = header.dataset, header.transfer_syntax
    refused = unsupported_encoding(dataset, syntax, header.pixels is PixelState.COMPLETE)
    lossy = is_lossy(dataset, syntax)
    return refused is not None, lossy, str(syntax), header.size_bytes, header.name


def _content(header: FileHeader) -> tuple[object, ...]:
    """What copies of one instance must share: where it lies and how its values are scaled."""
    dataset = header.dataset
    return (
        numbers(dataset, "ImagePositionPatient", 3),
        numbers(dataset, "ImageOrientationPatient", 6),
        numbers(dataset, "PixelSpacing", 2),
        numbers(dataset, "RescaleSlope", 1),
        numbers(dataset, "RescaleIntercept", 1),
        text(dataset, "PatientID"),
    )
