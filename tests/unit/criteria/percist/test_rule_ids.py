"""Every rule id of the code is documented, and no documented one is without code."""

import re
from pathlib import Path

from app.criteria.percist import rules
from app.wording import sentences

ROOM = Path(rules.__file__).parent
DOCUMENT = ROOM.parents[2] / "docs" / "criteria" / "percist.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z][A-Z0-9_.-]+) \|(.*)$", TEXT, re.MULTILINE)


def test_rule_ids_and_document_agree():
    code = "".join(file.read_text(encoding="utf-8") for file in sorted(ROOM.glob("*.py")))
    used = set(re.findall(r'"(PER-[A-Z0-9.-]+)"', code))
    assert len(used) > 15
    assert {name for name, _ in ROWS if name.startswith("PER-")} == used


def test_the_lines_of_the_card_are_documented():
    documented = {name for name, _ in ROWS if not name.startswith("PER-")}
    assert documented == set(sentences("comparability_rules"))


def test_every_setting_that_a_charter_must_decide_is_named():
    for name in (
        "threshold_inclusive", "bloodpool_sd_term", "uptake_ruleset", "tlg_auto_pmd",
        "tlg_segmentation", "pmd_confirmation", "five_hottest_each_scan", "defer_recist",
        "exclude", "per_wahl",
    ):  # fmt: skip
        assert name in TEXT


def test_every_row_says_something():
    assert all(len(rest.strip(" |")) > 10 for _, rest in ROWS)
