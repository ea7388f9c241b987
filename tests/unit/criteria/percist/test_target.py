"""The target component of PERCIST (spec 2.6, 2.7): categories, order of tests, trace."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.percist.rules import ProgressionReference
from app.criteria.percist.target import (
    TargetCase,
    hottest,
    judge_target,
    nadir_visit,
    target_response,
)
from app.domain.reference import ReferenceRegionKind
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.peaks import ABSOLUTE, any_peak, start_and_current, sul
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR, PUBLISHED, STRICT

CMR, PMR, SMD, PMD, NE = Category.CMR, Category.PMR, Category.SMD, Category.PMD, Category.NE
WORSENING = [CMR, PMR, SMD, PMD]


def case(b, c, **more):
    return TargetCase({"L1": b}, {"L1": c}, **more)


def category(b, c, rules=NADIR, **more):
    return target_response(case(b, c, **more), rules).category


def codes(response):
    return [item.code for item in response.reasons]


@pytest.mark.parametrize(
    ("b", "c", "inclusive", "strict"),
    [
        (10.0, 7.0, PMR, SMD),  # exactly -30 %
        (10.0, 7.0004, SMD, SMD),  # -29.996 %, printed -30.0 %
        (4.1, 2.87, PMR, SMD),  # exactly -30 %, missed by binary floats
        (2.3, 1.5, PMR, SMD),  # exactly -0.8, missed by binary floats
        (2.6, 1.8, PMR, SMD),
        (2.4, 1.65, SMD, SMD),  # -31 % but -0.75
        (10.0, 9.0, SMD, SMD),  # -1.0 but -10 %
        (5.0, 6.5, PMD, SMD),  # exactly +30 %
        (5.0, 6.4996, SMD, SMD),
        (2.0, 2.8, PMD, SMD),  # exactly +0.8
        (2.8, 3.65, PMD, PMD),
        (2.0, 2.79, SMD, SMD),
        (0.7, 0.0, SMD, SMD),  # -100 % but only -0.7
    ],
)
def test_borders(b, c, inclusive, strict):
    assert category(b, c) is inclusive
    assert category(b, c, STRICT) is strict


@pytest.mark.parametrize(
    ("b", "c", "sign"), [(10.0, 7.0, -1), (2.3, 1.5, -1), (5.0, 6.5, 1), (2.0, 2.8, 1)]
)
def test_ties_within_a_billionth(b, c, sign):
    reached = PMR if sign < 0 else PMD
    for within in (c - 4e-10, c + 4e-10):
        assert category(b, within) is reached
        assert category(b, within, STRICT) is SMD
    beyond, short = c + sign * 1e-7, c - sign * 1e-7
    assert category(b, beyond) is category(b, beyond, STRICT) is reached
    assert category(b, short) is category(b, short, STRICT) is SMD


def oracle(b, c, r, liver, resolved, rules):
    """The rules of spec 2.7 in whole ten-thousandths."""
    below = liver is not None and c < liver
    if below and resolved:
        return CMR
    rise, fall = c - r, b - c
    rises = (
        (10 * rise >= 3 * r and rise >= ABSOLUTE)
        if rules.pmd_inclusive
        else (10 * rise > 3 * r and rise > ABSOLUTE)
    )
    falls = (
        (10 * fall >= 3 * b and fall >= ABSOLUTE)
        if rules.pmr_inclusive
        else (10 * fall > 3 * b and fall > ABSOLUTE)
    )
    if rises and not below:
        return PMD
    return PMR if falls else SMD


@given(
    start_and_current(),
    st.lists(st.one_of(st.none(), any_peak), max_size=3),
    st.one_of(st.none(), st.integers(1, 60_000)),
    st.booleans(),
    st.sampled_from(ALL_RULES),
    st.booleans(),
)
def test_agrees_with_whole_numbers(pair, earlier, liver, resolved, rules, from_nadir):
    start, c = pair
    b = start
    if from_nadir:  # the borders then lie around the nadir
        b = start + 10_000
        earlier = [*earlier, start]
    r = b
    if rules.progression_reference is ProgressionReference.NADIR:
        r = min([b, *(visit for visit in earlier if visit is not None)])
    response = target_response(
        case(
            sul(b),
            sul(c),
            earlier=[None if visit is None else {"L1": sul(visit)} for visit in earlier],
            liver_mean=None if liver is None else sul(liver),
            resolved=resolved,
        ),
        rules,
    )
    assert response.category is oracle(b, c, r, liver, resolved, rules)
    assert response.reference_sul_peak_g_per_ml == sul(r)
    assert response.change_from_baseline_abs == pytest.approx((c - b) / 10_000, abs=1e-12)
    assert response.change_from_baseline_fraction == pytest.approx((c - b) / b, abs=1e-12)
    assert response.change_from_reference_fraction == pytest.approx((c - r) / r, abs=1e-12)


@given(
    any_peak, any_peak, any_peak, any_peak, st.integers(0, 60_000), st.sampled_from(ALL_RULES),
    st.booleans(),
)  # fmt: skip
def test_a_hotter_lesion_never_improves_the_category(b, nadir, c, other, liver, rules, resolved):
    found = [
        category(
            sul(b),
            sul(now),
            rules,
            earlier=[{"L1": sul(nadir)}],
            liver_mean=sul(liver),
            resolved=resolved,
        )
        for now in sorted((c, other))
    ]
    assert WORSENING.index(found[0]) <= WORSENING.index(found[1])


LESIONS = st.dictionaries(st.sampled_from(["L1", "L2", "L3", "L10"]), any_peak.map(sul), min_size=1)


@given(LESIONS, st.data(), st.sampled_from(ALL_RULES))
def test_the_order_of_lesions_never_matters(baseline, data, rules):
    measured = st.fixed_dictionaries({name: any_peak.map(sul) for name in baseline})
    current, before = data.draw(measured), data.draw(measured)

    def response(order):
        shuffled = [{name: peaks[name] for name in order} for peaks in (baseline, current, before)]
        return target_response(TargetCase(*shuffled[:2], earlier=shuffled[2:]), rules)

    names = list(baseline)
    assert response(data.draw(st.permutations(names))) == response(names)


@given(LESIONS)
def test_the_hottest_lesion_is_the_target(lesions):
    name, peak = hottest(lesions)
    assert lesions[name] == peak == max(lesions.values())
    assert name == min(key for key in lesions if lesions[key] == peak)


def test_the_target_may_be_another_lesion_than_at_baseline():
    response = target_response(TargetCase({"L1": 10.0, "L2": 8.0}, {"L1": 3.0, "L2": 7.5}), NADIR)
    assert (response.category, response.target_id, response.baseline_target_id) == (SMD, "L2", "L1")


def test_a_lesion_that_was_not_there_at_baseline_is_never_the_target():
    response = target_response(
        TargetCase({"L1": 10.0}, {"L1": 5.0, "U1": 20.0}, earlier=[{"L1": 6.0, "U1": 1.0}]), NADIR
    )
    assert (response.category, response.target_id) == (PMR, "L1")
    assert response.reference_sul_peak_g_per_ml == 6.0
    assert target_response(TargetCase({"L1": 10.0}, {"U1": 5.0}), NADIR).category is NE


# Nadir


def test_the_nadir_skips_visits_that_were_not_evaluable():
    response = target_response(case(9.0, 5.2, earlier=[{"L1": 3.6}, None, {}]), NADIR)
    assert response.category is PMD
    assert response.reference_sul_peak_g_per_ml == 3.6


def test_the_nadir_is_the_lowest_of_the_hottest():
    visits = [{"L1": 2.0, "L2": 6.0}, {"L1": 5.0, "L2": 1.0}]
    found = TargetCase({"L1": 10.0, "L2": 8.0}, {"L1": 4.0, "L2": 4.0}, earlier=visits)
    assert nadir_visit(found, NADIR) == 1
    assert target_response(found, NADIR).reference_sul_peak_g_per_ml == 5.0


@pytest.mark.parametrize(
    ("rules", "earlier", "place"),
    [
        (NADIR, [], None),
        (NADIR, [None], None),
        (NADIR, [{"L1": 11.0}], None),
        (NADIR, [{"L1": 10.0}], None),  # the baseline is the earlier of equals
        (NADIR, [{"L1": 4.0}, {"L1": 4.0}], 0),
        (NADIR, [None, {"L1": 4.0}], 1),
        (PUBLISHED, [{"L1": 4.0}], None),
    ],
)
def test_where_the_nadir_lies(rules, earlier, place):
    assert nadir_visit(case(10.0, 5.0, earlier=earlier), rules) == place


def test_percist_1_0_measures_from_the_baseline():
    found = case(12.0, 5.6, earlier=[{"L1": 4.0}], liver_mean=1.9)
    assert target_response(found, NADIR).category is PMD
    response = target_response(found, PUBLISHED)
    assert response.category is PMR
    assert response.reference_sul_peak_g_per_ml == 12.0
    assert "REFERENCE_BASELINE" in codes(response)


@pytest.mark.parametrize(
    ("earlier", "code"),
    [([], "REFERENCE_NADIR_IS_BASELINE"), ([{"L1": 4.0}], "REFERENCE_NADIR")],
)
def test_the_trace_names_the_nadir(earlier, code):
    assert code in codes(target_response(case(12.0, 11.0, earlier=earlier), NADIR))


def test_a_nadir_scan_that_must_not_be_compared_gives_ne():
    found = case(12.0, 5.6, earlier=[{"L1": 4.0}], nadir_comparable=False)
    response = target_response(found, NADIR)
    assert (response.category, response.flags) == (NE, ("NOT_COMPARABLE",))
    assert codes(response)[-1] == "NADIR_NOT_COMPARABLE"
    assert target_response(found, PUBLISHED).category is PMR
    assert target_response(replace(found, earlier=[{"L1": 13.0}]), NADIR).category is PMR


# Liver: guard and complete response


def test_below_the_liver_is_no_progression():
    response = target_response(case(9.0, 1.8, earlier=[{"L1": 0.9}], liver_mean=1.9), NADIR)
    assert response.category is PMR
    assert "PMD_GUARDED_BELOW_LIVER" in response.flags
    assert codes(response)[-2:] == ["RISE_BELOW_LIVER", "FALL_REACHES_LIMITS"]
    at_the_liver = case(9.0, 1.9, earlier=[{"L1": 0.9}], liver_mean=1.9)
    assert target_response(at_the_liver, NADIR).category is PMD


def test_the_guard_goes_on_to_stable_disease():
    assert category(1.0, 1.85, liver_mean=1.9) is SMD
    assert category(1.0, 1.85) is PMD  # no liver value, no guard


@given(any_peak, any_peak, st.integers(1, 60_000), st.sampled_from(ALL_RULES))
def test_a_draft_never_gives_a_complete_response(b, c, liver, rules):
    response = target_response(case(sul(b), sul(c), liver_mean=sul(liver)), rules)
    assert response.category is not CMR
    assert all(margin.category is not CMR for margin in response.margins)
    assert ("CMR_NEEDS_READER" in response.flags) is (c < liver)


def test_a_complete_response_needs_the_readers_tick_and_less_than_the_liver():
    response = target_response(case(9.0, 1.4, liver_mean=1.9, resolved=True), NADIR)
    assert (response.category, response.flags) == (CMR, ())
    assert codes(response)[-1] == "RESOLVED_BY_READER"
    assert category(9.0, 1.9, liver_mean=1.9, resolved=True) is PMR  # equality is not below
    assert category(9.0, 1.4, resolved=True) is PMR  # no liver value, no CMR


# What cannot be judged


def test_without_a_baseline_lesion_nothing_is_measurable():
    response = target_response(TargetCase({}, {"L1": 9.0}), NADIR)
    assert (response.category, codes(response)) == (
        Category.NOT_MEASURABLE,
        ["NO_BASELINE_LESION"],
    )


@pytest.mark.parametrize(
    ("threshold", "inclusive", "measurable"),
    [(3.25, True, True), (3.25, False, False), (3.26, True, False), (3.24, False, True)],
)
def test_a_baseline_below_the_threshold_is_not_measurable(threshold, inclusive, measurable):
    rules = replace(NADIR, threshold_inclusive=inclusive)
    response = target_response(case(3.25, 1.0, baseline_threshold=threshold), rules)
    assert response.category is (PMR if measurable else Category.NOT_MEASURABLE)
    assert ("MEASURABLE" if measurable else "NOT_MEASURABLE") in codes(response)


def test_scans_that_must_not_be_compared_give_ne():
    response = target_response(case(9.0, 12.0, liver_mean=2.4, comparable=False), NADIR)
    assert (response.category, response.flags) == (NE, ("NOT_COMPARABLE",))
    assert response.change_from_baseline_fraction is None


def test_no_measurement_gives_ne():
    response = target_response(TargetCase({"L1": 9.0}, {}), NADIR)
    assert (response.category, codes(response)[-1]) == (NE, "NO_CURRENT_MEASUREMENT")


@pytest.mark.parametrize(
    ("current", "missing", "expected"),
    [
        ({"L1": 5.0}, ["L2"], NE),
        ({"L1": 5.0}, [], NE),  # a lesion nobody measured is missing, said or not
        ({"L1": 10.0}, ["L2"], NE),
        ({"L1": 14.0}, ["L2"], PMD),
        ({"L1": 5.0, "L2": 4.0}, [], PMR),
        ({"L1": 5.0, "L2": 4.0}, ["L3"], NE),
    ],
)
def test_missing_lesions_give_ne_unless_there_is_progression(current, missing, expected):
    found = TargetCase({"L1": 10.0, "L2": 8.0}, current, missing=missing)
    response = target_response(found, NADIR)
    assert response.category is expected
    flags = [flag for flag in response.flags if flag.startswith("LESION_OUTSIDE_SCAN ")]
    assert bool(flags) is (expected is NE)


@pytest.mark.parametrize("resolved", [True, False])
def test_a_guarded_rise_proves_nothing_about_missing_lesions(resolved):
    found = TargetCase(
        {"L1": 10.0, "L2": 8.0},
        {"L1": 1.85},
        earlier=[{"L1": 1.0, "L2": 0.9}],
        liver_mean=1.9,
        missing=["L2"],
        resolved=resolved,
    )
    response = target_response(found, NADIR)
    assert (response.category, response.flags) == (NE, ("LESION_OUTSIDE_SCAN L2",))


def test_a_reference_of_zero_gives_no_percentage():
    response = target_response(case(9.0, 1.0, earlier=[{"L1": 0.0}]), NADIR)
    assert response.category is PMD
    assert response.change_from_reference_fraction is None
    assert response.change_from_reference_abs == 1.0
    assert category(9.0, 0.5, earlier=[{"L1": 0.0}]) is PMR


@pytest.mark.parametrize(
    ("rules", "c", "last"),
    [
        (NADIR, 7.0, "FALL_REACHES_LIMITS"),
        (STRICT, 6.9, "FALL_EXCEEDS_LIMITS"),
        (NADIR, 13.0, "RISE_REACHES_LIMITS"),
        (STRICT, 13.1, "RISE_EXCEEDS_LIMITS"),
        (NADIR, 9.0, "NEITHER"),
        (STRICT, 9.0, "NEITHER"),
    ],
)
def test_the_trace_ends_with_the_test_that_decided(rules, c, last):
    response = target_response(case(10.0, c), rules)
    assert codes(response)[-1] == last
    strict = rules is STRICT
    if response.category is not PMD:
        assert ("RISE_NOT_ABOVE_LIMITS" if strict else "RISE_WITHIN_LIMITS") in codes(response)
    if response.category is SMD:
        assert ("FALL_NOT_BEYOND_LIMITS" if strict else "FALL_WITHIN_LIMITS") in codes(response)


@pytest.mark.parametrize(("c", "code"), [(1.4, "BELOW_BLOOD_POOL"), (1.5, "NOT_BELOW_BLOOD_POOL")])
def test_the_blood_pool_takes_the_livers_place(c, code):
    pool = {"liver_mean": 1.5, "reference_kind": ReferenceRegionKind.BLOOD_POOL}
    response = target_response(case(9.0, c, resolved=True, **pool), NADIR)
    assert response.category is (CMR if c < 1.5 else PMR)
    assert code in codes(response)


def test_without_explanation_the_category_and_flags_are_the_same():
    for c in (1.4, 5.0, 9.0, 12.0):
        found = case(9.0, c, liver_mean=1.9)
        brief, full = judge_target(found, NADIR, explain=False), judge_target(found, NADIR)
        assert brief.response.category is full.response.category
        assert brief.response.flags == full.response.flags
        assert (brief.around, brief.response.margins) == (None, ())


def test_below_progression_lies_not_evaluable_where_a_lesion_is_outside_the_scan():
    case = TargetCase({"L1": 10.0, "L2": 9.0}, {"L1": 16.0}, missing=["L2"])
    response = target_response(case, NADIR)
    assert response.category is Category.PMD
    assert [margin.category for margin in response.margins] == [Category.NE]
