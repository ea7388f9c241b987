"""Baseline: records, rules, measurability, selection, stored diameters (spec 3.1, 3.3, N3)."""

import itertools
import tomllib
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.recist.length import exact_sum, share_of, stored_diameter_mm
from app.criteria.recist.measurability import (
    NEVER_MEASURABLE,
    BaselineLesion,
    LesionKind,
    Measured,
    measurability,
)
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.selection import Candidate, check_selection, counted_organ
from app.domain.exact import exact
from app.domain.recist import (
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetItem,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.services.rule_sets import CRITERIA_FOLDER
from tests.unit.criteria.recist.reads import RULES

NODE, NON_NODAL = LesionKind.NODE, LesionKind.NON_NODAL


def verdict(kind, size, thickness=5.0, rules=RULES, **more):
    return measurability(BaselineLesion(kind, size, thickness, **more), rules).verdict


@pytest.mark.parametrize(
    ("kind", "size", "thickness", "expected"),
    [
        (NON_NODAL, 10.0, 5.0, "MEASURABLE"),
        (NON_NODAL, 9.9, 5.0, "NON_MEASURABLE"),
        (NON_NODAL, 10.0, 1.0, "MEASURABLE"),
        (NON_NODAL, 13.9, 7.0, "NON_MEASURABLE"),
        (NON_NODAL, 14.0, 7.0, "MEASURABLE"),
        (NODE, 15.0, 5.0, "MEASURABLE"),
        (NODE, 14.9, 5.0, "NON_TARGET_PATHOLOGICAL"),
        (NODE, 10.0, 5.0, "NON_TARGET_PATHOLOGICAL"),
        (NODE, 9.9, 5.0, "NORMAL"),
        (NODE, 15.9, 8.0, "NON_TARGET_PATHOLOGICAL"),
        (NODE, 16.0, 8.0, "MEASURABLE"),
        (LesionKind.BONE_LYTIC_SOFT_TISSUE, 12.0, 5.0, "MEASURABLE"),
        (LesionKind.BONE_LYTIC_SOFT_TISSUE, 9.9, 5.0, "NON_MEASURABLE"),
        (LesionKind.CYSTIC, 12.0, 5.0, "MEASURABLE"),
        (NON_NODAL, None, 5.0, "NON_MEASURABLE"),
        (NODE, None, 5.0, "NON_MEASURABLE"),
        (NON_NODAL, 10.0, None, "MEASURABLE"),
    ],
)
def test_measurability_by_kind_size_and_slice(kind, size, thickness, expected):
    assert verdict(kind, size, thickness) == expected


@pytest.mark.parametrize("kind", sorted(NEVER_MEASURABLE))
def test_some_kinds_are_never_measurable(kind):
    assert verdict(kind, 80.0) == "NON_MEASURABLE"


def test_the_larger_of_thickness_and_spacing_counts():
    assert verdict(NON_NODAL, 12.0, 5.0, slice_spacing_mm=6.1) == "NON_MEASURABLE"
    assert verdict(NON_NODAL, 12.0, 6.1, slice_spacing_mm=3.0) == "NON_MEASURABLE"


def test_a_treated_lesion_needs_growth_and_the_protocol():
    allowed = replace(RULES, irradiated_allowed=True)
    assert verdict(NON_NODAL, 20.0, treated_locally=True) == "NON_MEASURABLE"
    grown = {"treated_locally": True, "progressed_since_treatment": True}
    assert verdict(NON_NODAL, 20.0, **grown) == "NON_MEASURABLE"
    assert verdict(NON_NODAL, 20.0, rules=allowed, treated_locally=True) == "NON_MEASURABLE"
    assert verdict(NON_NODAL, 20.0, rules=allowed, **grown) == "MEASURABLE"
    assert verdict(NON_NODAL, 9.0, rules=allowed, **grown) == "NON_MEASURABLE"
    assert verdict(NODE, 20.0, treated_locally=True) == "NON_TARGET_PATHOLOGICAL"


def test_other_ways_of_measuring():
    assert verdict(NON_NODAL, 20.0, measured_by=Measured.CHEST_XRAY) == "MEASURABLE"
    assert verdict(NON_NODAL, 19.9, measured_by=Measured.CHEST_XRAY) == "NON_MEASURABLE"
    assert verdict(NON_NODAL, 10.0, measured_by=Measured.CALLIPER) == "MEASURABLE"
    assert verdict(NON_NODAL, 50.0, measured_by=Measured.ULTRASOUND) == "NON_MEASURABLE"


@given(st.integers(0, 600), st.integers(1, 150))
def test_a_node_by_the_tenth(size, thickness):
    least = max(150, 2 * thickness)
    expected = "MEASURABLE" if size >= least else "NON_TARGET_PATHOLOGICAL"
    assert verdict(NODE, size / 10, thickness / 10) == ("NORMAL" if size < 100 else expected)


@given(st.integers(0, 600), st.integers(1, 150))
def test_a_non_nodal_lesion_by_the_tenth(size, thickness):
    fits = size >= max(100, 2 * thickness)
    expected = "MEASURABLE" if fits else "NON_MEASURABLE"
    assert verdict(NON_NODAL, size / 10, thickness / 10) == expected


# --- selection


def chosen(*organs, **more):
    return [Candidate(f"T{n}", organ, **more) for n, organ in enumerate(organs, start=1)]


def problems(candidates, **more):
    return [item.code for item in check_selection(candidates, RULES, **more).problems]


def test_five_targets_of_three_organs_are_valid():
    check = check_selection(chosen("liver", "liver", "lung", "lung", "adrenal"), RULES)
    assert (check.valid, check.problems) == (True, ())


def test_six_targets_are_one_too_many():
    assert problems(chosen("liver", "lung", "bone", "brain", "skin", "spleen")) == ["MAX_5_TOTAL"]


@pytest.mark.parametrize(
    "organs",
    [
        ("lung left", "right lung", "Lung, left upper lobe"),
        ("lung L", "lung R", "lungs"),
        ("left kidney", "kidney (right)", "KIDNEY"),
        ("ovary", "ovaries", "left ovary"),
        ("lymph node", "AXILLARY LYMPH NODE", "mediastinal lymph nodes"),
        ("LIVER, RIGHT LOBE", "liver", "LIVER"),
    ],
)
def test_paired_organs_and_nodes_are_one_organ(organs):
    assert problems(chosen(*organs)) == ["MAX_2_PER_ORGAN"]
    assert problems(chosen(*organs[:2])) == []


def test_nodes_are_one_organ_wherever_they_lie():
    nodes = [
        Candidate(f"T{n}", site, nodal=True) for n, site in enumerate(("neck", "axilla", "hilum"))
    ]
    assert problems(nodes) == ["MAX_2_PER_ORGAN"]


def test_words_that_only_end_like_a_plural_stay():
    assert counted_organ("pancreas") == "pancreas"
    assert counted_organ("Left Adrenal Gland") == "adrenal gland"
    assert counted_organ("lymph_node") == "lymph node"


def test_a_target_must_be_measurable():
    assert problems([Candidate("T1", "bone", measurable=False)]) == ["TARGET_NOT_MEASURABLE"]


def test_all_involved_organs_should_be_covered():
    others = [Candidate("X1", "lung"), Candidate("X2", "bone", measurable=False)]
    hints = check_selection(chosen("liver"), RULES, others).hints
    assert [(item.code, item.values()["organ"]) for item in hints] == [
        ("ORGAN_NOT_COVERED", "lung")
    ]
    full = chosen("liver", "liver", "skin", "skin", "brain")
    assert check_selection(full, RULES, others).hints == ()


def test_target_nodes_should_be_of_different_chains():
    same = chosen("lymph node", "lymph node", site="Axilla L")
    assert [item.code for item in check_selection(same, RULES).hints] == ["SAME_NODE_CHAIN"]
    apart = [
        Candidate("T1", "lymph node", site="axilla"),
        Candidate("T2", "lymph node", site="neck"),
    ]
    assert check_selection(apart, RULES).hints == ()


def test_the_order_of_the_selection_does_not_matter():
    lesions = [
        Candidate("T1", "liver"),
        Candidate("T2", "liver", measurable=False),
        Candidate("T10", "liver", measurable=False),
        Candidate("T3", "lymph node", site="neck"),
    ]
    checks = {check_selection(order, RULES) for order in itertools.permutations(lesions)}
    assert len(checks) == 1
    (check,) = checks
    assert [item.values().get("lesion") for item in check.problems] == [None, "T2", "T10"]


# --- lengths, rules and records


@pytest.mark.parametrize(
    ("length", "resolution", "stored"),
    [(9.85, 0.1, 9.9), (9.849, 0.1, 9.8), (9.5, 1.0, 10.0), (9.4999, 1.0, 9.0), (0.0, 0.1, 0.0)],
)
def test_diameters_are_stored_half_up(length, resolution, stored):
    rules = replace(RULES, diameter_resolution_mm=resolution)
    assert stored_diameter_mm(length, rules) == stored


@given(st.lists(st.integers(0, 10**7), max_size=8))
def test_the_sum_is_exact(parts):
    assert exact_sum(exact(part / 1000) for part in parts) * 1000 == sum(parts)


def test_no_share_of_zero():
    assert share_of(exact(1), exact(0)) is None


def test_the_shipped_rule_set_states_every_setting_and_the_defaults():
    text = (CRITERIA_FOLDER / "recist-1.1.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    assert RecistRules(**table) == RULES
    assert table.keys() == {field.name for field in fields(RecistRules)}
    assert all(type(getattr(RULES, field.name)) is field.type for field in fields(RecistRules))


@pytest.mark.parametrize(
    "changes",
    [
        {"pr_fraction": 1.0},
        {"pr_fraction": 0.0},
        {"node_normal_below_mm": 16.0},
        {"node_normal_below_mm": 0.0},
        {"pd_min_mm": 0.0},
        {"confirm_days": 0},
        {"max_targets": 0},
        {"max_ne": -1},
        {"sd_min_days": -1},
    ],
    ids=str,
)
def test_impossible_settings_are_refused(changes):
    with pytest.raises(ValueError, match=r"."):
        replace(RULES, **changes)


DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TargetLesion("T1", "liver", False, -1.0),
        lambda: TargetLesion("T1", "liver", False, float("nan")),
        lambda: TargetLesion("T1", "liver", False, float("inf")),
        lambda: TargetValue("T1", TargetState.MEASURED),
        lambda: TargetValue("T1", TargetState.MEASURED, -0.1),
        lambda: TargetValue("T1", TargetState.ABSENT, 3.0),
        lambda: TargetValue("T1", TargetState.NOT_ASSESSED, 3.0),
        lambda: TargetValue("T1", TargetState.SPLIT),
        lambda: TargetValue("T1", TargetState.SPLIT, fragments_mm=(3.0, -1.0)),
        lambda: TargetValue("T1", TargetState.MEASURED, 3.0, fragments_mm=(3.0,)),
        lambda: TargetValue("T1", TargetState.MERGED),
        lambda: TargetValue("T1", TargetState.MEASURED, 3.0, merged_with=("T2",)),
        lambda: RecistBaseline(DAY, (TargetLesion("T1", "liver", False, 20.0),) * 2),
        lambda: RecistBaseline(
            DAY, (TargetLesion("T1", "liver", False, 20.0),), (NonTargetItem("T1"),)
        ),
        lambda: RecistVisit("V1", DAY, (TargetValue("T1", TargetState.ABSENT),) * 2),
        lambda: RecistVisit(
            "V1", DAY, new_lesions=(NewLesionFinding("N1", NewLesionCertainty.EQUIVOCAL),) * 2
        ),
    ],
)
def test_records_are_valid_from_the_constructor(make):
    with pytest.raises(ValueError, match=r"."):
        make()
