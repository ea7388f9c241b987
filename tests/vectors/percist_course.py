"""A PERCIST course from the inputs of a vector, and its answers by the names of `expected`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NOT_MALIGNANT_REASONS, NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import (
    ComparabilityFailureAction,
    FiveLesionMode,
    NonmeasurablePolicy,
    PercistRules,
    PmdConfirmation,
    ProgressionReference,
)
from app.criteria.percist.selection import BaselineLesion
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus, PercistResponse
from app.domain.response import MetabolicCategory
from app.services.rule_sets import load_percist_rules

RULES = load_percist_rules("percist-nadir")
SETTINGS = {
    "pmr_inclusive": bool,
    "pmd_inclusive": bool,
    "threshold_inclusive": bool,
    "response_fraction": float,
    "tlg_auto_pmd": bool,
    "percist_lesions": int,
    "progression_reference": ProgressionReference,
    "percist5_mode": FiveLesionMode,
    "comparability_failure_action": ComparabilityFailureAction,
    "nonmeasurable_policy": NonmeasurablePolicy,
    "pmd_confirmation": PmdConfirmation,
}
NOTHING = (None, "none", "NONE", "no", "NO", False)
PEAK_KEYS = ("sulpeak", "sul_peak", "peak", "value", "cur")
STATE_KEYS = ("category", "target", "overall", "status", "r")
ROW_KEYS = {*PEAK_KEYS, *STATE_KEYS, "comparable", "evaluable"}
FIRST_DAY = date(2026, 1, 5)
INTERVAL_DAYS = 91


def rules_of(inputs: Mapping[str, Any]) -> PercistRules:
    """The rule set that the inputs name, `percist-nadir` unless they do, with their settings."""
    rules = load_percist_rules(inputs["rule_set"]) if "rule_set" in inputs else RULES
    changed = {name: kind(inputs[name]) for name, kind in SETTINGS.items() if name in inputs}
    if "min_abs_sul" in inputs:
        changed["min_abs_sul_g_per_ml"] = inputs["min_abs_sul"]
    if inputs.get("mode") in set(FiveLesionMode):
        changed["percist5_mode"] = FiveLesionMode(inputs["mode"])
    return replace(rules, **changed)


def course_of(inputs: Mapping[str, Any]) -> PercistCourse:
    """`base`, the `prior` follow-ups and `cur`, each one SULpeak or several by lesion."""
    peaks = [_peaks(inputs["base"]), *(_peaks(one) for one in inputs.get("prior") or ())]
    peaks.append(_peaks(inputs["cur"]))
    last = len(peaks) - 1
    visits = []
    for number, found in enumerate(peaks):
        not_evaluable = number > 0 and not found
        visits.append(
            VisitRecord(
                number,
                FIRST_DAY + timedelta(days=number * INTERVAL_DAYS),
                found,
                blocked_against=frozenset(range(number)) if not_evaluable else frozenset(),
            )
        )
    threshold = inputs.get("threshold")
    if inputs.get("measurable") is False:
        threshold = 2.0 * max(peaks[0].values())  # any that the baseline lesion does not reach
    items = _items(inputs.get("nontarget"))
    visits[0] = replace(visits[0], threshold=threshold, tlg_g=inputs.get("tlg_ref"))
    mean = inputs.get("liver")
    word = inputs.get("visual_category")
    visits[last] = replace(
        visits[last],
        reference_mean=inputs.get("aorta", inputs.get("blood_pool")) if mean is None else mean,
        blocked_against=frozenset(range(last))
        if inputs.get("comparable") is False
        else frozenset(),
        resolved=frozenset(peaks[0]) if inputs.get("visual_target_resolved") else frozenset(),
        non_targets=items,
        new_foci=_foci(inputs.get("newles")),
        visual_category=None if word is None else MetabolicCategory(word),
        recist_pd=inputs.get("recist_pd", inputs.get("recist") == "PD"),
        tlg_g=inputs.get("tlg_cur"),
    )
    organs = inputs.get("organs") or {}
    lesions = {name: BaselineLesion(name, site=site) for name, site in organs.items()}
    return PercistCourse(tuple(visits), lesions)


def derive(inputs: Mapping[str, Any], course: PercistCourse) -> PercistResponse:
    """The response at the last visit."""
    return derive_course(course, rules_of(inputs)).responses[-1]


def answers(response: PercistResponse) -> Mapping[str, Any]:
    """The response by the names that vectors use."""
    target = response.target
    flags = {
        *response.flags,
        *(flag.partition(" ")[0] for flag in response.flags),
        *(item.code for item in (*target.reasons, *response.reasons)),
    }
    return {
        "target": target.category.value,
        "nontarget": None
        if response.non_target.category is None
        else response.non_target.category.value,
        "overall": response.overall.value,
        "visual": None if response.visual is None else response.visual.value,
        "pct_from_baseline": _percent(target.change_from_baseline_fraction),
        "delta_from_baseline": target.change_from_baseline_abs,
        "reference_for_progression": target.reference_sul_peak_g_per_ml,
        "pct_from_reference": _percent(target.change_from_reference_fraction),
        "delta_from_reference": target.change_from_reference_abs,
        "measurable": target.category is not MetabolicCategory.NOT_MEASURABLE,
        "text": response.report_string,
        "flag": flags,
        "flags": flags,
    }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100.0 * fraction


def _peaks(found: Any) -> Mapping[str, float]:
    """One SULpeak, several by lesion, or a row that holds them; nothing for a visit that was NE."""
    if isinstance(found, Mapping) and found.keys() & ROW_KEYS:
        row = found
        found = next((row[name] for name in PEAK_KEYS if name in row), None)
        states = {str(row.get(name)).upper() for name in STATE_KEYS if row.get(name) is not None}
        if row.get("comparable") is False or row.get("evaluable") is False or "NE" in states:
            return {}
    if found is None or isinstance(found, str):
        return {}
    return found if isinstance(found, Mapping) else {"L1": found}


def _items(found: Any) -> tuple[NonTargetItem, ...]:
    if found in NOTHING:
        return ()
    states = found if isinstance(found, list) else [found]
    return tuple(
        NonTargetItem(f"N{number}", NonTargetStatus(state))
        for number, state in enumerate(states, start=1)
    )


def _foci(found: Any) -> tuple[NewFocus, ...]:
    if found in NOTHING:
        return ()
    if isinstance(found, int):  # a count of unequivocal ones; true is one
        found = ["UNEQUIVOCAL"] * int(found)
    rows = found if isinstance(found, list) else [found]
    foci = []
    for number, row in enumerate(rows, start=1):
        named = row if isinstance(row, Mapping) else {"class": row}
        # The reason may stand behind the class: NOT_MALIGNANT(infection).
        word, _, why = str(named["class"]).strip(")").partition("(")
        verdict = NewLesionClass[word.strip().upper().replace(" ", "_")]
        stated = str(named.get("reason", why)).strip().replace(" ", "_").replace("-", "_").lower()
        malignant = verdict is not NewLesionClass.NOT_MALIGNANT
        foci.append(
            NewFocus(
                f"U{number}",
                verdict,
                site=named.get("site", ""),
                not_malignant_reason=""
                if malignant
                else stated
                if stated in NOT_MALIGNANT_REASONS
                else "inflammation",
                ild_considered=named.get("ild_considered", False),
            )
        )
    return tuple(foci)
