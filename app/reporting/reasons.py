"""A step of a trace as a sentence: units, codes in words, numbers on their side of their limits."""

from collections.abc import Mapping

from app.criteria.recist.selection import LYMPH_NODES
from app.domain.findings import ParamValue
from app.domain.recist_read import FOLLOW_UP
from app.domain.response import Reason
from app.reporting.lengths import length_text
from app.reporting.numbers import beside, plain, rounded
from app.reporting.phrases import SUL_DECIMALS, percent, visit_name
from app.wording import sentence, sentences

LENGTHS = "REC-"  # rules whose numbers are mm; all others are g/mL
# Values that are compared, each with its limit. A limit of the rule set is printed as it states
# it, a measured one (threshold, liver mean) with the decimals of the value beside it.
STATED_LIMITS = {
    "change_abs": "limit_abs",
    "change_mm": "limit_mm",
    "size": "limit",
    "short_axis": "limit",
}
MEASURED_LIMITS = ("threshold", "liver_mean")
SIGNED = frozenset({"change_abs", "change_mm", "limit_abs"})
# The tables of the codes among the values: by the beginning of the rule id, then by name.
CODES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("REC-", {
        "kind": "recist_kinds", "category": "recist_categories", "overall": "recist_categories",
        "target": "recist_categories", "non_target": "recist_categories",
    }),
    ("BON-4.4", {"category": "mda_categories", "findings": "mda_findings"}),
    ("BON-", {"category": "bone_categories", "stated": "bone_categories"}),
    ("TIM-", {"basis": "pd_basis", "modality": "modalities", "event": "pfs_kinds"}),
    ("ADJ-", {"trigger": "adjudication_triggers"}),
)  # fmt: skip
# Categories whose abbreviation stands behind the words, as everywhere else in a report.
ABBREVIATED = frozenset({"recist_categories", "bone_categories"})
NO_COMPONENT = "-"


def reason_text(item: Reason) -> str:
    """The sentence of one step of the trace of any criterion.

    A number never looks as if it met or passed a limit that it did not (spec 0.3): it has as
    many decimals as that takes.
    """
    values = item.values()
    texts: dict[str, ParamValue] = dict(values)
    for name, value in values.items():
        if isinstance(value, float):
            texts[name] = _number(item, name, value)
        elif isinstance(value, str):
            texts[name] = _worded(item.rule, name, value)
    for name in MEASURED_LIMITS:
        peak, measured = values.get("sul_peak"), values.get(name)
        if isinstance(peak, float) and isinstance(measured, float):
            texts["sul_peak"] = beside(peak, measured, SUL_DECIMALS)
            texts[name] = beside(measured, peak, SUL_DECIMALS)
    share, limit = values.get("change_fraction"), values.get("limit_fraction")
    if isinstance(limit, float):
        texts["limit_percent"] = f"{plain(100.0 * limit, signed=True)} %"
        texts["change_percent"] = percent(share if isinstance(share, float) else None, 1, limit)
    return sentence("reasons", item.code, texts)


def _number(item: Reason, name: str, value: float) -> str:
    signed = name in SIGNED
    if name in STATED_LIMITS.values():
        return plain(value, signed and name == "limit_abs")
    limit = item.values().get(STATED_LIMITS.get(name, ""))
    against = limit if isinstance(limit, float) else None
    if item.rule.startswith(LENGTHS):
        return length_text(value, signed, against)
    if against is None:
        return rounded(value, SUL_DECIMALS, signed)
    return beside(value, against, SUL_DECIMALS, signed)


def _worded(rule: str, name: str, value: str) -> str:
    """A code among the values in words; ids, dates and what is in no table stay."""
    if rule.startswith(LENGTHS) and name in ("organ", "chain", "visit"):
        return _place_or_visit(name, value)
    kind = next((table.get(name, "") for start, table in CODES if rule.startswith(start)), "")
    if not kind:
        return value
    if value == NO_COMPONENT:
        return sentence("recist_components", "NONE", {})
    return ", ".join(_word(kind, code) for code in value.split(", "))


def _word(kind: str, code: str) -> str:
    """The words of a code as they stand within a sentence."""
    words = sentence(kind, code, {})
    if kind not in ABBREVIATED and kind != "mda_categories":
        return words
    words = words[:1].lower() + words[1:]
    return f"{words} ({code})" if kind in ABBREVIATED else words


def _place_or_visit(name: str, value: str) -> str:
    if name == "visit":
        return visit_text(value)
    if name == "organ" and value == LYMPH_NODES:
        return sentence("recist_kinds", "node", {})
    if name == "organ":
        return sentences("sites").get(value, value)
    site, _, side = value.partition(" ")
    place = sentences("sites").get(site, site)
    return f"{place}, {sentences('sides').get(side, side)}" if side else place


def visit_text(visit_id: str) -> str:
    """The name of a follow-up by its id in a trace."""
    number = visit_id.removeprefix(FOLLOW_UP)
    return visit_name(int(number)) if number.isdecimal() else visit_id
