"""After an overall CMR: what a resolved site must show to be progression (spec 2.7, 2.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.criteria.percist.rules import PercistRules
from app.criteria.percist.target import JudgedTarget, hottest, unjudged
from app.criteria.percist.target_trace import fraction_of
from app.domain.exact import at_least, exact
from app.domain.response import Margin, MetabolicCategory, Reason, TargetResponse, reason

RECURRENT = "RECURRENT_AFTER_CMR"


@dataclass(frozen=True, slots=True)
class RecurrenceCase:
    """SULpeaks (g/mL) at sites of baseline lesions, the visit after an overall CMR.

    `threshold` is that of the current scan. `typical` is the reader's word on the uptake of a
    site: typical of cancer or not; a site without one is not judged yet. `reference_sul_peak` is
    the nadir's (or the baseline's), from which a rise is told.
    """

    baseline: Mapping[str, float]
    current: Mapping[str, float]
    threshold: float | None
    typical: Mapping[str, bool] = field(default_factory=dict)
    comparable: bool = True
    missing: Sequence[str] = ()
    reference_sul_peak: float | None = None


def judge_recurrence(case: RecurrenceCase, rules: PercistRules) -> JudgedTarget:
    """PMD where a site typical of cancer reaches the threshold of this scan, else CMR stands.

    The target arithmetic is not used. Progression needs no comparison with another scan; that
    CMR stands does, and asks for every site.
    """
    baseline_id, b = hottest(case.baseline)
    start = TargetResponse(
        MetabolicCategory.CMR,
        rules.name,
        baseline_target_id=baseline_id,
        baseline_sul_peak_g_per_ml=b,
    )
    measured = {name: peak for name, peak in case.current.items() if name in case.baseline}
    trace = [reason("PER-2.8-RECURRENCE", "AFTER_COMPLETE_RESPONSE")]
    flags: list[str] = []
    recurrent: dict[str, float] = {}
    for name in sorted(measured):
        step, flag = _site(name, measured[name], case, rules)
        trace += [] if step is None else [step]
        flags += [] if flag is None else [f"{flag} {name}"]
        if flag == RECURRENT:
            recurrent[name] = measured[name]
    missing = sorted({*case.missing, *(case.baseline.keys() - measured.keys())})
    if not recurrent:
        if not case.comparable:
            trace.append(reason("PER-2.5", "NOT_COMPARABLE"))
            return unjudged(start, trace, "NOT_COMPARABLE", *flags)
        if missing:
            trace.append(reason("PER-2.7", "LESIONS_OUTSIDE_SCAN", lesions=", ".join(missing)))
            outside = [f"LESION_OUTSIDE_SCAN {name}" for name in missing]
            return unjudged(start, trace, *outside, *flags)
        trace.append(reason("PER-2.8-RECURRENCE", "COMPLETE_RESPONSE_STANDS"))
    current_id, c = hottest(recurrent or measured)
    now, before, reference = exact(c), exact(b), case.reference_sul_peak
    r = None if reference is None else exact(reference)
    return JudgedTarget(
        replace(
            start,
            category=MetabolicCategory.PMD if recurrent else MetabolicCategory.CMR,
            target_id=current_id,
            sul_peak_g_per_ml=c,
            reference_sul_peak_g_per_ml=reference,
            change_from_baseline_fraction=fraction_of(now, before),
            change_from_baseline_abs=float(now - before),
            change_from_reference_fraction=None if r is None else fraction_of(now, r),
            change_from_reference_abs=None if r is None else float(now - r),
            margins=_margins(case, measured, bool(recurrent), rules),
            reasons=tuple(trace),
            flags=tuple(flags),
        )
    )


def _site(
    name: str, peak: float, case: RecurrenceCase, rules: PercistRules
) -> tuple[Reason | None, str | None]:
    """The trace of one site and its flag, None where there is nothing to tell."""
    typical = case.typical.get(name)
    if case.threshold is None:
        return None, "RECURRENCE_WITHOUT_THRESHOLD" if typical else None
    hot = at_least(exact(peak), exact(case.threshold), rules.threshold_inclusive)
    if hot:
        code = {True: "SITE_TYPICAL_OF_CANCER", False: "SITE_NOT_TYPICAL", None: "SITE_NOT_JUDGED"}
        flag = {True: RECURRENT, False: None, None: "RECURRENCE_NEEDS_READER"}
    else:
        code = {True: "SITE_TYPICAL_BELOW_THRESHOLD"}
        flag = {True: "RECURRENCE_BELOW_THRESHOLD"}
    if typical not in code:
        return None, None
    step = reason(
        "PER-2.8-RECURRENCE", code[typical], lesion=name, sul_peak=peak, threshold=case.threshold
    )
    return step, flag[typical]


def _margins(
    case: RecurrenceCase, measured: Mapping[str, float], recurrent: bool, rules: PercistRules
) -> tuple[Margin, ...]:
    """The distance of the hottest site typical of cancer from the threshold."""
    typical = [measured[name] for name, word in case.typical.items() if word and name in measured]
    if case.threshold is None or not typical:
        return ()
    other = MetabolicCategory.CMR if recurrent else MetabolicCategory.PMD
    difference = float(exact(case.threshold) - exact(max(typical)))
    inclusive = rules.threshold_inclusive is not recurrent
    return (Margin(other, case.threshold, difference, inclusive),)
