"""DICOM dates and times are fields, not numbers (spec 8 pitfall 6)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dicom.dicom_time import combine, parse_date, parse_datetime, parse_offset, parse_time


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("105900", 39540.0),
        ("110000", 39600.0),
        ("1059", 39540.0),
        ("10:59:00", 39540.0),
        ("10:59", 39540.0),
        ("105900.5", 39540.5),
        ("105900.123456", 39540.123456),
        ("105900.12345678", 39540.123456),
        ("000000", 0.0),
        ("235960", 86400.0),
        (" 105900 ", 39540.0),
        ("105900\0", 39540.0),
    ],
)
def test_times(text, seconds):
    assert parse_time(text).since_midnight == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text",
    ["", "10", "1", "24 00", "240000", "106000", "105961", "abc", "10590", "-10590", "１０５９"],
)
def test_unreadable_times(text):
    assert parse_time(text) is None


def test_one_minute_is_one_minute():
    """105900 to 110000 read as numbers gives 4100."""
    gap = parse_time("110000").since_midnight - parse_time("105900").since_midnight
    assert gap == timedelta(seconds=60)


@pytest.mark.parametrize("text", ["20260301", "2026.03.01", "2026-03-01"])
def test_dates(text):
    assert parse_date(text) == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["", "2026", "20261301", "20260230", "today", "00000000"])
def test_unreadable_dates(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "local", "offset"),
    [
        ("20260301090000", datetime(2026, 3, 1, 9), None),
        ("20260301090000.25", datetime(2026, 3, 1, 9, 0, 0, 250000), None),
        ("20260301090000+0000", datetime(2026, 3, 1, 9), 0),
        ("20260301090000.000000-0530", datetime(2026, 3, 1, 9), -330),
        ("202603010900", datetime(2026, 3, 1, 9), None),
        ("202603010900+0100", datetime(2026, 3, 1, 9), 60),
        ("2026-03-01T09:00:00Z", datetime(2026, 3, 1, 9), 0),
        ("20251231235960", datetime(2026, 1, 1), None),
    ],
)
def test_datetimes(text, local, offset):
    found = parse_datetime(text)
    assert (found.local, found.utc_offset_minutes, found.text) == (local, offset, text)


@pytest.mark.parametrize("text", ["", "20260301", "2026030109", "20260301250000", "x"])
def test_datetimes_without_a_time_of_day_are_unreadable(text):
    assert parse_datetime(text) is None


@pytest.mark.parametrize(("text", "minutes"), [("+0100", 60), ("-0330", -210), ("+1400", 840)])
def test_offsets(text, minutes):
    assert parse_offset(text) == minutes


@pytest.mark.parametrize("text", ["", "0100", "+1500", "-1201", "+0160", "CET"])
def test_unreadable_offsets(text):
    assert parse_offset(text) is None


def test_a_date_and_a_time_make_a_timestamp():
    assert combine("20260301", "105900.5").local == datetime(2026, 3, 1, 10, 59, 0, 500000)
    assert combine("", "105900") is None
    assert combine("20260301", "") is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_every_microsecond_survives(moment):
    assert parse_datetime(moment.strftime("%Y%m%d%H%M%S.%f")).local == moment
    assert combine(moment.strftime("%Y%m%d"), moment.strftime("%H%M%S.%f")).local == moment
