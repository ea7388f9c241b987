"""The injection time: midnight, time zones, shifted dates, contradictions (spec 1.5)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pet_header import TimeOfDay, VendorValues
from app.quantification.injection_time import injection_time
from app.quantification.quantify import quantify
from app.quantification.settings import ManualEntries, QuantificationSettings
from app.quantification.wall_clock import moment_of, seconds_of
from tests.unit.quantification.sound_header import (
    ITEM,
    SERIES,
    SOUND,
    header,
    stamp,
    time_of_day,
    with_item,
)

DEFAULT = QuantificationSettings()


def found(item, anchor=SERIES, now=SOUND, half_life_s=None):
    return injection_time(now, item, seconds_of(anchor), DEFAULT, half_life_s)


def test_the_datetime_is_used_as_it_stands():
    result = found(ITEM)
    assert moment_of(result.seconds) == datetime(2026, 3, 1, 10, 0)
    assert result.findings == result.adaptations == ()


def test_only_the_time_takes_the_date_of_the_reference():
    result = found(replace(ITEM, start_datetime=None))
    assert moment_of(result.seconds) == datetime(2026, 3, 1, 10, 0)
    assert [one.rule for one in result.adaptations] == ["ADAPT_RP_TIME_ONLY"]


def test_only_the_time_crosses_midnight():
    item = replace(ITEM, start_datetime=None, start_time=time_of_day("233000"))
    result = found(item, anchor=datetime(2026, 3, 1, 0, 30))
    assert moment_of(result.seconds) == datetime(2026, 2, 28, 23, 30)


def test_a_shifted_date_keeps_its_time_of_day_even_across_midnight():
    item = replace(ITEM, start_datetime=stamp(datetime(2019, 7, 4, 23, 30)), start_time=None)
    result = found(item, anchor=datetime(2026, 3, 1, 0, 30))
    assert moment_of(result.seconds) == datetime(2026, 2, 28, 23, 30)
    assert [item.code for item in result.findings] == ["ADAPT_RP_DATE"]


@pytest.mark.parametrize(
    ("offset", "zone", "expected_h", "flag"),
    [
        (0, 60, 1.0, None),  # 09:00Z is 10:00 at +0100
        (60, 60, 2.0, None),
        (-300, 60, None, None),  # 15:00 local: after the scan
        (None, 60, 2.0, None),
        (0, None, 2.0, "RP_TZ_UNRESOLVED"),
        (None, None, 2.0, None),
    ],
)
def test_utc_offsets(offset, zone, expected_h, flag):
    item = replace(ITEM, start_datetime=stamp(datetime(2026, 3, 1, 9, 0), offset), start_time=None)
    result = found(item, now=header(timezone_offset_minutes=zone))
    hours = None if result.seconds is None else (seconds_of(SERIES) - result.seconds) / 3600
    assert hours == expected_h
    assert [one.code for one in result.findings] == ([flag] if flag else [])


def test_the_time_of_day_may_be_in_either_zone():
    item = replace(ITEM, start_datetime=stamp(datetime(2026, 3, 1, 9, 0), 0))
    zone = header(timezone_offset_minutes=60)
    for text in ("090000", "100000"):
        assert found(replace(item, start_time=time_of_day(text)), now=zone).refusal is None
    conflict = found(replace(item, start_time=time_of_day("110000")), now=zone)
    assert conflict.refusal.code == "RP_TIME_CONFLICT"


@pytest.mark.parametrize(("text", "agrees"), [("100100", True), ("100101", False)])
def test_sixty_seconds_between_the_two_times_agree(text, agrees):
    result = found(replace(ITEM, start_time=time_of_day(text)))
    assert (result.refusal is None) is agrees


def test_the_two_times_agree_across_midnight():
    item = replace(
        ITEM,
        start_datetime=stamp(datetime(2026, 3, 1, 0, 0, 10)),
        start_time=time_of_day("235940"),
    )
    assert found(item, anchor=datetime(2026, 3, 1, 1, 0)).refusal is None


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (datetime(2026, 3, 1, 11, 15), "SUV_NEGATIVE_DECAY_INTERVAL"),
        (datetime(2026, 3, 1, 11, 0), "SUV_IMPLAUSIBLE_DECAY_INTERVAL"),
        (datetime(2026, 3, 1, 5, 0), None),
        (datetime(2026, 3, 1, 4, 59, 59), "SUV_IMPLAUSIBLE_DECAY_INTERVAL"),
        (datetime(2026, 2, 27, 4, 0), "SUV_IMPLAUSIBLE_DECAY_INTERVAL"),
    ],
)
def test_the_window_of_six_hours(start, code):
    result = found(replace(ITEM, start_datetime=stamp(start), start_time=None))
    assert (result.refusal and result.refusal.code) == code
    timed = TimeOfDay(start - datetime.combine(start.date(), datetime.min.time()), "")
    alone = found(replace(ITEM, start_datetime=None, start_time=timed))
    assert (alone.refusal and alone.refusal.code) == code


def test_a_long_lived_nuclide_keeps_its_stored_date():
    """89Zr is scanned days after injection; no date is inferred above 41400 s."""
    half_life_s = 78.41 * 3600
    days_before = replace(
        ITEM, start_datetime=stamp(SERIES - timedelta(days=4, hours=3)), start_time=None
    )
    result = found(days_before, half_life_s=half_life_s)
    assert seconds_of(SERIES) - result.seconds == (4 * 24 + 3) * 3600
    after = replace(ITEM, start_datetime=None, start_time=time_of_day("113000"))
    assert found(after, half_life_s=half_life_s).refusal.code == "SUV_NEGATIVE_DECAY_INTERVAL"


def test_ges_private_injection_time_is_compared():
    for minute, differs in ((1, False), (2, True)):
        admin = stamp(datetime(1959, 12, 24, 10, minute))
        result = quantify(header(vendor=VendorValues(ge_admin=admin), manufacturer="GE"))
        assert ("RP_GE_ADMIN_DIFFERS" in {item.code for item in result.findings}) is differs


def test_a_manual_injection_time_needs_no_header():
    bare = with_item(start_datetime=None, start_time=None)
    manual = ManualEntries(injection_time=datetime(2026, 3, 1, 10, 0), source_note="CRF")
    result = quantify(bare, QuantificationSettings(manual=manual))
    assert result.suvbw_factor == quantify(SOUND).suvbw_factor


@given(
    anchor=st.datetimes(datetime(2000, 1, 3), datetime(2090, 1, 1)),
    interval_s=st.integers(1, 6 * 3600),
)
def test_any_plausible_interval_is_found_again_from_the_time_alone(anchor, interval_s):
    injected = anchor - timedelta(seconds=interval_s)
    since_midnight = injected - datetime.combine(injected.date(), datetime.min.time())
    item = replace(ITEM, start_datetime=None, start_time=TimeOfDay(since_midnight, ""))
    assert moment_of(found(item, anchor=anchor).seconds) == injected
