"""The comparability card: limits, severities, what is missing (spec 2.2, 2.5)."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.percist.comparability import (
    blocks,
    compare_scans,
    injected_activity,
    reference_stability,
    scan_prerequisites,
)
from app.criteria.percist.rules import UptakeRuleset
from app.criteria.percist.uptake_time import uptake_difference
from app.domain.reference import ReferenceRegionKind
from app.domain.response import ComparabilitySeverity
from app.domain.scan_facts import ScanFacts
from tests.unit.criteria.percist.rule_sets import NADIR
from tests.unit.criteria.percist.sound_scan import SOUND

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)


def line(items, rule):
    found = [item for item in items if item.rule == rule]
    assert len(found) == 1, [item.rule for item in items]
    return found[0]


def compared(rule, earlier=SOUND, **changes):
    return line(compare_scans(earlier, replace(SOUND, **changes), NADIR), rule)


def test_two_like_scans_are_comparable_in_every_line():
    card = compare_scans(SOUND, SOUND, NADIR)
    assert {item.severity for item in card} == {OK}
    assert not blocks(card)
    assert len({item.rule for item in card}) == len(card)


def test_unknown_facts_of_two_scans():
    card = compare_scans(ScanFacts(), ScanFacts(), NADIR)
    blocked = {item.rule for item in card if item.severity is BLOCK}
    assert blocked == {
        "REFERENCE_DIFFERENCE",
        "UPTAKE_DIFFERENCE",
        "UPTAKE_WINDOW",
        "UPTAKE_WINDOW_EARLIER",
    }
    assert {item.severity for item in card if item.rule not in blocked} == {WARN}
    assert all(item.value is None for item in card)


def test_numbers_carry_their_unit():
    for item in compare_scans(SOUND, SOUND, NADIR):
        unit = dict(item.params).get("unit")
        assert (unit is not None) is isinstance(item.value, int | float), item.rule
    units = {i.rule: dict(i.params).get("unit") for i in compare_scans(SOUND, SOUND, NADIR)}
    assert units["UPTAKE_WINDOW"] == "min"
    assert units["REFERENCE_DIFFERENCE"] == "g/mL"
    assert units["REFERENCE_SHARE"] == units["INJECTED_ACTIVITY"] == "fraction"


# The reference


@pytest.mark.parametrize(
    ("b", "f", "absolute", "share"),
    [
        (1.5, 1.8, OK, OK),  # exactly 0.3, missed by binary floats
        (1.8, 1.5, OK, OK),
        (1.5, 1.8001, BLOCK, OK),
        (2.0, 2.31, BLOCK, OK),
        (1.0, 1.25, OK, OK),  # exactly 20 % of the larger
        (1.0, 1.2501, OK, BLOCK),
        (1.25, 1.0, OK, OK),
        (1.2, 1.51, BLOCK, BLOCK),
    ],
)
def test_reference_limits_are_inclusive(b, f, absolute, share):
    items = reference_stability(
        replace(SOUND, reference_mean_sul_g_per_ml=b),
        replace(SOUND, reference_mean_sul_g_per_ml=f),
        NADIR,
    )
    assert [item.severity for item in items] == [absolute, share]
    assert items[0].value == pytest.approx(abs(f - b))
    assert items[1].value == pytest.approx(abs(f - b) / max(b, f))


SULS = st.integers(1, 40_000)


@given(SULS, SULS)
def test_reference_stability_agrees_with_whole_numbers_either_way_round(b, f):
    scans = [replace(SOUND, reference_mean_sul_g_per_ml=n / 10_000) for n in (b, f)]
    expected = abs(b - f) <= 3_000 and 5 * abs(b - f) <= max(b, f)
    for earlier, current in (scans, reversed(scans)):
        assert blocks(reference_stability(earlier, current, NADIR)) is not expected


def test_another_kind_of_reference_is_invalid():
    (item,) = reference_stability(
        SOUND, replace(SOUND, reference_kind=ReferenceRegionKind.BLOOD_POOL), NADIR
    )
    assert (item.rule, item.severity, item.value) == ("REFERENCE_KIND", BLOCK, "blood_pool")


@pytest.mark.parametrize(
    "changes",
    [
        {"reference_mean_sul_g_per_ml": None},
        {"reference_mean_sul_g_per_ml": 0.0},
        {"reference_mean_sul_g_per_ml": -1.0},
        {"reference_kind": None},
    ],
    ids=str,
)
def test_a_missing_reference_blocks(changes):
    poor = replace(SOUND, **changes)
    for earlier, current in ((SOUND, poor), (poor, SOUND)):
        (item,) = reference_stability(earlier, current, NADIR)
        assert (item.code, item.severity) == ("REFERENCE_MISSING", BLOCK)


# Uptake


@pytest.mark.parametrize(
    ("b_min", "f_min", "difference", "earlier", "current"),
    [
        (60, 75, OK, OK, WARN),  # exactly 15 min apart; later than 70
        (55, 70, OK, OK, OK),
        (55, "70.1", BLOCK, OK, WARN),
        (70, 55, OK, OK, OK),
        (50, 50, OK, OK, OK),
        ("49.9", 60, OK, BLOCK, OK),
        (60, "49.9", OK, OK, BLOCK),
        (80, 80, OK, WARN, WARN),
        (60, "75.1", BLOCK, OK, WARN),
        (159, 159, OK, WARN, WARN),
    ],
)
def test_uptake(b_min, f_min, difference, earlier, current):
    scans = [replace(SOUND, uptake_time_s=float(60 * Fraction(m))) for m in (b_min, f_min)]
    card = compare_scans(*scans, NADIR)
    assert line(card, "UPTAKE_DIFFERENCE").severity is difference
    assert line(card, "UPTAKE_WINDOW_EARLIER").severity is earlier
    assert line(card, "UPTAKE_WINDOW").severity is current
    assert line(card, "UPTAKE_WINDOW").value == pytest.approx(float(Fraction(f_min)))
    assert blocks(card) is (BLOCK in (difference, earlier, current))


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_uptake_agrees_with_whole_seconds(b, f):
    scans = [replace(SOUND, uptake_time_s=float(n)) for n in (b, f)]
    assert blocks(compare_scans(*scans, NADIR)) is not (abs(b - f) <= 900 and min(b, f) >= 3000)


def test_an_unknown_uptake_time_blocks():
    unknown = replace(SOUND, uptake_time_s=None)
    for scans in ((SOUND, unknown), (unknown, SOUND)):
        item = uptake_difference(*scans, NADIR)
        assert (item.code, item.severity) == ("UPTAKE_UNKNOWN", BLOCK)
    assert blocks(scan_prerequisites(unknown, NADIR))


# Preparation


@pytest.mark.parametrize(
    ("rule", "changes", "severity"),
    [
        ("GLUCOSE", {"glucose_mmol_per_l": 11.09}, OK),
        ("GLUCOSE", {"glucose_mmol_per_l": 11.1}, WARN),  # must be below
        ("GLUCOSE", {"glucose_mmol_per_l": None}, WARN),
        ("FASTING", {"fasting_h": 4.0}, OK),
        ("FASTING", {"fasting_h": 3.9}, WARN),
        ("FASTING", {"fasting_h": None}, WARN),
        ("THERAPY_INTERVAL", {"days_since_therapy": 10}, OK),
        ("THERAPY_INTERVAL", {"days_since_therapy": 9}, WARN),
        ("THERAPY_INTERVAL", {"days_since_therapy": None}, WARN),
    ],
)
def test_prerequisites_of_one_scan(rule, changes, severity):
    items = scan_prerequisites(replace(SOUND, **changes), NADIR)
    item = line(items, rule)
    assert item.severity is severity
    assert item.value == next(iter(changes.values()))
    assert not blocks(items)
    assert compared(rule, **changes).severity is severity


@pytest.mark.parametrize(
    ("earlier", "current", "severity", "value"),
    [
        (5.0, 6.0, OK, 6.0),
        (12.0, 6.0, WARN, 12.0),
        (12.0, None, WARN, 12.0),
        (None, 6.0, WARN, None),
    ],
)
def test_glucose_counts_on_both_scans(earlier, current, severity, value):
    item = compared(
        "GLUCOSE", replace(SOUND, glucose_mmol_per_l=earlier), glucose_mmol_per_l=current
    )
    assert (item.severity, item.value) == (severity, value)


# Activity


@pytest.mark.parametrize(
    ("b", "f", "severity"),
    [
        (300, 360, OK),
        (300, 240, OK),
        (300, 360.1, WARN),
        (300, 239.9, WARN),
        (360, 300, OK),
        (300, None, WARN),
        (None, 300, WARN),
        (0, 300, WARN),
        (300, 0, WARN),
    ],
)
def test_injected_activity_is_relative_to_the_earlier_scan(b, f, severity):
    scans = [replace(SOUND, injected_dose_bq=None if v is None else v * 1e6) for v in (b, f)]
    item = injected_activity(*scans, NADIR)
    assert item.severity is severity
    assert item.value == (pytest.approx(abs(f - b) / b) if b and f else None)


# QIBA and EANM


@pytest.mark.parametrize("ruleset", [UptakeRuleset.QIBA, UptakeRuleset.EANM])
@pytest.mark.parametrize(
    ("earlier_min", "current_min", "difference", "window", "window_earlier"),
    [
        (60, 70, OK, OK, OK),
        (60, 70.1, WARN, OK, OK),
        (55, 55, OK, OK, OK),
        (55, 54.9, OK, WARN, OK),
        (75, 75, OK, OK, OK),
        (75.1, 75, OK, OK, WARN),
        (60, 90, WARN, WARN, OK),
        (None, 60, WARN, OK, WARN),
    ],
)
def test_stricter_uptake_limits_only_warn(
    ruleset, earlier_min, current_min, difference, window, window_earlier
):
    rules = replace(NADIR, uptake_ruleset=ruleset)
    earlier, current = (
        replace(SOUND, uptake_time_s=None if minutes is None else minutes * 60)
        for minutes in (earlier_min, current_min)
    )
    card = compare_scans(earlier, current, rules)
    assert line(card, "UPTAKE_DIFFERENCE_STRICTER").severity is difference
    assert line(card, "UPTAKE_WINDOW_STRICTER").severity is window
    assert line(card, "UPTAKE_WINDOW_STRICTER_EARLIER").severity is window_earlier
    assert line(card, "UPTAKE_DIFFERENCE_STRICTER").limit == 10.0
    # PERCIST's own lines stand as they were.
    own = [item for item in card if "STRICTER" not in item.rule]
    assert tuple(own) == compare_scans(earlier, current, NADIR)
    assert line(scan_prerequisites(current, rules), "UPTAKE_WINDOW_STRICTER").severity is window
