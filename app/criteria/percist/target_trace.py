"""The trace of a target category: every test up to the one that decided (spec 2.7)."""

from collections.abc import Mapping
from fractions import Fraction

from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.target_limits import TargetLimits
from app.domain.exact import difference, exact, nearest, relative_change
from app.domain.findings import ParamValue
from app.domain.reference import ReferenceRegionKind
from app.domain.response import Reason, reason


def steps(limits: TargetLimits, c: float, kind: ReferenceRegionKind) -> list[Reason]:
    """The tests of `TargetLimits.category` in their order, with the values compared; g/mL."""
    found: list[Reason] = []
    now = exact(c)
    below_liver = limits.is_below_liver(now)
    if limits.liver_mean is not None:
        code = _liver_code(below_liver, kind)
        liver = nearest(limits.liver_mean)
        found.append(reason("PER-2.7-CMR", code, sul_peak=c, liver_mean=liver))
    if below_liver and limits.resolved:
        return [*found, reason("PER-2.7-CMR", "RESOLVED_BY_READER")]
    rise = changes(now, limits.reference, limits.rules, 1)
    rises = limits.rises(now)
    if rises and below_liver:
        found.append(reason("PER-2.7-GUARD", "RISE_BELOW_LIVER", **rise))
    else:
        found.append(rise_reason(rises, rise, limits.rules))
        if rises:
            return found
    return [*found, *fall_reasons(limits.falls(now), now, limits.baseline, limits.rules)]


def flags(limits: TargetLimits, c: Fraction) -> tuple[str, ...]:
    """What a reader must look at where the focus is below the liver."""
    if not limits.is_below_liver(c) or limits.resolved:
        return ()
    guarded = ("PMD_GUARDED_BELOW_LIVER",) if limits.rises(c) else ()
    return ("CMR_NEEDS_READER", *guarded)


def reference_reason(r: float, nadir: int | None, rules: PercistRules) -> Reason:
    """What a rise is measured from; `nadir` counts the follow-ups from 0."""
    if rules.progression_reference is ProgressionReference.BASELINE:
        return reason("PER-2.7-REF", "REFERENCE_BASELINE", sul_peak=r)
    if nadir is None:
        return reason("PER-2.7-REF", "REFERENCE_NADIR_IS_BASELINE", sul_peak=r)
    return reason("PER-2.7-REF", "REFERENCE_NADIR", sul_peak=r, visit=nadir + 1)


def rise_reason(rises: bool, rise: Mapping[str, ParamValue], rules: PercistRules) -> Reason:
    """Whether the rise from the reference is progression, in the words of the rule set."""
    if rules.pmd_inclusive:
        code = "RISE_REACHES_LIMITS" if rises else "RISE_WITHIN_LIMITS"
    else:
        code = "RISE_EXCEEDS_LIMITS" if rises else "RISE_NOT_ABOVE_LIMITS"
    return reason("PER-2.7-PMD", code, **rise)


def fall_reasons(falls: bool, c: Fraction, b: Fraction, rules: PercistRules) -> tuple[Reason, ...]:
    """Whether the fall from baseline is a response; without one the disease is stable."""
    fall = changes(c, b, rules, -1)
    if rules.pmr_inclusive:
        code = "FALL_REACHES_LIMITS" if falls else "FALL_WITHIN_LIMITS"
    else:
        code = "FALL_EXCEEDS_LIMITS" if falls else "FALL_NOT_BEYOND_LIMITS"
    step = reason("PER-2.7-PMR", code, **fall)
    return (step,) if falls else (step, reason("PER-2.7-SMD", "NEITHER"))


def changes(c: Fraction, start: Fraction, rules: PercistRules, sign: int) -> dict[str, ParamValue]:
    """The compared values of a rise (sign +1) or fall (-1), with the limits they must reach."""
    return {
        "sul_peak": nearest(c),
        "reference": nearest(start),
        "change_abs": difference(c, start),
        "change_fraction": fraction_of(c, start),
        "limit_abs": sign * rules.min_abs_sul_g_per_ml,
        "limit_fraction": sign * rules.response_fraction,
    }


def fraction_of(value: Fraction, start: Fraction) -> float | None:
    """The change as a fraction of the start; None from 0 (N4), never infinity."""
    return relative_change(value, start)


def _liver_code(below: bool, kind: ReferenceRegionKind) -> str:
    if kind is ReferenceRegionKind.LIVER:
        return "BELOW_LIVER" if below else "NOT_BELOW_LIVER"
    return "BELOW_BLOOD_POOL" if below else "NOT_BELOW_BLOOD_POOL"
