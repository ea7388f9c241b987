"""The three candidates for the decay reference time of Decay Correction START (spec 1.4).

Times are exact seconds of the scanner's wall clock (`exact.seconds_of`).
"""

from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from app.domain.exact import at_most, exact
from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader, PetSlice, Timestamp
from app.domain.quantification import Adaptation
from app.quantification.decay import average_count_rate_time_s
from app.quantification.wall_clock import DAY_S, seconds_of

FRAME_REFERENCE_TAG = "(0054,1300)"
SERIES_SLACK_S = Fraction(1)  # series time may lie this far after the first acquisition
SPREAD_LIMIT_S = Fraction(2)  # of the per-slice back-computed reference times
FIRST_BED_S = Fraction(5)  # the first bed starts with the series, as near as candidates agree
SHIFT_LIMIT_S = Fraction(60)  # time-of-day agreement that betrays a shifted date


@dataclass(frozen=True, slots=True)
class Candidates:
    """The available candidates by letter, with what was found on the way."""

    times: dict[str, Fraction]
    date_shifted: bool  # A had another date and took that of the series
    findings: tuple[Finding, ...]
    adaptations: tuple[Adaptation, ...]


def candidates(header: PetHeader, half_life_s: float | None) -> Candidates:
    """Candidates A (private), B (series), C (back-computed) of a series."""
    times: dict[str, Fraction] = {}
    findings: list[Finding] = []
    adaptations: list[Adaptation] = []
    shifted = False
    private = _private(header, findings)
    if private is not None:
        times["A"], shifted = _undo_date_shift(private, header)
        if shifted:
            tag = header.vendor.scan_tag or ""
            days = int((times["A"] - private) / DAY_S)
            findings.append(finding("REF_TIME_DATE_SHIFTED", Severity.INFO, tag=tag, days=days))
            text = next(one.private_scan.text for one in header.slices if one.private_scan)
            adaptations.append(Adaptation(tag, text, f"{days:+} d", "REF_TIME_DATE_SHIFTED"))
    series, first = series_seconds(header), first_acquisition(header)
    if series is not None and first is not None and at_most(series - first, SERIES_SLACK_S):
        times["B"] = series
    computed = _back_computed(header, half_life_s, findings)
    if computed is not None:
        times["C"] = computed
    return Candidates(times, shifted, tuple(findings), tuple(adaptations))


def local_seconds(stamp: Timestamp, zone_minutes: int | None) -> Fraction:
    """Wall clock seconds in the series' zone; compared as local where a zone is unknown."""
    seconds = seconds_of(stamp.local)
    if stamp.utc_offset_minutes is None or zone_minutes is None:
        return seconds
    return seconds + 60 * (zone_minutes - stamp.utc_offset_minutes)


def series_seconds(header: PetHeader) -> Fraction | None:
    """The series datetime, or None."""
    zone = header.timezone_offset_minutes
    return None if header.series is None else local_seconds(header.series, zone)


def acquisition_seconds(header: PetHeader) -> tuple[Fraction, ...] | None:
    """Acquisition time of every slice, or None where any slice lacks it."""
    zone, stamps = header.timezone_offset_minutes, [one.acquisition for one in header.slices]
    known = tuple(local_seconds(stamp, zone) for stamp in stamps if stamp is not None)
    return known if known and len(known) == len(stamps) else None


def first_acquisition(header: PetHeader) -> Fraction | None:
    """The earliest acquisition over ALL slices, never of the first file (spec 1.4)."""
    known = acquisition_seconds(header)
    return None if known is None else min(known)


def has_constant_acquisition_time(header: PetHeader) -> bool:
    """Whether all beds carry one Acquisition Time while Frame Reference Time grows."""
    known = acquisition_seconds(header)
    offsets = {one.frame_reference_time_ms for one in header.slices}
    return known is not None and len(set(known)) == 1 and len(offsets) > 1


def is_ge(header: PetHeader) -> bool:
    """Whether GE built the scanner: its Frame Reference Time counts from the frame start."""
    maker = header.manufacturer.upper().strip()
    if header.vendor.ge_admin is not None or header.vendor.scan_tag == "(0009,xx0D)":
        return True
    return maker == "GE" or maker.startswith(("GE ", "GE-", "GEMS", "GENERAL ELECTRIC"))


def _private(header: PetHeader, findings: list[Finding]) -> Fraction | None:
    zone, stamps = header.timezone_offset_minutes, [one.private_scan for one in header.slices]
    known = [local_seconds(stamp, zone) for stamp in stamps if stamp is not None]
    if not known or len(known) != len(stamps):
        return None
    if not at_most(max(known) - min(known), SERIES_SLACK_S):
        spread = float(max(known) - min(known))
        tag = header.vendor.scan_tag or ""
        findings.append(
            finding("REF_TIME_PRIVATE_VARIES", Severity.WARNING, tag=tag, spread_s=spread)
        )
        return None
    return min(known)


def _undo_date_shift(private: Fraction, header: PetHeader) -> tuple[Fraction, bool]:
    """The private time on the series' date where only its date was shifted (spec 1.4)."""
    for public in (series_seconds(header), first_acquisition(header)):
        if public is None:
            continue
        days = round((public - private) / DAY_S)
        moved = private + days * DAY_S
        if days and at_most(abs(moved - public), SHIFT_LIMIT_S):
            return moved, True
        if not days:
            break
    return private, False


def _back_computed(
    header: PetHeader, half_life_s: float | None, findings: list[Finding]
) -> Fraction | None:
    """Median over slices of acquisition + (0 if GE else T_ave) - frame reference time.

    Where all beds carry one Acquisition Time it is the first bed's start, so only the smallest
    Frame Reference Time fits it, and none where the first bed was cropped away.
    """
    known = acquisition_seconds(header)
    if known is None or half_life_s is None:
        return None
    if not all(_has_frame_times(one) for one in header.slices):
        return None
    slices = list(zip(header.slices, known, strict=True))
    constant = has_constant_acquisition_time(header)
    if constant:
        smallest = min(one.frame_reference_time_ms or 0.0 for one in header.slices)
        slices = [(one, at) for one, at in slices if one.frame_reference_time_ms == smallest]
    ge = is_ge(header)
    results = [
        at
        + average_offset(one, half_life_s, ge=ge)
        - exact(one.frame_reference_time_ms or 0) / 1000
        for one, at in slices
    ]
    if constant and not at_most(known[0] - min(results), FIRST_BED_S):
        gap_s = float(known[0] - min(results))
        findings.append(
            finding(
                "REF_TIME_FIRST_BED_MISSING",
                Severity.INFO,
                tag=FRAME_REFERENCE_TAG,
                difference_s=gap_s,
            )
        )
        return None
    spread = max(results) - min(results)
    if not at_most(spread, SPREAD_LIMIT_S):
        findings.append(
            finding(
                "REF_TIME_SPREAD",
                Severity.WARNING,
                tag=FRAME_REFERENCE_TAG,
                spread_s=float(spread),
            )
        )
        return None
    return median(results)


def _has_frame_times(one: PetSlice) -> bool:
    offset, duration = one.frame_reference_time_ms, one.actual_frame_duration_ms
    return offset is not None and offset >= 0 and duration is not None and duration > 0


def average_offset(one: PetSlice, half_life_s: float, *, ge: bool) -> Fraction:
    """What Frame Reference Time adds to the frame start: T_ave, but 0 on GE scanners."""
    if ge or not one.actual_frame_duration_ms:
        return Fraction(0)
    return exact(average_count_rate_time_s(one.actual_frame_duration_ms / 1000.0, half_life_s))
