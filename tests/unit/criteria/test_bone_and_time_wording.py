"""Every code of bone, time and adjudication has its sentences, and no sentence is without code."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from app.agreement.kappa import KappaGap
from app.criteria import adjudication
from app.criteria.bone.mda import MdaCategory, MdaFinding
from app.domain import bone, timeline
from app.domain.bone import Flare
from app.domain.trial import AdjudicationTrigger, Modality
from app.translation import LANGUAGES
from app.wording import WORDING_FOLDER, sentences

CRITERIA = Path(adjudication.__file__).parent
SOURCES = {
    "bone": sorted((CRITERIA / "bone").glob("*.py")),
    "timeline": [*sorted((CRITERIA / "timeline").glob("*.py")), CRITERIA / "adjudication.py"],
}
MEMBERS = {
    "bone_categories": bone.BoneCategory,
    "bone_new_lesions": bone.NewBoneLesion,
    "bone_items": bone.BoneItemState,
    "bone_evidence": bone.ProgressionEvidence,
    "flare": bone.Flare,
    "bone_regions": bone.SkeletalRegion,
    "bone_views": bone.BoneView,
    "bone_classes": bone.FocusClass,
    "bone_causes": bone.BenignCause,
    "bone_correlates": bone.CtCorrelate,
    "bone_changes": bone.FocusChange,
    "scan_quality": bone.ScanQuality,
    "mda_categories": MdaCategory,
    "mda_findings": MdaFinding,
    "pfs_kinds": timeline.PfsKind,
    "pd_basis": timeline.PdBasis,
    "visit_status": timeline.VisitStatus,
    "modalities": Modality,
    "adjudication_triggers": AdjudicationTrigger,
    "kappa_gaps": KappaGap,
}
OTHER_KINDS = {"reasons", "flags", "bone_rule_sets"}
CODE = re.compile(r"(?:BONE|MDA|PFS|LEAD|ADJUDICATION)_[A-Z_]+")
PLACEHOLDER = re.compile(r"{(\w+)}")


def table(room, language="en"):
    file = WORDING_FOLDER / language / f"{room}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def nodes(room):
    for file in SOURCES[room]:
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def codes(room):
    return {
        node.value
        for node in nodes(room)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


@pytest.mark.parametrize("room", SOURCES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_and_sentences_are_the_same_set(room, language):
    worded = table(room, language)
    found = codes(room)
    flare = {item.value for item in Flare if item is not Flare.NONE}
    assert {*worded["reasons"], *worded["flags"]} == found | (flare if room == "bone" else set())
    assert len(found) > 10


def test_the_flags_that_were_raised_are_worded_as_flags():
    """Whatever stands in a `flags` argument or is appended to flags."""
    literal = re.compile(r"(?:flags|raised)[^\n]*?\"([A-Z_]+)\"|\(\"([A-Z_]+)\",\)")
    for room, files in SOURCES.items():
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        found = {one or two for one, two in literal.findall(text)}
        assert found
        assert found <= set(table(room)["flags"]), room


@pytest.mark.parametrize("kind", MEMBERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_is_worded(kind, language):
    assert set(sentences(kind, language)) == {str(item) for item in MEMBERS[kind]}


@pytest.mark.parametrize("room", SOURCES)
def test_both_languages_say_the_same(room):
    english, french = (table(room, language) for language in ("en", "fr"))
    assert english.keys() == french.keys() <= MEMBERS.keys() | OTHER_KINDS
    for kind, entries in english.items():
        assert entries.keys() == french[kind].keys()
        for code, text in entries.items():
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(french[kind][code]))
            for said in (text, french[kind][code]):
                assert said == said.strip()
                assert not re.findall(r"[A-Z]+_[A-Z_]+", said), f"{kind}.{code}"


# Parameters handed on as a mapping, and codes handed on by name: by the function that words them.
MAPPINGS = {"named": {"first", "second"}, "params": {"foci", "dated"}}
CODES_BY_NAME = {
    "BONE_NEW_LESION": MAPPINGS["params"],
    "BONE_NEW_DESTRUCTION": MAPPINGS["params"],
    "BONE_TWO_PLUS_TWO": MAPPINGS["params"],
    "BONE_SCAN_MISSING": set(),
    "BONE_SCAN_NOT_READABLE": set(),
    "PFS_CENSORED_AT_ASSESSMENT": {"dated"},
    "PFS_CENSORED_AT_RANDOMISATION": {"dated"},
}


def given_params(room):
    """The parameter names that each code of a reason is given, over all calls."""
    yield from CODES_BY_NAME.items()
    for node in nodes(room):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reason"):
            continue
        names = set()
        for keyword in node.keywords:
            names |= {keyword.arg} if keyword.arg else MAPPINGS[keyword.value.id]
        literals = {part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)}
        for code in literals & codes(room):
            yield code, names


@pytest.mark.parametrize("room", SOURCES)
def test_every_placeholder_is_filled(room):
    reasons = table(room)["reasons"]
    checked = set()
    for code, names in given_params(room):
        if code in reasons:
            checked.add(code)
            assert set(PLACEHOLDER.findall(reasons[code])) <= names, code
    assert checked == reasons.keys()
