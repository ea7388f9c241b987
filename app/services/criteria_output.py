"""Derived criteria as JSON: records by their field names, each code with its sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from app.criteria.recist.report_string import recist_string
from app.domain.percist_response import PercistResponse
from app.domain.recist_response import RecistResponse
from app.domain.response import Margin, MetabolicCategory, Reason
from app.reporting.phrases import WORSENING, flag_text, one_margin_text
from app.reporting.reasons import reason_text
from app.reporting.recist_phrases import recist_margin_clause
from app.services.criteria_assessments import percist_basis
from app.services.derive_criteria import (
    BoneDerived,
    CriteriaDerived,
    PercistDerived,
    RecistDerived,
    TimelineDerived,
)
from app.version import VERSION

Json = dict[str, Any]
SCHEMA = "oncoread/criteria/1"
# Steps of a RECIST trace that leave something out of the response.
LEFT_OUT = frozenset({"NO_TARGET_OF_BASELINE", "NO_ITEM_OF_BASELINE"})


def criteria_document(derived: CriteriaDerived, inputs_sha256: str) -> Json:
    """The whole result; the same input gives the same document."""
    return {
        "schema": SCHEMA,
        "engine_version": VERSION,
        "inputs_sha256": inputs_sha256,
        "percist": [_percist(item) for item in derived.percist],
        "recist": [_recist(item) for item in derived.recist],
        "bone": [_bone(item) for item in derived.bone],
        "timeline": None if derived.timeline is None else _timeline(derived.timeline),
    }


def _percist(item: PercistDerived) -> Json:
    course = item.course
    first = course.first_progression
    return {
        "rule_set": plain(item.rule_set),
        "best": course.best.value,
        "first_progression": None
        if first is None
        else {**plain(first), "basis": [basis.value for basis in percist_basis(course)]},
        "durations": plain(course.durations),
        "visits": [_percist_visit(response) for response in course.responses],
        "variants": plain(item.variants),
    }


def _percist_visit(response: PercistResponse) -> Json:
    """The trace of the whole visit, component by component, ends with the overall response."""
    document: Json = plain(response)
    steps = [
        *response.target.reasons,
        *response.non_target.reasons,
        *response.new_lesions.reasons,
        *(() if response.extent is None else response.extent.reasons),
        *response.reasons,
    ]
    document["trace"] = plain(steps)
    document["margins"] = [
        {**plain(margin), "text": percist_margin_text(response.overall, margin)}
        for margin in response.margins
    ]
    return document


def percist_margin_text(category: MetabolicCategory, margin: Margin) -> str | None:
    """The sentence of a margin; None where the categories have no order, better to worse."""
    if category not in WORSENING or margin.category not in WORSENING:
        return None
    return one_margin_text(category, margin)


def _recist(item: RecistDerived) -> Json:
    course = item.course
    return {
        "rule_set": plain(item.rule_set),
        "best": plain(course.best),
        "best_unconfirmed": plain(course.best_unconfirmed),
        "best_confirmed": plain(course.best_confirmed),
        "first_progression": plain(course.first_progression),
        "visits": [_recist_visit(response) for response in course.responses],
    }


def _recist_visit(response: RecistResponse) -> Json:
    document: Json = plain(response)
    document["excluded"] = plain([item for item in response.reasons if item.code in LEFT_OUT])
    document["margins"] = [
        {**plain(margin), "text": recist_margin_clause(response, margin)}
        for margin in response.margins
    ]
    document["report_string"] = recist_string(response)
    return document


def _bone(item: BoneDerived) -> Json:
    return {
        "rule_set": plain(item.rule_set),
        "first_progression": plain(item.course.first_progression),
        "visits": [plain(response) for response in item.course.responses],
    }


def _timeline(item: TimelineDerived) -> Json:
    return {
        "trial": plain(item.trial),
        "survival": {name: plain(found) for name, found in item.survival.items()},
        "lead_time": plain(item.lead),
    }


def plain(value: Any) -> Any:
    """A record as JSON: `reasons` are its `trace`, a flag is code, detail and sentence."""
    if isinstance(value, Reason):
        return {
            "rule": value.rule,
            "code": value.code,
            "params": dict(value.params),
            "text": reason_text(value),
        }
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {_key(name): _field(name, content) for name, content in pairs}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return value


def _key(name: str) -> str:
    return "trace" if name == "reasons" else name


def _field(name: str, value: Any) -> Any:
    return [_flag(flag) for flag in value] if name == "flags" else plain(value)


def _flag(flag: str) -> Json:
    code, _, detail = flag.partition(" ")
    return {"code": code, "detail": detail or None, "text": flag_text(flag)}
