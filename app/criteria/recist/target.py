"""The target component of RECIST 1.1 at one follow-up (spec 3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.criteria.recist.booking import Booked
from app.criteria.recist.length import exact_sum, share_of, tied_from
from app.criteria.recist.margin import complete_margins, sum_margins
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.sum_limits import SumLimits
from app.domain.exact import TIE, difference, is_less, nearest
from app.domain.recist import RecistCategory
from app.domain.recist_response import Contribution, RecistMargin, TargetComponent
from app.domain.response import Reason, reason


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """What earlier visits leave behind: sums in mm, and whether there was a response.

    `nadir` is the smallest sum of a fully assessed visit, the baseline included; `nadir_visit`
    is None where that is the baseline. `responded` and `complete` tell of an earlier PR or CR
    of the target since the last progression.
    """

    baseline: Fraction
    nadir: Fraction
    nadir_visit: str | None = None
    responded: bool = False
    complete: bool = False

    @staticmethod
    def start(baseline: Fraction) -> "TargetHistory":
        """The history before the first follow-up."""
        return TargetHistory(baseline, baseline)

    def after(
        self, visit_id: str, booked: Sequence[Booked], now: RecistCategory
    ) -> "TargetHistory":
        """The history with one more visit; an incomplete sum never becomes the nadir."""
        if now is RecistCategory.PD:
            responded, complete = False, False
        else:
            responded = self.responded or now in (RecistCategory.PR, RecistCategory.CR)
            complete = self.complete or now is RecistCategory.CR
        values = [item.value for item in booked if item.value is not None]
        sum_now = exact_sum(values)
        if len(values) < len(booked) or not is_less(sum_now, self.nadir):
            return TargetHistory(self.baseline, self.nadir, self.nadir_visit, responded, complete)
        return TargetHistory(self.baseline, sum_now, visit_id, responded, complete)


def target_component(
    booked: Sequence[Booked],
    history: TargetHistory,
    rules: RecistRules,
    steps: tuple[Reason, ...] = (),
) -> TargetComponent:
    """The target category with sums, margins and trace; lengths in mm, changes as fractions.

    Tests run in the order CR, PD, PR, SD. With a target missing it is NE, unless the part that
    was measured reaches the limits of PD against the nadir of complete visits by itself: what is
    missing can only add to the sum. `steps` (of `book_targets`) open the trace.
    """
    values = [item.value for item in booked if item.value is not None]
    total = exact_sum(values)
    missing = tuple(item.lesion_id for item in booked if item.value is None)
    held = rules.pr_carry_forward and history.responded
    limits = SumLimits(history.baseline, history.nadir, held, rules)
    trace = [*steps, _nadir_reason(history)]
    if missing:
        return _with_missing(booked, missing, total, limits, history, trace)
    margins: tuple[RecistMargin, ...]
    flags: tuple[str, ...] = ()
    if is_complete(booked, rules):
        category = RecistCategory.CR
        margins = complete_margins(limits, booked)
        nodes = total.numerator > 0
        trace.append(
            reason("REC-3.5-CR", "ALL_TARGETS_GONE_OR_NORMAL", sum=nearest(total))
            if nodes
            else reason("REC-3.5-CR", "ALL_TARGETS_GONE")
        )
        if is_less(history.nadir, total):
            flags = ("NORMAL_NODE_GROWTH",)
            trace.append(reason("REC-3.5-CR", "NODES_GREW_WITHIN_NORMAL", **_rise(total, limits)))
    else:
        category = limits.category(total)
        margins = sum_margins(limits, total)
        trace += _sum_steps(total, limits, category)
        regrown = regrown_nodes(booked, rules) if history.complete else ()
        if regrown:
            flags = ("POST_CR_NODE_REGROWTH",)
            names = ", ".join(regrown)
            trace.append(reason("REC-3.5-REGROWTH", "NODE_REGREW_AFTER_CR", lesions=names))
    return _component(booked, history, total, category, margins, tuple(trace), flags)


def is_complete(booked: Sequence[Booked], rules: RecistRules) -> bool:
    """Whether every non-nodal target is gone and every node below 10 mm (strict)."""
    return all(not _is_disease(item, rules) for item in booked)


def disease_left(booked: Sequence[Booked], rules: RecistRules) -> tuple[Booked, ...]:
    """The assessed targets that still are disease: non-nodal ones of any size, nodes from 10 mm."""
    return tuple(item for item in booked if item.value is not None and _is_disease(item, rules))


def regrown_nodes(booked: Sequence[Booked], rules: RecistRules) -> tuple[str, ...]:
    """The nodes among the targets that are 10 mm or more."""
    return tuple(item.lesion_id for item in disease_left(booked, rules) if item.nodal)


def _is_disease(item: Booked, rules: RecistRules) -> bool:
    if item.value is None:
        return True
    # A tie with 10 mm is not below it, a tie with 0 is gone (N2).
    if item.nodal:
        return not is_less(item.value, tied_from(rules.node_normal_below_mm))
    return is_less(TIE, item.value)


def _with_missing(
    booked: Sequence[Booked],
    missing: tuple[str, ...],
    measured: Fraction,
    limits: SumLimits,
    history: TargetHistory,
    trace: list[Reason],
) -> TargetComponent:
    progresses = limits.progresses(measured)
    names = ", ".join(missing)
    code = "MEASURED_PART_PROVES_PROGRESSION" if progresses else "TARGETS_MISSING"
    trace.append(reason("REC-3.5-NE", code, lesions=names, **_rise(measured, limits)))
    category = RecistCategory.PD if progresses else RecistCategory.NE
    flags = tuple(f"TARGET_MISSING {name}" for name in missing)
    return _component(booked, history, measured, category, (), tuple(trace), flags, missing)


def _component(
    booked: Sequence[Booked],
    history: TargetHistory,
    measured: Fraction,
    category: RecistCategory,
    margins: tuple[RecistMargin, ...],
    reasons: tuple[Reason, ...],
    flags: tuple[str, ...],
    missing: tuple[str, ...] = (),
) -> TargetComponent:
    """The record; with a target missing there is no sum, and no change of one."""
    sum_mm = nearest(measured)
    nadir = history.nadir
    return TargetComponent(
        category=category,
        baseline_sum_mm=nearest(history.baseline),
        nadir_sum_mm=nearest(nadir),
        nadir_visit=history.nadir_visit,
        sum_mm=None if missing else sum_mm,
        measured_sum_mm=sum_mm,
        change_from_baseline_fraction=None if missing else share_of(measured, history.baseline),
        change_from_nadir_fraction=None if missing else share_of(measured, nadir),
        change_from_nadir_mm=None if missing else difference(measured, nadir),
        contributions=tuple(_contribution(item) for item in booked),
        missing=missing,
        margins=margins,
        reasons=reasons,
        flags=flags,
    )


def _contribution(item: Booked) -> Contribution:
    value = None if item.value is None else nearest(item.value)
    return Contribution(item.lesion_id, item.nodal, item.state.value, value, item.booked_on)


def _nadir_reason(history: TargetHistory) -> Reason:
    total = nearest(history.nadir)
    if history.nadir_visit is None:
        return reason("REC-3.5-NADIR", "SUM_NADIR_IS_BASELINE", sum=total)
    return reason("REC-3.5-NADIR", "SUM_NADIR", sum=total, visit=history.nadir_visit)


def _sum_steps(total: Fraction, limits: SumLimits, category: RecistCategory) -> list[Reason]:
    """The trace of `SumLimits.category`: every test up to the one that decided."""
    rise = _rise(total, limits)
    if category is RecistCategory.PD:
        return [reason("REC-3.5-PD", "SUM_RISE_REACHES_LIMITS", **rise)]
    steps = [reason("REC-3.5-PD", "SUM_RISE_WITHIN_LIMITS", **rise)]
    fall = {
        "sum": nearest(total),
        "reference": nearest(limits.baseline),
        "change_fraction": share_of(total, limits.baseline),
        "limit_fraction": -limits.rules.pr_fraction,
    }
    if limits.responds(total):
        return [*steps, reason("REC-3.5-PR", "SUM_FALL_REACHES_LIMIT", **fall)]
    steps.append(reason("REC-3.5-PR", "SUM_FALL_WITHIN_LIMIT", **fall))
    if category is RecistCategory.PR:
        return [*steps, reason("REC-3.5-CARRY", "RESPONSE_CARRIED_FORWARD")]
    return [*steps, reason("REC-3.5-SD", "SUM_NEITHER")]


def _rise(total: Fraction, limits: SumLimits) -> dict[str, float | None]:
    return {
        "sum": nearest(total),
        "reference": nearest(limits.nadir),
        "change_mm": difference(total, limits.nadir),
        "change_fraction": share_of(total, limits.nadir),
        "limit_mm": limits.rules.pd_min_mm,
        "limit_fraction": limits.rules.pd_fraction,
    }
