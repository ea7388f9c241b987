"""The continuous peak: the ball may sit anywhere, the image is its cubic B-spline interpolant.

1. The mean about every voxel centre, by one convolution of the spline coefficients.
2. For the voxels whose box may hold the maximum: the mean on 5x5x5 points of the box.
3. In the best boxes: the maximum of the polynomial through those points, found by zooming in.
4. The exact mean about the best of these points.
The mean over a ball is far smoother than the image, so a polynomial of degree 4 per axis follows
it through one voxel within 1e-4 of the peak.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import fft

from segmentation.geometry import FloatArray
from segmentation.metrics.peak_found import FoundPeak
from segmentation.metrics.peak_spline import Box, ball_weights, spline_coefficients
from segmentation.metrics.peak_surroundings import (
    Surroundings,
    interior_surroundings,
    slice_reach,
    surroundings_of,
)
from segmentation.volume import Volume

IndexArray = npt.NDArray[np.intp]

# Voxels examined on 5x5x5 points, and boxes searched for their polynomial's maximum.
BOXES_SAMPLED = 256
BOXES_SEARCHED = 16
# Best points whose mean is computed exactly at the end.
POINTS_CONFIRMED = 4
# Zoom: points per axis of one level; three levels end on a step of 0.4 % of a voxel (0.02 mm).
ZOOM_POINTS = 11
ZOOM_LEVELS = 3

# Chebyshev-Lobatto points of the box [-0.5, 0.5], its faces included.
NODES = -0.5 * np.cos(np.pi * np.arange(5) / 4.0)
NODES_PER_BOX = len(NODES) ** 3


def continuous_maximum(
    volume: Volume, voxels_zyx: IndexArray, radius_mm: float
) -> FoundPeak | None:
    """The largest mean of the spline over a ball centred anywhere in the boxes of the voxels.

    `voxels_zyx` (n, 3) are the candidates. None where no voxel around them is finite.
    Source: spec 1.8, `continuous`.
    """
    box = _coefficient_box(volume, voxels_zyx, radius_mm)
    try:
        coefficients = spline_coefficients(volume.values, box)
    except ValueError:
        return None
    origin = np.array([a for a, _ in box], dtype=np.intp)
    likely = _likely_voxels(volume, coefficients, origin, voxels_zyx, radius_mm)
    groups = surroundings_of(volume.geometry, likely, radius_mm)
    samples = np.empty((len(likely), NODES_PER_BOX))
    for around, members in groups.items():
        weights = _node_weights(around, radius_mm)
        patches = _patches(coefficients, likely[members] - origin, around.taps(radius_mm))
        samples[members] = patches @ weights.T
    best = np.argsort(-samples.max(axis=1), kind="stable")[:BOXES_SEARCHED]
    offsets, estimates = _polynomial_maxima(samples[best])

    group_of = {int(m): around for around, members in groups.items() for m in members}
    ball_mm3 = 4.0 / 3.0 * np.pi * radius_mm**3
    results = []
    for n in np.argsort(-estimates, kind="stable")[:POINTS_CONFIRMED]:
        around, voxel = group_of[int(best[n])], likely[best[n]]
        z, y, x = np.split(offsets[n], 3)
        weights, used = ball_weights(around, (z, y, x), radius_mm)
        patch = _patches(coefficients, (voxel - origin)[None], around.taps(radius_mm))
        value = float(patch[0] @ weights.ravel())
        centre = (float(voxel[0] + z[0]), float(voxel[1] + y[0]), float(voxel[2] + x[0]))
        used_mm3 = used.item()
        missing = max(1.0 - used_mm3 / ball_mm3, 0.0)
        results.append(FoundPeak(value, centre, used_mm3 / 1000.0, missing))
    return max(results, key=lambda found: found.value)


def _coefficient_box(volume: Volume, voxels_zyx: IndexArray, radius_mm: float) -> Box:
    """The coefficients the candidates and their direct neighbours can draw on."""
    around = interior_surroundings(volume.geometry, radius_mm)
    nominal = around.taps(radius_mm)
    first, last = voxels_zyx.min(axis=0) - 1, voxels_zyx.max(axis=0) + 1
    low, high = slice_reach(volume.geometry, int(first[0]), int(last[0]), radius_mm)
    low, high = min(low, int(first[0]) + nominal[0][0]), max(high, int(last[0]) + nominal[0][1])
    y, x = ((int(first[a]) + nominal[a][0], int(last[a]) + nominal[a][1] + 1) for a in (1, 2))
    return (low, high + 1), y, x


def _likely_voxels(
    volume: Volume,
    coefficients: FloatArray,
    origin: IndexArray,
    voxels_zyx: IndexArray,
    radius_mm: float,
) -> IndexArray:
    """The candidates ranked by an estimate of the largest mean in their box, the best few.

    The estimate adds to the mean about the voxel centre, for each axis, what the parabola
    through the two neighbours gains within the box; edges and uneven steps are ignored here.
    """
    if len(voxels_zyx) <= BOXES_SAMPLED:
        return voxels_zyx
    around = interior_surroundings(volume.geometry, radius_mm)
    kernel = _node_weights(around, radius_mm)[NODES_PER_BOX // 2]
    taps = around.taps(radius_mm)
    means = _correlate(coefficients, kernel.reshape([b - a + 1 for a, b in taps]))
    centre = voxels_zyx - origin + np.array([a for a, _ in taps])
    at = means[tuple(centre.T)]
    estimate = at.copy()
    for axis in range(3):
        step = np.eye(3, dtype=np.intp)[axis]
        before, after = means[tuple((centre - step).T)], means[tuple((centre + step).T)]
        estimate += _parabola_gain((after - before) / 2.0, after - 2.0 * at + before)
    order = np.argsort(-estimate, kind="stable")[:BOXES_SAMPLED]
    return voxels_zyx[order]


def _parabola_gain(slope: FloatArray, curvature: FloatArray) -> FloatArray:
    """Largest value of slope*t + curvature*t**2/2 for |t| <= 0.5."""
    down = np.minimum(curvature, -1e-300)
    t = np.clip(np.abs(slope) / -down, 0.0, 0.5)
    t = np.where(curvature < 0, t, 0.5)
    return np.asarray(np.abs(slope) * t + curvature * t * t / 2.0)


def _correlate(array: FloatArray, kernel: FloatArray) -> FloatArray:
    """Valid correlation: result[i] = sum_t kernel[t] array[i + t]."""
    size = [fft.next_fast_len(n, real=True) for n in array.shape]
    product = fft.rfftn(array, size) * np.conj(fft.rfftn(kernel, size))
    valid = tuple(slice(n - k + 1) for n, k in zip(array.shape, kernel.shape, strict=True))
    return np.asarray(fft.irfftn(product, size)[valid], dtype=np.float64)


@lru_cache(maxsize=32)
def _node_weights(around: Surroundings, radius_mm: float) -> FloatArray:
    """Weights (125, taps) of the ball means on the nodes of a voxel's box."""
    weights, _ = ball_weights(around, (NODES, NODES, NODES), radius_mm)
    return weights.reshape(NODES_PER_BOX, -1)


