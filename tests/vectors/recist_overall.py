"""Area `recist_overall`: tables 1 and 2, new lesions, the FDG-PET algorithm (spec 3.7, 3.9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.criteria.recist.new_lesions import new_lesion_step
from app.criteria.recist.overall import overall_category
from app.domain.recist import (
    BaselinePet,
    CtCorrelate,
    NewLesionCertainty,
    NewLesionFinding,
    PetFinding,
    RecistCategory,
    RecistVisit,
)
from tests.vectors.recist_rules import rules_from
from tests.vectors.vector_file import Vector

DAY = date(2026, 4, 6)
NOTHING = {None, "NONE", "NA", ""}
NOT_EVALUATED = {"NOT ALL EVALUATED", "NOT EVALUATED", "NOT_ALL_EVALUATED"}
CORRELATES = {
    "new": CtCorrelate.NEW_LESION,
    "confirmed": CtCorrelate.NEW_LESION,
    "new_lesion": CtCorrelate.NEW_LESION,
    "not_confirmed": CtCorrelate.NOT_CONFIRMED,
    "none": CtCorrelate.NOT_CONFIRMED,
    "known_not_growing": CtCorrelate.KNOWN_NOT_GROWING,
    "pre_existing_not_growing": CtCorrelate.KNOWN_NOT_GROWING,
    "preexisting_not_growing": CtCorrelate.KNOWN_NOT_GROWING,
}


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    keys = inputs.keys()
    if "rows" in keys:
        rows = [_row({**inputs, **row}) for row in inputs["rows"]]
        names = {name for row in rows for name in row}
        return {name: [row.get(name) for row in rows] for name in names}
    if {"target", "nontarget", "new"} & keys or "pet_now" in keys:
        return _row(inputs)
    raise AssertionError(f"unknown input shape of area recist_overall: {sorted(keys)}")


def _row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    new, flags = _new(row)
    category = overall_category(
        _component(row.get("target")), _component(row.get("nontarget")), new
    )
    return {"overall": category.value, "new_lesion": new, "flags": flags, "flag": flags}


def _component(value: str | None) -> RecistCategory | None:
    text = None if value is None else str(value).upper().replace("NON-CR/NON PD", "NON-CR/NON-PD")
    if text in NOT_EVALUATED:
        return RecistCategory.NE
    return None if text in NOTHING else RecistCategory(text)


def _new(row: Mapping[str, Any]) -> tuple[bool, set[str]]:
    """Whether something new counts now: the stated class, node size, PET evidence."""
    stated = row.get("new", False)
    certainty = NewLesionCertainty.UNEQUIVOCAL if stated is True else None
    if isinstance(stated, str) and stated.lower() not in {"no", "none", "false"}:
        text = "unequivocal" if stated.lower() in {"yes", "true"} else stated.lower()
        certainty = NewLesionCertainty(text)
    findings: tuple[NewLesionFinding, ...] = ()
    if certainty is not None:
        axis = row.get("new_node_sa_mm")
        findings = (
            NewLesionFinding(
                "NEW1",
                certainty,
                nodal=axis is not None,
                short_axis_mm=axis,
                earlier_short_axis_mm=row.get("new_node_earlier_sa_mm"),
            ),
        )
    pet: tuple[PetFinding, ...] = ()
    if "pet_now" in row:
        known = CORRELATES[str(row.get("ct", "not_confirmed")).lower()]
        pet = (PetFinding("PET1", str(row["pet_now"]).lower() == "positive", known),)
    baseline = str(row.get("pet_baseline") or "not_done").lower()
    visit = RecistVisit("V1", DAY, new_lesions=findings, pet=pet)
    pet_then = BaselinePet.NOT_DONE if baseline == "none" else BaselinePet(baseline)
    component = new_lesion_step(visit, pet_then, {}, rules_from(row)).component
    return bool(component.counted), {flag.split()[0] for flag in component.flags}
