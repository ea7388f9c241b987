"""One file's header, and whether its pixel data are all there, without decoding anything."""

import struct
import warnings
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, MediaStorageDirectoryStorage

from app.dicom.header_values import UNREADABLE_VALUE, integer, text
from app.dicom.transfer_syntaxes import transfer_syntax_of
from app.domain.findings import Finding, Severity, finding

# Findings are the channel for odd headers; pydicom's warnings would reach the console.
warnings.filterwarnings("ignore", module=r"pydicom(\..*)?$")

PREAMBLE_BYTES = 132
UNDEFINED_LENGTH = 0xFFFFFFFF
PIXEL_DATA_GROUP = 0x7FE0
ITEM, SEQUENCE_DELIMITER = (0xFFFE, 0xE000), (0xFFFE, 0xE0DD)
UNREADABLE_FILE = (*UNREADABLE_VALUE, EOFError, InvalidDicomError, zlib.error, RecursionError)


class PixelState(StrEnum):
    """What a file holds of its pixel data."""

    ABSENT = "absent"
    COMPLETE = "complete"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True, eq=False)
class FileHeader:
    """A DICOM header with what scanning needs to know of the file around it.

    `name` is the path relative to the scanned folder, the way findings name the file.
    """

    path: Path
    name: str
    size_bytes: int
    dataset: FileDataset
    transfer_syntax: UID
    pixels: PixelState


def read_file_header(path: Path, name: str) -> FileHeader | Finding | None:
    """The header of one file; a Finding where it is damaged; None where it is no DICOM object.

    A file without the 128-byte preamble is tried only where its first bytes are those of a data
    set (PS3.10 7.1 demands the preamble, but old and exported objects lack it). A DICOMDIR is
    no object of its own: the files it lists are found by walking the folder.
    """
    try:
        return _read(path, name)
    except UNREADABLE_FILE as error:
        return finding("FILE_UNREADABLE", Severity.WARNING, file=name, cause=type(error).__name__)


def _read(path: Path, name: str) -> FileHeader | Finding | None:
    size = path.stat().st_size
    with path.open("rb") as stream:
        start = stream.read(PREAMBLE_BYTES)
        has_preamble = start[128:] == b"DICM"
        if not has_preamble and not starts_like_data_set(start):
            return _empty(name) if size == 0 else None
        stream.seek(0)
        dataset = pydicom.dcmread(stream, stop_before_pixels=True, force=True)
        syntax = transfer_syntax_of(dataset)
        if syntax == DeflatedExplicitVRLittleEndian:
            stream.seek(0)
            pixels = _inflated_pixels(pydicom.dcmread(stream, force=True))
        else:
            pixels = _pixel_state(stream, dataset, syntax, size)
    if str(dataset.file_meta.get("MediaStorageSOPClassUID", "")) == MediaStorageDirectoryStorage:
        return None
    if not (text(dataset, "SOPClassUID") or text(dataset, "Modality")):
        return finding("FILE_TRUNCATED", Severity.WARNING, file=name) if has_preamble else None
    if pixels is PixelState.ABSENT and _last_element_is_cut(dataset):
        pixels = PixelState.TRUNCATED
    if pixels is PixelState.TRUNCATED and not text(dataset, "SeriesInstanceUID"):
        return finding("FILE_TRUNCATED", Severity.WARNING, file=name)
    return FileHeader(path, name, size, dataset, syntax, pixels)


def starts_like_data_set(start: bytes) -> bool:
    """Whether bytes begin like a data set without preamble: a first element of group 2 or 8."""
    if len(start) < 16:
        return False
    for order in ("<", ">"):
        group, element, length = struct.unpack(f"{order}HHL", start[:8])
        explicit = start[4:6].isalpha() and start[4:6].isupper()
        if group in (0x0002, 0x0008) and element <= 0x0100 and (explicit or length <= 0x400):
            return True
    return False


def _empty(name: str) -> Finding:
    return finding("FILE_EMPTY", Severity.WARNING, file=name)


def _last_element_is_cut(dataset: FileDataset) -> bool:
    tags = list(dataset.keys())
    if not tags:
        return True
    last = dataset.get_item(max(tags))
    length = getattr(last, "length", None)
    held = getattr(last, "value", None)
    return (
        isinstance(held, bytes)
        and isinstance(length, int)
        and length != UNDEFINED_LENGTH
        and len(held) < length
    )


def _expected_bytes(dataset: FileDataset) -> int | None:
    size = 1
    for keyword, default in (
        ("Rows", None),
        ("Columns", None),
        ("BitsAllocated", None),
        ("SamplesPerPixel", 1),
        ("NumberOfFrames", 1),
    ):
        count = integer(dataset, keyword)
        if count is None:
            count = default
        if count is None:
            return None
        size *= count
    if text(dataset, "PhotometricInterpretation") == "YBR_FULL_422":
        size = size * 2 // 3
    return (size + 7) // 8


def _inflated_pixels(dataset: FileDataset) -> PixelState:
    held = dataset.get("PixelData")
    if held is None:
        return PixelState.ABSENT
    expected = _expected_bytes(dataset)
    short = expected is not None and len(held) < expected
    return PixelState.TRUNCATED if short else PixelState.COMPLETE


def _pixel_state(stream: BinaryIO, dataset: FileDataset, syntax: UID, size: int) -> PixelState:
    """Where the header ended: at a pixel data element that is complete, cut short, or nowhere."""
    implicit, little = dataset.original_encoding
    order = "<" if little else ">"
    head = stream.read(12)
    if len(head) < 8:
        return PixelState.ABSENT
    group, _ = struct.unpack(f"{order}HH", head[:4])
    if group != PIXEL_DATA_GROUP:
        return PixelState.ABSENT
    if implicit:
        (length,) = struct.unpack(f"{order}L", head[4:8])
        stream.seek(8 - len(head), 1)
    elif len(head) < 12:
        return PixelState.TRUNCATED
    else:
        (length,) = struct.unpack(f"{order}L", head[8:12])
    if length == UNDEFINED_LENGTH:
        frames = integer(dataset, "NumberOfFrames") or 1
        complete = _fragments_complete(stream, size, frames)
    else:
        expected = _expected_bytes(dataset)
        complete = stream.tell() + length <= size and (expected is None or length >= expected)
    return PixelState.COMPLETE if complete else PixelState.TRUNCATED


def _fragments_complete(stream: BinaryIO, size: int, frames: int) -> bool:
    """Whether encapsulated fragments reach their delimiter (PS3.5 A.4), lengths only."""
    fragments = -1  # the first item is the offset table
    while True:
        head = stream.read(8)
        if len(head) < 8:
            # Some writers omit the delimiter: whole fragments for every frame are enough.
            return len(head) == 0 and fragments >= frames
        group, element, length = struct.unpack("<HHL", head)
        if (group, element) == SEQUENCE_DELIMITER:
            return fragments >= frames
        if (group, element) != ITEM or stream.tell() + length > size:
            return False
        stream.seek(length, 1)
        fragments += 1
