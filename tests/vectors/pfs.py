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
from tests.vectors.vector_file import Vector

SCHEDULE = load_rules("nct07130344", TrialRules).schedule
SCANS = {
    "date": None,
    "scan": None,
    "ct": Modality.CT,
    "bone": Modality.BONE_SCAN,
    "bone_scan": Modality.BONE_SCAN,
    "pet": Modality.FDG_PET_CT,
    "pet_ct": Modality.FDG_PET_CT,
    "fdg_pet_ct": Modality.FDG_PET_CT,
}
NOT_DONE = {None, "", "missed", "MISSED", "not done", "ND"}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if "visits" not in inputs and "randomisation" not in inputs:
        raise AssertionError(f"unknown input shape of area pfs: {sorted(inputs)}")
    rows = [_row(row) for row in inputs.get("visits") or ()]
    assessments = [_assessment(row) for row in rows if _response(row) not in NOT_DONE]
    therapy = _first(inputs, "new_therapy", "new_anticancer_therapy", "new_treatment")
    case = PfsCase(
        randomisation=_day(inputs.get("randomisation")),
        assessments=tuple(assessments),
        baseline_done=_baseline(inputs),
        death=_day(_first(inputs, "death", "death_date")),
        new_therapy=_day(therapy),
        cutoff=_day(_first(inputs, "cutoff", "data_cutoff", "data_cut_off")),
        modalities=_modalities(inputs),
    )
    schedule = _schedule(inputs)
    lenient = replace(schedule, new_therapy_censors=False)
    other = _answers(progression_free_survival(case, lenient))
    return {
        **_answers(progression_free_survival(case, schedule)),
        "sensitivity": other,
        **{f"sensitivity_{name}": value for name, value in other.items()},
    }


def _answers(result: PfsResult) -> Mapping[str, Any]:
    return {
        "event": int(result.event),
        "date": result.dated and result.dated.isoformat(),
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
    return tuple(SCANS[name.lower()] for name in named if SCANS.get(name.lower()))


def _row(row: Any) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else {"date": row[0], "r": row[1]}


def _response(row: Mapping[str, Any]) -> str | None:
    return _first(row, "r", "response", "overall")


def _assessment(row: Mapping[str, Any]) -> Assessment:
    scans = tuple(
        ScanDone(date.fromisoformat(value), SCANS[name])
        for name, value in row.items()
        if name in SCANS and value
    )
    outcome = outcome_of(str(_response(row)))
    if row.get("adequate") is False and outcome is Outcome.NO_PROGRESSION:
        outcome = Outcome.NOT_EVALUABLE
    evidence = (_evidence(row, scans),) if outcome is Outcome.PROGRESSION else ()
    return Assessment(scans, outcome, str(_response(row)), evidence)


def _evidence(row: Mapping[str, Any], scans: tuple[ScanDone, ...]) -> Evidence:
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
        _day(_first(row, "confirms", "dated_back_to")),
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


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
