"""The page on RECIST and the code name the same rules, settings and flags."""

import re
from dataclasses import fields
from pathlib import Path

from app.criteria.recist import target
from app.criteria.recist.rules import RecistRules
from app.domain.recist import RecistCategory
from app.domain.response import Reason
from tests.unit.criteria.recist.reads import baseline, course, visit

ROOM = Path(target.__file__).parent
PAGE = (ROOM.parents[2] / "docs" / "criteria" / "recist.md").read_text(encoding="utf-8")
RULE = re.compile(r"REC-3\.\d+(?:-[A-Z0-9]+)?")
ROW = re.compile(r"\| `(REC-[^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")


def rules_of_the_code():
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(ROOM.glob("*.py")))
    found = set(re.findall(r'"(REC-3\.\d+(?:-[A-Z0-9]+)?)"', text))
    assert 'f"REC-3.9-T{table}"' in text
    return found | {"REC-3.9-T1", "REC-3.9-T2"}


def test_every_rule_is_on_the_page_once_and_every_one_there_is_in_the_code():
    rows = [row[0] for row in ROW.findall(PAGE)]
    assert len(rows) == len(set(rows))
    assert set(rows) == rules_of_the_code()
    assert set(RULE.findall(PAGE)) == set(rows)


def test_every_rule_states_its_source_and_evidence():
    for rule, what, source, evidence in ROW.findall(PAGE):
        assert what.strip(), rule
        assert source.strip().startswith("spec 3."), rule
        assert re.search(r"\b[VSME]\b", evidence), rule


def test_settings_on_the_page_exist():
    names = {field.name for field in fields(RecistRules)}
    quoted = set(re.findall(r"`([a-z][a-z_]+_[a-z_]+)`", PAGE))
    others = {"stored_diameter_mm", "first_progression", "reader_options"}
    assert quoted <= names | others
    assert {"pr_carry_forward", "too_small_default_mm", "sd_min_days"} <= quoted


def test_a_real_trace_uses_rules_of_the_page():
    rows = {row[0] for row in ROW.findall(PAGE)}
    found = course(baseline(30, items=("NT1",)), visit(1, 0, items={"NT1": "absent"}))
    (response,) = found.responses
    steps = [*response.reasons, *found.best.reasons]
    assert response.overall is RecistCategory.CR
    assert all(isinstance(step, Reason) and step.rule in rows for step in steps)
