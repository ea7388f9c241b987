"""Steps of every criterion in words: no bare code, no number on the wrong side of its limit."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.bone.mda import MdaFinding, mda_response
from app.criteria.recist.course import recist_course
from app.criteria.recist.rules import RecistRules
from app.domain.bone import BoneCategory
from app.domain.recist import (
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetFinding,
    NonTargetItem,
    NonTargetStatus,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.domain.response import MetabolicCategory, TargetResponse, reason
from app.reporting.change_text import change_text
from app.reporting.lengths import length_text
from app.reporting.numbers import MINUS, beside, plain
from app.reporting.reasons import reason_text
from app.translation import set_language
from app.wording import sentences

START = date(2026, 1, 5)
RULES = RecistRules("recist-1.1")
NUMBER = re.compile(rf"[+{MINUS}]?\d+(?:\.\d+)?")


@pytest.fixture
def french():
    set_language("fr")
    yield
    set_language("en")


def course(first, now, *more):
    """One target at baseline and at one follow-up."""
    value = TargetValue("T1", TargetState.MEASURED, now)
    baseline = RecistBaseline(START, (TargetLesion("T1", "liver", False, first),))
    return recist_course(
        baseline, (RecistVisit("FU1", START + timedelta(91), (value,), *more),), RULES
    )


def steps(response, code):
    return [reason_text(item) for item in response.reasons if item.code == code]


def number(text):
    return float(text.replace(MINUS, "-"))


def test_a_rise_just_short_of_five_millimetres_does_not_look_like_it():
    (response,) = course(20.0, 24.996).responses
    (text,) = steps(response, "SUM_RISE_WITHIN_LIMITS")
    assert "+25.0 %, +4.996 mm" in text
    assert text.endswith("at least +20 % and 5 mm.")
    (response,) = course(20.0, 24.99996).responses
    assert "+4.99996 mm" in steps(response, "SUM_RISE_WITHIN_LIMITS")[0]
    (response,) = course(20.0, 25.0).responses
    assert "+25.0 %, +5.0 mm" in steps(response, "SUM_RISE_REACHES_LIMITS")[0]


def test_a_node_just_below_ten_millimetres_does_not_look_like_it():
    focus = NewLesionFinding(
        "U1", NewLesionCertainty.UNEQUIVOCAL, nodal=True, short_axis_mm=9.99996
    )
    (response,) = course(20.0, 20.0, (), (focus,)).responses
    (text,) = steps(response, "NEW_NODE_STILL_NORMAL")
    assert "short axis 9.99996 mm, is normal (below 10 mm)" in text


def test_a_tie_reads_as_the_limit_it_counts_as():
    (response,) = course(10.0, 15.0 - 5e-10).responses
    assert "+5.0 mm. This reaches" in steps(response, "SUM_RISE_REACHES_LIMITS")[0]
    share = reason("PER-2.7-PMR", "FALL_REACHES_LIMITS", change_fraction=-0.3 + 5e-10,
                   limit_fraction=-0.3, change_abs=-0.8, limit_abs=-0.8)  # fmt: skip
    assert f"{MINUS}30.0 %" in reason_text(share)


MILLIMETRES = st.integers(0, 2_000_000).map(lambda n: n / 10_000)


@given(MILLIMETRES, MILLIMETRES)
def test_a_number_beside_its_limit_is_on_its_own_side(value, limit):
    for text in (beside(value, limit, 2), length_text(value, limit=limit)):
        shown = number(text)
        assert (shown > limit) is (value > limit)
        assert (shown < limit) is (value < limit)
        assert number(plain(limit)) == pytest.approx(limit, rel=1e-5)


@given(st.integers(100, 3_000), st.integers(0, 3_000_000))
def test_the_sentence_of_a_rise_agrees_with_the_category(first, now):
    (response,) = course(first / 10, now / 10_000).responses
    for item in response.reasons:
        if item.code in ("SUM_RISE_WITHIN_LIMITS", "SUM_RISE_REACHES_LIMITS"):
            *_, share, change, limit, least = map(number, NUMBER.findall(reason_text(item)))
            assert (share >= limit and change >= least) is (item.code == "SUM_RISE_REACHES_LIMITS")
        if item.code in ("SUM_FALL_WITHIN_LIMIT", "SUM_FALL_REACHES_LIMIT"):
            share, limit = map(number, NUMBER.findall(reason_text(item))[-2:])
            assert (share <= limit) is (item.code == "SUM_FALL_REACHES_LIMIT")


def judged(change, share):
    limits = {"limit_abs": -0.8, "limit_fraction": -0.3}
    why = reason("PER-2.7-PMR", "FALL_WITHIN_LIMITS",
                 change_abs=change, change_fraction=share, **limits)  # fmt: skip
    return TargetResponse(
        MetabolicCategory.SMD,
        "percist-nadir",
        change_from_baseline_abs=change,
        change_from_baseline_fraction=share,
        change_from_reference_abs=0.5,
        change_from_reference_fraction=0.123,
        reasons=(why,),
    )


def test_the_change_of_a_target_is_told_apart_from_the_limits_too():
    assert change_text(judged(-0.7996, -0.29996)) == (
        f"{MINUS}29.996 % from baseline ({MINUS}0.7996 g/mL), +12.3 % from nadir"
    )
    assert change_text(judged(-3.0, -0.3)).startswith(f"{MINUS}30.0 % from baseline ({MINUS}3.00")
    assert change_text(TargetResponse(MetabolicCategory.NE, "percist-nadir")) == ""


CODED = {
    "REC-3.9-T1": ("OVERALL_BY_TABLE", {"table": 1, "target": "PR", "non_target": "-",
                                        "overall": "PR"}),
    "REC-3.10": ("BEST_FIRST_MET", {"category": "NON-CR/NON-PD", "date": "2026-04-06"}),
    "REC-3.1-NEVER": ("KIND_NEVER_MEASURABLE", {"kind": "bone_blastic"}),
    "BON-B4": ("BONE_SHOWN_BY_CT", {"category": "PD"}),
    "BON-4.2": ("BONE_READER_DIFFERS", {"stated": "NED", "category": "NON-CR/NON-PD"}),
    "BON-4.4": ("MDA_CATEGORY", {"category": "PR", "findings": "uptake_less, blastic_decrease"}),
    "TIM-3.11-EVENT": ("PFS_PROGRESSION_BY", {"dated": "2026-04-06", "basis": "NEW_LESION",
                                              "modality": "BONE_SCAN"}),
    "TIM-3.11-GAP": ("PFS_AFTER_GAP", {"event": "DEATH", "dated": "2026-04-06", "gap": 200,
                                       "limit": 196}),
    "ADJ-5.4": ("ADJUDICATION_DIFFERS", {"trigger": "pd_yes_no"}),
}  # fmt: skip
ENGLISH = {
    "REC-3.9-T1": "Table 1: target partial response (PR), non-target none, nothing new: "
    "partial response (PR).",
    "REC-3.10": "First met on 2026-04-06: neither complete response nor progression "
    "(NON-CR/NON-PD).",
    "REC-3.1-NEVER": "This kind of lesion is never measurable (blastic bone lesion).",
    "BON-B4": "The CT of the visit shows the bones: progression of bone (PD).",
    "BON-4.2": "The reader stated no bone metastasis (NED); the rules give neither complete "
    "response nor progression of bone (NON-CR/NON-PD).",
    "BON-4.4": "By less uptake, decrease of a blastic lesion: partial response (MD Anderson).",
    "TIM-3.11-EVENT": "Progression on 2026-04-06 (new lesion, bone scan).",
    "TIM-3.11-GAP": "The event (death) of 2026-04-06 came 200 days after the last adequate "
    "assessment, more than 196 days: two or more visits were missed.",
    "ADJ-5.4": "The readers differ: progression yes or no.",
}


@pytest.mark.parametrize("rule", CODED)
def test_codes_read_as_words(rule):
    code, params = CODED[rule]
    assert reason_text(reason(rule, code, **params)) == ENGLISH[rule]


@pytest.mark.parametrize("rule", CODED)
def test_codes_read_as_words_in_french(rule, french):
    code, params = CODED[rule]
    text = reason_text(reason(rule, code, **params))
    english = {word for word in re.findall(r"[a-z]{4,}", ENGLISH[rule]) if word not in text}
    assert english and not re.search(r"[A-Z]+_[A-Z]+|[a-z]+_[a-z]+", text), text
    assert not any(f" {word} " in text for word in ("of", "the", "none", "response")), text


@pytest.mark.parametrize("kind", ["recist_categories", "bone_categories", "mda_categories"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_category_words_may_begin_in_lower_case(kind, language):
    """Within a sentence their first letter is made small: none begins with a name."""
    for words in sentences(kind, language).values():
        assert words[0].isupper() and words[1].islower(), words


def test_ids_and_follow_ups():
    text = reason_text(reason("REC-3.5-NADIR", "SUM_NADIR", sum=30.0, visit="FU2"))
    assert text == "A rise is measured from the nadir, Follow-up 2: sum 30.0 mm."
    other = reason_text(reason("REC-3.5-NADIR", "SUM_NADIR", sum=30.0, visit="V2"))
    assert "nadir, V2: sum" in other


def test_a_node_that_a_reader_called_present_but_is_normal():
    item = NonTargetItem("N1", "axilla", nodal=True)
    baseline = RecistBaseline(START, (), (item,))
    found = NonTargetFinding("N1", NonTargetStatus.PRESENT, short_axis_mm=9.9)
    visit = RecistVisit("FU1", START + timedelta(91), non_targets=(found,))
    (response,) = recist_course(baseline, (visit,), RULES).responses
    assert steps(response, "ITEM_NODE_NORMAL") == [
        "N1: short axis 9.9 mm is normal (below 10 mm), the node counts as gone."
    ]


def test_the_mda_trace_of_the_engine_is_worded():
    found = mda_response((MdaFinding.UPTAKE_LESS,), BoneCategory.NON_CR_NON_PD, flare=False)
    (why,) = found.reasons
    assert reason_text(why) == "By less uptake: partial response (MD Anderson)."
