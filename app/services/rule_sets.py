"""The named rule sets of `resources/criteria`, read and checked."""

import tomllib
from pathlib import Path

from app.criteria.rules import PercistRules, ProgressionReference

CRITERIA_FOLDER = Path(__file__).parent.parent.parent / "resources" / "criteria"


def load_percist_rules(name: str) -> PercistRules:
    """The rule set of a name. Raises ValueError where its file is not what it should be."""
    table = tomllib.loads((CRITERIA_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    if table.get("name") != name:
        raise ValueError(f"{name}.toml names itself {table.get('name')!r}")
    reference = ProgressionReference(table.pop("progression_reference"))
    return PercistRules(progression_reference=reference, **table)
