"""The continuous peak against a slow search with another quadrature and another spline code."""

import numpy as np
import pytest
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.peak import PEAK_RADIUS_MM, PeakMethod, region_peak
from segmentation.volume import Volume
from tests.unit.segmentation.metrics.analytic import volume_of


def _points(count):
    line = (np.arange(count) + 0.5) / count * 2.0 - 1.0
    cube = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1).reshape(-1, 3)
    return cube[np.einsum("ij,ij->i", cube, cube) <= 1.0] * PEAK_RADIUS_MM


FINE, COARSE = _points(80), _points(9)


def _slow_mean(volume: Volume, centre_zyx, points) -> float:
    geometry = volume.geometry
    zyx = geometry.zyx_from_mm(geometry.mm_from_zyx(centre_zyx) + points)
    zyx = zyx[geometry.contains_zyx(zyx)]
    return float(ndimage.map_coordinates(volume.values, zyx.T, order=3, mode="mirror").mean())


def _slow_maximum(volume: Volume, voxels, best_starts=12) -> float:
    """Pattern search from the best voxel centres, kept within the boxes of the voxels."""
    allowed = {tuple(v) for v in voxels.tolist()}
    values = np.array([_slow_mean(volume, v, COARSE) for v in voxels])
    best = -np.inf
    for start in np.argsort(-values)[:best_starts]:
        centre, value, step = voxels[start].astype(float), values[start], 0.4
        while step > 0.02:
            moved = False
            for move in np.vstack([np.eye(3), -np.eye(3)]) * step:
                trial = centre + move
                if tuple(np.rint(trial).astype(int).tolist()) in allowed:
                    found = _slow_mean(volume, trial, COARSE)
                    if found > value:
                        centre, value, moved = trial, found, True
            if not moved:
                step /= 2.0
        best = max(best, _slow_mean(volume, centre, FINE))
    return best


def _uneven(shape) -> Geometry:
    steps = np.random.default_rng(4).uniform(2.0, 5.0, shape[0] - 1)
    offsets = (0.0, *np.cumsum(steps).tolist())
    return Geometry(shape, (4.0, 4.7), (0.0,) * 3, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), offsets)


@pytest.mark.parametrize(
    "geometry",
    [
        Geometry.even((20, 16, 16), (3.3, 4.7, 4.7)),
        Geometry.even((20, 16, 16), (5.0, 5.47, 5.47)),
        Geometry.even((26, 20, 16), (1.5, 3.0, 2.0)),
        _uneven((20, 16, 16)),
    ],
    ids=["pet", "coarse", "anisotropic", "uneven"],
)
@pytest.mark.parametrize("at_edge", [False, True], ids=["inside", "edge"])
def test_finds_the_maximum(geometry, at_edge):
    shape = geometry.shape_zyx
    rng = np.random.default_rng(7)
    volume = volume_of(5.0 + 4.0 * ndimage.gaussian_filter(rng.normal(size=shape), 0.7), geometry)
    inside = np.zeros(shape, bool)
    if at_edge:
        inside[:4, 5:10, -3:] = True
    else:
        inside[7:-7, 5:-5, 5:-5] = True
    mask = Mask.from_array(inside, geometry)
    found = region_peak(volume, mask, PeakMethod.CONTINUOUS)
    assert found is not None
    # The quadrature of the value, at the place it was found ...
    assert found.value == pytest.approx(_slow_mean(volume, found.position_zyx, FINE), rel=5e-4)
    # ... and no better place than that (the slow points cut an edge coarsely, hence 1e-3).
    assert found.value > _slow_maximum(volume, mask.indices_zyx()) * (1.0 - 1e-3)
    away = np.abs(mask.indices_zyx() - np.array(found.position_zyx)).max(axis=1)
    assert away.min() <= 0.5 + 1e-9
