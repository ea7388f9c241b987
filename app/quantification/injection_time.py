"""The injection time on the reference time's date, as far as it can be told (spec 1.5)."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.exact import at_most, exact
from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader, RadiopharmaceuticalItem
from app.domain.quantification import Adaptation, Refusal, refusal
from app.quantification.reference_candidates import local_seconds
from app.quantification.settings import QuantificationSettings
from app.quantification.wall_clock import DAY_S, moment_of, seconds_of, span_seconds

DATETIME_TAG = "(0018,1078)"
TIME_TAG = "(0018,1072)"
LONGEST_INTERVAL_S = 6 * 3600  # spec 1.5: plausible window 0 < delta <= 6 h
LONG_LIVED_S = 41400  # above this half-life a date is never inferred (spec 1.5)
CONFLICT_S = Fraction(60)


@dataclass(frozen=True, slots=True)
class InjectionTime:
    """Injection in exact wall clock seconds, or the refusal; with repairs."""

    seconds: Fraction | None
    refusal: Refusal | None
    findings: tuple[Finding, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()


def injection_time(
    header: PetHeader,
    item: RadiopharmaceuticalItem,
    anchor: Fraction,
    settings: QuantificationSettings,
    half_life_s: float | None = None,
) -> InjectionTime:
    """The injection time before `anchor` (the reference time), rules 1-7 of spec 1.5.

    Nuclides with a half-life above 41400 s get a window of two half-lives and no inferred date.
    """
    long_lived = half_life_s is not None and half_life_s > LONG_LIVED_S
    window = exact(2 * half_life_s) if half_life_s and long_lived else Fraction(LONGEST_INTERVAL_S)
    manual = settings.manual.injection_time
    if manual is not None:
        return _manual(anchor, seconds_of(manual), settings, window)
    dated, timed = item.start_datetime, item.start_time
    if dated is None and timed is None:
        return InjectionTime(None, refusal("SUV_MISSING_INJECTION_TIME", TIME_TAG))
    time_s = None if timed is None else span_seconds(timed.since_midnight)
    if dated is None:
        assert timed is not None and time_s is not None
        stored_interval = anchor % DAY_S - time_s
        at = anchor - stored_interval
        if stored_interval < 0 and not long_lived:
            at -= DAY_S
        fact = finding("ADAPT_RP_TIME_ONLY", Severity.INFO, tag=TIME_TAG, used=_text(at))
        audit = Adaptation(TIME_TAG, timed.text, _text(at), "ADAPT_RP_TIME_ONLY")
        return _judged(at, anchor, stored_interval, TIME_TAG, window, (fact,), (audit,))
    findings: list[Finding] = []
    if dated.utc_offset_minutes is not None and header.timezone_offset_minutes is None:
        findings.append(finding("RP_TZ_UNRESOLVED", Severity.WARNING, tag=DATETIME_TAG))
    stored = local_seconds(dated, header.timezone_offset_minutes)
    if time_s is not None and _conflict(seconds_of(dated.local), stored, time_s):
        conflict = refusal(
            "RP_TIME_CONFLICT", DATETIME_TAG, datetime=dated.text, time=timed.text if timed else ""
        )
        return InjectionTime(None, conflict, tuple(findings))
    interval = anchor - stored
    if _plausible(interval, window):
        return InjectionTime(stored, None, tuple(findings))
    at = stored if long_lived else _on_date_before(stored % DAY_S, anchor)
    if not _plausible(anchor - at, window):
        return _judged(at, anchor, interval, DATETIME_TAG, window, tuple(findings), ())
    if settings.strict_dicom:
        strict = refusal("SUV_STRICT_MODE", DATETIME_TAG, rule="ADAPT_RP_DATE", stored=dated.text)
        return InjectionTime(None, strict, tuple(findings))
    findings.append(
        finding(
            "ADAPT_RP_DATE", Severity.WARNING, tag=DATETIME_TAG, stored=dated.text, used=_text(at)
        )
    )
    audit = Adaptation(DATETIME_TAG, dated.text, _text(at), "ADAPT_RP_DATE")
    return InjectionTime(at, None, tuple(findings), (audit,))


def _manual(
    anchor: Fraction, at: Fraction, settings: QuantificationSettings, window: Fraction
) -> InjectionTime:
    used = _text(at)
    fact = finding(
        "MANUAL_ENTRY",
        Severity.INFO,
        tag=DATETIME_TAG,
        stored="",
        used=used,
        source=settings.manual.source_note,
    )
    audit = Adaptation(DATETIME_TAG, "", used, "MANUAL_ENTRY")
    return _judged(at, anchor, anchor - at, DATETIME_TAG, window, (fact,), (audit,))


def _judged(
    at: Fraction,
    anchor: Fraction,
    stored_interval: Fraction,
    tag: str,
    window: Fraction,
    findings: tuple[Finding, ...],
    adaptations: tuple[Adaptation, ...],
) -> InjectionTime:
    """The time, or the refusal where the interval stays outside the window (rule 6)."""
    if _plausible(anchor - at, window):
        return InjectionTime(at, None, findings, adaptations)
    negative = stored_interval < 0
    code = "SUV_NEGATIVE_DECAY_INTERVAL" if negative else "SUV_IMPLAUSIBLE_DECAY_INTERVAL"
    minutes = round(float(stored_interval) / 60.0, 2)
    return InjectionTime(None, refusal(code, tag, interval_min=minutes), findings, adaptations)


def _plausible(interval: Fraction, window: Fraction) -> bool:
    return interval > 0 and at_most(interval, window)


def _on_date_before(time_of_day_s: Fraction, anchor: Fraction) -> Fraction:
    """A time of day on the anchor's date, or on the day before where it would lie after it."""
    at = anchor - anchor % DAY_S + time_of_day_s
    return at - DAY_S if at > anchor else at


def _conflict(stored_wall: Fraction, series_wall: Fraction, time_s: Fraction) -> bool:
    """Whether the two stored times of day differ by more than 60 s, in either zone's clock."""

    def apart(wall: Fraction) -> Fraction:
        gap = abs(wall % DAY_S - time_s)
        return min(gap, DAY_S - gap)

    return not at_most(min(apart(stored_wall), apart(series_wall)), CONFLICT_S)


def _text(seconds: Fraction) -> str:
    return moment_of(seconds).isoformat()
