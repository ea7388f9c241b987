"""The stored pixel values of an image: decoded, sign-extended, nothing rescaled."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydicom
from pydicom.dataset import FileDataset
from pydicom.pixels.utils import pixel_array

from app.dicom.file_header import UNREADABLE_FILE
from app.dicom.header_values import integer
from app.dicom.transfer_syntaxes import (
    NATIVE,
    decoder_plugin,
    transfer_syntax_of,
    unsupported_encoding,
)
from app.wording import reader_error

# Elements that decoding, rescaling and padding need; the rest of a header is not parsed again.
DECODING_ELEMENTS = [
    "TransferSyntaxUID",
    "Modality",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "RescaleSlope",
    "RescaleIntercept",
    "RescaleType",
    "RealWorldValueMappingSequence",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "PixelData",
]
StoredValues = npt.NDArray[Any]


def read_for_decoding(path: Path) -> FileDataset:
    """The data set of a file as far as decoding needs it.

    Raises ReaderError FILE_UNREADABLE.
    """
    try:
        return pydicom.dcmread(path, force=True, specific_tags=list(DECODING_ELEMENTS))
    except UNREADABLE_FILE as error:
        raise reader_error("FILE_UNREADABLE", file=path.name, cause=type(error).__name__) from error


def stored_values(dataset: FileDataset, path: Path, frame: int | None) -> StoredValues:
    """Stored values of one single-sample frame, shape [y, x], an integer array.

    Bits above Bits Stored are cleared or sign-extended (PS3.5 8.1.1). Raises ReaderError:
    ENCODING_NOT_DECODED names the encoding, PIXELS_UNREADABLE the file.
    """
    syntax = transfer_syntax_of(dataset)
    encoding = unsupported_encoding(dataset, syntax, "PixelData" in dataset)
    if encoding is not None:
        raise reader_error("ENCODING_NOT_DECODED", encoding=encoding, file=path.name)
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = syntax
    for keyword, usual in (("SamplesPerPixel", 1), ("PhotometricInterpretation", "MONOCHROME2")):
        if keyword not in dataset:  # ACR-NEMA objects leave them out
            setattr(dataset, keyword, usual)
    try:
        with warnings.catch_warnings():
            # Excess padding and the like; short data raise.
            warnings.simplefilter("ignore")
            pixels = pixel_array(
                dataset,
                index=frame,
                raw=True,
                decoding_plugin=decoder_plugin(syntax) or "",
                correct_unused_bits=False,  # assumes High Bit = Bits Stored - 1
            )
    except (*UNREADABLE_FILE, RuntimeError) as error:
        raise reader_error(
            "PIXELS_UNREADABLE", file=path.name, cause=type(error).__name__
        ) from error
    if pixels.ndim != 2 or pixels.dtype.kind not in "iu":
        raise reader_error("PIXELS_UNREADABLE", file=path.name, cause=f"shape {pixels.shape}")
    return _significant_bits(pixels, dataset, syntax in NATIVE)


def _significant_bits(pixels: StoredValues, dataset: FileDataset, native: bool) -> StoredValues:
    allocated = pixels.dtype.itemsize * 8
    stored = integer(dataset, "BitsStored") or allocated
    if stored >= allocated:
        return pixels
    # Decoders of compressed data return the stored bits right-aligned whatever High Bit says.
    high = integer(dataset, "HighBit") if native else None
    above = allocated - 1 - (stored - 1 if high is None else high)
    machine = pixels.astype(pixels.dtype.newbyteorder("="))
    if above < 0 or above + stored > allocated:
        return machine
    # Shifts on a signed type extend the sign; on an unsigned one they clear.
    shifted = np.left_shift(machine, above)
    return np.asarray(np.right_shift(shifted, allocated - stored), dtype=machine.dtype)
