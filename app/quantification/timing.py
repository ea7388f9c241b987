"""Reference, injection and emission times of a series, by its decay correction (spec 1.4, 1.5)."""

from dataclasses import dataclass
from fractions import Fraction

from app.domain.exact import TIE, at_most
from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader, RadiopharmaceuticalItem
from app.domain.quantification import Adaptation, ReferenceRule, Refusal, refusal
from app.quantification.gate import DECAY_CORRECTION_TAG
from app.quantification.injection_time import InjectionTime, injection_time
from app.quantification.reference_candidates import (
    has_constant_acquisition_time,
    local_seconds,
    series_seconds,
)
from app.quantification.reference_time import ReferenceTime, reference_time
from app.quantification.settings import QuantificationSettings

ACQUISITION_TIME_TAG = "(0008,0032)"
ADMIN_AGREEMENT_S = Fraction(60)


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of a series in exact wall clock seconds, with refusals of the activity route."""

    rule: ReferenceRule | None
    reference: Fraction | None
    injection: Fraction | None
    first_emission: Fraction | None
    refusals: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    adaptations: tuple[Adaptation, ...]


def timing(
    header: PetHeader,
    item: RadiopharmaceuticalItem | None,
    half_life_s: float | None,
    settings: QuantificationSettings,
    *,
    needs_decay: bool,
) -> Timing:
    """All times of a series; where no decay is needed a missing one is a finding only."""
    emission = first_emission(header)
    reference = _reference(header, item, half_life_s, settings, needs_decay=needs_decay)
    anchor = reference.seconds
    if anchor is None:
        anchor = emission if emission is not None else series_seconds(header)
    if item is None or anchor is None:
        injection = InjectionTime(None, None)
    elif reference.rule is ReferenceRule.ADMIN and reference.seconds is not None:
        injection = InjectionTime(reference.seconds, None)
    else:
        injection = injection_time(header, item, anchor, settings, half_life_s)
    refusals = [one for one in (reference.refusal, injection.refusal) if one is not None]
    findings = [*reference.findings, *injection.findings]
    decays = needs_decay and reference.rule is not ReferenceRule.ADMIN
    if not decays and injection.refusal is not None:
        reason = injection.refusal.code
        findings.append(finding("UPTAKE_UNKNOWN", Severity.WARNING, reason=reason))
        refusals = [one for one in refusals if one is not injection.refusal]
    findings += _against_ge_admin(header, injection.seconds)
    at_injection = reference.rule in (ReferenceRule.ADMIN, ReferenceRule.NONE)
    return Timing(
        reference.rule,
        injection.seconds if at_injection else reference.seconds,
        injection.seconds,
        emission,
        tuple(refusals),
        tuple(findings),
        (*reference.adaptations, *injection.adaptations),
    )


def first_emission(header: PetHeader) -> Fraction | None:
    """Emission start of the first bed: the earliest acquisition stated (spec 1.5, SUV-C18)."""
    zone = header.timezone_offset_minutes
    starts = [
        local_seconds(one.acquisition, zone) for one in header.slices if one.acquisition is not None
    ]
    return min(starts, default=None)


def _reference(
    header: PetHeader,
    item: RadiopharmaceuticalItem | None,
    half_life_s: float | None,
    settings: QuantificationSettings,
    *,
    needs_decay: bool,
) -> ReferenceTime:
    if not needs_decay:
        return ReferenceTime(None, ReferenceRule.UNITS, None)
    if header.decay_corrected == "YES":
        return _enhanced(header, item)
    if header.decay_corrected == "NO":
        return _enhanced_frames(header)
    if header.decay_correction == "ADMIN":
        return ReferenceTime(None, ReferenceRule.ADMIN, None)
    if header.decay_correction == "NONE":
        return _no_correction(header)
    if header.decay_correction == "START":
        return reference_time(header, half_life_s, settings)
    return ReferenceTime(None, None, None)  # the gate has refused it


def _enhanced(header: PetHeader, item: RadiopharmaceuticalItem | None) -> ReferenceTime:
    """Decay Correction DateTime; where that is the injection, images are corrected to it."""
    stamp = header.decay_correction_datetime
    if stamp is None:
        missing = refusal("SUV_MISSING_REFERENCE_TIME", "(0018,9701)")
        return ReferenceTime(None, ReferenceRule.ENHANCED, missing)
    zone = header.timezone_offset_minutes
    moment = local_seconds(stamp, zone)
    start = None if item is None else item.start_datetime
    if start is not None and abs(local_seconds(start, zone) - moment) <= TIE:
        return ReferenceTime(moment, ReferenceRule.ADMIN, None)
    return ReferenceTime(moment, ReferenceRule.ENHANCED, None)


def _enhanced_frames(header: PetHeader) -> ReferenceTime:
    fact = finding("DECAY_NONE", Severity.WARNING, tag="(0018,9758)")
    if any(
        one.frame_reference is None and not _has_start(header, n)
        for n, one in enumerate(header.slices)
    ):
        missing = refusal("SUV_MISSING_FRAME_TIMES", "(0018,9151)")
        return ReferenceTime(None, ReferenceRule.FRAMES, missing, (fact,))
    return ReferenceTime(None, ReferenceRule.FRAMES, None, (fact,))


def _has_start(header: PetHeader, index: int) -> bool:
    one = header.slices[index]
    return one.acquisition is not None and bool(one.actual_frame_duration_ms)


def _no_correction(header: PetHeader) -> ReferenceTime:
    """Decay Correction NONE needs each slice's own acquisition start and duration."""
    fact = finding("DECAY_NONE", Severity.WARNING, tag=DECAY_CORRECTION_TAG)
    if not all(_has_start(header, n) for n in range(len(header.slices))):
        missing = refusal("SUV_MISSING_FRAME_TIMES", ACQUISITION_TIME_TAG)
        return ReferenceTime(None, ReferenceRule.NONE, missing, (fact,))
    if has_constant_acquisition_time(header):
        unclear = refusal("SUV_FRAME_TIMES_AMBIGUOUS", ACQUISITION_TIME_TAG)
        return ReferenceTime(None, ReferenceRule.NONE, unclear, (fact,))
    return ReferenceTime(None, ReferenceRule.NONE, None, (fact,))


def _against_ge_admin(header: PetHeader, injection: Fraction | None) -> list[Finding]:
    """A warning where GE's private injection time of day differs by more than 60 s."""
    stamp = header.vendor.ge_admin
    if stamp is None or injection is None:
        return []
    days = (local_seconds(stamp, header.timezone_offset_minutes) - injection) / 86400
    gap = abs(days - round(days)) * 86400
    if at_most(gap, ADMIN_AGREEMENT_S):
        return []
    return [
        finding("RP_GE_ADMIN_DIFFERS", Severity.WARNING, tag="(0009,xx3B)", difference_s=float(gap))
    ]
