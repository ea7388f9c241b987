"""What the rules found, in words: filled in, with units, never a bare code."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.criteria.percist.comparability import compare_scans, scan_prerequisites
from app.criteria.percist.rules import UptakeRuleset
from app.criteria.percist.target import TargetCase, target_response
from app.domain.lesion import PhysiologicalMark
from app.domain.reference import ReferenceRegionKind
from app.domain.response import MetabolicCategory
from app.domain.scan_facts import ScanFacts
from app.reporting.phrases import (
    comparability_label,
    comparability_text,
    flag_text,
    margin_text,
    mark_text,
    one_margin_text,
    percent,
    site_text,
    visit_name,
)
from app.reporting.reasons import reason_text
from app.wording import sentences
from segmentation.anatomy.sites import Organ, Side, Site
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR, PUBLISHED, STRICT
from tests.unit.criteria.percist.sound_scan import SOUND

BARE_CODE = re.compile(r"[A-Z]+_[A-Z_]+|[{}]|None")


def case(b, c, **more):
    return TargetCase({"L1": b}, {"L1": c}, **more)


def text_of(response, code):
    return next(reason_text(item) for item in response.reasons if item.code == code)


# Every reason, flag and margin the rules can give

CASES = [
    TargetCase({}, {}),
    TargetCase({"L1": 9.0}, {}),
    TargetCase({"L1": 9.0, "L2": 8.0}, {"L1": 5.0}, missing=["L2"]),
    case(9.0, 5.0, comparable=False),
    case(9.0, 5.0, earlier=[{"L1": 3.0}], nadir_comparable=False),
    case(3.0, 5.0, baseline_threshold=4.0),
    case(9.0, 5.0, baseline_threshold=4.0, liver_mean=1.9),
    case(9.0, 9.5),
    case(9.0, 12.0),
    case(9.0, 1.4, liver_mean=1.9),
    case(9.0, 1.4, liver_mean=1.9, resolved=True),
    case(9.0, 1.8, liver_mean=1.9, earlier=[{"L1": 0.9}]),
    case(9.0, 1.8, earlier=[{"L1": 0.0}]),
    TargetCase({"L1": 9.0, "L2": 8.0}, {"L1": 14.0}, missing=["L2"]),
]


def test_every_reason_of_the_target_is_told_in_full():
    told = set()
    for rules in ALL_RULES:
        for found in CASES:
            response = target_response(found, rules)
            for item in response.reasons:
                text = reason_text(item)
                assert not BARE_CODE.search(text), text
                assert text.endswith(".")
                told.add(item.code)
            for flag in response.flags:
                assert not BARE_CODE.search(flag_text(flag)), flag
            for margin in response.margins:
                assert not BARE_CODE.search(one_margin_text(response.category, margin))
    assert told <= set(sentences("reasons"))  # the rest: test_percist_phrases.py


SULS = st.integers(0, 200_000).map(lambda n: n / 10_000)


@settings(deadline=None)
@given(SULS, SULS, SULS, st.one_of(st.none(), SULS), st.sampled_from(ALL_RULES))
def test_any_response_can_be_told(b, c, nadir, liver, rules):
    found = case(b, c, earlier=[{"L1": nadir}], liver_mean=liver, baseline_threshold=2.0)
    response = target_response(found, rules)
    for text in (*map(reason_text, response.reasons), *map(flag_text, response.flags)):
        assert not BARE_CODE.search(text)
    told = margin_text(response.category, response.margins)
    assert (told is None) is (not response.margins)
    assert told is None or not BARE_CODE.search(told)


def test_a_number_just_short_of_its_limit_does_not_look_like_it():
    response = target_response(case(10.0, 7.0004, baseline_threshold=9.9999), NADIR)
    fall = text_of(response, "FALL_WITHIN_LIMITS")
    assert "−29.996 %" in fall
    assert "at least −30 % and −0.8 g/mL" in fall
    assert "10.0000 g/mL reaches the baseline threshold of 9.9999 g/mL" in text_of(
        response, "MEASURABLE"
    )
    short = target_response(case(2.3, 1.5002), NADIR)
    assert "−0.7998 g/mL" in text_of(short, "FALL_WITHIN_LIMITS")
    near_liver = target_response(case(9.0, 1.8996, liver_mean=1.9), NADIR)
    assert "1.8996 g/mL is below the liver mean of 1.9000 g/mL" in text_of(
        near_liver, "BELOW_LIVER"
    )


def test_reaching_and_exceeding_are_told_apart():
    reached = text_of(target_response(case(5.0, 6.5), NADIR), "RISE_REACHES_LIMITS")
    assert reached.startswith("Change from 5.00 g/mL: +30.0 %, +1.50 g/mL.")
    assert "reaches both" in reached
    strict = text_of(target_response(case(5.0, 6.5), PUBLISHED), "RISE_NOT_ABOVE_LIMITS")
    assert "more than +30 % and +0.8 g/mL" in strict


def test_a_reference_of_zero_has_no_percentage_in_words():
    text = text_of(
        target_response(case(9.0, 1.8, earlier=[{"L1": 0.0}]), NADIR), "RISE_REACHES_LIMITS"
    )
    assert text.startswith("Change from 0.00 g/mL: –, +1.80 g/mL.")


@pytest.mark.parametrize(
    ("b", "c", "rules", "more", "text"),
    [
        (10.0, 5.0, NADIR, {},
         "PMR would become SMD above SULpeak 7.00 g/mL (2.00 g/mL hotter)"),
        (10.0, 5.0, STRICT, {},
         "PMR would become SMD at SULpeak 7.00 g/mL or more (2.00 g/mL hotter)"),
        (10.0, 7.5, NADIR, {},
         "SMD would become PMR at SULpeak 7.00 g/mL or less (0.50 g/mL colder)"),
        (10.0, 7.5, STRICT, {},
         "SMD would become PMR below SULpeak 7.00 g/mL (0.50 g/mL colder)"),
        (10.0, 7.0, NADIR, {},
         "PMR lies on the limit, SULpeak 7.00 g/mL: any hotter would be SMD"),
        (10.0, 13.0, NADIR, {},
         "PMD lies on the limit, SULpeak 13.00 g/mL: any colder would be SMD"),
        (10.0, 7.0004, NADIR, {},
         "SMD would become PMR at SULpeak 7.0000 g/mL or less (0.0004 g/mL colder)"),
        (9.0, 1.4, NADIR, {"liver_mean": 1.9, "resolved": True},
         "CMR would become PMR at SULpeak 1.90 g/mL or more (0.50 g/mL hotter)"),
    ],
)  # fmt: skip
def test_margins_in_words(b, c, rules, more, text):
    response = target_response(case(b, c, **more), rules)
    assert margin_text(response.category, response.margins) == text


def test_no_margin_no_words():
    assert margin_text(MetabolicCategory.NE, ()) is None


# The comparability card

OTHER = ScanFacts(
    reference_kind=ReferenceRegionKind.LIVER,
    reference_mean_sul_g_per_ml=2.31,
    uptake_time_s=9540.0,
    injected_dose_bq=200e6,
    manufacturer="GE MEDICAL SYSTEMS",
    model="Discovery ST",
    reconstruction="OSEM",
    voxel_size_mm=(3.27, 5.47, 5.47),
    tracer="other",
    units="GML",
    decay_correction="ADMIN",
    lbm_formula="LBMJAMES128",
    peak_kernel="ibsi_binary",
    height_m=1.6,
    glucose_mmol_per_l=12.0,
    fasting_h=2.0,
    days_since_therapy=3,
)
CARDS = [
    (SOUND, SOUND),
    (SOUND, OTHER),
    (OTHER, SOUND),
    (ScanFacts(), ScanFacts()),
    (SOUND, replace(SOUND, reference_kind=ReferenceRegionKind.BLOOD_POOL)),
    (SOUND, replace(SOUND, uptake_time_s=2940.0)),
]


def told(earlier, current):
    rules = replace(NADIR, uptake_ruleset=UptakeRuleset.QIBA)
    items = (*compare_scans(earlier, current, rules), *scan_prerequisites(current, rules))
    return {comparability_label(item): (item, comparability_text(item)) for item in items}


def test_every_line_of_the_card_occurs_and_is_told_in_full():
    rules, codes = set(), set()
    for scans in CARDS:
        for label, (item, text) in told(*scans).items():
            assert not BARE_CODE.search(label + text), (label, text)
            assert label != item.rule
            rules.add(item.rule)
            codes.add(item.code)
    assert rules == set(sentences("comparability_rules"))
    assert codes == set(sentences("comparability"))


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Reference SULmean, difference", "0.71 g/mL (1.60, now 2.31; limit 0.3 g/mL)"),
        ("Reference SULmean, difference as share of the larger", "31 % (limit 20 %)"),
        ("Uptake time, difference", "99.0 min (60 min, now 159 min; limit 15 min)"),
        ("Uptake time", "159.0 min, beyond 70 min"),
        ("Uptake time of the earlier scan", "60.0 min (window 50-70 min)"),
        ("Blood glucose", "12.0 mmol/L (must be below 11.1 mmol/L)"),
        ("Fasting", "2 h (at least 4 h)"),
        ("Time since last therapy", "3 days (at least 10 days)"),
        ("Injected activity, difference", "33 % (300 MBq, now 200 MBq; limit 20 %)"),
        ("Scanner manufacturer", "GE MEDICAL SYSTEMS instead of SIEMENS"),
        ("Voxel size", "5.47 x 5.47 x 3.27 mm instead of 4.07 x 4.07 x 3.00 mm"),
        ("Tracer", "not FDG instead of FDG"),
        ("Stored units", "g/mL instead of Bq/mL"),
        ("Decay correction", "to the injection instead of to the start of the scan"),
        ("Lean body mass formula", "James 128 instead of Janmahasatian"),
        ("SULpeak method", "ball of whole voxels instead of continuous ball"),
        ("Body height, difference", "5 cm (1.65 m, now 1.60 m; limit 2 cm)"),
    ],
)
def test_lines_in_words(label, text):
    assert told(SOUND, OTHER)[label][1] == text


def test_a_line_just_beyond_its_limit_does_not_look_like_it():
    late = told(SOUND, replace(SOUND, uptake_time_s=4500.6))
    assert late["Uptake time, difference"][1].startswith("15.01 min (")
    early = told(SOUND, replace(SOUND, uptake_time_s=2998.8))
    assert early["Uptake time"][1] == "49.98 min, before 50 min"
    liver = told(SOUND, replace(SOUND, reference_mean_sul_g_per_ml=1.9004))
    assert liver["Reference SULmean, difference"][1].startswith("0.3004 g/mL (")


def test_a_name_from_a_header_is_never_taken_for_a_code():
    other = told(SOUND, replace(SOUND, model="continuous", reconstruction="other {x}"))
    assert other["Scanner model"][1] == "continuous instead of Biograph64_mCT"
    assert "other {x}" in other["Reconstruction"][1]


# Marks, sites, flags, strings


@pytest.mark.parametrize("organ", Organ)
def test_marks(organ):
    text = mark_text(PhysiologicalMark(organ.value, left_mm=-42.0, depth=0.66, above_dome_mm=-120))
    assert text.endswith(
        "42 mm right of the midline, 120 mm below the liver dome, 66 % from front to back"
    )
    by_hand = mark_text(PhysiologicalMark("reader"))
    assert by_hand == "marked by the reader"


def test_the_other_side_of_a_mark():
    text = mark_text(PhysiologicalMark("heart", left_mm=30.0, depth=0.3, above_dome_mm=10.0))
    assert text.startswith("heart: 30 mm left of the midline, 10 mm above")


@pytest.mark.parametrize("site", Site)
@pytest.mark.parametrize("side", Side)
def test_sites(site, side):
    text = site_text(site.value, side.value)
    told_side = side in (Side.LEFT, Side.RIGHT)
    assert text == (f"{site.value}, {side.value}" if told_side else site.value)


def test_a_flag_tells_its_detail():
    assert flag_text("UNMATCHED_FOCUS U1").startswith("Unmatched focus: U1.")
    assert "L2" in flag_text("LESION_OUTSIDE_SCAN L2")


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(None, "–"), (-0.29996, "−30.0 %"), (0.4, "+40.0 %"), (-0.0001, "+0.0 %")],
)
def test_percent(fraction, text):
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("number", "short", "text"),
    [
        (0, False, "Baseline"),
        (0, True, "BL"),
        (2, False, "Follow-up 2"),
        (2, True, "FU2"),
    ],
)
def test_visit_names(number, short, text):
    assert visit_name(number, short) == text
