"""The two named rule sets, and the four combinations of reference and inclusion."""

from dataclasses import replace

from app.criteria.percist.rules import ProgressionReference
from app.services.rule_sets import load_percist_rules

NADIR = load_percist_rules("percist-nadir")
PUBLISHED = load_percist_rules("percist-1.0")
STRICT = replace(NADIR, pmr_inclusive=False, pmd_inclusive=False)
ALL_RULES = [
    replace(NADIR, progression_reference=reference, pmr_inclusive=falls, pmd_inclusive=rises)
    for reference in ProgressionReference
    for falls in (True, False)
    for rises in (True, False)
]
