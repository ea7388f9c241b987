"""Baseline lesions of the vectors: measurability and selection (spec 3.1, 3.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.criteria.recist.measurability import (
    BaselineLesion,
    LesionKind,
    Measurability,
    Measured,
    measurability,
)
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.selection import Candidate, check_selection

# What the vectors may call a kind, beside the names of the program.
KINDS = {
    "nonnodal": LesionKind.NON_NODAL,
    "non_nodal": LesionKind.NON_NODAL,
    "soft_tissue": LesionKind.NON_NODAL,
    "lymph_node": LesionKind.NODE,
    "nodal": LesionKind.NODE,
    "bone_mixed_soft_tissue": LesionKind.BONE_LYTIC_SOFT_TISSUE,
    "bone_lytic_no_soft_tissue": LesionKind.BONE_LYTIC,
    "bone_mixed": LesionKind.BONE_LYTIC,
    "pleural_effusion": LesionKind.EFFUSION,
    "pericardial_effusion": LesionKind.EFFUSION,
    "leptomeningeal_disease": LesionKind.LEPTOMENINGEAL,
    "inflammatory_breast_disease": LesionKind.INFLAMMATORY_BREAST,
    "lymphangitic": LesionKind.LYMPHANGITIS,
    "cyst": LesionKind.CYSTIC,
}
TREATED = {"irradiated", "locally_treated", "nonnodal_irradiated"}
MEASURED = {
    "chest_xray": Measured.CHEST_XRAY,
    "xray": Measured.CHEST_XRAY,
    "calliper": Measured.CALLIPER,
    "caliper": Measured.CALLIPER,
    "clinical": Measured.CALLIPER,
    "ultrasound": Measured.ULTRASOUND,
}

# The specification names the limit per organ, not that of the total.
NAMES_OF_THE_TOTAL = {"MAX_5", "MAX_5_TARGETS"}


def measurability_results(cases: Sequence[Mapping[str, Any]], rules: RecistRules) -> list[str]:
    """The verdict on each case."""
    return [verdict_of(case, rules).value for case in cases]


def verdict_of(case: Mapping[str, Any], rules: RecistRules) -> Measurability:
    """The verdict on one lesion."""
    name = str(case.get("kind", "nonnodal")).lower().replace("-", "_").replace(" ", "_")
    method = str(case.get("method", name)).lower().replace("-", "_").replace(" ", "_")
    treated = name in TREATED or bool(case.get("irradiated") or case.get("treated"))
    ways = name in MEASURED or name in TREATED
    kind = LesionKind.NON_NODAL if ways else KINDS.get(name) or LesionKind(name)
    axis = "sa_mm" if kind is LesionKind.NODE else "ld_mm"
    size = case.get("soft_tissue_mm", case.get(axis))
    slices = (case.get("slice_mm", case.get("slice_thickness_mm")), case.get("spacing_mm"))
    lesion = BaselineLesion(
        kind,
        size,
        *slices,
        treated_locally=treated,
        progressed_since_treatment=bool(case.get("progressed") or case.get("progressed_since")),
        measured_by=MEASURED.get(method, Measured.CT_OR_MR),
    )
    return measurability(lesion, rules).verdict


def selection_result(
    selected: Sequence[Mapping[str, Any] | str], rules: RecistRules
) -> Mapping[str, Any]:
    """Whether the targets may be chosen so, and what forbids it."""
    candidates = [_candidate(number, item, rules) for number, item in enumerate(selected, start=1)]
    check = check_selection(candidates, rules)
    codes = {item.code for item in check.problems}
    if "MAX_5_TOTAL" in codes:
        codes |= NAMES_OF_THE_TOTAL
    return {"valid": check.valid, "reason": codes or None, "reasons": codes}


def _candidate(number: int, item: Mapping[str, Any] | str, rules: RecistRules) -> Candidate:
    item = {"organ": item} if isinstance(item, str) else item
    measurable = item.get("measurable")
    if measurable is None and {"ld_mm", "sa_mm", "soft_tissue_mm"} & item.keys():
        kind = "node" if "sa_mm" in item and "kind" not in item else item.get("kind", "nonnodal")
        measurable = verdict_of({**item, "kind": kind}, rules) is Measurability.MEASURABLE
    return Candidate(
        item.get("id", f"T{number}"),
        item["organ"],
        nodal=item.get("kind") == "node",
        measurable=measurable is not False,
        site=item.get("site", ""),
    )
