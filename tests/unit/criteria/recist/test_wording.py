"""Every code of RECIST has its sentence in both languages, and no sentence is without its code."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from app.criteria.recist import measurability, target
from app.domain.recist import RecistCategory, TargetState
from app.domain.recist_response import ProgressionBasis
from app.services.rule_sets import CRITERIA_FOLDER
from app.wording import WORDING_FOLDER, sentences

ROOM = Path(target.__file__).parent
LANGUAGES = ("en", "fr")
TABLES = {
    language: tomllib.loads((WORDING_FOLDER / language / "recist.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
TABLE = TABLES["en"]
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+ ?")
# Upper case, but categories of a verdict, not codes of a sentence.
VERDICTS = {item.value for item in measurability.Measurability}


def codes():
    """All texts of the room that look like a code of two words or more; of `CODE detail`, CODE."""
    found = set()
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            word = node.value if isinstance(node, ast.Constant) else None
            if isinstance(word, str) and CODE.fullmatch(word):
                found.add(word.strip())
    return found - VERDICTS


def test_every_code_is_worded_and_every_sentence_has_its_code():
    assert codes() == {*TABLE["reasons"], *TABLE["flags"]}


def test_both_languages_word_the_same_codes_with_the_same_values():
    english, french = (TABLES[language] for language in LANGUAGES)
    assert english.keys() == french.keys()
    for kind, entries in english.items():
        assert entries.keys() == french[kind].keys(), kind
        for code, text in entries.items():
            assert fields_of(text) == fields_of(french[kind][code]), f"{kind}.{code}"


def fields_of(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


# What the presenter makes of a change and its limit.
DERIVED = {"change_percent": "change_fraction", "limit_percent": "limit_fraction"}


def test_every_sentence_finds_its_values():
    """The keyword arguments of each `reason(...)` call cover the fields of its sentence."""
    given = {code: set() for code in TABLE["reasons"]}
    spread = set()
    for file in ROOM.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reason":
                names = {word.arg for word in node.keywords}
                inside = {
                    part.value
                    for argument in node.args
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant)
                }
                named = inside & given.keys() or {
                    code for code in given if f'"{code}"' in text and "code" in ast.dump(node)
                }
                for code in named:
                    given[code] |= {name for name in names if name}
                    if None in names:
                        spread.add(code)
    for code, names in given.items():
        wanted = {DERIVED.get(name, name) for name in fields_of(TABLE["reasons"][code])}
        assert code in spread or wanted <= names, code


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("recist_categories", RecistCategory),
        ("recist_target_states", TargetState),
        ("recist_basis", ProgressionBasis),
        ("recist_measurability", measurability.Measurability),
        ("recist_kinds", measurability.LesionKind),
    ],
)
def test_every_member_is_worded(kind, members):
    assert set(TABLE[kind]) == {item.value for item in members}


def test_the_rule_set_is_worded():
    names = {file.stem for file in CRITERIA_FOLDER.glob("recist*.toml")}
    assert names == set(TABLE["recist_rule_sets"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_load_beside_the_others(language):
    for kind, entries in TABLES[language].items():
        assert entries.items() <= dict(sentences(kind, language)).items()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_shows_a_code(language):
    for kind, entries in TABLES[language].items():
        for code, text in entries.items():
            assert not re.findall(r"[A-Z]+_[A-Z_]+", text), f"{kind}.{code}"
            assert text == text.strip()
