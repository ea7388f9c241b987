"""Area `reference`: voxels of the reference regions and the threshold they give."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.criteria.percist.rules import PercistRules, ProgressionReference
from app.criteria.percist.threshold import measurability_threshold_g_per_ml
from app.domain.exact import at_least, exact
from app.domain.reference import ReferenceRegionKind
from segmentation.geometry import Geometry
from segmentation.voi import SphereVoi
from tests.vectors.vector_file import Vector


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if {"liver_mean", "liver_sd"} <= inputs.keys():
        mean, sd = inputs["liver_mean"], inputs["liver_sd"]
        return _measured(inputs, _threshold(ReferenceRegionKind.LIVER, mean, sd))
    if {"aorta_mean", "aorta_sd"} <= inputs.keys():
        mean, sd = inputs["aorta_mean"], inputs["aorta_sd"]
        kind = ReferenceRegionKind.BLOOD_POOL
        term = inputs.get("bloodpool_sd_term", True)
        return {
            **_measured(inputs, _threshold(kind, mean, sd, bloodpool_sd_term=term)),
            "threshold_text_rule": _threshold(kind, mean, sd),
            "threshold_table_rule": _threshold(kind, mean, sd, bloodpool_sd_term=False),
        }
    if {"spacing_zyx_mm", "radius_mm"} <= inputs.keys():
        return _sphere(inputs)
    raise AssertionError(f"unknown input shape of area reference: {sorted(inputs)}")


def _measured(inputs: Mapping[str, Any], threshold: float) -> Mapping[str, Any]:
    """The threshold, and whether a SULpeak that is given reaches it."""
    peak = inputs.get("sulpeak", inputs.get("sul_peak"))
    if peak is None:
        return {"threshold": threshold}
    inclusive = inputs.get("threshold_inclusive", True)
    measurable = at_least(exact(peak), exact(threshold), inclusive)
    return {"threshold": threshold, "measurable": measurable}


def _threshold(
    kind: ReferenceRegionKind, mean: float, sd: float, *, bloodpool_sd_term: bool = True
) -> float:
    rules = PercistRules(
        name="vectors",
        progression_reference=ProgressionReference.NADIR,
        pmr_inclusive=True,
        pmd_inclusive=True,
        bloodpool_sd_term=bloodpool_sd_term,
    )
    return measurability_threshold_g_per_ml(kind, mean, sd, rules)


def _sphere(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sphere centred on a voxel, as the reference region is rasterised."""
    dz, dy, dx = (float(d) for d in inputs["spacing_zyx_mm"])
    radius = float(inputs["radius_mm"])
    half = int(np.ceil(radius / min(dz, dy, dx))) + 1
    geometry = Geometry.even((2 * half + 1,) * 3, (dz, dy, dx))
    x, y, z = geometry.lps_from_zyx((half, half, half))
    mask = SphereVoi((float(x), float(y), float(z)), 2.0 * radius).mask(geometry)
    return {
        "voxels": mask.voxels,
        "volume_ml": mask.volume_ml,
        "nominal_ml": 4.0 / 3.0 * np.pi * radius**3 / 1000.0,
    }
