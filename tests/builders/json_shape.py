"""Whether a JSON document has the keys and types a contract promises.

A shape is a type (`float` takes whole numbers too, `object` anything), a set of allowed values,
a one-item list for lists of any length, a tuple of exact length as a list, a dict of keys that
must be there, or `Maybe(shape)` where null is allowed. Keys beyond the contract are no mismatch.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Maybe:
    """A value or null."""

    shape: object


@dataclass(frozen=True)
class Iso8601:
    """A moment as text."""


def mismatches(value: object, shape: object, where: str = "$") -> list[str]:
    """Every place where a document is not what the contract says."""
    return list(_mismatches(value, shape, where))


def _mismatches(value: object, shape: object, where: str) -> Iterator[str]:
    if isinstance(shape, Maybe):
        if value is not None:
            yield from _mismatches(value, shape.shape, where)
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            yield f"{where} is no object: {value!r}"
            return
        for key, inner in shape.items():
            if key in value:
                yield from _mismatches(value[key], inner, f"{where}.{key}")
            else:
                yield f"{where}.{key} is missing"
    elif isinstance(shape, list | tuple):
        if not isinstance(value, list):
            yield f"{where} is no list: {value!r}"
            return
        if isinstance(shape, tuple) and len(value) != len(shape):
            yield f"{where} has {len(value)} items instead of {len(shape)}"
            return
        inner_shapes = shape if isinstance(shape, tuple) else shape * len(value)
        for k, (item, inner) in enumerate(zip(value, inner_shapes, strict=True)):
            yield from _mismatches(item, inner, f"{where}[{k}]")
    elif isinstance(shape, set | frozenset):
        if value not in shape:
            yield f"{where} is {value!r}"
    elif isinstance(shape, Iso8601):
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            yield f"{where} is no ISO 8601 time: {value!r}"
    elif shape is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            yield f"{where} is no number: {value!r}"
    elif isinstance(shape, type):
        right = isinstance(value, shape) and (
            shape in (bool, object) or not isinstance(value, bool)
        )
        if not right:
            yield f"{where} is no {shape.__name__}: {value!r}"
    else:
        raise TypeError(f"no shape: {shape!r}")
