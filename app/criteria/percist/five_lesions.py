"""The target component of PERCIST at one follow-up (spec 2.6, 2.7), five-lesion form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from app.criteria.percist.margin import only_progression_counts, surroundings, target_margins
from app.criteria.percist.rules import FiveLesionMode, PercistRules, ProgressionReference
from app.criteria.percist.selection import hottest_five
from app.criteria.percist.target import JudgedTarget, unjudged
from app.criteria.percist.target_limits import TargetLimits
from app.criteria.percist.target_trace import (
    changes,
    fall_reasons,
    fraction_of,
    reference_reason,
    rise_reason,
)
from app.domain.exact import at_most, difference, exact, is_less, nearest
from app.domain.response import MetabolicCategory, Reason, TargetResponse, reason


@dataclass(frozen=True, slots=True)
class FiveCase:
    """As `TargetCase`, with the lesions `five` chosen at baseline and the ticks per lesion.

    `baseline` holds every lesion that may be summed: where the five hottest of each scan are
    taken, they are chosen among these by SULpeak and `sites`.
    """

    five: Sequence[str]
    baseline: Mapping[str, float]
    current: Mapping[str, float]
    earlier: Sequence[Mapping[str, float] | None] = ()
    liver_mean: float | None = None
    comparable: bool = True
    nadir_comparable: bool = True
    resolved: frozenset[str] = frozenset()
    missing: Sequence[str] = ()
    sites: Mapping[str, str] = field(default_factory=dict)


def nadir_visit_of_five(case: FiveCase, rules: PercistRules) -> int | None:
    """The place in `case.earlier` of the scan with the lowest sum, or None for the baseline.

    A scan on which one of the lesions was not measured has no sum and is passed over.
    """
    if rules.progression_reference is ProgressionReference.BASELINE or not case.five:
        return None
    lowest = _sum(case.baseline, case.five)
    place = None
    needed = _needed(case, rules)
    for number, visit in enumerate(case.earlier):
        if visit is None or not needed <= visit.keys():
            continue
        total = _sum(visit, _summed(case, visit, rules))
        if is_less(total, lowest):
            lowest, place = total, number
    return place


def judge_five(case: FiveCase, rules: PercistRules, explain: bool = True) -> JudgedTarget:
    """The category of the sum of SULpeak over up to five lesions; g/mL, changes as fractions.

    Both limits apply to the sum. CMR needs each of the five below the liver and ticked. The guard
    works per lesion: one below the liver counts for a rise with no more than it had at the
    reference scan. Without `explain` there are no margins and the trace is short.
    """
    return judge_five_against(case, nadir_visit_of_five(case, rules), rules, explain)


def judge_five_against(
    case: FiveCase, nadir: int | None, rules: PercistRules, explain: bool = True
) -> JudgedTarget:
    """As `judge_five` where the `nadir_visit_of_five` is known already."""
    if not case.five:
        why = reason("PER-2.9", "NO_BASELINE_LESION")
        return JudgedTarget(
            TargetResponse(MetabolicCategory.NOT_MEASURABLE, rules.name, reasons=(why,))
        )
    b = _sum(case.baseline, case.five)
    names = ", ".join(case.five)
    trace = [reason("PER-2.6-FIVE", "FIVE_AT_BASELINE", lesions=names, sul_peak=nearest(b))]
    start = TargetResponse(
        MetabolicCategory.NE,
        rules.name,
        baseline_sul_peak_g_per_ml=nearest(b),
        summed=tuple(case.five),
    )
    if not case.comparable:
        trace.append(reason("PER-2.5", "NOT_COMPARABLE"))
        return unjudged(start, trace, "NOT_COMPARABLE")
    measured = {name: peak for name, peak in case.current.items() if name in case.baseline}
    summed = [name for name in _summed(case, measured, rules) if name in measured]
    if not summed:
        trace.append(reason("PER-2.7", "NO_CURRENT_MEASUREMENT"))
        return unjudged(start, trace)
    at_reference = case.baseline if nadir is None else case.earlier[nadir] or {}
    r = b if nadir is None else _sum(at_reference, _summed(case, at_reference, rules))
    c = _sum(measured, summed)
    trace.append(reason("PER-2.6-FIVE", "FIVE_NOW", lesions=", ".join(summed), sul_peak=nearest(c)))
    trace.append(reference_reason(nearest(r), nadir, rules))
    if nadir is not None and not case.nadir_comparable:
        trace.append(reason("PER-2.5", "NADIR_NOT_COMPARABLE"))
        return unjudged(start, trace, "NOT_COMPARABLE")
    below = _below_liver(case.liver_mean, measured, summed)
    guarded = c
    for name in below:
        guarded -= max(exact(measured[name]) - exact(at_reference[name]), Fraction(0))
    limits = TargetLimits(b, r, None, False, rules)
    missing = sorted({*case.missing, *(case.baseline.keys() - measured.keys())})
    missing = [name for name in missing if name in _needed(case, rules)]
    category = _category(limits, c, guarded, complete=_is_resolved(case, summed, below))
    if missing and category is not MetabolicCategory.PMD:
        # What is measured is the least the sum can be: it alone can only prove progression.
        trace.append(reason("PER-2.7", "LESIONS_OUTSIDE_SCAN", lesions=", ".join(missing)))
        return unjudged(start, trace, *(f"LESION_OUTSIDE_SCAN {name}" for name in missing))
    plain = explain and guarded == c and category is not MetabolicCategory.CMR
    around = surroundings(limits, c) if plain else None
    if around is not None and missing:
        around = only_progression_counts(around)
    if explain:
        trace += _steps(limits, c, guarded, category)
    return JudgedTarget(
        TargetResponse(
            category,
            rules.name,
            sul_peak_g_per_ml=nearest(c),
            baseline_sul_peak_g_per_ml=nearest(b),
            reference_sul_peak_g_per_ml=nearest(r),
            change_from_baseline_fraction=fraction_of(c, b),
            change_from_baseline_abs=difference(c, b),
            change_from_reference_fraction=fraction_of(c, r),
            change_from_reference_abs=difference(c, r),
            margins=() if around is None else target_margins(around),
            reasons=tuple(trace),
            flags=_flags(limits, c, category, len(below) == len(summed)),
            summed=tuple(summed),
        ),
        around,
    )


def _category(
    limits: TargetLimits, c: Fraction, guarded: Fraction, complete: bool
) -> MetabolicCategory:
    if complete:
        return MetabolicCategory.CMR
    if limits.rises(guarded):
        return MetabolicCategory.PMD
    return MetabolicCategory.PMR if limits.falls(c) else MetabolicCategory.SMD


def _steps(
    limits: TargetLimits, c: Fraction, guarded: Fraction, category: MetabolicCategory
) -> list[Reason]:
    if category is MetabolicCategory.CMR:
        return [reason("PER-2.7-CMR", "ALL_RESOLVED_BY_READER")]
    rise = changes(guarded, limits.reference, limits.rules, 1)
    steps = []
    if guarded != c:
        steps.append(reason("PER-2.7-GUARD", "SUM_WITHOUT_RISES_BELOW_LIVER", **rise))
    steps.append(rise_reason(limits.rises(guarded), rise, limits.rules))
    if category is MetabolicCategory.PMD:
        return steps
    return [*steps, *fall_reasons(limits.falls(c), c, limits.baseline, limits.rules)]


def _flags(
    limits: TargetLimits, c: Fraction, category: MetabolicCategory, all_low: bool
) -> tuple[str, ...]:
    found = []
    if all_low and category is not MetabolicCategory.CMR:
        found.append("CMR_NEEDS_READER")
    if category in (MetabolicCategory.PMR, MetabolicCategory.SMD) and limits.rises(c):
        found.append("PMD_GUARDED_BELOW_LIVER")
    return tuple(found)


def _needed(case: FiveCase, rules: PercistRules) -> frozenset[str]:
    """The lesions without which a scan has no sum."""
    same = rules.percist5_mode is FiveLesionMode.SAME_LESIONS
    return frozenset(case.five if same else case.baseline)


def _summed(case: FiveCase, peaks: Mapping[str, float], rules: PercistRules) -> Sequence[str]:
    if rules.percist5_mode is FiveLesionMode.SAME_LESIONS:
        return case.five
    known = {name: peak for name, peak in peaks.items() if name in case.baseline}
    return hottest_five(known, case.sites)[0]


def _sum(peaks: Mapping[str, float], names: Sequence[str]) -> Fraction:
    return _total(tuple(peaks[name] for name in names))


@lru_cache(maxsize=1 << 14)  # the same scan is summed again at every later visit
def _total(peaks: tuple[float, ...]) -> Fraction:
    return sum(map(exact, peaks), Fraction(0))


def _below_liver(
    liver: float | None, peaks: Mapping[str, float], names: Sequence[str]
) -> frozenset[str]:
    if liver is None:
        return frozenset()
    mean = exact(liver)
    return frozenset(n for n in names if at_most(exact(peaks[n]), mean, inclusive=False))


def _is_resolved(case: FiveCase, summed: Sequence[str], below: frozenset[str]) -> bool:
    return all(name in below and name in case.resolved for name in summed)
