"""Header values read tolerantly: an unreadable value is absent, never an exception.

Data sets come from many writers; a broken element must cost its own value, not the series.
"""

import math
import struct
from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue

# What converting a malformed element raises in pydicom 3 (LookupError: unknown character set).
UNREADABLE_VALUE = (
    AttributeError,
    ArithmeticError,
    LookupError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
    struct.error,
    BytesLengthException,
)


def value(dataset: Dataset, keyword: str) -> Any:
    """The value of an element by keyword, or None where absent, empty or unreadable."""
    try:
        found = dataset.get(keyword)
    except UNREADABLE_VALUE:
        return None
    if found is None or found == "" or (isinstance(found, MultiValue) and len(found) == 0):
        return None
    return found


def text(dataset: Dataset, keyword: str) -> str:
    """Text stripped of padding, "" where absent; several values joined with a backslash."""
    found = value(dataset, keyword)
    if found is None:
        return ""
    parts = found if isinstance(found, MultiValue) else [found]
    return "\\".join(str(part) for part in parts).strip(" \0")


def texts(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """The values of a multi-valued text element, each stripped and upper case."""
    joined = text(dataset, keyword)
    return tuple(part.strip().upper() for part in joined.split("\\")) if joined else ()


def numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...] | None:
    """Exactly `count` finite numbers, or None."""
    found = value(dataset, keyword)
    if found is None:
        return None
    parts = list(found) if isinstance(found, MultiValue | list | tuple) else [found]
    if len(parts) != count:
        return None
    try:
        converted = tuple(float(part) for part in parts)
    except UNREADABLE_VALUE:
        return None
    return converted if all(math.isfinite(number) for number in converted) else None


def number(dataset: Dataset, keyword: str) -> float | None:
    """One finite number, or None."""
    found = numbers(dataset, keyword, 1)
    return None if found is None else found[0]


def integer(dataset: Dataset, keyword: str) -> int | None:
    """One whole number, or None."""
    found = number(dataset, keyword)
    return None if found is None or found != int(found) else int(found)


def items(dataset: Dataset, keyword: str) -> Sequence[Dataset]:
    """The items of a sequence, empty where absent or unreadable."""
    found = value(dataset, keyword)
    if found is None or isinstance(found, str | bytes):
        return ()
    try:
        return [item for item in found if isinstance(item, Dataset)]
    except UNREADABLE_VALUE:
        return ()
