"""`measure FOLDER ...`: the measures of regions on one series."""

import argparse
from pathlib import Path

from app.cli.inspect_command import finding_document, refusal_document
from app.cli.json_text import json_text
from app.domain.quantification import SuvQuantity
from app.services.measure_regions import (
    MeasuredRegion,
    Measures,
    MeasureUnit,
    RegionRequest,
    Threshold,
    UptakeMeasures,
    measure_regions,
)
from app.wording import finding_text, refusal_text
from segmentation.voi import SphereVoi

Json = dict[str, object]
SUL_QUANTITIES = {"janma": SuvQuantity.SUL_JANMA, "james128": SuvQuantity.SUL_JAMES128}


def measure_command(arguments: argparse.Namespace) -> str:
    """The measures as JSON or as text."""
    quantity = SUL_QUANTITIES[arguments.lbm]
    measures = measure_regions(arguments.folder, _request(arguments), arguments.series, quantity)
    if arguments.json:
        document = {
            "series": measures.series.identity.series_uid,
            "refusal": refusal_document(measures.refusal),
            "regions": [_region(item) for item in measures.regions],
        }
        return json_text(document)
    return _text(measures)


def _request(arguments: argparse.Namespace) -> RegionRequest:
    if arguments.sphere is not None:
        x, y, z, diameter = arguments.sphere
        return SphereVoi((x, y, z), diameter)
    if arguments.segmentation is not None:
        return Path(arguments.segmentation)
    unit = None if arguments.unit is None else MeasureUnit(arguments.unit)
    return Threshold(arguments.above, arguments.below, unit)


def _region(item: MeasuredRegion) -> Json:
    diameters = item.diameters
    return {
        "label": item.label,
        "voxels": item.voxels,
        "volume_ml": item.volume_ml,
        "suvbw": _uptake(item.suvbw),
        "sul": _uptake(item.sul),
        "hu": _uptake(item.hu),
        "tlg_g": item.tlg_g,
        "longest_diameter_mm": None if diameters is None else diameters.longest_diameter_mm,
        "perpendicular_mm": None if diameters is None else diameters.perpendicular_mm,
        "slice_z_mm": None if diameters is None else diameters.slice_z_mm,
        "findings": [finding_document(found) for found in item.findings],
    }


def _uptake(measured: UptakeMeasures | None) -> Json | None:
    if measured is None:
        return None
    statistics = measured.statistics
    document: Json = {
        "min": statistics.minimum,
        "mean": statistics.mean,
        "median": statistics.median,
        "sd": statistics.sd,
        "max": statistics.maximum,
    }
    if measured.peaks is not None:
        peaks = measured.peaks
        document["peak"] = {
            "continuous": peaks.continuous.value,
            "fractional": peaks.fractional.value,
            "ibsi_binary": peaks.ibsi_binary.value,
        }
        document["peak_lps_mm"] = list(peaks.continuous.position_lps_mm)
        document["peak_flags"] = sorted(flag.value for flag in peaks.continuous.flags)
    return document


def _text(measures: Measures) -> str:
    lines = [f"Series {measures.series.identity.series_uid}"]
    if measures.refusal is not None:
        lines.append(f"SUV refused: {refusal_text(measures.refusal)}")
    for item in measures.regions:
        lines.append(f"{item.label}: {item.voxels} voxels, {item.volume_ml:.2f} mL")
        for name, measured in (("SUVbw", item.suvbw), ("SUL", item.sul), ("HU", item.hu)):
            if measured is not None:
                lines.append("  " + _line(name, measured))
        if item.diameters is not None:
            d = item.diameters
            lines.append(
                f"  longest diameter {d.longest_diameter_mm:.1f} mm, perpendicular "
                f"{d.perpendicular_mm:.1f} mm, slice at z = {d.slice_z_mm:.1f} mm"
            )
        lines += [f"  {found.severity.value}: {finding_text(found)}" for found in item.findings]
    return "\n".join(lines) + "\n"


def _line(name: str, measured: UptakeMeasures) -> str:
    s = measured.statistics
    sd = "-" if s.sd is None else f"{s.sd:.3f}"
    text = (
        f"{name}: min {s.minimum:.3f}, mean {s.mean:.3f}, median {s.median:.3f}, sd {sd}, "
        f"max {s.maximum:.3f}"
    )
    if measured.peaks is None:
        return text
    p = measured.peaks
    return (
        f"{text}, peak {p.continuous.value:.3f} (fractional {p.fractional.value:.3f}, "
        f"IBSI {p.ibsi_binary.value:.3f}) g/mL"
    )
