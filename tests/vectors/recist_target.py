"""Area `recist_target`: sums, follow-up values, measurability, selection (spec 3.1-3.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.criteria.recist.booking import ZERO, Booked, book_targets
from app.criteria.recist.course import recist_course
from app.criteria.recist.length import mm
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.target import TargetHistory, target_component
from app.domain.exact import exact
from app.domain.recist import (
    NonTargetFinding,
    NonTargetItem,
    NonTargetStatus,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.domain.recist_response import TargetComponent
from tests.vectors.recist_lesions import measurability_results, selection_result
from tests.vectors.recist_rules import rules_from
from tests.vectors.vector_file import Vector

VISIT_INTERVAL_DAYS = 91
BASELINE_DAY = date(2026, 1, 5)
STATES = {
    "absent": TargetState.ABSENT,
    "disappeared": TargetState.ABSENT,
    "gone": TargetState.ABSENT,
    "not_visible": TargetState.ABSENT,
    "too_small": TargetState.TOO_SMALL,
    "too_small_to_measure": TargetState.TOO_SMALL,
    "measured": TargetState.MEASURED,
    "present": TargetState.MEASURED,
    "not_assessed": TargetState.NOT_ASSESSED,
    "not_imaged": TargetState.NOT_ASSESSED,
    "missing": TargetState.NOT_ASSESSED,
}

STATE_KEYS = ("state", "status", "finding", "followup", "cur")
LENGTH_KEYS = (
    "actual_mm", "measured_mm", "diameter_mm", "ld_mm", "sa_mm", "cur_mm", "followup_mm",
)  # fmt: skip
TICKS = {
    "too_small": TargetState.TOO_SMALL,
    "too_small_to_measure": TargetState.TOO_SMALL,
    "disappeared": TargetState.ABSENT,
    "absent": TargetState.ABSENT,
    "gone": TargetState.ABSENT,
    "missing": TargetState.NOT_ASSESSED,
    "not_assessed": TargetState.NOT_ASSESSED,
    "not_visible": TargetState.ABSENT,
}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if "cases" in keys:
        return {"result": measurability_results(inputs["cases"], rules_from(inputs))}
    if "selected" in keys:
        return selection_result(inputs["selected"], rules_from(inputs))
    if {"baseline", "sums"} <= keys:
        return _sequence(inputs)
    if "measured" in keys or isinstance(inputs.get("missing"), list):
        return _with_missing(inputs)
    if {"base", "cur"} <= keys:
        return _sums(inputs)
    if "fragments_mm" in keys:
        return _contribution(
            TargetValue("L1", TargetState.SPLIT, fragments_mm=tuple(inputs["fragments_mm"])), inputs
        )
    if "merged_ld_mm" in keys:
        return _merged(inputs)
    if keys & {*STATE_KEYS, *LENGTH_KEYS, *TICKS, "present"}:
        return _contribution(_stated(inputs), inputs)
    raise AssertionError(f"unknown input shape of area recist_target: {sorted(keys)}")


def _sums(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    rules = rules_from(inputs)
    nodes = inputs.get("nodal_cur")
    history = TargetHistory.start(exact(inputs["base"]))
    for number, total in enumerate(inputs.get("prior") or (), start=1):
        booked = _earlier(total, nodes or (), rules)
        component = target_component(booked, history, rules)
        history = history.after(f"V{number}", booked, component.category)
    booked = _current(inputs["cur"], nodes, inputs.get("allgone"))
    found = _answers(target_component(booked, history, rules))
    return {**found, **_overall(inputs, booked, rules)}


def _overall(
    inputs: Mapping[str, Any], booked: Sequence[Booked], rules: RecistRules
) -> Mapping[str, Any]:
    """The overall response where the inputs tell of a definitive CR before the current visit."""
    if not inputs.get("definitive_cr"):
        return {}
    targets = tuple(
        TargetLesion(item.lesion_id, f"organ {n}", item.nodal, inputs["base"] if n == 0 else 20.0)
        for n, item in enumerate(booked)
    )
    gone = tuple(TargetValue(item.lesion_id, TargetState.ABSENT) for item in targets)
    now = tuple(
        TargetValue(item.lesion_id, TargetState.MEASURED, float(item.value))
        for item in booked
        if item.value is not None
    )
    visits = (
        RecistVisit("V1", BASELINE_DAY + timedelta(days=91), gone, definitive_cr=True),
        RecistVisit("V2", BASELINE_DAY + timedelta(days=182), now),
    )
    response = recist_course(RecistBaseline(BASELINE_DAY, targets), visits, rules).responses[-1]
    reasons = {item.code for item in response.reasons} | {f.split()[0] for f in response.flags}
    return {"overall": response.overall.value, "reason": reasons, "flags": reasons}


def _current(
    total: float | None, nodes: Sequence[float] | None, all_gone: bool | None
) -> list[Booked]:
    """The current targets: the nodes, and one non-nodal lesion for the rest of the sum."""
    if total is None:
        return [Booked("M1", False, TargetState.NOT_ASSESSED, None)]
    if all_gone and nodes is None:
        nodes = [total]  # nothing but nodes is left
    booked = [
        Booked(f"N{number}", True, TargetState.MEASURED, exact(axis))
        for number, axis in enumerate(nodes or (), start=1)
    ]
    rest = exact(total) - sum((item.value or ZERO for item in booked), ZERO)
    if all_gone is False and rest == 0 and booked:
        # Something non-nodal is left that the sum does not tell apart: a sliver of a node's share.
        rest = exact(1e-6)
        booked[0] = replace(booked[0], value=(booked[0].value or ZERO) - rest)
    if all_gone or rest < 0:
        rest = ZERO
    return [*booked, Booked("M1", False, TargetState.MEASURED, rest)]


def _earlier(total: float | None, nodes: Sequence[float], rules: RecistRules) -> list[Booked]:
    """An earlier visit of which only the sum is known: nodes alone, where they could be normal."""
    if total is None:
        return [Booked("M1", False, TargetState.NOT_ASSESSED, None)]
    value = exact(total)
    normal = bool(nodes) and value < mm(rules.node_normal_below_mm)
    return [Booked("N1" if normal else "M1", normal, TargetState.MEASURED, value)]


def _answers(component: TargetComponent) -> Mapping[str, Any]:
    flags = {*(flag.split()[0] for flag in component.flags), *(x.code for x in component.reasons)}
    return {
        "response": component.category.value,
        "target": component.category.value,
        "sum": component.sum_mm,
        "sum_mm": component.sum_mm,
        "nadir": component.nadir_sum_mm,
        "pct_from_baseline": _percent(component.change_from_baseline_fraction),
        "pct_from_nadir": _percent(component.change_from_nadir_fraction),
        "abs_from_nadir": component.change_from_nadir_mm,
        "flag": flags,
        "flags": flags,
    }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100.0 * fraction


def _with_missing(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Some targets measured, others not: the known sums of baseline and nadir as a history."""
    rules = rules_from(inputs)
    nodal = set(inputs.get("nodal") or ())
    measured = inputs.get("measured") or {}
    if not isinstance(measured, Mapping):
        measured = {f"L{number}": value for number, value in enumerate(measured, start=1)}
    booked = [
        Booked(name, name in nodal, TargetState.MEASURED, exact(value))
        for name, value in measured.items()
    ]
    booked += [
        Booked(name, name in nodal, TargetState.NOT_ASSESSED, None)
        for name in inputs.get("missing") or ()
    ]
    base = exact(inputs["base"])
    earlier = [inputs["nadir"]] if "nadir" in inputs else inputs.get("prior") or []
    nadir = min([base, *(exact(total) for total in earlier if total is not None)])
    return _answers(target_component(booked, TargetHistory(base, nadir), rules))


