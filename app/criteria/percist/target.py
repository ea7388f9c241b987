"""The target component of PERCIST at one follow-up (spec 2.6, 2.7), one-lesion form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.criteria.percist.margin import target_margins
from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.target_limits import TargetLimits
from app.domain.exact import at_least, exact
from app.domain.response import MetabolicCategory, Reason, TargetResponse, reason


@dataclass(frozen=True, slots=True)
class TargetCase:
    """What the target rules look at: SULpeak (g/mL) of the lesions that existed at baseline.

    `earlier` holds the follow-ups between baseline and now, oldest first; None is a visit whose
    quantitative component was not evaluable. `liver_mean` is the current reference mean (or the
    blood pool's where that is the fallback). `comparable` is the verdict of the card against the
    baseline, `nadir_comparable` that against the visit named by `nadir_visit`. `resolved` is the
    reader's tick "resolved to background"; an automatic draft never sets it. `missing` names
    baseline lesions whose place the current scan does not cover; a baseline lesion without a
    current value counts as missing too: the hottest could be among them.
    """

    baseline: Mapping[str, float]
    current: Mapping[str, float]
    earlier: Sequence[Mapping[str, float] | None] = ()
    liver_mean: float | None = None
    baseline_threshold: float | None = None
    comparable: bool = True
    nadir_comparable: bool = True
    resolved: bool = False
    missing: Sequence[str] = ()


def hottest(lesions: Mapping[str, float]) -> tuple[str, float]:
    """The lesion with the highest SULpeak; equal peaks go to the smaller id, so order is free.

    Raises ValueError where there is no lesion.
    """
    name = min(lesions, key=lambda key: (-exact(lesions[key]), key))
    return name, lesions[name]


def nadir_visit(case: TargetCase, rules: PercistRules) -> int | None:
    """The place in `case.earlier` of the scan a rise is measured from, or None for the baseline.

    The nadir is the earliest scan with the lowest hottest SULpeak; scans that were not evaluable
    are skipped, lesions that did not exist at baseline do not count. Source: spec 2.7.
    """
    if rules.progression_reference is ProgressionReference.BASELINE:
        return None
    lowest = exact(hottest(case.baseline)[1])
    place = None
    for number, visit in enumerate(case.earlier):
        known = _known(visit or {}, case)
        if known and exact(hottest(known)[1]) < lowest:
            lowest, place = exact(hottest(known)[1]), number
    return place


def target_response(case: TargetCase, rules: PercistRules) -> TargetResponse:
    """The target category with changes, margins and trace; SUL in g/mL, changes as fractions.

    Tests run in the order CMR, PMD (unless the focus is below the liver), PMR, SMD. Never raises
    for missing data: what cannot be judged is NE or NOT_MEASURABLE with its reason. A lesion that
    is not of the baseline is never the target (spec 2.6).
    """
    if not case.baseline:
        why = reason("PER-2.9", "NO_BASELINE_LESION")
        return TargetResponse(MetabolicCategory.NOT_MEASURABLE, rules.name, reasons=(why,))
    baseline_id, b = hottest(case.baseline)
    trace = [reason("PER-2.6", "BASELINE_TARGET", lesion=baseline_id, sul_peak=b)]
    start = TargetResponse(
        MetabolicCategory.NE,
        rules.name,
        baseline_target_id=baseline_id,
        baseline_sul_peak_g_per_ml=b,
    )
    threshold = case.baseline_threshold
    if threshold is not None:
        measurable = at_least(exact(b), exact(threshold), rules.threshold_inclusive)
        code = "MEASURABLE" if measurable else "NOT_MEASURABLE"
        trace.append(reason("PER-2.4", code, sul_peak=b, threshold=threshold))
        if not measurable:
            return replace(start, category=MetabolicCategory.NOT_MEASURABLE, reasons=tuple(trace))
    if not case.comparable:
        trace.append(reason("PER-2.5", "NOT_COMPARABLE"))
        return replace(start, reasons=tuple(trace), flags=("NOT_COMPARABLE",))
    measured = _known(case.current, case)
    if not measured:
        trace.append(reason("PER-2.7", "NO_CURRENT_MEASUREMENT"))
        return replace(start, reasons=tuple(trace))
    current_id, c = hottest(measured)
    trace.append(reason("PER-2.6", "CURRENT_TARGET", lesion=current_id, sul_peak=c))
    nadir = nadir_visit(case, rules)
    r = b if nadir is None else hottest(_known(case.earlier[nadir] or {}, case))[1]
    trace.append(_reference_reason(r, nadir, rules))
    if nadir is not None and not case.nadir_comparable:
        trace.append(reason("PER-2.5", "NADIR_NOT_COMPARABLE"))
        return replace(start, reasons=tuple(trace), flags=("NOT_COMPARABLE",))
    liver = None if case.liver_mean is None else exact(case.liver_mean)
    limits = TargetLimits(exact(b), exact(r), liver, case.resolved, rules)
    category = limits.category(exact(c))
    missing = sorted({*case.missing, *(case.baseline.keys() - case.current.keys())})
    if missing and category is not MetabolicCategory.PMD:
        # The measured part alone can only prove progression.
        trace.append(reason("PER-2.7", "LESIONS_OUTSIDE_SCAN", lesions=", ".join(missing)))
        flags = tuple(f"LESION_OUTSIDE_SCAN {name}" for name in missing)
        return replace(start, reasons=tuple(trace), flags=flags)
    return replace(
        start,
        category=category,
        target_id=current_id,
        sul_peak_g_per_ml=c,
        reference_sul_peak_g_per_ml=r,
        change_from_baseline_fraction=_fraction(c, b),
        change_from_baseline_abs=float(exact(c) - exact(b)),
        change_from_reference_fraction=_fraction(c, r),
        change_from_reference_abs=float(exact(c) - exact(r)),
        margins=target_margins(limits, exact(c)),
        reasons=(*trace, *_steps(limits, c)),
        flags=_flags(limits, exact(c)),
    )


def _known(lesions: Mapping[str, float], case: TargetCase) -> Mapping[str, float]:
    return {name: peak for name, peak in lesions.items() if name in case.baseline}


def _reference_reason(r: float, nadir: int | None, rules: PercistRules) -> Reason:
    if rules.progression_reference is ProgressionReference.BASELINE:
        return reason("PER-2.7-REF", "REFERENCE_BASELINE", sul_peak=r)
    if nadir is None:
        return reason("PER-2.7-REF", "REFERENCE_NADIR_IS_BASELINE", sul_peak=r)
    return reason("PER-2.7-REF", "REFERENCE_NADIR", sul_peak=r, visit=nadir + 1)


def _steps(limits: TargetLimits, c: float) -> list[Reason]:
    """The trace of `TargetLimits.category`: every test up to the one that decided."""
    steps: list[Reason] = []
    now = exact(c)
    below_liver = limits.is_below_liver(now)
    if limits.liver_mean is not None:
        code = "BELOW_LIVER" if below_liver else "NOT_BELOW_LIVER"
        liver = float(limits.liver_mean)
        steps.append(reason("PER-2.7-CMR", code, sul_peak=c, liver_mean=liver))
    if below_liver and limits.resolved:
        return [*steps, reason("PER-2.7-CMR", "RESOLVED_BY_READER")]
    rise = _changes(limits, c, limits.reference, 1)
    strict = not limits.rules.pmd_inclusive
    if limits.rises(now):
        if not below_liver:
            code = "RISE_EXCEEDS_LIMITS" if strict else "RISE_REACHES_LIMITS"
            return [*steps, reason("PER-2.7-PMD", code, **rise)]
        steps.append(reason("PER-2.7-GUARD", "RISE_BELOW_LIVER", **rise))
    else:
        code = "RISE_NOT_ABOVE_LIMITS" if strict else "RISE_WITHIN_LIMITS"
        steps.append(reason("PER-2.7-PMD", code, **rise))
    fall = _changes(limits, c, limits.baseline, -1)
    strict = not limits.rules.pmr_inclusive
    if limits.falls(now):
        code = "FALL_EXCEEDS_LIMITS" if strict else "FALL_REACHES_LIMITS"
        return [*steps, reason("PER-2.7-PMR", code, **fall)]
    code = "FALL_NOT_BEYOND_LIMITS" if strict else "FALL_WITHIN_LIMITS"
    steps.append(reason("PER-2.7-PMR", code, **fall))
    return [*steps, reason("PER-2.7-SMD", "NEITHER")]


def _flags(limits: TargetLimits, c: Fraction) -> tuple[str, ...]:
    if not limits.is_below_liver(c) or limits.resolved:
        return ()
    guarded = ("PMD_GUARDED_BELOW_LIVER",) if limits.rises(c) else ()
    return ("CMR_NEEDS_READER", *guarded)


def _changes(
    limits: TargetLimits, c: float, reference: Fraction, sign: int
) -> dict[str, float | None]:
    """The compared values of a rise (sign +1) or fall (-1), with the limits they must reach."""
    return {
        "sul_peak": c,
        "reference": float(reference),
        "change_abs": float(exact(c) - reference),
        "change_fraction": _fraction(c, float(reference)),
        "limit_abs": sign * limits.rules.min_abs_sul_g_per_ml,
        "limit_fraction": sign * limits.rules.response_fraction,
    }


def _fraction(value: float, reference: float) -> float | None:
    # N4: a reference of 0 gives no percentage, never infinity.
    base = exact(reference)
    return None if base == 0 else float((exact(value) - base) / base)
