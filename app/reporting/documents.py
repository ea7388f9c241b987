"""A draft read as a JSON document (the contract of `assess`, and reading.json)."""

from collections.abc import Mapping, Sequence

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.lesion import LesionMeasurement
from app.domain.percist_response import PercistResponse
from app.domain.quantification import Quantification
from app.domain.reference import ReferenceRegion
from app.domain.response import ComparabilityItem
from app.reporting.phrases import (
    comparability_text,
    margin_text,
    mark_text,
    review_text,
)
from app.reporting.reasons import reason_text
from app.reporting.recist_document import recist_document
from app.wording import finding_text

Json = dict[str, object]


def read_document(read: DraftRead, report: str, reading: str) -> Json:
    """The whole read; `report` and `reading` are the names of the files beside it."""
    return {
        "schema": "oncoread/draft-read/1",
        "status": review_text(read.review),
        "review": {"confirmed": read.review.confirmed, "total": read.review.total},
        "comment": read.comment,
        "impression": read.impression,
        "rule_set": read.rule_set,
        "rules_sha256": read.rules_sha256[read.rule_set],
        "lbm_formula": read.lbm_formula,
        "peak_kernel": read.peak_kernel,
        "program_version": read.program_version,
        "inputs_sha256": read.inputs_hash,
        "timepoints": [_time_point(point, read.rules_sha256) for point in read.time_points],
        "recist": recist_document(read.recist),
        "report": report,
        "reading": reading,
    }


def _time_point(point: TimePoint, rules: Mapping[str, str]) -> Json:
    return {
        "number": point.number,
        "date": point.scanned_at.date().isoformat(),
        "scanned_at": point.scanned_at.isoformat(),
        "series": {
            "pet": point.scan.pet.series_uid,
            "ct": None if point.scan.ct is None else point.scan.ct.series_uid,
        },
        "quantification": _quantification(point.scan.quantification),
        "reference": _reference(point.reference, point.threshold_g_per_ml),
        "lesions": [_lesion(item) for item in point.lesions],
        "comparability": [_comparability(item) for item in point.comparability],
        "response": (
            None if point.percist is None else _response(point.percist, point.flags, rules)
        ),
        "other_rule_set": (
            None if point.other_percist is None else _response(point.other_percist, (), rules)
        ),
        "registration": {
            "correlation": point.registration_correlation,
            "here_from_baseline": point.here_from_baseline,
        },
        "flags": list(point.flags),
        "findings": [
            {"code": item.code, "severity": item.severity.value, "text": finding_text(item)}
            for item in point.findings
        ],
    }


def _quantification(recipe: Quantification) -> Json:
    return {
        "suvbw_factor": recipe.suvbw_factor,
        "sul_janma_factor": recipe.sul_janma_factor,
        "sul_james128_factor": recipe.sul_james128_factor,
        "rule": None if recipe.reference_rule is None else recipe.reference_rule.value,
        "reference_time": _iso(recipe.reference_time),
        "injection_time": _iso(recipe.injection_time),
        "uptake_time_s": recipe.uptake_time_s,
        "dose_bq": recipe.dose_bq,
        "half_life_s": recipe.half_life_s,
        "weight_kg": recipe.weight_kg,
        "size_m": recipe.size_m,
        "sex": recipe.sex,
        "adaptations": [
            {"tag": item.tag, "stored": item.stored, "used": item.used, "rule": item.rule}
            for item in recipe.adaptations
        ],
        "content_key": recipe.content_key,
    }


def _iso(moment: object) -> str | None:
    return moment.isoformat() if hasattr(moment, "isoformat") else None


def _reference(region: ReferenceRegion, threshold: float) -> Json:
    return {
        "region": region.kind.value,
        "center_lps_mm": list(region.center_lps_mm),
        "diameter_mm": region.diameter_mm,
        "mean": region.mean_sul_g_per_ml,
        "sd": region.sd_sul_g_per_ml,
        "cv": region.cv,
        "min": region.min_sul_g_per_ml,
        "max": region.max_sul_g_per_ml,
        "voxels": region.voxels,
        "volume_ml": region.volume_ml,
        "threshold": threshold,
        "method": region.method.value,
        "flags": list(region.flags),
    }


def _lesion(item: LesionMeasurement) -> Json:
    return {
        "id": item.lesion_id,
        "tracking_uid": item.tracking_uid,
        "origin": item.origin.value,
        "peak_lps_mm": list(item.peak_lps_mm),
        "volume_ml": item.volume_ml,
        "sul_peak": item.sul_peak,
        "sul_peak_methods": {
            "continuous": item.sul_peak_continuous,
            "fractional": item.sul_peak_fractional,
            "ibsi_binary": item.sul_peak_ibsi_binary,
        },
        "peak_volume_ml": item.peak_volume_ml,
        "sul_max": item.sul_max,
        "sul_mean": item.sul_mean,
        "tlg_g": item.tlg_g,
        "isocontour50_diameter_mm": item.longest_diameter_mm,
        "site": item.site,
        "side": item.side,
        "physiologic": item.physiological is not None,
        "physiologic_reason": (
            None if item.physiological is None else mark_text(item.physiological)
        ),
        "flags": list(item.flags),
    }


def _comparability(item: ComparabilityItem) -> Json:
    return {
        "rule": item.rule,
        "value": item.value,
        "limit": item.limit,
        "unit": dict(item.params).get("unit"),
        "severity": item.severity.value,
        "code": item.code,
        "text": comparability_text(item),
    }


def _response(response: PercistResponse, flags: Sequence[str], rules: Mapping[str, str]) -> Json:
    target = response.target
    return {
        "category": response.overall.value,
        "target_category": target.category.value,
        "non_target_category": (
            None if response.non_target.category is None else response.non_target.category.value
        ),
        "new_lesions": list(response.new_lesions.unequivocal),
        "equivocal_lesions": list(response.new_lesions.equivocal),
        "rule_set": response.rule_set,
        "rules_sha256": rules[response.rule_set],
        "string": response.report_string,
        "target_id": target.target_id,
        "sul_peak": target.sul_peak_g_per_ml,
        "baseline_target_id": target.baseline_target_id,
        "baseline_sul_peak": target.baseline_sul_peak_g_per_ml,
        "reference_sul_peak": target.reference_sul_peak_g_per_ml,
        "change_from_baseline_fraction": target.change_from_baseline_fraction,
        "change_from_baseline_abs": target.change_from_baseline_abs,
        "change_from_reference_fraction": target.change_from_reference_fraction,
        "change_from_reference_abs": target.change_from_reference_abs,
        "margin": _margins(response),
        "reasons": [
            {"rule": item.rule, "text": reason_text(item), "values": dict(item.values())}
            for item in response.trace
        ],
        "excluded": [
            {"rule": item.rule, "text": reason_text(item), "values": dict(item.values())}
            for item in response.excluded
        ],
        "flags": list(dict.fromkeys((*response.flags, *flags))),
    }


def _margins(response: PercistResponse) -> Mapping[str, object] | None:
    if not response.margins:
        return None
    nearest = response.margins[0]
    return {
        "category": nearest.category.value,
        "at_sul_peak": nearest.at_sul_peak_g_per_ml,
        "difference": nearest.difference_g_per_ml,
        "inclusive": nearest.inclusive,
        "text": margin_text(response.overall, response.margins),
    }
