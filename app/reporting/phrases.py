"""Sentences of a read: reasons, margins, comparability, marks and flags in words."""

from collections.abc import Mapping

from app.domain.findings import ParamValue
from app.domain.lesion import PhysiologicalMark
from app.domain.response import ComparabilityItem, Margin, Reason, TargetResponse
from app.wording import sentence


def percent(fraction: float | None, decimals: int = 1) -> str:
    """A signed percentage for print, or a dash where unknown."""
    return "–" if fraction is None else f"{100.0 * fraction:+.{decimals}f} %"


def reason_text(item: Reason) -> str:
    """The sentence of one step of the trace."""
    values: dict[str, ParamValue] = dict(item.values())
    if "change_fraction" in values:
        fraction = values["change_fraction"]
        values["change_percent"] = percent(fraction if isinstance(fraction, float) else None)
    return sentence("reasons", item.code, values)


def margin_text(response: TargetResponse) -> str | None:
    """How far the nearest other category is, or None where there is no such distance."""
    if not response.margins:
        return None
    return f"{response.category.value} {one_margin_text(response.margins[0])}"


def one_margin_text(margin: Margin) -> str:
    """One distance to another category."""
    difference = margin.difference_g_per_ml
    code = "AT_LIMIT" if abs(difference) < 0.005 else "HOTTER" if difference > 0 else "COLDER"
    params: Mapping[str, ParamValue] = {
        "category": margin.category.value,
        "difference": abs(difference),
        "at": margin.at_sul_peak_g_per_ml,
    }
    return sentence("margins", code, params)


def comparability_label(item: ComparabilityItem) -> str:
    """The name of a comparability rule."""
    return sentence("comparability_rules", item.rule, {})


def comparability_text(item: ComparabilityItem) -> str:
    """What was found against the limit."""
    params: dict[str, ParamValue] = {**dict(item.params), "value": item.value, "limit": item.limit}
    for name in ("value", "limit"):
        number = params[name]
        if isinstance(number, int | float):
            params[f"{name}_percent"] = 100.0 * number
    return sentence("comparability", item.code, params)


def mark_text(mark: PhysiologicalMark) -> str:
    """Why a focus is marked as physiological: the organ and where it lies."""
    return sentence(
        "physiological",
        "place",
        {
            "organ": sentence("organs", mark.organ, {}),
            "side_mm": abs(mark.left_mm),
            "side": "left" if mark.left_mm > 0 else "right",
            "along_mm": abs(mark.above_dome_mm),
            "direction": "above" if mark.above_dome_mm > 0 else "below",
            "depth_percent": 100.0 * mark.depth,
        },
    )


def flag_text(flag: str) -> str:
    """The sentence of a flag; what follows its code is the detail."""
    code, _, detail = flag.partition(" ")
    return sentence("flags", code, {"detail": detail})


def site_text(site: str, side: str) -> str:
    """Where a lesion lies, in words."""
    place = sentence("sites", site, {})
    if side in ("right", "left"):
        return f"{place}, {sentence('sides', side, {})}"
    return place


def report_string(response: TargetResponse) -> str:
    """`PMR -40`: category and percent change, rounded half away from zero (spec 2.11).

    Percent is against the progression reference for PMD, else against the baseline. The weeks
    since the start of therapy are left out: no DICOM header states that date.
    """
    pmd = response.category.value == "PMD"
    fraction = (
        response.change_from_reference_fraction if pmd else response.change_from_baseline_fraction
    )
    if fraction is None:
        return response.category.value
    whole = int(abs(100.0 * fraction) + 0.5)
    sign = "-" if fraction < 0 and whole else "+"
    return f"{response.category.value} {sign}{whole}"


def visit_name(number: int, short: bool = False) -> str:
    """The name of a visit by its number."""
    if number == 0:
        return "BL" if short else "Baseline"
    return f"FU{number}" if short else f"Follow-up {number}"
