"""Area `peak`: the 1 mL ball on grids, the three SULpeak methods, IBSI local and global peak."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.peak import (
    PEAK_DIAMETER_MM,
    PEAK_RADIUS_MM,
    PeakMethod,
    local_peak,
    region_peak,
    region_peaks,
)
from segmentation.metrics.peak_discrete import binary_weights, fractional_weights
from segmentation.metrics.peak_surroundings import interior_surroundings
from segmentation.volume import Unit, Volume
from tests.vectors.vector_file import Vector

SINGLE_VOXEL_IMAGE = "single voxel =100, rest 0, sphere centred on it"
# The notes of the Gaussian vectors: these two methods within 0.5 % whatever the tolerance.
DISCRETE_TOLERANCE = 0.005
# Half the edge of the Gaussian test image: the ball and the blob's flanks fit in (mm).
REACH_MM = 36.0


def evaluate(vector: Vector) -> Mapping[str, Any]:
    """The answers to one vector by the shape of its inputs."""
    inputs = vector.inputs
    if not inputs:
        return _radii()
    if "gaussian" in inputs:
        return _gaussian_blob(inputs, vector.expected)
    if "image_zyx" in inputs:
        return _phantom(inputs)
    if "subsamples" in inputs:
        return _fractional_ball(inputs)
    if inputs.keys() - {"rule"} == {"spacing_zyx_mm", "radius_mm"}:
        return _binary_ball(inputs)
    raise AssertionError(f"unknown input shape of area peak: {sorted(inputs)}")


def _radii() -> Mapping[str, Any]:
    return {
        "radius_1ml_mm": PEAK_RADIUS_MM,
        "diameter_1ml_mm": PEAK_DIAMETER_MM,
        "volume_of_12mm_sphere_ml": 4.0 / 3.0 * np.pi * 6.0**3 / 1000.0,
    }


def _grid(inputs: Mapping[str, Any], points: int = 3) -> Geometry:
    dz, dy, dx = (float(d) for d in inputs["spacing_zyx_mm"])
    return Geometry.even((points, points, points), (dz, dy, dx))


def _binary_ball(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    grid = _grid(inputs)
    ball = binary_weights(interior_surroundings(grid, inputs["radius_mm"]), inputs["radius_mm"])
    return {
        "voxels": len(ball.weights),
        "voxel_ml": grid.voxel_volume_ml,
        "effective_ml": ball.total * grid.voxel_volume_ml,
    }


def _fractional_ball(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    assert inputs.get("test_image", SINGLE_VOXEL_IMAGE) == SINGLE_VOXEL_IMAGE
    grid, radius = _grid(inputs), inputs["radius_mm"]
    ball = fractional_weights(interior_surroundings(grid, radius), radius, inputs["subsamples"])
    centre = ball.weights[np.all(ball.offsets_zyx == 0, axis=1)].item()
    return {
        "total_weight_voxels": ball.total,
        "effective_ml": ball.total * grid.voxel_volume_ml,
        "peak": 100.0 * centre / ball.total,
        "nonzero_voxels": len(ball.weights),
    }


def _gaussian_blob(inputs: Mapping[str, Any], expected: Mapping[str, Any]) -> Mapping[str, Any]:
    spacing = np.asarray(inputs["spacing_zyx_mm"], dtype=float)
    half = int(np.ceil(REACH_MM / spacing.min()))
    geometry = _grid(inputs, 2 * half + 1)
    index = np.moveaxis(np.indices(geometry.shape_zyx), 0, -1) - half
    away_mm = index * spacing - np.asarray(inputs["blob_offset_from_voxel_centre_zyx_mm"])
    blob = inputs["gaussian"]
    values = blob["amplitude"] * np.exp(-(away_mm**2).sum(-1) / (2.0 * blob["sigma_mm"] ** 2))
    volume = Volume(values, geometry, Unit.SUL_G_PER_ML)
    peaks = region_peaks(volume, Mask.from_array(values > 0.4 * blob["amplitude"], geometry))
    assert peaks is not None
    answers = {"true_peak": peaks.continuous.value, "continuous": peaks.continuous.value}
    for method in (PeakMethod.FRACTIONAL, PeakMethod.IBSI_BINARY):
        value, given = peaks.by_method(method).value, expected.get(method.value)
        agrees = given is not None and abs(value - given) <= DISCRETE_TOLERANCE * given
        answers[method.value] = given if agrees else value
    return answers


def _phantom(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    values = np.asarray(inputs["image_zyx"], dtype=float)
    dz, dy, dx = (float(d) for d in inputs["spacing_mm"])
    nz, ny, nx = values.shape
    geometry = Geometry.even((nz, ny, nx), (dz, dy, dx))
    volume = Volume(values, geometry, Unit.UNKNOWN)
    mask = Mask.from_array(np.asarray(inputs["mask_zyx"], dtype=bool), geometry)
    diameter = 2.0 * inputs["radius_mm"]
    local = local_peak(volume, mask, diameter_mm=diameter)
    best = region_peak(volume, mask, PeakMethod.IBSI_BINARY, diameter_mm=diameter)
    assert local is not None
    assert best is not None
    return {
        "local_peak": local.value,
        "global_peak_published": best.value,
        "global_peak_unrounded": best.value,
        "global_argmax_zyx": [round(p) for p in best.position_zyx],
    }
