"""JSON into frozen records, strictly (cattrs): nothing is guessed, converted or left over."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from cattrs import (
    BaseValidationError,
    ClassValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

Record = TypeVar("Record")
Hook = Callable[[Any, Any], Any]

# Below the least of two values that differ (1e-9, spec 0.3 N2) and far above any measurement:
# numbers beyond would only overflow a ratio.
LEAST, GREATEST = 1e-9, 1e9
SHOWN_CHARACTERS = 60


class SchemaError(ValueError):
    """`where` is the path of a value in the document ("" for the whole), `what` is wrong there."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.where = where
        self.what = what


def parsed(text: str) -> Any:
    """The JSON document. Raises SchemaError for anything else, NaN, or a key stated twice."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except SchemaError:
        raise
    except RecursionError:
        raise SchemaError("", "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise SchemaError(f"line {error.lineno}", f"not JSON ({error.msg})") from None
    except ValueError:  # a whole number of thousands of digits
        raise SchemaError("", "a number has too many digits") from None


def structured(document: Any, kind: type[Record]) -> Record:
    """The document as a record of a frozen dataclass.

    Keys are the names of the fields. Raises SchemaError, which names the path of the first value
    that is unknown, missing, of the wrong type, or that its record refuses.
    """
    try:
        return _converter().structure(document, kind)
    except (ValueError, BaseValidationError) as error:
        where, cause = _first(error, "")
        raise SchemaError(where, _words(cause)) from None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, hook in (
        (bool, _scalar(bool, "true or false")),
        (str, _scalar(str, "a text")),
        (int, _whole_number),
        (float, _number),
        (date, _date),
        (StrEnum, _category),
    ):
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_factory(
        is_dataclass, lambda kind: _record_hook(converter, kind)
    )
    converter.register_structure_hook_factory(
        lambda kind: _origin(kind) in (tuple, frozenset),
        lambda kind: _list_hook(converter, kind),
    )
    converter.register_structure_hook_factory(
        lambda kind: _origin(kind) is Mapping, lambda kind: _mapping_hook(converter, kind)
    )
    return converter


def _origin(kind: Any) -> Any:
    return get_origin(kind)


def _record_hook(converter: Converter, kind: Any) -> Hook:
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{shown(value)} is no object")
        return structure(value, kind)

    return hook


def _list_hook(converter: Converter, kind: Any) -> Hook:
    """`tuple[X, ...]` and `frozenset[X]` from a JSON list."""
    make, item = get_origin(kind), get_args(kind)[0]

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError(f"{shown(value)} is no list")
        found = make(_each(converter, enumerate(value), item, kind))
        if len(found) < len(value):
            raise ValueError(f"{shown(value)} states one of them twice")
        return found

    return hook


def _mapping_hook(converter: Converter, kind: Any) -> Hook:
    item = get_args(kind)[1]

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{shown(value)} is no object")
        return dict(zip(value, _each(converter, value.items(), item, kind), strict=True))

    return hook


def _each(
    converter: Converter, items: Iterable[tuple[int | str, Any]], item: Any, kind: Any
) -> list[Any]:
    found = []
    for place, value in items:
        try:
            found.append(converter.structure(value, item))
        except (ValueError, BaseValidationError) as error:
            error.add_note(IterableValidationNote("", place, item))
            raise IterableValidationError("", [error], kind) from None
    return found


def _scalar(kind: type, name: str) -> Hook:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{shown(value)} is not {name}")
        return value

    return hook


def _whole_number(value: Any, _: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"{shown(value)} is not a whole number")
    return int(_in_range(value))


def _number(value: Any, _: Any) -> float:
    """A finite number that is not negative: nothing that is measured here can be."""
    if type(value) not in (int, float) or not (type(value) is int or math.isfinite(value)):
        raise ValueError(f"{shown(value)} is not a finite number")
    return float(_in_range(value))


def _in_range(value: float) -> float:
    if value < 0:
        raise ValueError(f"{shown(value)} is negative")
    if value and not LEAST <= value <= GREATEST:
        raise ValueError(f"{shown(value)} is neither 0 nor between {LEAST:g} and {GREATEST:g}")
    return value


def _date(value: Any, _: Any) -> date:
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.isoformat() != value:  # week dates and the like are refused
        raise ValueError(f"{shown(value)} is not a date (YYYY-MM-DD)")
    return found


def _category(value: Any, kind: Any) -> StrEnum:
    if type(value) is not str or value not in list(kind):
        raise ValueError(f"{shown(value)} is none of {', '.join(kind)}")
    found: StrEnum = kind(value)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SchemaError("", f"the key {shown(twice)} is stated twice in one object")
    return found


def _no_number(word: str) -> float:
    raise SchemaError("", f"{word} is no number; what is unknown is null")


def _first(error: BaseException, where: str) -> tuple[str, BaseException]:
    """The path and the cause of the first error; an unknown key explains a missing one."""
    if isinstance(error, ClassValidationError):
        fields, whole = error.group_exceptions()
        if whole:
            return where, whole[0]
        cause, attribute = fields[0]
        return _first(cause, f"{where}.{attribute.name}" if where else attribute.name)
    if isinstance(error, IterableValidationError):
        cause, item = error.group_exceptions()[0][0]
        step = f"[{item.index}]" if isinstance(item.index, int) else f".{item.index}"
        return _first(cause, f"{where}{step}")
    return where, error


def _words(cause: BaseException) -> str:
    if isinstance(cause, ForbiddenExtraKeysError):
        names = ", ".join(shown(name) for name in sorted(cause.extra_fields))
        return f"unknown key {names}"
    if isinstance(cause, KeyError):
        return "is missing"
    return str(cause)


def shown(value: Any) -> str:
    """A value as JSON has it, cut where it is long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > GREATEST:
        return "a number beyond the range" if value > 0 else "a negative number"
    text = json.dumps(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
