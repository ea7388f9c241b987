"""The target component: borders, missing targets, nadir, nodes, margins (spec 3.5)."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.recist.margin import complete_margins, sum_margins
from app.criteria.recist.sum_limits import SumLimits
from app.criteria.recist.target import disease_left, is_complete
from app.domain.exact import exact
from tests.unit.criteria.recist.reads import CARRY, RULES, booked, component

TENTHS = st.integers(0, 2000).map(lambda n: n / 10)


def codes(found):
    return [item.code for item in found.reasons]


@pytest.mark.parametrize(
    ("sums", "category"),
    [
        ((100, 70), "PR"),
        ((100, 70.1), "SD"),
        ((14.0, 9.8), "PR"),
        ((39, 27.3), "PR"),
        ((4.1, 2.87), "PR"),
        ((10, 7.0004), "SD"),
        ((100, 120), "PD"),
        ((100, 119.9), "SD"),
        ((25, 30), "PD"),
        ((25, 29.9), "SD"),
        ((20, 24.9), "SD"),
        ((20, 25), "PD"),
        ((24, 28.9), "SD"),
        ((100, 50, 60), "PD"),
        ((20, 10, 12.5), "PR"),
        ((15, 12, 15), "SD"),
        ((100, 50, 55), "PR"),
        ((100, 68, 75), "SD"),
        ((50, 20, 24), "PR"),
        ((30, 0, 4.9), "PR"),
        ((30, 0, 5), "PD"),
        ((30, 0), "CR"),
        ((20, 0, 6), "PD"),
    ],
)
def test_one_target_through_its_visits(sums, category):
    base, *later = sums
    assert component((base,), *[(size,) for size in later]).category == category


def test_progression_is_measured_from_the_nadir_and_response_from_the_baseline():
    found = component((100,), (60,), (90,), (72,))
    assert (found.category, found.nadir_sum_mm, found.nadir_visit) == ("PD", 60.0, "V1")
    assert found.change_from_nadir_fraction == pytest.approx(0.2)
    assert found.change_from_baseline_fraction == pytest.approx(-0.28)
    assert codes(found) == ["SUM_NADIR", "SUM_RISE_REACHES_LIMITS"]


def test_of_equal_nadirs_the_first_is_named():
    assert component((100,), (60,), (60,), (66,)).nadir_visit == "V1"
    assert component((100,), (100,), (110,)).nadir_visit is None


def test_from_a_nadir_of_zero_there_is_no_percentage():
    found = component((30,), (0,), (4,))
    assert found.change_from_nadir_fraction is None
    assert found.change_from_nadir_mm == 4.0


def test_nodes_below_ten_are_a_complete_response_whatever_the_sum():
    found = component((30, 20), (0, 9.9), nodes={"T2"})
    assert (found.category, found.sum_mm) == ("CR", 9.9)
    assert component((30, 20), (0, 10.0), nodes={"T2"}).category == "PR"
    assert component((30, 20), (0.1, 9.9), nodes={"T2"}).category == "PR"


def test_a_tie_with_ten_is_not_below_ten():
    assert component((20,), (9.9999999999,), nodes={"T1"}).category == "PR"


def test_normal_nodes_that_grow_stay_a_complete_response_with_a_flag():
    found = component((30, 20), (0, 4), (0, 9.9), nodes={"T2"})
    assert (found.category, found.flags) == ("CR", ("NORMAL_NODE_GROWTH",))
    shrunk = component((30, 20), (0, 9), (0, 4), nodes={"T2"})
    assert (shrunk.category, shrunk.flags) == ("CR", ())


def test_a_node_that_regrows_after_a_complete_response_is_flagged():
    found = component((15, 15), (0, 8), (0, 11), nodes={"T2"})
    assert (found.category, found.flags) == ("PR", ("POST_CR_NODE_REGROWTH",))
    assert component((15, 15), (5, 8), (0, 11), nodes={"T2"}).flags == ()
    after_pd = component((15, 15), (0, 8), (0, 20), (0, 19), nodes={"T2"})
    assert after_pd.flags == ()


def test_a_missing_target_is_not_evaluable_and_never_zero():
    found = component((20, 20, 20), (12, 10, None))
    assert (found.category, found.sum_mm, found.measured_sum_mm) == ("NE", None, 22.0)
    assert (found.missing, found.flags) == (("T3",), ("TARGET_MISSING T3",))
    assert found.margins == ()


def test_the_measured_part_may_prove_progression_against_the_whole_nadir():
    assert component((20, 20), (48, None)).category == "PD"
    assert component((20, 20), (47.9, None)).category == "NE"
    assert component((20, 20), (10, 5), (20, None)).category == "PD"
    assert component((20, 20), (0, 0), (None, 5)).category == "PD"
    assert component((20, 20), (None, None)).category == "NE"


def test_what_was_not_assessed_is_neither_gone_nor_known_to_be_left():
    assert not is_complete([booked(0), booked(None, name="T2")], RULES)
    assert is_complete([booked(0), booked(9.9, True, "T2")], RULES)
    assert disease_left([booked(None), booked(3, name="T2")], RULES) == (booked(3, name="T2"),)


def test_a_visit_with_a_missing_target_is_no_nadir():
    found = component((50, 50), (10, None), (50, 55))
    assert (found.category, found.nadir_sum_mm, found.nadir_visit) == ("SD", 100.0, None)


def test_carrying_a_response_forward():
    sums = [(70,), (70,), (80,), (80,), (80,)]
    strict = [component((100,), *sums[: n + 1]).category for n in range(5)]
    carried = [component((100,), *sums[: n + 1], rules=CARRY).category for n in range(5)]
    assert strict == ["PR", "PR", "SD", "SD", "SD"]
    assert carried == ["PR"] * 5
    held = component((100,), *sums, rules=CARRY)
    assert codes(held)[-1] == "RESPONSE_CARRIED_FORWARD"
    assert component((100,), (70,), (85,), (80,), rules=CARRY).category == "SD"  # after PD
    assert component((100,), (70,), (None,), (80,), rules=CARRY).category == "PR"
    assert component((20,), (9,), (14.5,), nodes={"T1"}, rules=CARRY).category == "PD"
    assert component((16, 40), (9, 0), (11, 20), rules=CARRY, nodes={"T1"}).category == "PD"


# --- properties


@given(st.integers(1, 3000), st.integers(0, 3000))
def test_response_at_thirty_percent(base, now):
    found = component((base / 10,), (now / 10,)).category
    assert (found in ("PR", "CR")) == (10 * now <= 7 * base)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_progression_at_twenty_percent_and_five_millimetres(nadir, now):
    found = component((400,), (nadir / 10,), (now / 10,)).category
    assert (found == "PD") == (now - nadir >= 50 and 5 * now >= 6 * nadir)


@given(st.lists(st.integers(0, 150), min_size=1, max_size=5))
def test_nodes_are_complete_below_ten(axes):
    names = {f"T{n}" for n in range(1, 6)}
    found = component([15.0] * len(axes), [axis / 10 for axis in axes], nodes=names)
    assert (found.category == "CR") == all(axis < 100 for axis in axes)


@given(st.integers(1, 2000), st.lists(st.integers(0, 2000), min_size=1, max_size=4))
def test_growing_never_improves(base, sums):
    order = ["CR", "PR", "SD", "PD"]
    smaller = component((base / 10,), *[(x / 10,) for x in sums])
    larger = component((base / 10,), *[(x / 10,) for x in sums[:-1]], ((sums[-1] + 1) / 10,))
    assert order.index(larger.category) >= order.index(smaller.category)


# --- margins


def limits(base, nadir, held=False, rules=RULES):
    return SumLimits(exact(base), exact(nadir), held, rules)


def test_the_margin_of_a_response():
    (margin, *rest) = sum_margins(limits(100, 68.8), exact(68.8))
    assert (margin.category, margin.inclusive) == ("SD", False)
    assert margin.difference_mm == pytest.approx(1.2)
    assert rest == []


def test_the_margins_of_stable_disease_on_both_sides():
    larger, smaller = sum_margins(limits(100, 100), exact(110))
    assert (larger.category, larger.at_mm, larger.inclusive) == ("PD", 120.0, True)
    assert (smaller.category, smaller.at_mm, smaller.inclusive) == ("PR", 70.0, True)


def test_the_margin_of_progression_looks_down():
    (margin,) = sum_margins(limits(100, 100), exact(125))
    assert (margin.category, margin.at_mm, margin.inclusive) == ("SD", 120.0, False)
    (margin,) = sum_margins(limits(100, 100), exact(120))
    assert (margin.category, margin.difference_mm) == ("SD", 0.0)


def test_where_the_nadir_is_low_response_borders_on_progression():
    (margin,) = sum_margins(limits(100, 20), exact(24))
    assert (margin.category, margin.at_mm) == ("PD", 25.0)
    (margin,) = sum_margins(limits(100, 20), exact(70))
    assert (margin.category, margin.at_mm, margin.inclusive) == ("PR", 25.0, False)


def test_a_held_response_borders_on_progression_only():
    (margin,) = sum_margins(limits(100, 70, held=True), exact(80))
    assert (margin.category, margin.at_mm) == ("PD", 84.0)


@given(TENTHS.filter(bool), TENTHS, TENTHS, st.booleans())
def test_margins_agree_with_the_category(base, nadir, now, held):
    borders = limits(base, min(base, nadir), held)
    total = exact(now)
    here = borders.category(total)
    step = Fraction(1, 10**6)
    margins = sum_margins(borders, total)
    signs = [margin.difference_mm > 0 for margin in margins if margin.difference_mm]
    assert len(signs) == len(set(signs))
    for margin in margins:
        at = exact(margin.at_mm)
        up = margin.category == "PD" or (margin.category == "SD" and here == "PR")
        inside = at if margin.inclusive else at + (step if up else -step)
        assert borders.category(inside) == margin.category != here
        outside = at - (step if up else -step) if margin.inclusive else at
        assert borders.category(outside) == here


def test_what_ends_a_complete_response():
    (margin,) = complete_margins(
        limits(50, 17), [booked(9), booked(8, True), booked(7, True, "T2")]
    )
    assert (margin.lesion_id, margin.difference_mm, margin.at_mm) == ("T1", 2.0, 10.0)
    found = component((30, 20), (0, 8.0), nodes={"T2"})
    (margin,) = found.margins
    assert (margin.lesion_id, margin.category, margin.difference_mm) == ("T2", "PR", 2.0)
    (margin,) = component((30,), (0,)).margins
    assert (margin.lesion_id, margin.category, margin.at_mm) == (None, "PR", 0.0)
    (margin,) = component((30, 20), (0, 2.0), (0, 4.0), nodes={"T2"}).margins
    assert (margin.category, margin.difference_mm) == ("PD", 6.0)


def test_other_limits_come_from_the_rule_set():
    strict = replace(RULES, pr_fraction=0.5, pd_fraction=0.25, pd_min_mm=10.0)
    assert component((100,), (70,), rules=strict).category == "SD"
    assert component((100,), (120,), rules=strict).category == "SD"
    assert component((100,), (125,), rules=strict).category == "PD"
    assert component((20,), (29,), rules=strict).category == "SD"