def _patches(
    coefficients: FloatArray, voxels: IndexArray, taps: tuple[tuple[int, int], ...]
) -> FloatArray:
    """The coefficients around voxels (n, 3), shape (n, taps)."""
    _, ny, nx = coefficients.shape
    strides = np.array([ny * nx, nx, 1])
    grid = np.meshgrid(*(np.arange(a, b + 1) for a, b in taps), indexing="ij")
    step = sum(g.ravel() * s for g, s in zip(grid, strides, strict=True))
    return np.asarray(coefficients.ravel()[(voxels @ strides)[:, None] + step])


def _polynomial_maxima(samples: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Offsets (n, 3) and values (n,) of the maxima of the polynomials through 5x5x5 samples."""
    count = len(samples)
    cubes = samples.reshape(count, 5, 5, 5)
    middle = np.zeros((count, 3))
    values = np.empty(count)
    half = 0.5
    for _ in range(ZOOM_LEVELS):
        line = np.linspace(-half, half, ZOOM_POINTS)
        points = np.clip(middle[:, :, None] + line, -0.5, 0.5)
        basis = _lagrange(points)
        dense = np.einsum("nabc,nai->nibc", cubes, basis[:, 0])
        dense = np.einsum("nibc,nbj->nijc", dense, basis[:, 1])
        dense = np.einsum("nijc,nck->nijk", dense, basis[:, 2])
        at = dense.reshape(count, -1).argmax(axis=1)
        values = dense.reshape(count, -1)[np.arange(count), at]
        index = np.stack(np.unravel_index(at, (ZOOM_POINTS,) * 3), axis=1)
        middle = np.take_along_axis(points, index[:, :, None], axis=2)[:, :, 0]
        half *= 2.0 / (ZOOM_POINTS - 1)
    return middle, values


def _lagrange(points: FloatArray) -> FloatArray:
    """Lagrange basis of the nodes at points (..., m): shape (..., 5, m)."""
    basis = np.ones((*points.shape[:-1], len(NODES), points.shape[-1]))
    for a, node in enumerate(NODES):
        for other in np.delete(NODES, a):
            basis[..., a, :] *= (points - other) / (node - other)
    return basis
