"""`inspect FOLDER`: the series, their roles, volumes, SUV readiness and findings."""

import argparse

from app.cli.json_text import json_text
from app.domain.findings import Finding
from app.domain.quantification import Quantification, Refusal
from app.services.inspect_folder import InspectedSeries, IntakeSheet, inspect_folder
from app.wording import finding_text, refusal_text

Json = dict[str, object]


def inspect_command(arguments: argparse.Namespace) -> str:
    """The intake sheet of a folder as JSON or as text."""
    sheet = inspect_folder(arguments.folder)
    if arguments.json:
        return json_text(_document(sheet))
    return _text(sheet)


def _document(sheet: IntakeSheet) -> Json:
    return {
        "series": [_series(item) for item in sheet.series],
        "findings": [finding_document(item) for item in sheet.findings],
    }


def _series(item: InspectedSeries) -> Json:
    identity, geometry = item.series.identity, item.series.geometry
    volume: Json | None = None
    if geometry is not None:
        volume = {
            "shape_zyx": list(geometry.shape_zyx),
            "spacing_zyx_mm": list(geometry.spacing_zyx_mm),
            "unit": item.series.unit.value,
        }
    return {
        "uid": identity.series_uid,
        "stack": item.series.stack,
        "modality": identity.modality,
        "description": identity.description,
        "role": item.series.role.value,
        "files": len({instance.path for instance in item.series.instances}),
        "volume": volume,
        "suv": None if item.quantification is None else _suv(item.quantification),
        "findings": [finding_document(found) for found in item.findings],
    }


def _suv(recipe: Quantification) -> Json:
    time = recipe.reference_time
    return {
        "status": recipe.status.value,
        "refusal": refusal_document(recipe.suvbw_refusal),
        "suvbw_factor": recipe.suvbw_factor,
        "sul_janma_factor": recipe.sul_janma_factor,
        "sul_james128_factor": recipe.sul_james128_factor,
        "suvbw_factors_by_slice": recipe.suvbw_factors_by_slice,
        "sul_janma_refusal": refusal_document(recipe.sul_janma_refusal),
        "sul_james128_refusal": refusal_document(recipe.sul_james128_refusal),
        "reference_time": None if time is None else time.isoformat(),
        "rule": None if recipe.reference_rule is None else recipe.reference_rule.value,
        "uptake_time_s": recipe.uptake_time_s,
    }


def refusal_document(item: Refusal | None) -> Json | None:
    """A refusal as code, tag and sentence."""
    if item is None:
        return None
    return {"code": item.code, "tag": item.tag, "text": refusal_text(item)}


def finding_document(item: Finding) -> Json:
    """A finding as code, severity and sentence."""
    return {"code": item.code, "severity": item.severity.value, "text": finding_text(item)}


def _text(sheet: IntakeSheet) -> str:
    lines: list[str] = []
    for item in sheet.series:
        identity, geometry = item.series.identity, item.series.geometry
        shape = "no volume"
        if geometry is not None:
            size = " x ".join(str(n) for n in reversed(geometry.shape_zyx))
            step = " x ".join(f"{s:.2f}" for s in reversed(geometry.spacing_zyx_mm))
            shape = f"{size} voxels of {step} mm, {item.series.unit.value}"
        title = identity.description or "(no description)"
        lines.append(f"{item.series.role.value:<10} {title}: {shape}")
        lines.append(f"           {identity.series_uid}")
        if item.quantification is not None:
            lines.append(f"           {_suv_line(item.quantification)}")
        lines += [
            f"           {found.severity.value}: {finding_text(found)}" for found in item.findings
        ]
    lines += [f"{found.severity.value}: {finding_text(found)}" for found in sheet.findings]
    return "\n".join(lines) + "\n"


def _suv_line(recipe: Quantification) -> str:
    if recipe.suvbw_refusal is not None:
        return f"SUV refused: {refusal_text(recipe.suvbw_refusal)}"
    parts = ["SUV ready"]
    for name, factor in (
        ("SUVbw", recipe.suvbw_factor),
        ("SUL Janmahasatian", recipe.sul_janma_factor),
        ("SUL James-128", recipe.sul_james128_factor),
    ):
        parts.append(f"{name} x {factor:.4e}" if factor is not None else f"{name} -")
    if recipe.uptake_time_s is not None:
        parts.append(f"uptake {recipe.uptake_time_s / 60:.1f} min")
    return ", ".join(parts)
