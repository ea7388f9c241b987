"""Sentences of a read: reasons, margins, comparability, marks and flags in words."""

from collections.abc import Sequence

from app.domain.draft_read import Review, TimePoint
from app.domain.exact import TIE, exact
from app.domain.findings import ParamValue
from app.domain.lesion import PhysiologicalMark
from app.domain.response import (
    ComparabilityItem,
    Margin,
    MetabolicCategory,
)
from app.reporting.numbers import decimals_apart, plain, rounded
from app.translation import tr
from app.wording import sentence, sentences

# From better to worse: tells on which side of a margin a category lies. NE lies beside PMD only:
# where lesions are missing, less than progression proves nothing.
WORSENING = (
    MetabolicCategory.CMR,
    MetabolicCategory.PMR,
    MetabolicCategory.SMD,
    MetabolicCategory.NE,
    MetabolicCategory.PMD,
)
# Unit of a comparability line: factor to the printed unit, its name, decimals.
PRINTED_UNITS = {
    "g/mL": (1, " g/mL", 2),
    "fraction": (100, " %", 0),
    "min": (1, " min", 1),
    "m": (100, " cm", 0),
    "mmol/L": (1, " mmol/L", 1),
    "h": (1, " h", 0),
    "d": (1, " days", 0),
}
# Comparability rules whose values are codes, not names the header states.
CODED_RULES = (
    "REFERENCE_KIND",
    "TRACER",
    "UNITS",
    "DECAY_CORRECTION",
    "LBM_FORMULA",
    "PEAK_KERNEL",
)
SUL_DECIMALS = 2


def percent(fraction: float | None, decimals: int = 1, *limits: float) -> str:
    """A signed percentage for print, a dash if unknown; told apart from the limits (fractions)."""
    if fraction is None:
        return "–"
    apart = [limit for limit in limits if abs(exact(fraction) - exact(limit)) > TIE]
    decimals = decimals_apart(100.0 * fraction, tuple(100.0 * limit for limit in apart), decimals)
    return f"{rounded(100.0 * fraction, decimals, signed=True)} %"


def margin_text(category: MetabolicCategory, margins: Sequence[Margin]) -> str | None:
    """How far the nearest other category is, or None where there is no such distance."""
    if not margins:
        return None
    return f"{category.value} {one_margin_text(category, margins[0])}"


def one_margin_text(category: MetabolicCategory, margin: Margin) -> str:
    """One distance from a category to another."""
    hotter = WORSENING.index(margin.category) > WORSENING.index(category)
    code = "HOTTER" if hotter else "COLDER"
    distance = abs(margin.difference_g_per_ml)
    if distance <= TIE:
        code += "_THAN_LIMIT"
    elif margin.inclusive:
        code += "_OR_EQUAL"
    decimals = decimals_apart(distance, (0.0,), SUL_DECIMALS)
    return sentence(
        "margins",
        code,
        {
            "category": margin.category.value,
            "difference": rounded(distance, decimals),
            "at": rounded(margin.at_sul_peak_g_per_ml, decimals),
        },
    )


def comparability_label(item: ComparabilityItem) -> str:
    """The name of a comparability rule."""
    return sentence("comparability_rules", item.rule, {})


def comparability_text(item: ComparabilityItem) -> str:
    """What was found against the limit, with units."""
    params = dict(item.params)
    texts: dict[str, ParamValue] = {
        "value": _coded(item.rule, item.value),
        "limit": _coded(item.rule, item.limit),
    }
    unit = params.get("unit")
    if isinstance(unit, str):
        factor, name, decimals = PRINTED_UNITS[unit]
        limits = [
            factor * limit
            for limit in (item.limit, params.get("low"), params.get("high"))
            if isinstance(limit, int | float)
        ]
        if isinstance(item.value, int | float):
            value = factor * item.value
            decimals = decimals_apart(value, tuple(limits), decimals)
            texts["value"] = f"{rounded(value, decimals)}{name}"
        if isinstance(item.limit, int | float):
            texts["limit"] = f"{plain(factor * item.limit)}{name}"
    return sentence("comparability", item.code, {**params, **texts})


def _coded(rule: str, value: ParamValue) -> ParamValue:
    words = sentences("comparability_values") if rule in CODED_RULES else {}
    return words.get(value, value) if isinstance(value, str) else value


def mark_text(mark: PhysiologicalMark) -> str:
    """Why a focus is marked as physiological: the organ and where it lies."""
    if mark.left_mm is None or mark.depth is None or mark.above_dome_mm is None:
        return sentence("organs", mark.organ, {})
    return sentence(
        "physiological",
        "place",
        {
            "organ": sentence("organs", mark.organ, {}),
            "side_mm": abs(mark.left_mm),
            "side": sentence("sides", "left" if mark.left_mm > 0 else "right", {}),
            "along_mm": abs(mark.above_dome_mm),
            "direction": tr("above") if mark.above_dome_mm > 0 else tr("below"),
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


def visit_flags(point: TimePoint) -> tuple[str, ...]:
    """The flags of a visit and of its response, each once.

    A focus that nobody classified is told by the visit already (UNMATCHED_FOCUS).
    """
    found = () if point.percist is None else point.percist.flags
    told = [flag for flag in found if not flag.startswith("NEW_FOCUS_UNCLASSIFIED")]
    return tuple(dict.fromkeys((*point.flags, *told)))


def visit_name(number: int, short: bool = False) -> str:
    """The name of a visit by its number."""
    if number == 0:
        return tr("BL") if short else tr("Baseline")
    name = tr("FU{number}") if short else tr("Follow-up {number}")
    return name.format(number=number)


def review_text(review: Review) -> str:
    """How far a reader has come with a read, as printed on every page."""
    code = "DRAFT"
    if review.begun:
        code = "REVIEWED" if review.complete else "IN_REVIEW"
    return sentence("review", code, {"open": review.total - review.confirmed})
