"""The parts beside the course: counts, index, 2+2, MDA, contribution to RECIST, rules."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.bone.contribution import recist_contribution
from app.criteria.bone.counts import geometric_mean, lesion_to_reference
from app.criteria.bone.mda import TABLE, MdaCategory, MdaFinding, mda_response
from app.criteria.bone.rules import BoneWeight, rules_of_trial
from app.criteria.bone.scan_index import bone_scan_index
from app.criteria.bone.two_plus_two import NewFociSeen, TwoPlusTwo, confirms, two_plus_two
from app.domain.bone import BoneCategory, BoneItemState, NewBoneLesion, SkeletalRegion
from app.domain.trial import TrialRules
from app.services.rule_sets import load_rules
from tests.unit.criteria.bone.scans import (
    NEW,
    RESOLVED,
    RULES,
    SAME,
    WORSE,
    baseline,
    course,
    day,
    focus,
    visit,
    without_scan,
)  # fmt: skip

WEIGHTS = RULES.weight_fractions()
COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=20)


@given(COUNTS)
def test_the_geometric_mean_lies_between_both_views(counts):
    turned = counts[::-1]
    means = geometric_mean(counts, turned)
    assert means == geometric_mean(turned, counts)
    for one, other, mean in zip(counts, turned, means, strict=True):
        assert min(one, other) - 1e-9 <= mean <= max(one, other) + 1e-9
    assert geometric_mean(counts, counts) == pytest.approx(counts)


def test_counts_that_cannot_be_are_refused():
    assert geometric_mean([], []) == ()
    with pytest.raises(ValueError, match="1 anterior and 2 posterior"):
        geometric_mean([1], [1, 2])
    for count in (-1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="counts"):
            geometric_mean([count], [1.0])
        with pytest.raises(ValueError, match="counts"):
            lesion_to_reference(1.0, count)


def test_the_ratio_to_a_reference():
    assert lesion_to_reference(300.0, 120.0) == 2.5
    assert lesion_to_reference(300.0, 0.0) is None


def test_the_index_is_the_weighted_share():
    assert bone_scan_index({}, WEIGHTS) == 0.0
    assert bone_scan_index({"femur_left": 0.5}, WEIGHTS) == 0.0445
    both = {"femur_left": 0.5, "femur_right": 0.5}
    assert bone_scan_index(both, WEIGHTS) == 0.089
    assert bone_scan_index(dict.fromkeys(WEIGHTS, 1.0), WEIGHTS) == 1.001
    assert bone_scan_index({"pelvis": 0.1, "skull": 0.7}, WEIGHTS) == bone_scan_index(
        {"skull": 0.7, "pelvis": 0.1}, WEIGHTS
    )


@pytest.mark.parametrize(
    ("fractions", "match"),
    [({"pelvis": 1.01}, "pelvis"), ({"pelvis": -0.1}, "pelvis"), ({"femur": 0.1}, "no weight"),
     ({"pelvis": math.nan}, "pelvis")],
)  # fmt: skip
def test_an_index_that_cannot_be_is_refused(fractions, match):
    with pytest.raises(ValueError, match=match):
        bone_scan_index(fractions, WEIGHTS)


def test_the_weights_are_those_listed():
    assert len(WEIGHTS) == 26
    assert (WEIGHTS["skull"], WEIGHTS["ribs"], WEIGHTS["spine_sacrum"]) == (0.166, 0.044, 0.083)
    assert WEIGHTS["femur_left"] == WEIGHTS["femur_right"] == 0.089


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"flare_window_weeks": -1}, "flare_window_weeks"),
        ({"two_plus_two_min_weeks": -1}, "two_plus_two_min_weeks"),
        ({"typical_foci_min": 0}, "typical_foci_min"),
        ({"exact_count_max": 0}, "exact_count_max"),
        ({"two_plus_two_min_foci": 0}, "two_plus_two_min_foci"),
        ({"weights": RULES.weights[:-1]}, "add up"),
        ({"weights": (*RULES.weights, BoneWeight("skull", 0.1, False))}, "twice"),
    ],
    ids=str,
)
def test_rules_that_cannot_be_are_refused(changes, match):
    with pytest.raises(ValueError, match=match):
        replace(RULES, **changes)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, math.nan])
def test_a_weight_is_a_share(share):
    with pytest.raises(ValueError, match="weight_fraction"):
        BoneWeight("skull", share, False)


@pytest.mark.parametrize(
    ("first", "additional", "days", "progression"),
    [
        (2, 2, None, True), (2, 2, 42, True), (2, 2, 41, False), (2, 1, 91, False),
        (1, 5, 91, False), (5, 2, 91, True), (0, 0, None, False),
    ],
)  # fmt: skip
def test_two_plus_two_by_counts(first, additional, days, progression):
    assert confirms(first, additional, days, RULES) is progression


def seen(weeks, appeared, present):
    return NewFociSeen(day(weeks), frozenset(appeared), frozenset(present))


def test_two_plus_two_waits_six_weeks():
    first = seen(8, "NM", "ANM")
    early = seen(12, "K", "ANMK")
    assert two_plus_two([first, early], RULES) is None
    # Those of the early scan count as additional at the one that is late enough.
    assert two_plus_two([first, early, seen(16, "L", "ANMKL")], RULES) == TwoPlusTwo(0, 2)
    assert two_plus_two([first, early, seen(16, "L", "ANML")], RULES) is None
    assert two_plus_two([], RULES) is None


@pytest.mark.parametrize(
    "category", [MdaCategory.CR, MdaCategory.PR, MdaCategory.SD, MdaCategory.PD]
)
def test_mda_rows(category):
    rows = [finding for finding, row in TABLE.items() if row is category]
    for finding in rows:
        assert mda_response([finding], BoneCategory.NE, flare=False).category is category


def test_mda_covers_every_finding():
    assert TABLE.keys() == set(MdaFinding)


@pytest.mark.parametrize(
    ("findings", "category"),
    [
        ({MdaFinding.UPTAKE_GONE, MdaFinding.COMPLETE_FILL_IN}, MdaCategory.CR),
        ({MdaFinding.UPTAKE_GONE, MdaFinding.NO_CHANGE}, MdaCategory.PR),
        ({MdaFinding.UPTAKE_LESS, MdaFinding.NO_CHANGE}, MdaCategory.PR),
        ({MdaFinding.UPTAKE_GONE, MdaFinding.MEASURABLE_INCREASE}, MdaCategory.PD),
        (set(), MdaCategory.NE),
    ],
)
def test_mda_combines_lesions(findings, category):
    assert mda_response(findings, BoneCategory.NE, flare=False).category is category


@pytest.mark.parametrize("finding", [MdaFinding.UPTAKE_MORE, MdaFinding.NEW_LESION_ON_SCAN])
def test_mda_counts_the_scan_only_without_flare(finding):
    assert mda_response([finding], BoneCategory.PD, flare=False).category is MdaCategory.PD
    excluded = mda_response([finding], BoneCategory.NON_CR_NON_PD, flare=True)
    assert (excluded.category, excluded.flags) == (MdaCategory.SD, ())
    assert [item.code for item in excluded.reasons] == ["MDA_FLARE_NOT_EXCLUDED", "MDA_CATEGORY"]
    with_ct = [finding, MdaFinding.NEW_LESION_ON_CT_OR_MRI]
    assert mda_response(with_ct, BoneCategory.PD, flare=True).category is MdaCategory.PD


def test_mda_flags_another_verdict_and_leaves_it():
    found = mda_response([MdaFinding.MEASURABLE_INCREASE], BoneCategory.NON_CR_NON_PD, flare=False)
    assert found.flags == ("MDA_DIFFERS_ON_PROGRESSION",)
    same = mda_response([MdaFinding.NO_CHANGE], BoneCategory.PD, flare=False)
    assert same.flags == ("MDA_DIFFERS_ON_PROGRESSION",)


def contributions(*visits):
    return [recist_contribution(response) for response in course(*visits).responses]


def test_bone_enters_recist_as_item_and_new_lesion():
    flare = visit(1, 13, focus("A", SAME), focus("N", NEW), focus("M", NEW))
    worse = visit(2, 26, focus("A", SAME), focus("N", WORSE), focus("M", SAME))
    base, first, second = contributions(baseline(), flare, worse)
    assert (base.item, base.new_lesion, base.progression_date) == (
        BoneItemState.PRESENT, NewBoneLesion.NONE, None,
    )  # fmt: skip
    assert (first.item, first.new_lesion, first.progression_date) == (
        BoneItemState.PRESENT, NewBoneLesion.EQUIVOCAL, None,
    )  # fmt: skip
    assert (second.new_lesion, second.new_lesion_date) == (NewBoneLesion.UNEQUIVOCAL, day(13))
    assert second.flags == ("FLARE_REFUTED",)


def test_progression_of_the_item_has_no_new_lesion():
    said = visit(1, 40, focus("A", WORSE), reader_status=BoneCategory.PD)
    last = contributions(baseline(), said)[-1]
    assert last.item is BoneItemState.UNEQUIVOCAL_PROGRESSION
    assert (last.new_lesion_date, last.progression_date) == (None, day(40))


def test_a_missing_scan_after_progression_adds_no_date():
    said = visit(1, 40, focus("A", WORSE), reader_status=BoneCategory.PD)
    last = contributions(baseline(), said, without_scan(2))[-1]
    assert (last.item, last.progression_date) == (BoneItemState.NE, None)
    assert last.flags == ("BONE_SCAN_MISSING",)


def test_there_are_24_regions():
    assert len(SkeletalRegion) == 24
    sided = {item.value.rsplit("_", 1)[0] for item in SkeletalRegion if "left" in item.value}
    assert sided == {i.value.rsplit("_", 1)[0] for i in SkeletalRegion if "right" in i.value}
    assert len(sided) == 8


def test_the_first_response_is_followed_by_resolution():
    done = contributions(baseline(), visit(1, 40, focus("A", RESOLVED)))[-1]
    assert done.item is BoneItemState.ABSENT


def test_the_trial_sets_the_window():
    trial = replace(load_rules("nct07130344", TrialRules), flare_window_weeks=12)
    assert rules_of_trial(RULES, trial) == replace(RULES, flare_window_weeks=12)
