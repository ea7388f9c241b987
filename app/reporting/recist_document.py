"""A RECIST read as a part of the JSON document."""

from collections.abc import Iterable

from app.criteria.recist.report_string import recist_string
from app.domain.recist_read import RecistLesion, RecistRead
from app.domain.recist_response import (
    BestResponse,
    NonTargetComponent,
    RecistResponse,
    TargetComponent,
)
from app.domain.response import Reason
from app.reporting.reasons import reason_text
from app.reporting.recist_phrases import recist_margin_texts

Json = dict[str, object]


def recist_document(read: RecistRead | None) -> Json | None:
    """Lesions, responses, best response and first progression; None without calipers."""
    if read is None:
        return None
    first = read.course.first_progression
    return {
        "rule_set": read.rule_set,
        "rules_sha256": read.rules_sha256,
        "lesions": [_lesion(item) for item in read.lesions],
        "roles_proposed": read.proposed,
        "problems": _reasons(read.problems),
        "hints": _reasons(read.hints),
        "responses": [_response(item, read.rules_sha256) for item in read.course.responses],
        "best": _best(read.course.best),
        "first_progression": (
            None
            if first is None
            else {
                "date": first.scan_date.isoformat(),
                "visit": first.visit_id,
                "declared_at": first.declared_at,
                "basis": [item.value for item in first.basis],
                "modality": [item.value for item in first.modality],
            }
        ),
    }


def _lesion(item: RecistLesion) -> Json:
    return {
        "id": item.lesion_id,
        "site": item.site,
        "side": item.side,
        "axis": "short" if item.nodal else "long",
        "role": item.role.value,
        "role_chosen": item.chosen,
        "new_class": None if item.new_class is None else item.new_class.value,
        "left_out": item.left_out,
        "reasons": _reasons(item.reasons),
        "visits": [
            {
                "number": found.visit,
                "caliper": found.caliper_id,
                "long_mm": found.long_mm,
                "short_mm": found.short_mm,
                "size_mm": found.size_mm,
                "state": None if found.state is None else found.state.value,
                "status": None if found.status is None else found.status.value,
                "why": found.why,
            }
            for found in item.findings
        ],
    }


def _response(item: RecistResponse, rules: str) -> Json:
    return {
        "visit": item.visit_id,
        "date": item.scan_date.isoformat(),
        "rule_set": item.rule_set,
        "rules_sha256": rules,
        "category": item.overall.value,
        "string": recist_string(item),
        "target": None if item.target is None else _target(item.target),
        "non_target": None if item.non_target is None else _non_target(item.non_target),
        "new_lesions": {
            "state": item.new_lesions.state.value,
            "counted": [seen.lesion_id for seen in item.new_lesions.counted],
            "waiting": list(item.new_lesions.waiting),
        },
        "margins": [
            {
                "category": margin.category.value,
                "at_mm": margin.at_mm,
                "difference_mm": margin.difference_mm,
                "inclusive": margin.inclusive,
                "lesion": margin.lesion_id,
                "text": text,
            }
            for margin, text in zip(item.margins, recist_margin_texts(item), strict=True)
        ],
        "reasons": _reasons(item.reasons),
        "flags": list(item.flags),
    }


def _target(item: TargetComponent) -> Json:
    return {
        "category": item.category.value,
        "sum_mm": item.sum_mm,
        "measured_sum_mm": item.measured_sum_mm,
        "baseline_sum_mm": item.baseline_sum_mm,
        "nadir_sum_mm": item.nadir_sum_mm,
        "nadir_visit": item.nadir_visit,
        "change_from_baseline_fraction": item.change_from_baseline_fraction,
        "change_from_nadir_fraction": item.change_from_nadir_fraction,
        "change_from_nadir_mm": item.change_from_nadir_mm,
        "missing": list(item.missing),
    }


def _non_target(item: NonTargetComponent) -> Json:
    return {
        "category": item.category.value,
        "progressing": list(item.progressing),
        "not_evaluated": list(item.not_evaluated),
        "present": list(item.present),
    }


def _best(item: BestResponse) -> Json:
    return {
        "category": item.category.value,
        "date": None if item.scan_date is None else item.scan_date.isoformat(),
        "confirmed_at": None if item.confirmed_at is None else item.confirmed_at.isoformat(),
        "reader_options": [option.value for option in item.reader_options],
        "reasons": _reasons(item.reasons),
        "flags": list(item.flags),
    }


def _reasons(items: Iterable[Reason]) -> list[Json]:
    return [
        {"rule": item.rule, "text": reason_text(item), "values": dict(item.values())}
        for item in items
    ]
