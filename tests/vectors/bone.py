"""Area `bone`: counts, bone scan index, 2+2, flare (spec 4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.criteria.bone.counts import geometric_mean, lesion_to_reference
from app.criteria.bone.course import bone_course
from app.criteria.bone.rules import BoneRules
from app.criteria.bone.scan_index import bone_scan_index
from app.criteria.bone.two_plus_two import NewFociSeen, confirms, two_plus_two
from app.domain.bone import (
    BoneCategory,
    BoneFocus,
    BoneResponse,
    BoneScan,
    BoneVisit,
    CtCorrelate,
    CtFinding,
    FocusChange,
    FocusClass,
    SkeletalRegion,
)
from app.services.rule_sets import load_rules
from tests.vectors.days import day_of
from tests.vectors.vector_file import Vector

RULES = load_rules("bone", BoneRules)
START = date(2026, 1, 5)
WEEKS = (
    "week", "weeks", "weeks_since_start", "weeks_after_start", "weeks_since_therapy_start",
    "weeks_from_start",
)  # fmt: skip
SCAN_LISTS = ("scans", "followups", "visits")
STATES = {
    "worse": FocusChange.WORSE, "increased": FocusChange.WORSE, "up": FocusChange.WORSE,
    "better": FocusChange.BETTER, "decreased": FocusChange.BETTER, "down": FocusChange.BETTER,
    "improved": FocusChange.BETTER, "resolved": FocusChange.RESOLVED,
}  # fmt: skip


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if {"anterior", "posterior"} <= keys:
        return {"gm": list(geometric_mean(inputs["anterior"], inputs["posterior"]))}
    if {"lesion_mean", "reference_mean"} <= keys:
        return {"ratio": lesion_to_reference(inputs["lesion_mean"], inputs["reference_mean"])}
    if "fraction" in keys or "fractions" in keys:
        return _index(inputs)
    if "new_at_first" in keys or "new_vs_first" in keys or "new_relative_to_first" in keys:
        return _two_plus_two(inputs)
    if keys & {*SCAN_LISTS, *WEEKS, "days_since_start"}:
        return _flare(inputs)
    raise AssertionError(f"unknown input shape of area bone: {sorted(keys)}")


def _index(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    weights = RULES.weight_fractions()
    if "weights_pct" in inputs:
        weights = {name: share / 100.0 for name, share in inputs["weights_pct"].items()}
    fractions = inputs.get("fraction", inputs.get("fractions"))
    index = bone_scan_index(fractions, weights)
    return {"bsi_pct": 100.0 * index, "bsi": index}


def _two_plus_two(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    weeks = _first(inputs, "weeks_apart", "interval_weeks", "weeks_between")
    days = _first(inputs, "days_apart", "interval_days")
    days = 7 * weeks if weeks is not None else days
    if "new_at_first" in inputs:
        additional = _first(inputs, "additional_new_at_confirm", "additional_new") or 0
        found = confirms(inputs["new_at_first"], additional, days, RULES)
        return {"progression": found, "date": "first" if found else None}
    new = _first(inputs, "new_vs_first", "new_relative_to_first")
    persist = _first(inputs, "persist_at_confirm", "persistent", "persist")
    kept = (new if persist is True else 0) if isinstance(persist, bool) else persist or 0
    foci = [f"N{number}" for number in range(new)]
    scans = [
        NewFociSeen(START, frozenset(), frozenset()),
        NewFociSeen(START + timedelta(days=91), frozenset(foci), frozenset(foci)),
        NewFociSeen(
            START + timedelta(days=91 + (91 if days is None else days)),
            frozenset(),
            frozenset(foci[:kept]),
        ),
    ]
    found_at = two_plus_two(scans, RULES)
    return {"progression": found_at is not None, "date": "first" if found_at else None}


def _flare(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """One or several follow-ups, told by weeks from therapy start, change and count of foci."""
    rows = next((inputs[name] for name in SCAN_LISTS if name in inputs), None)
    if rows is None:
        rows = [inputs, *([inputs["next"]] if "next" in inputs else [])]
    rules = replace(
        RULES, flare_window_weeks=inputs.get("flare_window_weeks", RULES.flare_window_weeks)
    )
    visits = [_baseline_visit()]
    known = ["B1"]
    for number, row in enumerate(rows, start=1):
        visits.append(_visit(number, row, known))
    course = bone_course(visits, START, rules)
    responses = course.responses[1:]
    first = course.first_progression
    dates = [visit.scan.scan_date for visit in visits[1:] if visit.scan is not None]
    place = dates.index(first.dated) if first is not None else None
    return {
        **_answers(responses[-1]),
        "progression": first is not None,
        "pd": first is not None,
        "pd_date": first.dated.isoformat() if first else None,
        "date": ("first" if place == 0 else place) if place is not None else None,
        "pd_scan": None if place is None else place + 1,
        "per_scan": [item.category.value for item in responses],
        "components": [item.category.value for item in responses],
    }


def _answers(response: BoneResponse) -> Mapping[str, Any]:
    flags = frozenset({*response.flags, *(item.code for item in response.reasons)})
    category = response.category.value
    return {
        "component": category, "category": category, "response": category, "bone": category,
        "flag": flags, "flags": flags, "new_lesion": response.new_lesion.value,
    }  # fmt: skip


def _baseline_visit() -> BoneVisit:
    focus = BoneFocus("B1", SkeletalRegion.LUMBAR_SPINE, FocusClass.METASTATIC)
    return BoneVisit(0, BoneScan(START - timedelta(days=7), (focus,)))


def _visit(number: int, row: Mapping[str, Any], known: list[str]) -> BoneVisit:
    weeks = _first(row, *WEEKS)
    days = row.get("days_since_start", row.get("day"))
    default = round(7 * weeks) if weeks is not None else 91 * number if days is None else days
    day = day_of(row.get("date"), START) or START + timedelta(days=default)
    state = str(_first(row, "bone", "uptake", "foci_change") or "same").lower()
    change = STATES.get(state, FocusChange.SAME)
    count = _first(row, "new_foci", "new", "new_bone_foci") or 0
    correlate = CtCorrelate(_first(row, "ct_correlate", "correlate") or "not_covered")
    foci = [
        BoneFocus(
            name, SkeletalRegion.OTHER, FocusClass.METASTATIC, versus_previous=change,
            sclerosis_on_ct=bool(_first(row, "sclerosis", "ct_sclerosis")),
        )
        for name in known
    ]  # fmt: skip
    for place in range(int(count)):
        foci.append(
            BoneFocus(
                f"N{number}.{place}", SkeletalRegion.OTHER, FocusClass.METASTATIC,
                versus_previous=FocusChange.NEW, ct_correlate=correlate, correlate_is_new=True,
            )
        )  # fmt: skip
    known += [focus.focus_id for focus in foci if focus.focus_id not in known]
    ct = _first(row, "ct", "ct_response")
    # Outside the window a stated worsening stands for the reader's verdict of progression.
    status = BoneCategory.PD if change is FocusChange.WORSE else None
    improved = _first(row, "clinical_improvement", "clinically_improved")
    if improved and any(focus.sclerosis_on_ct for focus in foci):
        status = None
    scan = BoneScan(day, tuple(foci), reader_status=status, clinical_improvement=improved)
    missing = row.get("bone_scan_missing") or state in ("missing", "none")
    finding = None if ct is None else CtFinding(day, ct in ("PD", True))
    return BoneVisit(number, None if missing else scan, finding)


def _first(row: Mapping[str, Any], *names: str) -> Any:
    return next((row[name] for name in names if name in row), None)
