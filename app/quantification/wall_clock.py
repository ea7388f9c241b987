"""Exact seconds of naive wall clock times, so that intervals compare exactly (spec 0.3 N2)."""

from datetime import datetime, timedelta
from fractions import Fraction

EPOCH = datetime(1900, 1, 1)  # noqa: DTZ001 - scanner wall clock has no zone
DAY_S = 86400


def span_seconds(span: timedelta) -> Fraction:
    """The exact length of a span in s."""
    return span.days * DAY_S + span.seconds + Fraction(span.microseconds, 10**6)


def seconds_of(moment: datetime) -> Fraction:
    """Exact seconds of a naive wall clock time since 1900."""
    return span_seconds(moment - EPOCH)


def moment_of(seconds: Fraction) -> datetime:
    """The naive wall clock time of exact seconds since 1900, to the microsecond."""
    return EPOCH + timedelta(microseconds=round(seconds * 10**6))
