"""Every code of a PERCIST read has its sentence, and no sentence is without its code."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from app.criteria.percist import comparability, same_technique, uptake_time
from app.domain.quantification import LbmFormula
from app.domain.reference import PlacementMethod, ReferenceRegionKind
from app.domain.response import MetabolicCategory
from app.quantification.tracer import Tracer
from app.reading.state import NewLesionClass
from app.reporting.phrases import CODED_RULES, PRINTED_UNITS
from app.services.derive_read import BY_READER
from app.services.scan_facts import PEAK_KERNEL
from app.wording import WORDING_FOLDER, sentences
from segmentation.anatomy.sites import Organ, Side, Site
from segmentation.metrics.peak import PeakFlag, PeakMethod
from segmentation.metrics.reference import ReferenceFlag

CRITERIA = Path(comparability.__file__).parent
APP = CRITERIA.parent.parent
TABLE = tomllib.loads((WORDING_FOLDER / "en" / "percist.toml").read_text(encoding="utf-8"))
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_?")
# The services that raise flags of a visit, a reference region or a lesion.
FLAGGING = (
    "carry_lesions", "derive_read", "draft_read", "measure_visit", "place_reference",
    "propose_reading",
)  # fmt: skip


def codes_in(file):
    """All texts of a file that look like a code of two words or more; of `CODE detail`, CODE."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            word = node.value.strip()
            if CODE.fullmatch(word) and "_" in word:
                found.add(word)
    return found


def criteria_codes():
    codes = set()
    for file in CRITERIA.glob("*.py"):
        codes |= codes_in(file)
    return codes


def flag_codes():
    codes = set()
    for name in FLAGGING:
        codes |= codes_in(APP / "services" / f"{name}.py")
    codes -= set(sentences("errors"))
    assert "NEW_LESION_" in codes  # completed by the reader's class at run time
    codes.remove("NEW_LESION_")
    classes = set(NewLesionClass) - {NewLesionClass.NOT_MALIGNANT}
    return codes | {f"NEW_LESION_{item.name}" for item in classes}


# Codes of one word, which the search above leaves out.
SINGLE_WORDS = {
    "reasons": {"MEASURABLE", "NEITHER"},
    "comparability": {"SAME", "DIFFERS"},
    "comparability_rules": {
        "GLUCOSE", "FASTING", "MANUFACTURER", "RECONSTRUCTION", "TRACER", "UNITS", "HEIGHT",
    },
}  # fmt: skip


def test_every_code_of_the_rules_is_worded():
    worded = {code for kind in (*SINGLE_WORDS, "flags") for code in TABLE[kind]}
    assert criteria_codes() <= worded


def test_every_sentence_of_the_rules_has_its_code():
    codes = criteria_codes()
    for kind, singles in SINGLE_WORDS.items():
        assert set(TABLE[kind]) - singles <= codes, kind
        text = "".join(file.read_text(encoding="utf-8") for file in CRITERIA.glob("*.py"))
        for word in singles:
            assert f'"{word}"' in text


def test_every_flag_is_worded_and_every_wording_has_its_flag():
    raised = flag_codes() | {flag.value for flag in (*PeakFlag, *ReferenceFlag)}
    assert raised <= set(TABLE["flags"])
    assert set(TABLE["flags"]) <= raised | criteria_codes()


def test_flags_of_a_lesion_have_a_short_form():
    expected = {*(flag.value for flag in PeakFlag), "SMALL_LESION_PVE"}
    assert set(TABLE["flags_short"]) == expected


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("categories", set(MetabolicCategory)),
        ("organs", {*Organ, BY_READER}),
        ("sites", set(Site)),
        ("sides", set(Side)),
        ("reference", {*ReferenceRegionKind, *PlacementMethod}),
    ],
)
def test_every_member_is_worded(kind, codes):
    assert set(TABLE[kind]) == {str(code) for code in codes}


def test_every_coded_value_of_the_card_is_worded():
    values = {*ReferenceRegionKind, *LbmFormula, *PeakMethod, PEAK_KERNEL, *set(Tracer)}
    values -= {Tracer.FDG}  # a word of its own
    assert {str(value) for value in values} <= set(TABLE["comparability_values"])
    assert {"BQML", "GML", "START", "ADMIN"} <= set(TABLE["comparability_values"])
    assert set(CODED_RULES) <= set(TABLE["comparability_rules"])


def test_every_unit_of_the_card_is_printed():
    units = set()
    for module in (comparability, same_technique, uptake_time):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                name, value = node.elts
                is_unit = isinstance(name, ast.Constant) and name.value == "unit"
                if is_unit and isinstance(value, ast.Constant):
                    units.add(value.value)
    assert units <= set(PRINTED_UNITS)
    assert {"g/mL", "fraction", "min", "m"} <= units


def test_no_sentence_shows_a_code():
    for kind, entries in TABLE.items():
        for code, text in entries.items():
            words = re.findall(r"[A-Z]+_[A-Z_]+", text)
            assert not words, f"{kind}.{code}"
            assert text == text.strip()
