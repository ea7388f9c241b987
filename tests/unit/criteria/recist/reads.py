"""Short ways to write a read down: baselines, visits, courses."""

from dataclasses import replace
from datetime import date, timedelta

from app.criteria.recist.booking import Booked, book_targets
from app.criteria.recist.course import recist_course
from app.criteria.recist.length import exact_sum, mm
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.target import TargetHistory, target_component
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

RULES = RecistRules("recist-1.1")
CARRY = replace(RULES, pr_carry_forward=True)
CONFIRM = replace(RULES, confirm_response=True)
START = date(2026, 1, 5)
STATUS = {
    "present": NonTargetStatus.PRESENT,
    "absent": NonTargetStatus.ABSENT,
    "pd": NonTargetStatus.UNEQUIVOCAL_PROGRESSION,
    "ne": NonTargetStatus.NE,
}


def day(number, interval=91):
    """The date of a follow-up, every three months from the baseline."""
    return START + timedelta(days=interval * number)


def targets(*sizes, nodes=()):
    """Targets T1, T2, ... of the given sizes; `nodes` names those that are nodes."""
    return tuple(
        TargetLesion(f"T{n}", "liver", f"T{n}" in nodes, size)
        for n, size in enumerate(sizes, start=1)
    )


def value(name, size, **more):
    """A measured target; None is not assessed, 0 is gone."""
    if size is None:
        return TargetValue(name, TargetState.NOT_ASSESSED)
    if size == 0:
        return TargetValue(name, TargetState.ABSENT)
    return TargetValue(name, TargetState.MEASURED, size, **more)


def baseline(*sizes, nodes=(), items=(), **more):
    """A baseline with targets of these sizes and the named non-target items."""
    found = tuple(NonTargetItem(name) if isinstance(name, str) else name for name in items)
    return RecistBaseline(START, targets(*sizes, nodes=nodes), found, **more)


def visit(number, *sizes, items=None, **more):
    """Follow-up V1, V2, ... with the sizes of T1, T2, ... and the status of non-target items."""
    values = tuple(value(f"T{n}", size) for n, size in enumerate(sizes, start=1))
    findings = tuple(NonTargetFinding(name, STATUS[text]) for name, text in (items or {}).items())
    more.setdefault("scan_date", day(number))
    return RecistVisit(f"V{number}", targets=values, non_targets=findings, **more)


def course(base, *visits, rules=RULES):
    """The course of a patient."""
    return recist_course(base, visits, rules)


def responses(base, *visits, rules=RULES):
    """The overall responses of a patient's visits."""
    return [item.overall.value for item in course(base, *visits, rules=rules).responses]


def component(base_sizes, *visits, nodes=(), rules=RULES):
    """The target component of the last of several visits, each a tuple of sizes."""
    lesions = targets(*base_sizes, nodes=nodes)
    history = TargetHistory.start(exact_sum(mm(item.baseline_mm) for item in lesions))
    found = None
    for number, sizes in enumerate(visits, start=1):
        values = [value(f"T{n}", size) for n, size in enumerate(sizes, start=1)]
        booked, steps = book_targets(lesions, values, rules)
        found = target_component(booked, history, rules, steps)
        history = history.after(f"V{number}", booked, found.category)
    return found


def booked(size, nodal=False, name="T1"):
    """One booked target."""
    length = None if size is None else mm(size)
    return Booked(name, nodal, TargetState.MEASURED, length)
