"""The target component on the sum of up to five lesions (spec 2.6, 2.7)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.percist.five_lesions import FiveCase, judge_five, nadir_visit_of_five
from app.criteria.percist.rules import FiveLesionMode
from app.criteria.percist.target import TargetCase, target_response
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.peaks import any_peak, start_and_current, sul
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR, PUBLISHED

CMR, PMR, SMD, PMD, NE = Category.CMR, Category.PMR, Category.SMD, Category.PMD, Category.NE
WORSENING = [CMR, PMR, SMD, PMD]
HOTTEST = replace(NADIR, percist5_mode=FiveLesionMode.FIVE_HOTTEST_EACH_SCAN)


def named(peaks):
    return {f"L{number}": peak for number, peak in enumerate(peaks, start=1)}


def case(baseline, current, **more):
    base = named(baseline)
    return FiveCase(tuple(sorted(base)), base, named(current), **more)


def respond(baseline, current, rules=NADIR, **more):
    return judge_five(case(baseline, current, **more), rules).response


def codes(response):
    return [item.code for item in response.reasons]


@pytest.mark.parametrize(
    ("baseline", "current", "expected"),
    [
        ([6.0, 4.0], [4.0, 3.0], PMR),  # exactly -30 % of the sum
        ([6.0, 4.0], [4.0, 3.0004], SMD),
        ([1.2, 1.1], [0.8, 0.7], PMR),  # exactly -0.8 of the sum, missed by binary floats
        ([1.2, 1.1], [0.8, 0.71], SMD),
        ([3.0, 2.0], [4.0, 2.5], PMD),  # exactly +30 %
        ([3.0, 2.0], [4.0, 2.4996], SMD),
        ([10.0, 3.0], [3.0, 5.5], PMR),  # one rose, the sum fell
    ],
)
def test_both_limits_apply_to_the_sum(baseline, current, expected):
    assert respond(baseline, current).category is expected


def test_the_sums_are_reported():
    response = respond([10.0, 9.5, 9.0, 8.5, 8.0], [6.9, 8.5, 8.0, 7.5, 7.0])
    assert response.baseline_sul_peak_g_per_ml == 45.0
    assert response.sul_peak_g_per_ml == 37.9
    assert response.change_from_baseline_fraction == pytest.approx(-7.1 / 45)
    assert response.summed == ("L1", "L2", "L3", "L4", "L5")
    assert [item.at_sul_peak_g_per_ml for item in response.margins] == [31.5, 58.5]


@given(start_and_current(), st.sampled_from(ALL_RULES), st.lists(any_peak, max_size=3))
def test_one_lesion_summed_is_the_one_lesion_form(pair, rules, earlier):
    b, c = map(sul, pair)
    visits = [{"L1": sul(peak)} for peak in earlier]
    summed = respond([b], [c], rules, earlier=visits)
    single = target_response(TargetCase({"L1": b}, {"L1": c}, earlier=visits), rules)
    assert summed.category is single.category
    assert summed.margins == single.margins
    assert summed.reference_sul_peak_g_per_ml == single.reference_sul_peak_g_per_ml


# Complete response and guard


def test_complete_response_needs_each_below_the_liver_and_ticked():
    both = frozenset({"L1", "L2"})
    assert respond([9, 8], [1.4, 1.2], liver_mean=1.9, resolved=both).category is CMR
    assert respond([9, 8], [1.4, 1.2], liver_mean=1.9, resolved=frozenset({"L1"})).category is PMR
    assert respond([9, 8], [1.4, 1.9], liver_mean=1.9, resolved=both).category is PMR
    assert respond([9, 8], [1.4, 1.2], resolved=both).category is PMR  # no liver value
    untold = respond([9, 8], [1.4, 1.2], liver_mean=1.9)
    assert untold.flags == ("CMR_NEEDS_READER",)
    assert respond([9, 8], [1.4, 1.9], liver_mean=1.9).flags == ()


def test_the_guard_works_per_lesion():
    before = [named([1.0, 1.0])]
    guarded = respond([2.0, 2.0], [1.8, 1.8], earlier=before, liver_mean=1.9)
    assert guarded.category is SMD
    assert "PMD_GUARDED_BELOW_LIVER" in guarded.flags
    assert "SUM_WITHOUT_RISES_BELOW_LIVER" in codes(guarded)
    assert guarded.margins == ()
    # The other lesion rises above the liver by itself.
    assert respond([2.0, 2.0], [1.8, 2.6], earlier=before, liver_mean=1.9).category is PMD
    assert respond([2.0, 2.0], [1.8, 1.8], earlier=before).category is PMD  # no liver value
    # A fall below the liver counts in full.
    fallen = respond([2.0, 2.0], [1.8, 0.5], liver_mean=1.9)
    assert fallen.margins != ()


@given(
    st.lists(st.tuples(any_peak, any_peak, any_peak), min_size=1, max_size=5),
    any_peak,
    st.integers(0, 4),
    st.one_of(st.none(), st.integers(1, 60_000).map(sul)),
    st.booleans(),
    st.sampled_from([*ALL_RULES, HOTTEST]),
)
def test_a_hotter_lesion_never_improves_the_category(rows, more, which, liver, ticked, rules):
    base, before, now = (named([sul(row[n]) for row in rows]) for n in range(3))
    name = sorted(base)[which % len(base)]
    found = FiveCase(
        tuple(sorted(base)), base, now, [before], liver,
        resolved=frozenset(base) if ticked else frozenset(),
    )  # fmt: skip
    hotter = replace(found, current={**now, name: now[name] + sul(more)})
    first, second = (judge_five(item, rules).response.category for item in (found, hotter))
    assert WORSENING.index(first) <= WORSENING.index(second)


# Nadir and what cannot be judged


def test_the_nadir_is_the_lowest_complete_sum():
    visits = [named([4.0, 4.0]), None, {"L1": 1.0}, named([5.0, 2.0]), named([3.5, 3.5])]
    found = case([9.0, 8.0], [6.0, 4.0], earlier=visits)
    assert nadir_visit_of_five(found, NADIR) == 3
    assert nadir_visit_of_five(found, PUBLISHED) is None
    response = judge_five(found, NADIR).response
    assert (response.category, response.reference_sul_peak_g_per_ml) == (PMD, 7.0)
    assert "REFERENCE_NADIR" in codes(response)
    blocked = judge_five(replace(found, nadir_comparable=False), NADIR).response
    assert (blocked.category, blocked.flags) == (NE, ("NOT_COMPARABLE",))
    assert judge_five(replace(found, nadir_comparable=False), PUBLISHED).response.category is PMR


def test_what_is_missing_gives_ne_unless_the_rest_proves_progression():
    outside = respond([5.0, 4.0], [4.0])
    assert (outside.category, outside.flags) == (NE, ("LESION_OUTSIDE_SCAN L2",))
    assert respond([5.0, 4.0], [12.0]).category is PMD
    assert respond([5.0, 4.0], []).category is NE
    assert respond([5.0, 4.0], [4.0, 3.0], missing=["L2"]).category is NE
    # A lesion that is not summed may be missing.
    more = FiveCase(("L1",), named([5.0, 1.0]), {"L1": 3.0})
    assert judge_five(more, NADIR).response.category is PMR
    assert judge_five(more, HOTTEST).response.category is NE


def test_nothing_to_sum_is_not_measurable():
    response = judge_five(FiveCase((), {"L1": 2.0}, {"L1": 2.0}), NADIR).response
    assert response.category is Category.NOT_MEASURABLE
    assert nadir_visit_of_five(FiveCase((), {}, {}), NADIR) is None


def test_scans_that_must_not_be_compared_give_ne():
    response = respond([9.0], [12.0], comparable=False)
    assert (response.category, response.flags) == (NE, ("NOT_COMPARABLE",))


# The five hottest of each scan


def test_the_five_hottest_may_be_others_than_at_baseline():
    base = named([9.0, 8.0, 7.0, 6.0, 5.0, 4.0])
    now = named([1.0, 8.0, 7.0, 6.0, 5.0, 9.0])
    five = ("L1", "L2", "L3", "L4", "L5")
    same = judge_five(FiveCase(five, base, now), NADIR).response
    each = judge_five(FiveCase(five, base, now), HOTTEST).response
    assert (same.sul_peak_g_per_ml, each.sul_peak_g_per_ml) == (27.0, 35.0)
    assert set(each.summed) == {"L6", "L2", "L3", "L4", "L5"}
    sites = dict.fromkeys(("L2", "L3", "L6"), "liver")
    limited = judge_five(FiveCase(five, base, now, sites=sites), HOTTEST).response
    assert limited.sul_peak_g_per_ml == 9.0 + 8.0 + 6.0 + 5.0 + 1.0


def test_a_lesion_that_was_not_there_at_baseline_is_never_summed():
    found = FiveCase(("L1",), {"L1": 9.0}, {"L1": 5.0, "U1": 20.0})
    for rules in (NADIR, HOTTEST):
        assert judge_five(found, rules).response.sul_peak_g_per_ml == 5.0


def test_without_explanation_the_category_is_the_same():
    for current in ([5.0, 4.0], [9.0, 9.0], [12.0, 12.0]):
        found = case([9.0, 8.0], current)
        brief, full = judge_five(found, NADIR, explain=False), judge_five(found, NADIR)
        assert brief.response.category is full.response.category
        assert brief.around is None
        assert brief.response.margins == ()
