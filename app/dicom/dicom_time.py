"""DICOM dates and times (DA, TM, DT) parsed exactly: fields, never numbers (spec 8 pitfall 6)."""

import re
from datetime import date, datetime, timedelta

from app.domain.pet_header import TimeOfDay, Timestamp

# Old ACR-NEMA objects write 2026.03.01 and 10:05:07.
DATE = re.compile(r"(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})", re.ASCII)
TIME = re.compile(r"(\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d{1,}))?)?", re.ASCII)
DATETIME = re.compile(
    r"(\d{4}-?\d{2}-?\d{2})[ T]?(\d{2}:?\d{2}(?::?\d{2}(?:\.\d+)?)?) ?([+-]\d{2}:?\d{2}|Z)?",
    re.ASCII,
)
OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)
OFFSET_LIMITS_MIN = (-12 * 60, 14 * 60)  # PS3.5 6.2


def parse_date(text: str) -> date | None:
    """A DA value, or None where it is no date."""
    match = DATE.fullmatch(_clean(text))
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> TimeOfDay | None:
    """A TM value as exact time since midnight: HHMM, HHMMSS, fraction; None where unreadable.

    An hour alone is too vague to decay with. Second 60 (leap second) counts on.
    """
    match = TIME.fullmatch(_clean(text))
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    microseconds = int((match[4] or "")[:6].ljust(6, "0"))
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    return TimeOfDay(span, _clean(text))


def parse_datetime(text: str) -> Timestamp | None:
    """A DT value with its UTC offset where stated; None where it has no time of day."""
    match = DATETIME.fullmatch(_clean(text))
    if match is None:
        return None
    day, time = parse_date(match[1]), parse_time(match[2])
    if day is None or time is None:
        return None
    offset = 0 if match[3] == "Z" else parse_offset(match[3] or "")
    if match[3] and offset is None:
        return None
    return Timestamp(_at(day, time), offset, _clean(text))


def combine(date_text: str, time_text: str) -> Timestamp | None:
    """The Timestamp of a DA and a TM value; None where either is missing or unreadable."""
    day, time = parse_date(date_text), parse_time(time_text)
    if day is None or time is None:
        return None
    return Timestamp(_at(day, time), None, f"{_clean(date_text)} {time.text}")


def parse_offset(text: str) -> int | None:
    """A UTC offset like +0100 in minutes, or None."""
    match = OFFSET.fullmatch(_clean(text))
    if match is None or int(match[3]) > 59:
        return None
    minutes = (60 * int(match[2]) + int(match[3])) * (-1 if match[1] == "-" else 1)
    low, high = OFFSET_LIMITS_MIN
    return minutes if low <= minutes <= high else None


def _at(day: date, time: TimeOfDay) -> datetime:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - scanner wall clock
    return midnight + time.since_midnight


def _clean(text: str) -> str:
    return text.strip(" \0\t")
