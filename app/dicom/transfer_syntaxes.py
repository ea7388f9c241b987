"""Which pixel encodings are decoded, by which library, and which are refused by name."""

from functools import cache

from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from app.dicom.header_values import integer, text

# Decoders by name, best first, so that values never depend on what else is installed. GDCM
# serves as pydicom's plugin only for the JPEG processes the others lack and as a second for
# JPEG 2000; its file reader is never used. JPEG processes with lossy 12-bit samples have no
# decoder with right values among the dependencies and are refused.
DECODER_PLUGINS = {
    JPEGBaseline8Bit: ("gdcm",),
    JPEGExtended12Bit: ("gdcm",),
    JPEGLossless: ("gdcm",),
    JPEGLosslessSV1: ("gdcm",),
    JPEGLSLossless: ("pyjpegls",),
    JPEGLSNearLossless: ("pyjpegls",),
    JPEG2000Lossless: ("pylibjpeg", "gdcm"),
    JPEG2000: ("pylibjpeg", "gdcm"),
    RLELossless: ("pydicom",),  # pylibjpeg-rle panics past `except Exception` on damaged data
}
NATIVE = {
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
}
LOSSY = {JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless}
ELSCINT_COMPRESSION_GROUP = 0x07A1


def transfer_syntax_of(dataset: Dataset) -> UID:
    """The transfer syntax stated in the file meta information, else the one the bytes show."""
    stated = getattr(dataset, "file_meta", Dataset()).get("TransferSyntaxUID")
    if stated:
        return UID(str(stated))
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def unsupported_encoding(dataset: Dataset, syntax: UID, has_pixel_data: bool) -> str | None:
    """The name of a pixel encoding that is not decoded, or None where it is."""
    private = _private_compression(dataset)
    if private is not None and not has_pixel_data:
        return private
    if syntax in NATIVE:
        return None
    if decoder_plugin(syntax) is None:
        return _name(syntax)
    if syntax == JPEGExtended12Bit and integer(dataset, "BitsStored") != 8:
        return f"{_name(syntax)}, 12-bit"
    return None


def is_lossy(dataset: Dataset, syntax: UID) -> bool:
    """Whether the values were changed by compression: stated by (0028,2110) or by the syntax.

    JPEG 2000 (.91) and JPEG-LS may carry either; the header decides for JPEG 2000.
    """
    return syntax in LOSSY or text(dataset, "LossyImageCompression") == "01"


def _name(syntax: UID) -> str:
    return syntax.name if syntax.name != str(syntax) else f"transfer syntax {syntax}"


@cache
def decoder_plugin(syntax: UID) -> str | None:
    """The pydicom plugin that decodes an encapsulated syntax, or None where none is trusted."""
    wanted = DECODER_PLUGINS.get(syntax, ())
    if not wanted:
        return None
    available = get_decoder(syntax).available_plugins
    return next((plugin for plugin in wanted if plugin in available), None)


def _private_compression(dataset: Dataset) -> str | None:
    """The private Elscint compression of Philips CT, which leaves out (7FE0,0010)."""
    try:
        block = dataset.private_block(ELSCINT_COMPRESSION_GROUP, "ELSCINT1")
        return f"ELSCINT1 {block[0x11].value} (private)" if 0x11 in block else None
    except KeyError:
        return None