def _contribution(value: TargetValue, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    nodal = inputs.get("kind") == "node" or bool(inputs.get("nodal"))
    target = TargetLesion("L1", "liver", nodal, inputs.get("baseline_mm") or 20.0)
    booked, _ = book_targets([target], [value], rules_from(inputs))
    length = booked[0].value
    return {"contribution_mm": None if length is None else float(length)}


def _stated(inputs: Mapping[str, Any]) -> TargetValue:
    words = next((inputs[name] for name in STATE_KEYS if name in inputs), None)
    length = next((inputs[name] for name in LENGTH_KEYS if inputs.get(name) is not None), None)
    ticked = [name for name in TICKS if inputs.get(name) is True]
    if inputs.get("present") is True and inputs.get("measurable") is False:
        ticked.append("too_small")
    if isinstance(words, str):
        state = STATES[words.lower().replace(" ", "_").replace("-", "_")]
    elif ticked:
        state = TICKS[ticked[0]]
    else:
        length = words if length is None else length
        state = TargetState.NOT_ASSESSED if length is None else TargetState.MEASURED
    if state in (TargetState.ABSENT, TargetState.NOT_ASSESSED):
        length = None
    return TargetValue("L1", state, length)


def _merged(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    names = list(inputs["lesions"])
    nodal = set(inputs.get("nodal") or ())
    targets = [
        TargetLesion(name, "liver", name in nodal, length)
        for name, length in zip(names, inputs["baseline_mm"], strict=True)
    ]
    # The reader drew the diameter on the last of them: which one must not matter.
    values = [
        TargetValue(
            name,
            TargetState.MERGED,
            inputs["merged_ld_mm"] if name == names[-1] else None,
            merged_with=tuple(other for other in names if other != name),
        )
        for name in names
    ]
    booked, _ = book_targets(targets, values, rules_from(inputs))
    total = sum((item.value or ZERO for item in booked), ZERO)
    return {
        "contribution_mm": float(total),
        "assign_to": booked[0].booked_on,
        "values": {item.lesion_id: float(item.value or ZERO) for item in booked},
    }


def _sequence(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Several visits of one patient, with and without a carried-forward response."""
    carried = inputs.get("mode") == "pr_carry_forward"
    rules = rules_from(inputs)
    answers = {
        mode: _course(inputs, rules_from({**inputs, "pr_carry_forward": mode}))
        for mode in (True, False)
    }
    responses, best = answers[carried or rules.pr_carry_forward]
    return {
        "timepoint_response": responses,
        "strict_mode": answers[False][0],
        "carry_forward_mode": answers[True][0],
        "bor": best,
    }


def _course(inputs: Mapping[str, Any], rules: RecistRules) -> tuple[list[str], str]:
    persists = inputs.get("nontarget") not in (None, "NONE")
    items = (NonTargetItem("NT1"),) if persists else ()
    statuses = {"CR": NonTargetStatus.ABSENT, "NE": NonTargetStatus.NE}
    status = statuses.get(str(inputs.get("nontarget")), NonTargetStatus.PRESENT)
    target = TargetLesion("T1", "liver", False, inputs["baseline"])
    visits = []
    for number, total in enumerate(inputs["sums"], start=1):
        value = () if total is None else (TargetValue("T1", TargetState.MEASURED, total),)
        day = BASELINE_DAY + timedelta(days=VISIT_INTERVAL_DAYS * number)
        findings = tuple(NonTargetFinding(item.item_id, status) for item in items)
        visits.append(RecistVisit(f"V{number}", day, value, findings))
    course = recist_course(RecistBaseline(BASELINE_DAY, (target,), items), visits, rules)
    responses = [item.overall.value for item in course.responses]
    return responses, course.best.category.value
