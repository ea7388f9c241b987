"""The RECIST rule set of a vector: the trial's, with what its inputs change."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.criteria.recist.rules import RecistRules
from app.services.rule_sets import CRITERIA_FOLDER

FILE = CRITERIA_FOLDER / "recist-1.1.toml"
RULES = RecistRules(**tomllib.loads(FILE.read_text(encoding="utf-8")))
# Input keys of the vectors and the settings they stand for.
SETTINGS = {
    "pr_carry_forward": "pr_carry_forward",
    "too_small_default_mm": "too_small_default_mm",
    "irradiated_allowed": "irradiated_allowed",
    "confirmation": "confirm_response",
    "confirm_response": "confirm_response",
    "confirm_days": "confirm_days",
    "confirm": "confirm_days",
    "sd_min_days": "sd_min_days",
    "window": "sd_min_days",
    "max_ne": "max_ne",
    "accept_sd": "accept_sd",
    "missing_as_ne": "missing_as_ne",
}


def rules_from(inputs: Mapping[str, Any]) -> RecistRules:
    """The rule set with the settings a vector states."""
    changed = {
        setting: inputs[key] for key, setting in SETTINGS.items() if inputs.get(key) is not None
    }
    return replace(RULES, **changed)
