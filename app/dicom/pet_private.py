"""Vendor values of a PET image: found through their private creator's block, whatever the VR."""

import math
import struct
from dataclasses import dataclass
from functools import cache

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from app.dicom.header_values import UNREADABLE_VALUE, text

PLAIN_NUMBER_VRS = {"FL": "<f", "FD": "<d", "OF": "<f", "OD": "<d"}


@dataclass(frozen=True, slots=True)
class PrivateElement:
    """Group, creator, element within the creator's block, and the maker that uses it."""

    group: int
    creator: str
    element: int
    maker: str

    @property
    def name(self) -> str:
        """The tag with its block left open, as the spec prints it: "(0009,xx0D)"."""
        return f"({self.group:04X},xx{self.element:02X})"


GE_SCAN = PrivateElement(0x0009, "GEMS_PETD_01", 0x0D, "GE")
GE_ADMIN = PrivateElement(0x0009, "GEMS_PETD_01", 0x3B, "GE")
SIEMENS_SCAN = PrivateElement(0x0071, "SIEMENS MED PT", 0x22, "SIEMENS")
PHILIPS_SUV = PrivateElement(0x7053, "Philips PET Private Group", 0x00, "PHILIPS")
PHILIPS_ACTIVITY = PrivateElement(0x7053, "Philips PET Private Group", 0x09, "PHILIPS")


@dataclass(frozen=True, slots=True)
class PrivateText:
    """The text of a private element; whether its creator element had been stripped."""

    text: str
    creator_missing: bool


def read_private(dataset: Dataset, wanted: PrivateElement) -> PrivateText | None:
    """A private element as text, or None where absent or empty.

    De-identifiers may keep the value and drop the creator: then block 10 is taken, but only where
    nothing else claims it and the maker is the one that writes the element.
    """
    tags = dataset.keys()
    for block in range(0x10, 0x100):
        if (wanted.group << 16) | block not in tags:  # asking pydicom for each is slow
            continue
        found = _element_text(dataset, wanted.group, block)
        if _normal(found) == _normal(wanted.creator):
            inside = _element_text(dataset, wanted.group, (block << 8) | wanted.element)
            if inside:
                return PrivateText(inside, False)
    unclaimed = not _element_text(dataset, wanted.group, 0x10)
    if unclaimed and wanted.maker in text(dataset, "Manufacturer").upper().split("\\")[0]:
        orphan = _element_text(dataset, wanted.group, 0x1000 | wanted.element)
        if orphan:
            return PrivateText(orphan, True)
    return None


def as_number(found: PrivateText | None) -> float | None:
    """The finite number a private text stands for, or None."""
    try:
        number = float(found.text) if found is not None else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@cache
def _normal(creator: str) -> str:
    return " ".join(creator.upper().split())


def _element_text(dataset: Dataset, group: int, element: int) -> str:
    """The first value of an element as text; values of unknown VR are decoded from their bytes."""
    tag = Tag(group, element)
    if tag not in dataset:
        return ""
    try:
        entry = dataset[tag]
        value, vr = entry.value, entry.VR
    except UNREADABLE_VALUE:
        raw = dataset.get_item(tag)
        if not isinstance(raw, RawDataElement | DataElement) or not isinstance(raw.value, bytes):
            return ""
        value, vr = raw.value, "UN"
    if isinstance(value, bytes):
        return _text_of_bytes(value, vr)
    if not isinstance(value, str) and hasattr(value, "__len__") and hasattr(value, "__getitem__"):
        value = value[0] if len(value) else ""
    return "" if value is None else str(value).strip(" \0")


def _text_of_bytes(value: bytes, vr: str) -> str:
    """Text in the bytes, or the number they hold in the binary form a VR states."""
    form = PLAIN_NUMBER_VRS.get(vr)
    if form is not None and len(value) == struct.calcsize(form):
        return repr(struct.unpack(form, value)[0])
    plain = value.split(b"\\")[0].strip(b" \0")
    return plain.decode("ascii") if plain.isascii() else ""
