"""Area `percist`: components, overall response, report string, best response (spec 2.4-2.12)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.criteria.percist.eortc1999 import eortc_category
from app.criteria.percist.extent import extent_change, total_lesion_glycolysis_g
from app.criteria.percist.overall import best_response, overall_category
from app.criteria.percist.report_string import report_string, weeks_of_therapy
from app.criteria.percist.rules import FIVE_LESIONS, ONE_LESION
from app.criteria.percist.selection import BaselineLesion, select_targets
from app.criteria.percist.target import TargetCase, target_response
from app.domain.exact import at_least, exact
from app.domain.response import MetabolicCategory
from app.quantification.lean_mass import for_sex, james128_kg, janmahasatian_kg
from tests.vectors.days import day_of
from tests.vectors.percist_course import answers, course_of, derive, rules_of
from tests.vectors.vector_file import Vector

Inputs = Mapping[str, Any]
THERAPY_STARTS = ("first_dose", "therapy_start", "start")
FIVE_MODES = ("same_lesions", "five_hottest_each_scan", "sum5", "five", "sum")


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    keys = vector.inputs.keys()
    for needed, answer in SHAPES:
        if needed <= keys:
            return answer(vector.inputs)
    raise AssertionError(f"unknown input shape of area percist: {sorted(keys)}")


def _one_lesion(inputs: Inputs) -> Mapping[str, Any]:
    """A course of one lesion: `prior` are the follow-ups before the current one."""
    return answers(derive(inputs, course_of(inputs)))


def _many_lesions(inputs: Inputs) -> Mapping[str, Any]:
    """The hottest of each scan, the first one tracked, and the sum of up to five."""
    baseline, followup = _by_name(inputs["baseline"]), _by_name(inputs["followup"])
    mode = inputs.get("mode", "hottest_each_scan")
    assert mode == "hottest_each_scan" or mode in FIVE_MODES, mode
    prior = [None if peaks is None else _by_name(peaks) for peaks in inputs.get("prior") or ()]
    organs = {**_organs(inputs["baseline"]), **(inputs.get("organs") or {})}
    course = course_of(
        {**inputs, "base": baseline, "cur": followup, "prior": prior, "organs": organs}
    )
    forms = {
        count: derive({**inputs, "percist_lesions": count}, course)
        for count in (ONE_LESION, FIVE_LESIONS)
    }
    one, five = (response.target for response in forms.values())
    summed = mode in FIVE_MODES or inputs.get("percist_lesions") == FIVE_LESIONS
    response = forms[FIVE_LESIONS if summed else ONE_LESION]
    shown = response.target
    first = max(sorted(baseline), key=lambda name: baseline[name])
    tracked = {name: peak for name, peak in followup.items() if name == first}
    same = target_response(
        TargetCase({first: baseline[first]}, tracked, liver_mean=inputs.get("liver")),
        rules_of(inputs),
    )
    return {
        **answers(response),
        "base": shown.baseline_sul_peak_g_per_ml,
        "cur": shown.sul_peak_g_per_ml,
        "pct": _percent(shown.change_from_baseline_fraction),
        "delta": shown.change_from_baseline_abs,
        "category": shown.category.value,
        "same_lesion_would_give": same.category.value,
        "tracked_first_lesion_pct": _percent(same.change_from_baseline_fraction),
        "hottest_cur": one.sul_peak_g_per_ml,
        "pct1": _percent(one.change_from_baseline_fraction),
        "category1": one.category.value,
        "sum_base": five.baseline_sul_peak_g_per_ml,
        "sum_cur": five.sul_peak_g_per_ml,
        "pct5": _percent(five.change_from_baseline_fraction),
        "delta5": five.change_from_baseline_abs,
        "category5": five.category.value,
        "lesions_summed": list(five.summed),
    }


def _rows(peaks: Any) -> dict[str, Any]:
    """Lesions by id, each a SULpeak or a row that holds one."""
    if isinstance(peaks, Mapping):
        return dict(peaks)
    return {
        row["id"] if isinstance(row, Mapping) and "id" in row else f"L{number}": row
        for number, row in enumerate(peaks, start=1)
    }


def _by_name(peaks: Any) -> dict[str, float]:
    values = {
        name: row.get("sulpeak", row.get("sul_peak")) if isinstance(row, Mapping) else row
        for name, row in _rows(peaks).items()
    }
    return {name: peak for name, peak in values.items() if peak is not None}


def _organs(peaks: Any) -> dict[str, str]:
    return {
        name: row.get("organ", row.get("site", ""))
        for name, row in _rows(peaks).items()
        if isinstance(row, Mapping)
    }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100.0 * fraction


def _selection(inputs: Inputs) -> Mapping[str, Any]:
    peaks = _by_name(inputs["lesions"])
    organs = _organs(inputs["lesions"])
    lesions = {name: BaselineLesion(name, site=site) for name, site in organs.items()}
    found = select_targets(peaks, lesions, inputs.get("threshold"), rules_of(inputs))
    total = float(sum(exact(peaks[name]) for name in found.five))
    return {
        "selected": list(found.five),
        "targets": list(found.five),
        "sum": total,
        "sum_base": total,
        "hottest": found.eligible[0] if found.eligible else None,
    }


def _two_formulas(inputs: Inputs) -> Mapping[str, Any]:
    """One scan pair under both lean body mass formulas; SUL goes with the mass."""
    patient = (inputs["weight_kg"], inputs["size_m"], inputs["sex"])
    ratio = for_sex(janmahasatian_kg, *patient) / for_sex(james128_kg, *patient)
    peaks = inputs["sulpeak_james128"]
    return {
        "ratio_janma_over_james": ratio,
        "james128": _under_formula(inputs, peaks, 1.0),
        "janma": _under_formula(inputs, peaks, ratio),
    }


def _under_formula(inputs: Inputs, peaks: Mapping[str, float], ratio: float) -> Mapping[str, Any]:
    b, c = ratio * peaks["baseline"], ratio * peaks["followup"]
    liver = ratio * inputs["liver_mean_james"]
    response = target_response(TargetCase({"L1": b}, {"L1": c}, liver_mean=liver), rules_of(inputs))
    return {
        "baseline": b,
        "followup": c,
        "delta": response.change_from_baseline_abs,
        "pct": _percent(response.change_from_baseline_fraction),
        "category": response.category.value,
    }


def _extent(inputs: Inputs) -> Mapping[str, Any]:
    found = extent_change(
        inputs["tlg_ref"],
        inputs["tlg_cur"],
        inputs["sulpeak_ref"],
        inputs["sulpeak_cur"],
        rules_of(inputs),
        below_liver=inputs.get("liver") is not None and inputs["sulpeak_cur"] < inputs["liver"],
    )
    return {
        "tlg_pct": _percent(found.change_fraction),
        "alert": found.alert,
        "automatic_pmd": found.progression,
    }


def _after_complete_response(inputs: Inputs) -> Mapping[str, Any]:
    """A visit after an earlier overall category; only after CMR is recurrence looked for."""
    if inputs["prior_overall"] != "CMR":
        return _one_lesion(inputs)
    current = inputs.get("cur_sulpeak", inputs.get("cur"))
    base = inputs.get("base", max(9.0, 2 * (current or 0.0)))
    word = inputs.get("reader")
    typical = {} if word is None else {"L1": str(word).casefold().startswith("typical")}
    course = course_of({**inputs, "base": base, "cur": current, "prior": [0.1], "threshold": None})
    before, now = course.visits[1:]
    before = replace(before, resolved=frozenset({"L1"}), reference_mean=1.0)
    now = replace(now, threshold=inputs.get("threshold"), typical=typical)
    response = derive(inputs, replace(course, visits=(course.baseline, before, now)))
    return {
        **answers(response),
        "reason": {flag.partition(" ")[0] for flag in response.flags},
    }


def _best(inputs: Inputs) -> Mapping[str, Any]:
    rows = inputs.get("sequence", inputs.get("visits"))
    names = [row["overall"] if isinstance(row, Mapping) else row for row in rows]
    dates = [row["date"] if isinstance(row, Mapping) else None for row in rows]
    dates = inputs.get("dates", dates)
    best = best_response([MetabolicCategory(name) for name in names])
    at = names.index("PMD") if "PMD" in names else None
    return {
        "best": best.value,
        "first_pmd_index": at,
        "first_pmd_date": None if at is None else dates[at],
        "pmd_date": None if at is None else dates[at],
    }


def _eortc(inputs: Inputs) -> Mapping[str, Any]:
    found = [
        eortc_category(float(exact(change) / 100), cycles).value
        for change, cycles in zip(inputs["suv_changes_pct"], inputs["cycles_before"], strict=True)
    ]
    return {"category": found}


def _report(inputs: Inputs) -> Mapping[str, Any]:
    pct = inputs.get("pct")
    fraction = None if pct is None else float(exact(pct) / 100)
    weeks = inputs.get("weeks", _weeks(inputs).get("weeks"))
    text = report_string(inputs["cat"], fraction, weeks, inputs.get("new") or 0)
    return {"text": text, "weeks": weeks}


def _weeks(inputs: Inputs) -> Mapping[str, Any]:
    """Whole weeks of therapy at a scan, where both days are given."""
    start = next((inputs[name] for name in THERAPY_STARTS if name in inputs), None)
    first = day_of(start)
    scan = day_of(inputs.get("scan", inputs.get("scan_date")))
    return {} if first is None or scan is None else {"weeks": weeks_of_therapy(first, scan)}


def _table(inputs: Inputs) -> Mapping[str, Any]:
    non_target = inputs.get("nontarget")
    found = overall_category(
        MetabolicCategory(inputs["target"]),
        None if non_target in (None, "none", "NONE") else MetabolicCategory(non_target),
        inputs.get("newles") == "UNEQUIVOCAL",
        rules_of(inputs).nonmeasurable_policy,
    )
    return {"overall": found.value}


def _measurable(inputs: Inputs) -> Mapping[str, Any]:
    peak, threshold = exact(inputs["sulpeak"]), exact(inputs["threshold"])
    return {"measurable": at_least(peak, threshold, rules_of(inputs).threshold_inclusive)}


def _tlg(inputs: Inputs) -> Mapping[str, Any]:
    return {"tlg_g": total_lesion_glycolysis_g(inputs["sulmean"], inputs["mtv_ml"])}


SHAPES: tuple[tuple[set[str], Callable[[Inputs], Mapping[str, Any]]], ...] = (
    ({"prior_overall"}, _after_complete_response),
    ({"base", "cur"}, _one_lesion),
    ({"baseline", "followup"}, _many_lesions),
    ({"lesions"}, _selection),
    ({"sulpeak_james128", "sex", "weight_kg", "size_m"}, _two_formulas),
    ({"tlg_ref", "tlg_cur", "sulpeak_ref", "sulpeak_cur"}, _extent),
    ({"sulmean", "mtv_ml"}, _tlg),
    ({"cat", "pct"}, _report),
    ({"cat"}, _report),
    *(({name, scan}, _weeks) for name in THERAPY_STARTS for scan in ("scan", "scan_date")),
    ({"sequence"}, _best),
    ({"visits"}, _best),
    ({"suv_changes_pct", "cycles_before"}, _eortc),
    ({"sulpeak", "threshold"}, _measurable),
    ({"target"}, _table),
)
