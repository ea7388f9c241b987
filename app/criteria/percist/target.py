"""The target component of PERCIST at one follow-up (spec 2.6, 2.7), one-lesion form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.criteria.percist.margin import (
    Surroundings,
    only_progression_counts,
    surroundings,
    target_margins,
)
from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.target_limits import TargetLimits
from app.criteria.percist.target_trace import flags, fraction_of, reference_reason, steps
from app.domain.exact import at_least, difference, exact
from app.domain.reference import ReferenceRegionKind
from app.domain.response import MetabolicCategory, Reason, TargetResponse, reason


@dataclass(frozen=True, slots=True)
class TargetCase:
    """What the target rules look at: SULpeak (g/mL) of the lesions that existed at baseline.

    `earlier` holds the follow-ups between baseline and now, oldest first; None is a visit whose
    quantitative component was not evaluable. `liver_mean` is the current reference mean (or the
    blood pool's where that is the fallback, told by `reference_kind`). `comparable` is the
    verdict of the card against the baseline, `nadir_comparable` that against the visit named by
    `nadir_visit`. `resolved` is the reader's tick "resolved to background"; an automatic draft
    never sets it. `missing` names baseline lesions whose place the current scan does not cover;
    a baseline lesion without a current value counts as missing too: the hottest could be among
    them.
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
    reference_kind: ReferenceRegionKind = ReferenceRegionKind.LIVER


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target response and, where a number decided, the categories around that number."""

    response: TargetResponse
    around: Surroundings | None = None


def hottest(lesions: Mapping[str, float]) -> tuple[str, float]:
    """The lesion with the highest SULpeak; equal peaks go to the smaller id, so order is free.

    Raises ValueError where there is no lesion.
    """
    name = min(lesions, key=lambda key: (-lesions[key], key))
    return name, lesions[name]


def nadir_visit(case: TargetCase, rules: PercistRules) -> int | None:
    """The place in `case.earlier` of the scan a rise is measured from, or None for the baseline.

    The nadir is the earliest scan with the lowest hottest SULpeak; scans that were not evaluable
    are skipped, lesions that did not exist at baseline do not count. Source: spec 2.7.
    """
    if rules.progression_reference is ProgressionReference.BASELINE:
        return None
    lowest = max(case.baseline.values())
    place = None
    for number, visit in enumerate(case.earlier):
        known = [peak for name, peak in (visit or {}).items() if name in case.baseline]
        if known and max(known) < lowest:
            lowest, place = max(known), number
    return place


def target_response(case: TargetCase, rules: PercistRules) -> TargetResponse:
    """The target category with changes, margins and trace; SUL in g/mL, changes as fractions.

    Tests run in the order CMR, PMD (unless the focus is below the liver), PMR, SMD. Never raises
    for missing data: what cannot be judged is NE or NOT_MEASURABLE with its reason. A lesion that
    is not of the baseline is never the target (spec 2.6).
    """
    return judge_target(case, rules).response


def judge_target(case: TargetCase, rules: PercistRules, explain: bool = True) -> JudgedTarget:
    """As `target_response`; without `explain` the trace ends at the reference, no margins."""
    nadir = nadir_visit(case, rules) if case.baseline else None
    return judge_against(case, nadir, rules, explain)


def judge_against(
    case: TargetCase, nadir: int | None, rules: PercistRules, explain: bool = True
) -> JudgedTarget:
    """As `judge_target` where the `nadir_visit` is known already."""
    if not case.baseline:
        why = reason("PER-2.9", "NO_BASELINE_LESION")
        return JudgedTarget(
            TargetResponse(MetabolicCategory.NOT_MEASURABLE, rules.name, reasons=(why,))
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
            return unjudged(start, trace, category=MetabolicCategory.NOT_MEASURABLE)
    if not case.comparable:
        trace.append(reason("PER-2.5", "NOT_COMPARABLE"))
        return unjudged(start, trace, "NOT_COMPARABLE")
    measured = _known(case.current, case)
    if not measured:
        trace.append(reason("PER-2.7", "NO_CURRENT_MEASUREMENT"))
        return unjudged(start, trace)
    current_id, c = hottest(measured)
    trace.append(reason("PER-2.6", "CURRENT_TARGET", lesion=current_id, sul_peak=c))
    r = b if nadir is None else hottest(_known(case.earlier[nadir] or {}, case))[1]
    trace.append(reference_reason(r, nadir, rules))
    if nadir is not None and not case.nadir_comparable:
        trace.append(reason("PER-2.5", "NADIR_NOT_COMPARABLE"))
        return unjudged(start, trace, "NOT_COMPARABLE")
    liver = None if case.liver_mean is None else exact(case.liver_mean)
    limits = TargetLimits(exact(b), exact(r), liver, case.resolved, rules)
    now = exact(c)
    category = limits.category(now)
    missing = sorted({*case.missing, *(case.baseline.keys() - case.current.keys())})
    if missing and category is not MetabolicCategory.PMD:
        # The measured part alone can only prove progression.
        trace.append(reason("PER-2.7", "LESIONS_OUTSIDE_SCAN", lesions=", ".join(missing)))
        return unjudged(start, trace, *(f"LESION_OUTSIDE_SCAN {name}" for name in missing))
    around = surroundings(limits, now) if explain else None
    if around is not None and missing:
        around = only_progression_counts(around)
    if explain:
        trace += steps(limits, c, case.reference_kind)
    return JudgedTarget(
        TargetResponse(
            category,
            rules.name,
            target_id=current_id,
            sul_peak_g_per_ml=c,
            baseline_sul_peak_g_per_ml=b,
            baseline_target_id=baseline_id,
            reference_sul_peak_g_per_ml=r,
            change_from_baseline_fraction=fraction_of(now, limits.baseline),
            change_from_baseline_abs=difference(now, limits.baseline),
            change_from_reference_fraction=fraction_of(now, limits.reference),
            change_from_reference_abs=difference(now, limits.reference),
            margins=() if around is None else target_margins(around),
            reasons=tuple(trace),
            flags=flags(limits, now),
        ),
        around,
    )


def unjudged(
    start: TargetResponse,
    trace: Sequence[Reason],
    *flagged: str,
    category: MetabolicCategory = MetabolicCategory.NE,
) -> JudgedTarget:
    """A component that no number decides, with the trace that tells why."""
    return JudgedTarget(replace(start, category=category, reasons=tuple(trace), flags=flagged))


def _known(lesions: Mapping[str, float], case: TargetCase) -> Mapping[str, float]:
    return {name: peak for name, peak in lesions.items() if name in case.baseline}
