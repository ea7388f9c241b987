"""Margins are true: the category flips where the margin says, and not before."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.criteria.percist.five_lesions import FiveCase, judge_five
from app.criteria.percist.target import TargetCase, target_response
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.peaks import any_peak, start_and_current, sul
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR, PUBLISHED, STRICT

STEP = 1e-6  # beyond the tie, short of any other border on the grid of 1e-4


def respond(b, c, rules=NADIR, **more):
    return target_response(TargetCase({"L1": b}, {"L1": c}, **more), rules)


def named(response):
    return [
        (item.category, round(item.at_sul_peak_g_per_ml, 6), item.inclusive)
        for item in response.margins
    ]


@given(
    start_and_current(),
    st.one_of(st.none(), any_peak),
    st.one_of(st.none(), st.integers(1, 60_000)),
    st.booleans(),
    st.sampled_from(ALL_RULES),
)
def test_margins_are_true(pair, nadir, liver, resolved, rules):
    b, c = pair
    found = TargetCase(
        {"L1": sul(b)},
        {"L1": sul(c)},
        earlier=[] if nadir is None else [{"L1": sul(nadir)}],
        liver_mean=None if liver is None else sul(liver),
        resolved=resolved,
    )
    response = target_response(found, rules)

    def category(value):
        return target_response(replace(found, current={"L1": value}), rules).category

    assert len(response.margins) <= 2
    distances = [abs(item.difference_g_per_ml) for item in response.margins]
    assert distances == sorted(distances)
    for margin in response.margins:
        at = margin.at_sul_peak_g_per_ml
        assert margin.difference_g_per_ml == pytest.approx(at - sul(c), abs=1e-12)
        hotter = category(at + STEP) is margin.category
        sign = 1 if hotter else -1
        assume(at + sign * STEP >= 0)
        assert category(at + sign * STEP) is margin.category
        if margin.inclusive:
            assert category(at) is margin.category
        else:
            assert category(at) is not margin.category
        # Nothing else lies in between.
        if abs(at - sul(c)) > 2 * STEP:
            assert category(at - sign * STEP) is response.category
            assert category((at + sul(c)) / 2) is response.category


@given(start_and_current(), any_peak, st.integers(1, 60_000), any_peak, st.sampled_from(ALL_RULES))
def test_no_flip_without_a_margin(pair, nadir, liver, other, rules):
    b, c = pair
    earlier = [{"L1": sul(nadir)}]
    response = respond(sul(b), sul(c), rules, earlier=earlier, liver_mean=sul(liver))
    moved = respond(sul(b), sul(other), rules, earlier=earlier, liver_mean=sul(liver))
    if moved.category is not response.category:
        between = [
            item
            for item in response.margins
            if min(c, other) <= round(item.at_sul_peak_g_per_ml * 10_000) <= max(c, other)
        ]
        assert between


@pytest.mark.parametrize(
    ("b", "c", "rules", "more", "margins"),
    [
        (10.0, 7.5, NADIR, {}, [(Category.PMR, 7.0, True), (Category.PMD, 13.0, True)]),
        (10.0, 7.5, STRICT, {}, [(Category.PMR, 7.0, False), (Category.PMD, 13.0, False)]),
        (10.0, 5.0, NADIR, {}, [(Category.SMD, 7.0, False)]),
        (10.0, 5.0, STRICT, {}, [(Category.SMD, 7.0, True)]),
        (10.0, 7.0, NADIR, {}, [(Category.SMD, 7.0, False)]),
        (10.0, 13.5, NADIR, {}, [(Category.SMD, 13.0, False)]),
        (10.0, 13.0, NADIR, {}, [(Category.SMD, 13.0, False)]),
        (10.0, 13.5, STRICT, {}, [(Category.SMD, 13.0, True)]),
        # The 0.8 limit decides below 2.67; a response is out of reach below 0.8.
        (2.0, 2.1, NADIR, {}, [(Category.PMD, 2.8, True), (Category.PMR, 1.2, True)]),
        (0.7, 0.9, NADIR, {}, [(Category.PMD, 1.5, True)]),
        # Below the nadir's border the response from baseline stands.
        (12.0, 5.0, NADIR, {"earlier": [{"L1": 4.0}]}, [(Category.PMD, 5.2, True)]),
        (12.0, 5.6, NADIR, {"earlier": [{"L1": 4.0}]}, [(Category.PMR, 5.2, False)]),
        (12.0, 5.6, PUBLISHED, {"earlier": [{"L1": 4.0}]}, [(Category.SMD, 8.4, False)]),
        # The guard sets the limit: at the liver mean itself progression stands, strict or not.
        (9.0, 1.85, NADIR, {"earlier": [{"L1": 0.9}], "liver_mean": 1.9},
         [(Category.PMD, 1.9, True)]),
        (1.0, 1.85, PUBLISHED, {"liver_mean": 1.9}, [(Category.PMD, 1.9, True),
                                                     (Category.PMR, 0.2, True)]),
        (1.0, 2.5, PUBLISHED, {"liver_mean": 1.9}, [(Category.SMD, 1.9, False)]),
        # With the reader's tick, leaving the complete response has a distance too.
        (9.0, 1.4, NADIR, {"liver_mean": 1.9, "resolved": True}, [(Category.PMR, 1.9, True)]),
        (9.0, 2.0, NADIR, {"liver_mean": 1.9, "resolved": True},
         [(Category.CMR, 1.9, False), (Category.SMD, 6.3, False)]),
    ],
)  # fmt: skip
def test_named_margins(b, c, rules, more, margins):
    assert named(respond(b, c, rules, **more)) == margins


def test_what_was_not_judged_has_no_margin():
    assert respond(9.0, 12.0, comparable=False).margins == ()
    assert respond(2.0, 2.0, baseline_threshold=3.0).margins == ()


def test_progression_proved_by_a_part_of_the_lesions_would_become_not_evaluable():
    found = TargetCase({"L1": 10.0, "L2": 8.0}, {"L1": 14.0}, earlier=[{"L1": 6.0, "L2": 5.0}])
    assert named(target_response(found, NADIR)) == [(Category.NE, 7.8, False)]
    summed = FiveCase(("L1", "L2"), found.baseline, {"L1": 24.0})
    assert named(judge_five(summed, NADIR).response) == [(Category.NE, 23.4, False)]
