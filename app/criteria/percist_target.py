"""The target component of PERCIST at one follow-up (spec 2.6, 2.7), one-lesion form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.criteria.margin import target_margins
from app.criteria.rules import PercistRules, ProgressionReference
from app.domain.exact import at_least, at_most, exact
from app.domain.response import MetabolicCategory, Reason, TargetResponse, reason


@dataclass(frozen=True, slots=True)
class TargetCase:
    """What the target rules look at: SULpeak (g/mL) of the lesions that existed at baseline.

    `earlier` holds the follow-ups between baseline and now, oldest first; None is a visit whose
    quantitative component was not evaluable. `liver_mean` is the current reference mean (or the
    blood pool's where that is the fallback). `resolved` is the reader's tick "resolved to
    background"; an automatic draft never sets it. `missing` names baseline lesions whose place
    the current scan does not cover: the hottest could be among them.
    """

    baseline: Mapping[str, float]
    current: Mapping[str, float]
    earlier: Sequence[Mapping[str, float] | None] = ()
    liver_mean: float | None = None
    baseline_threshold: float | None = None
    comparable: bool = True
    resolved: bool = False
    missing: Sequence[str] = ()


def hottest(lesions: Mapping[str, float]) -> tuple[str, float]:
    """The lesion with the highest SULpeak; equal peaks go to the smaller id, so order is free."""
    name = min(lesions, key=lambda key: (-exact(lesions[key]), key))
    return name, lesions[name]


def target_response(case: TargetCase, rules: PercistRules) -> TargetResponse:
    """The target category with changes, margins and trace.

    Tests run in the order CMR, PMD (unless the focus is below the liver), PMR, SMD. Never raises
    for missing data: what cannot be judged is NE or NOT_MEASURABLE with its reason.
    """
    if not case.baseline:
        return _without_category(
            rules, MetabolicCategory.NOT_MEASURABLE, reason("PER-2.9", "NO_BASELINE_LESION")
        )
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
    if not case.current:
        trace.append(reason("PER-2.7", "NO_CURRENT_MEASUREMENT"))
        return replace(start, reasons=tuple(trace))
    current_id, c = hottest(case.current)
    trace.append(reason("PER-2.6", "CURRENT_TARGET", lesion=current_id, sul_peak=c))
    r = _progression_reference(case, b, rules)
    trace.append(reason("PER-2.7-REF", f"REFERENCE_{rules.progression_reference.name}", sul_peak=r))
    if case.missing and not progresses(b=r, c=c, rules=rules):
        # The measured part alone could only prove progression.
        trace.append(reason("PER-2.7", "LESIONS_OUTSIDE_SCAN", lesions=", ".join(case.missing)))
        return replace(start, reasons=tuple(trace), flags=("LESION_OUTSIDE_SCAN",))
    category, steps, flags = _category(case, b, c, r, rules)
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
        margins=target_margins(category, b, c, r, case.liver_mean, rules),
        reasons=(*trace, *steps),
        flags=flags,
    )


def _category(
    case: TargetCase, b: float, c: float, r: float, rules: PercistRules
) -> tuple[MetabolicCategory, list[Reason], tuple[str, ...]]:
    steps: list[Reason] = []
    flags: list[str] = []
    liver = case.liver_mean
    below_liver = liver is not None and at_most(exact(c), exact(liver), inclusive=False)
    if liver is not None:
        code = "BELOW_LIVER" if below_liver else "NOT_BELOW_LIVER"
        steps.append(reason("PER-2.7-CMR", code, sul_peak=c, liver_mean=liver))
    if below_liver and case.resolved:
        steps.append(reason("PER-2.7-CMR", "RESOLVED_BY_READER"))
        return MetabolicCategory.CMR, steps, ()
    if below_liver:
        flags.append("CMR_NEEDS_READER")
    rise = _changes(c, r)
    if progresses(b=r, c=c, rules=rules):
        if not below_liver:
            steps.append(reason("PER-2.7-PMD", "RISE_REACHES_LIMITS", **rise))
            return MetabolicCategory.PMD, steps, tuple(flags)
        steps.append(reason("PER-2.7-GUARD", "RISE_BELOW_LIVER", **rise))
        flags.append("PMD_GUARDED_BELOW_LIVER")
    else:
        steps.append(reason("PER-2.7-PMD", "RISE_WITHIN_LIMITS", **rise))
    fall = _changes(c, b)
    if responds(b=b, c=c, rules=rules):
        steps.append(reason("PER-2.7-PMR", "FALL_REACHES_LIMITS", **fall))
        return MetabolicCategory.PMR, steps, tuple(flags)
    steps.append(reason("PER-2.7-PMR", "FALL_WITHIN_LIMITS", **fall))
    steps.append(reason("PER-2.7-SMD", "NEITHER"))
    return MetabolicCategory.SMD, steps, tuple(flags)


def responds(*, b: float, c: float, rules: PercistRules) -> bool:
    """Whether a fall from b to c reaches both limits of PMR (30 % and 0.8 SUL)."""
    fall = exact(b) - exact(c)
    share = exact(rules.response_fraction) * exact(b)
    absolute = exact(rules.min_abs_sul_g_per_ml)
    return at_least(fall, share, rules.pmr_inclusive) and at_least(
        fall, absolute, rules.pmr_inclusive
    )


def progresses(*, b: float, c: float, rules: PercistRules) -> bool:
    """Whether a rise from b to c reaches both limits of PMD (30 % and 0.8 SUL)."""
    rise = exact(c) - exact(b)
    share = exact(rules.response_fraction) * exact(b)
    absolute = exact(rules.min_abs_sul_g_per_ml)
    return at_least(rise, share, rules.pmd_inclusive) and at_least(
        rise, absolute, rules.pmd_inclusive
    )


def _progression_reference(case: TargetCase, b: float, rules: PercistRules) -> float:
    if rules.progression_reference is ProgressionReference.BASELINE:
        return b
    earlier = [hottest(visit)[1] for visit in case.earlier if visit]
    return min([b, *earlier], key=exact)


def _changes(c: float, reference: float) -> dict[str, float | None]:
    return {
        "sul_peak": c,
        "reference": reference,
        "change_abs": float(exact(c) - exact(reference)),
        "change_fraction": _fraction(c, reference),
    }


def _fraction(value: float, reference: float) -> float | None:
    # N4: a reference of 0 gives no percentage, never infinity.
    base: Fraction = exact(reference)
    return None if base == 0 else float((exact(value) - base) / base)


def _without_category(
    rules: PercistRules, category: MetabolicCategory, why: Reason
) -> TargetResponse:
    return TargetResponse(category, rules.name, reasons=(why,))
