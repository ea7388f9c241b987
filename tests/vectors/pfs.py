"""Area `pfs`: progression-free survival (spec 3.11)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.criteria.timeline.pfs import progression_free_survival
from app.criteria.timeline.progression import outcome_of
from app.domain.timeline import (
    Assessment,
    Evidence,
    Outcome,
    PdBasis,
    PfsCase,
    PfsResult,
    ScanDone,
)
from app.domain.trial import Modality, Schedule, TrialRules
from app.services.rule_sets import load_rules
from tests.vectors.days import DAY_ZERO, as_given, day_of, is_day
from tests.vectors.vector_file import Vector

SCHEDULE = load_rules("nct07130344", TrialRules).schedule
CONFIRMED = ("confirms", "dated_back_to", "first_seen")
# Days and numbers of a visit that are not the day of a scan.
OTHER_DAYS = {*CONFIRMED, "planned", "visit", "number", "n", "month", "new", "sum_mm", "pct"}
NOT_DONE = {None, "", "missed", "MISSED", "not done", "NOT_DONE", "ND"}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if "visits" not in inputs and "randomisation" not in inputs:
        raise AssertionError(f"unknown input shape of area pfs: {sorted(inputs)}")
    interval = _schedule(inputs).visit_interval_days
    rows = [
        _row(row, interval * number) for number, row in enumerate(inputs.get("visits") or (), 1)
    ]
    # Numbers of days are counted from the date of randomisation, or stand for themselves.
    numbered = _is_numbered(inputs, rows)
    start = DAY_ZERO if numbered else _randomisation(inputs, rows) or DAY_ZERO
    assessments = [_assessment(row, start) for row in rows if _response(row) not in NOT_DONE]
    therapy = _first(inputs, "new_therapy", "new_anticancer_therapy", "new_treatment")
    case = PfsCase(
        randomisation=_randomisation(inputs, rows),
        assessments=tuple(assessments),
        baseline_done=_baseline(inputs),
        death=day_of(_first(inputs, "death", "death_date"), start),
        new_therapy=day_of(therapy, start),
        cutoff=day_of(_first(inputs, "cutoff", "data_cutoff", "data_cut_off"), start),
        modalities=_modalities(inputs),
    )
    schedule = _schedule(inputs)
    lenient = replace(schedule, new_therapy_censors=False)
    other = _answers(progression_free_survival(case, lenient), numbered)
    return {
        **_answers(progression_free_survival(case, schedule), numbered),
        "sensitivity": other,
        **{f"sensitivity_{name}": value for name, value in other.items()},
    }


def _is_numbered(inputs: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> bool:
    """Whether days are whole numbers, not dates."""
    stated = [inputs.get("randomisation"), _first(inputs, "death", "death_date")]
    stated += [value for row in rows for name, value in row.items() if _is_scan(name, value)]
    known = [value for value in stated if value is not None]
    return bool(known) and not any(isinstance(value, str) for value in known)


def _randomisation(inputs: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> date | None:
    """As stated; days that are numbers are counted from it."""
    stated = _first(inputs, "randomisation", "randomization", "reference_date")
    if stated is None and _is_numbered(inputs, rows):
        return DAY_ZERO
    return day_of(stated)


def _answers(result: PfsResult, numbered: bool) -> Mapping[str, Any]:
    return {
        "event": int(result.event),
        "date": as_given(result.dated, numbered),
        "days": result.days,
        "pd_basis": result.pd_basis and result.pd_basis.value,
        "pd_modality": result.pd_modality and result.pd_modality.value,
        "gap_days": result.gap_days,
        "reason": frozenset({result.kind.value, result.kind.value.lower()}),
    }


def _schedule(inputs: Mapping[str, Any]) -> Schedule:
    if "gap_limit_days" in inputs:
        limit = inputs["gap_limit_days"]
        return replace(
            SCHEDULE, visit_interval_days=limit, window_days=0, duration_days=limit,
            missed_visits_limit=1,
        )  # fmt: skip
    days = _first(inputs, "schedule_days", "visit_interval_days")
    window = inputs.get("window_days")
    return replace(
        SCHEDULE,
        visit_interval_days=SCHEDULE.visit_interval_days if days is None else days,
        window_days=SCHEDULE.window_days if window is None else window,
    )


def _baseline(inputs: Mapping[str, Any]) -> bool:
    """A baseline that is stated as false, null or not evaluable was not done."""
    for name in ("baseline", "baseline_done", "baseline_scan"):
        if name in inputs:
            value = inputs[name]
            return value not in (False, None, "", "NE", "none", "missing")
    return not inputs.get("no_baseline", False)


def _modalities(inputs: Mapping[str, Any]) -> tuple[Modality, ...]:
    named = _first(inputs, "modalities", "scheduled_modalities") or ()
    found = (_modality(name) for name in named)
    return tuple(modality for modality in found if modality is not None)


def _row(row: Any, default_days: int) -> Mapping[str, Any]:
    """A record, a pair of day and response, or a response alone; null is a missed visit."""
    if row is None:
        return {}
    if isinstance(row, str):
        return {"day": default_days, "r": row}
    return row if isinstance(row, Mapping) else {"date": row[0], "r": row[1]}


def _is_scan(name: str, value: Any) -> bool:
    """Whether an entry of a visit is the day of a scan: any day that is no other fact."""
    single = name not in OTHER_DAYS and is_day(value)
    return single or (name == "dates" and bool(value))


def _modality(name: str) -> Modality | None:
    words = set(name.lower().replace("_", " ").split())
    if "bone" in words or "scintigraphy" in words:
        return Modality.BONE_SCAN
    if "pet" in words:
        return Modality.FDG_PET_CT
    return Modality.CT if words & {"ct", "mr", "mri", "chest", "abdomen"} else None


def _response(row: Mapping[str, Any]) -> str | None:
    return _first(row, "r", "response", "overall")


def _assessment(row: Mapping[str, Any], start: date) -> Assessment:
    scans = tuple(
        ScanDone(day, _modality(name))
        for name, value in row.items()
        if _is_scan(name, value)
        for one in (value if name == "dates" else [value])
        if (day := day_of(one, start)) is not None
    )
    outcome = outcome_of(str(_response(row)))
    if row.get("adequate") is False and outcome is Outcome.NO_PROGRESSION:
        outcome = Outcome.NOT_EVALUABLE
    evidence = (_evidence(row, scans, start),) if outcome is Outcome.PROGRESSION else ()
    return Assessment(scans, outcome, str(_response(row)), evidence)


def _evidence(row: Mapping[str, Any], scans: tuple[ScanDone, ...], start: date) -> Evidence:
    source = str(row.get("pd_source", "")).lower()
    words = source.replace("/", " ").replace("-", " ").split()
    shown = [scan for scan in scans if _names(scan.modality, words)] or list(scans)
    basis = PdBasis.UNSTATED
    if "new" in words:
        basis = PdBasis.NEW_LESION
    elif "non" in words or "nontarget" in words:
        basis = PdBasis.NON_TARGET
    elif "target" in words or "sum" in words:
        basis = PdBasis.TARGET
    modalities = {scan.modality for scan in shown}
    return Evidence(
        basis,
        tuple(scan.scan_date for scan in shown),
        modalities.pop() if len(modalities) == 1 else None,
        day_of(_first(row, *CONFIRMED), start),
    )


def _names(modality: Modality | None, words: list[str]) -> bool:
    """Whether the source of a progression names a modality."""
    names = {
        Modality.CT: {"ct"},
        Modality.BONE_SCAN: {"bone", "scintigraphy"},
        Modality.FDG_PET_CT: {"pet"},
    }
    return modality is not None and bool(names[modality] & set(words))


def _first(row: Mapping[str, Any], *names: str) -> Any:
    return next((row[name] for name in names if name in row), None)
