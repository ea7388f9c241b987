"""Every rule id of a room of the criteria stands on its page, and no page names another."""

import ast
import re
from pathlib import Path

import pytest

from app import criteria

CRITERIA = Path(criteria.__file__).parent
PAGES = CRITERIA.parent.parent / "docs" / "criteria"
# The sources whose rules a page documents; a new room adds its line here.
ROOMS = {
    "bone": ("bone/*.py",),
    "timeline": ("timeline/*.py", "adjudication.py"),
}
RULE_ID = re.compile(r"[A-Z]{3}-[0-9A-Z][0-9A-Za-z.]*(?:-[A-Z0-9]+)*")
ROW = re.compile(r"^\| `([^`]+)` \|(.+)\|$", re.MULTILINE)


def used(room):
    """Every text in the sources of a room that is a rule id."""
    return {
        node.value
        for pattern in ROOMS[room]
        for file in sorted(CRITERIA.glob(pattern))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and RULE_ID.fullmatch(node.value)
    }


def page(room):
    return (PAGES / f"{room}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", ROOMS)
def test_code_and_page_name_the_same_rules(room):
    documented = [name for name, _ in ROW.findall(page(room))]
    assert len(documented) == len(set(documented))
    assert len(documented) > 5
    assert set(documented) == used(room)


@pytest.mark.parametrize("room", ROOMS)
def test_every_rule_has_text_source_and_evidence(room):
    for name, rest in ROW.findall(page(room)):
        cells = [cell.strip() for cell in rest.split("|")]
        assert len(cells) == 3, name
        assert all(cells), name
        assert re.search(r"\b[VSME]\b", cells[2]), name


@pytest.mark.parametrize("room", ROOMS)
def test_a_rule_that_the_text_names_exists(room):
    named = {word for word in re.findall(r"`([^`]+)`", page(room)) if RULE_ID.fullmatch(word)}
    assert named <= used(room)


@pytest.mark.parametrize("room", ROOMS)
def test_every_source_file_is_looked_at(room):
    for pattern in ROOMS[room]:
        assert list(CRITERIA.glob(pattern)), pattern
