"""The time that images with Decay Correction START are corrected to (spec 1.4)."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.exact import at_most, exact
from app.domain.findings import Finding, ParamValue, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import (
    Adaptation,
    ReferenceRule,
    ReferenceTimeOrder,
    Refusal,
    refusal,
)
from app.quantification.decay import average_count_rate_time_s
from app.quantification.reference_candidates import (
    SHIFT_LIMIT_S,
    Candidates,
    acquisition_seconds,
    candidates,
    has_constant_acquisition_time,
    is_ge,
)
from app.quantification.settings import QuantificationSettings
from app.quantification.wall_clock import seconds_of

SERIES_TIME_TAG = "(0008,0031)"
DECAY_FACTOR_TAG = "(0054,1321)"
AGREES_S = Fraction(5)  # <= 0.05 % of an SUV
MINOR_S = Fraction(60)  # <= 0.63 % of an SUV
DECAY_FACTOR_TOLERANCE = Fraction(5, 1000)

ORDERS = {
    ReferenceTimeOrder.PRIVATE_SERIES_BACKCOMPUTE: "ABC",
    ReferenceTimeOrder.SERIES_FIRST: "BAC",
    ReferenceTimeOrder.BACKCOMPUTE_ONLY: "C",
}


@dataclass(frozen=True, slots=True)
class ReferenceTime:
    """The reference time (exact wall clock seconds) and its rule, or the refusal."""

    seconds: Fraction | None
    rule: ReferenceRule | None
    refusal: Refusal | None
    findings: tuple[Finding, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()


def reference_time(
    header: PetHeader, half_life_s: float | None, settings: QuantificationSettings
) -> ReferenceTime:
    """The reference time of a START series: A, else B, else C, cross-checked (spec 1.4)."""
    found = candidates(header, half_life_s)
    manual = settings.manual.reference_time
    if manual is not None:
        fact = finding(
            "MANUAL_REFERENCE_TIME",
            Severity.INFO,
            used=manual.isoformat(),
            source=settings.manual.source_note,
        )
        adaptation = Adaptation(SERIES_TIME_TAG, "", manual.isoformat(), "MANUAL_ENTRY")
        return ReferenceTime(seconds_of(manual), ReferenceRule.MANUAL, None, (fact,), (adaptation,))
    letter = next((one for one in ORDERS[settings.ref_time_order] if one in found.times), None)
    if letter is None:
        missing = refusal("SUV_MISSING_REFERENCE_TIME", SERIES_TIME_TAG)
        return ReferenceTime(None, None, missing, found.findings)
    if found.date_shifted and letter == "A" and settings.strict_dicom:
        strict = refusal(
            "SUV_STRICT_MODE",
            header.vendor.scan_tag or SERIES_TIME_TAG,
            rule="REF_TIME_DATE_SHIFTED",
            stored=found.adaptations[0].stored,
        )
        return ReferenceTime(None, None, strict, found.findings)
    flags, blocked = cross_check(found, letter)
    chosen = found.times[letter]
    findings = [*found.findings, *flags]
    if letter == "C" and not header.manufacturer.strip():
        findings.append(finding("REF_TIME_VENDOR_UNKNOWN", Severity.WARNING, tag="(0008,0070)"))
    findings += decay_factor_findings(header, chosen, half_life_s)
    rule = ReferenceRule(letter)
    adaptations = found.adaptations if letter == "A" else ()
    if blocked is not None:
        return ReferenceTime(None, rule, blocked, tuple(findings), adaptations)
    return ReferenceTime(chosen, rule, None, tuple(findings), adaptations)


def cross_check(found: Candidates, letter: str) -> tuple[tuple[Finding, ...], Refusal | None]:
    """The worst disagreement with the chosen candidate as findings, and the refusal if it blocks.

    A date-shifted private time counts as agreeing within the 60 s that proved the shift.
    """
    chosen = found.times[letter]
    others = {name: abs(time - chosen) for name, time in found.times.items() if name != letter}
    agree_within = {
        name: SHIFT_LIMIT_S if found.date_shifted and "A" in (name, letter) else AGREES_S
        for name in others
    }
    agreeing = {name for name, gap in others.items() if at_most(gap, agree_within[name])}
    outliers = {name: gap for name, gap in others.items() if name not in agreeing}
    if not outliers:
        return (), None
    worst, gap = max(outliers.items(), key=lambda pair: pair[1])
    params: dict[str, ParamValue] = {
        "chosen": letter,
        "other": worst,
        "difference_s": float(gap),
    }
    named = _one_disagrees(found)
    flags = [finding("REF_TIME_ONE_DISAGREES", Severity.WARNING, candidate=named)] if named else []
    if at_most(gap, MINOR_S):
        return (finding("REF_TIME_MISMATCH_MINOR", Severity.WARNING, **params), *flags), None
    if agreeing:
        return (finding("REF_TIME_FRT_INCONSISTENT", Severity.WARNING, **params), *flags), None
    major = finding("REF_TIME_MISMATCH_MAJOR", Severity.ERROR, **params)
    return (major, *flags), refusal("REF_TIME_MISMATCH_MAJOR", SERIES_TIME_TAG, **params)


def _one_disagrees(found: Candidates) -> str | None:
    """The one candidate of three that the other two, agreeing, contradict."""
    if len(found.times) != 3:
        return None

    def agree(one: str, two: str) -> bool:
        limit = SHIFT_LIMIT_S if found.date_shifted and "A" in (one, two) else AGREES_S
        return at_most(abs(found.times[one] - found.times[two]), limit)

    lonely = [
        name
        for name, (one, two) in {"A": ("B", "C"), "B": ("A", "C"), "C": ("A", "B")}.items()
        if agree(one, two) and not agree(name, one) and not agree(name, two)
    ]
    return lonely[0] if len(lonely) == 1 else None


def decay_factor_findings(
    header: PetHeader, reference: Fraction, half_life_s: float | None
) -> list[Finding]:
    """A warning where Decay Factor contradicts the reference time by more than 0.5 %.

    Expected: 2^((mid-frame - reference) / half-life); a stored 1.0 says nothing (spec 1.4).
    """
    known = acquisition_seconds(header)
    if known is None or half_life_s is None:
        return []
    constant, ge = has_constant_acquisition_time(header), is_ge(header)
    worst, slices = 0.0, 0
    for one, at in zip(header.slices, known, strict=True):
        if one.decay_factor in (None, 1.0) or not one.actual_frame_duration_ms:
            continue
        t_ave = average_count_rate_time_s(one.actual_frame_duration_ms / 1000.0, half_life_s)
        in_series = t_ave
        if constant:  # the acquisition time is the first bed's; this bed's is not stored
            in_series = (one.frame_reference_time_ms or 0.0) / 1000.0 + (t_ave if ge else 0.0)
        mid = float(at - reference) + in_series
        expected = exact(2.0 ** (mid / half_life_s))
        deviation = abs(exact(one.decay_factor or 1.0) / expected - 1)
        if not at_most(deviation, DECAY_FACTOR_TOLERANCE):
            slices, worst = slices + 1, max(worst, float(deviation))
    if not slices:
        return []
    return [
        finding(
            "DECAY_FACTOR_MISMATCH",
            Severity.WARNING,
            tag=DECAY_FACTOR_TAG,
            slices=slices,
            deviation=worst,
        )
    ]
