"""The named rule sets of `resources/criteria`, read and checked."""

import tomllib
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

from app.criteria.percist.rules import PercistRules

CRITERIA_FOLDER = Path(__file__).parent.parent.parent / "resources" / "criteria"


def load_percist_rules(name: str, folder: Path = CRITERIA_FOLDER) -> PercistRules:
    """The rule set of a name. Raises ValueError where its file is not what it should be."""
    file = folder / f"{name}.toml"
    if not file.is_file():
        raise ValueError(f"there is no rule set {name!r}")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    if table.get("name") != name:
        raise ValueError(f"{name}.toml names itself {table.get('name')!r}")
    types = {field.name: field.type for field in fields(PercistRules)}
    for key, value in table.items():
        expected = types.get(key)
        if expected is None:
            raise ValueError(f"{name}.toml states {key}, which is no setting")
        if isinstance(expected, type) and issubclass(expected, StrEnum):
            table[key] = expected(value)
        elif expected in (bool, float, int) and type(value) is not expected:
            raise ValueError(f"{name}.toml: {key} = {value!r} is not of the type {expected}")
    try:
        return PercistRules(**table)
    except TypeError as error:
        raise ValueError(f"{name}.toml does not state {error}") from error
