"""Days of the vectors: ISO dates, or whole numbers counted from the start (day 0)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

DAY_ZERO = date(2026, 1, 5)


def day_of(value: Any, start: date = DAY_ZERO) -> date | None:
    """The date of an ISO text or of a number of days from `start`; None of nothing."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return start + timedelta(days=round(value))
    return date.fromisoformat(str(value)[:10])


def is_day(value: Any) -> bool:
    """Whether a value could be one."""
    if isinstance(value, str):
        try:
            date.fromisoformat(value[:10])
        except ValueError:
            return False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_given(day: date | None, numbered: bool, start: date = DAY_ZERO) -> str | int | None:
    """A date in the way the inputs state theirs."""
    if day is None:
        return None
    return (day - start).days if numbered else day.isoformat()


def day_of_row(row: Mapping[str, Any], default_days: int, start: date) -> date:
    """The day of a visit: a date, or days or weeks from `start`."""
    for name in ("date", "scan_date", "visit_date", "day"):
        found = day_of(row.get(name), start)
        if found is not None:
            return found
    weeks = row.get("week", row.get("weeks"))
    return start + timedelta(days=default_days if weeks is None else round(7 * weeks))
