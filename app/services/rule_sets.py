"""The named rule sets of `resources/criteria`, read into frozen records and checked."""

import math
import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from app.criteria.percist.rules import PercistRules

PERCIST_SETS = ("percist-nadir", "percist-1.0")  # the first is the default
CRITERIA_FOLDER = Path(__file__).parent.parent.parent / "resources" / "criteria"
Rules = TypeVar("Rules")
SCALARS: Mapping[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a finite number",
    str: "a text",
    date: "a date",
}


def load_percist_rules(name: str, folder: Path = CRITERIA_FOLDER) -> PercistRules:
    """The PERCIST rule set of a name. Raises ValueError where its file is not sound."""
    return load_rules(name, PercistRules, folder)


def load_rules(name: str, kind: type[Rules], folder: Path = CRITERIA_FOLDER) -> Rules:
    """The rule set `<name>.toml` as a record of the frozen dataclass `kind`.

    Fields may be StrEnum, int, float, bool, str, date, tuples of these, records of these, and any
    of them "or None". Raises ValueError, which names file and key, for a file that is missing or
    unreadable, an unknown or missing key, a wrong type, and whatever the record itself refuses.
    """
    file = folder / f"{name}.toml"
    if Path(name).name != name or not file.is_file():
        raise ValueError(f"there is no rule set {name!r}")
    try:
        return cast("Rules", _read(file.read_text(encoding="utf-8"), name, cast("Hashable", kind)))
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from error


@lru_cache(maxsize=64)  # by what the file says: a trial asks for the same few sets at every read
def _read(text: str, name: str, kind: Any) -> Any:
    table = tomllib.loads(text)
    if table.get("name") != name:
        raise ValueError(f"name = {table.get('name')!r} is not the name of the file")
    return _record(table, kind, "")


def _record(table: Any, kind: Any, where: str) -> Any:
    if not isinstance(table, dict):
        raise ValueError(f"{where} = {table!r} is no table")
    types = get_type_hints(kind)
    required = {
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    }
    for key in table:
        if key not in types:
            raise ValueError(f"{_path(where, key)} is no setting")
    for key in sorted(required - table.keys()):
        raise ValueError(f"{_path(where, key)} is missing")
    values = {key: _value(value, types[key], _path(where, key)) for key, value in table.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise ValueError(f"{where}: {error}" if where else str(error)) from error


def _value(value: Any, kind: Any, where: str) -> Any:
    if is_dataclass(kind):
        return _record(value, kind, where)
    if get_origin(kind) is tuple:
        return _tuple(value, get_args(kind), where)
    options = [option for option in get_args(kind) if option is not NoneType]
    if len(options) == 1:
        return _value(value, options[0], where)  # X | None: TOML states it or leaves it out
    if kind in SCALARS:
        return _scalar(value, kind, where)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if value not in list(kind):
            raise ValueError(f"{where} = {value!r} is none of {', '.join(kind)}")
        return kind(value)
    raise TypeError(f"{where}: rule sets hold no {kind}")


def _tuple(value: Any, kinds: tuple[Any, ...], where: str) -> tuple[Any, ...]:
    """`tuple[X, ...]` of any length, `tuple[X, Y]` of its own."""
    if not isinstance(value, list):
        raise ValueError(f"{where} = {value!r} is no list")
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise ValueError(f"{where} = {value!r} needs {len(kinds)} entries")
    pairs = zip(value, kinds, strict=True)
    return tuple(_value(item, kind, f"{where}[{n}]") for n, (item, kind) in enumerate(pairs))


def _scalar(value: Any, kind: Any, where: str) -> Any:
    """The value; a whole number will do where a float is due, nothing else is converted."""
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        raise ValueError(f"{where} = {value!r} is not {SCALARS[kind]}")
    return value


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
