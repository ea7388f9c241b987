"""Images of the phantom: structures painted with partial volume, blurred, with noise."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from app.demo.phantom import Phantom, Scanner, Visit
from app.demo.shapes import Point, Shape
from segmentation.geometry import Geometry

Float32Array = npt.NDArray[np.float32]

FWHM_PER_SIGMA = 2.0 * math.sqrt(2.0 * math.log(2.0))
SUB_SAMPLES = 4  # per axis in voxels near a surface
CHUNK_VOXELS = 4_000  # so that the samples stay in the cache
AIR_HU = -1000.0
LOWEST_HU = -1024.0
# Iterative PET shows a little noise in air as well (SUV).
AIR_NOISE_SUV = 0.03
# PET noise is a band: reconstruction smooths the finest detail, and projection data carry little
# noise at low frequency (ramp spectrum), unlike white noise that has only been smoothed.
NOISE_FINE_SIGMA_VOXEL = 0.55
NOISE_COARSE_SIGMA_VOXEL = 0.9
CT_NOISE_SIGMA_PIXEL = 0.6


def pet_geometry(scanner: Scanner, visit: Visit) -> Geometry:
    """The PET grid of a visit: axial, centred in the gantry."""
    return _grid(scanner.pet_matrix, scanner.pet_pixel_mm, scanner, visit)


def ct_geometry(scanner: Scanner, visit: Visit) -> Geometry:
    """The CT grid of a visit: axial, centred in the gantry, slices where the PET slices lie."""
    return _grid(scanner.ct_matrix, scanner.ct_pixel_mm, scanner, visit)


def render_suv(
    phantom: Phantom,
    visit: Visit,
    noise: bool = True,
    checkpoint: Callable[[], None] = lambda: None,
) -> Float32Array:
    """SUVbw [z, y, x] as the scanner would reconstruct it, on `pet_geometry`.

    `checkpoint` is called between the steps and may raise to cancel.
    """
    scanner, geometry = phantom.scanner, pet_geometry(phantom.scanner, visit)
    image = np.zeros(geometry.shape_zyx, dtype=np.float32)
    for structure in visit.structures:
        if structure.suv is not None:
            parts = structure.parts
            paint(image, geometry, parts, structure.suv, visit.shift_mm, checkpoint)
    for lesion in visit.lesions:
        paint(image, geometry, (lesion.body,), lesion.suv, visit.shift_mm)
    checkpoint()
    sigma = scanner.psf_fwhm_mm / FWHM_PER_SIGMA
    # A painted voxel is already the mean over its box, which blurs by h^2 / 12.
    remaining = [math.sqrt(sigma**2 - h**2 / 12.0) / h for h in geometry.spacing_zyx_mm]
    image = ndimage.gaussian_filter(image, remaining, mode="nearest", truncate=5.0)
    checkpoint()
    if noise:
        strength = scanner.noise_cv_at_liver * math.sqrt(scanner.noise_reference_suv)
        spread = strength * np.sqrt(np.maximum(image, 0.0)) + AIR_NOISE_SUV
        image += spread * band_noise(geometry.shape_zyx, visit.noise_seed)
        np.maximum(image, 0.0, out=image)
    return image


def render_hounsfield(
    phantom: Phantom,
    visit: Visit,
    noise: bool = True,
    checkpoint: Callable[[], None] = lambda: None,
) -> npt.NDArray[np.int16]:
    """Hounsfield units [z, y, x], int16, on `ct_geometry`; `checkpoint` as in `render_suv`."""
    scanner, geometry = phantom.scanner, ct_geometry(phantom.scanner, visit)
    image = np.full(geometry.shape_zyx, AIR_HU, dtype=np.float32)
    _, y, z = visit.shift_mm
    for structure in visit.structures:
        if structure.hu is not None:
            # The couch goes up and in with the patient, but not sideways.
            shift = (0.0, y, z) if structure.on_couch else visit.shift_mm
            paint(image, geometry, structure.parts, structure.hu, shift, checkpoint)
    for lesion in visit.lesions:
        paint(image, geometry, (lesion.body,), lesion.hu, visit.shift_mm)
    sigma = scanner.ct_blur_fwhm_mm / FWHM_PER_SIGMA / scanner.ct_pixel_mm
    random = np.random.default_rng(visit.noise_seed + 1)
    for layer in image:
        checkpoint()
        layer[...] = ndimage.gaussian_filter(layer, sigma, mode="nearest")
        if noise:
            grain = random.standard_normal(layer.shape, dtype=np.float32)
            grain = ndimage.gaussian_filter(grain, CT_NOISE_SIGMA_PIXEL)
            layer += grain * np.float32(scanner.ct_noise_hu / grain.std())
    np.rint(np.maximum(image, LOWEST_HU), out=image)
    return image.astype(np.int16)


def paint(
    image: Float32Array,
    geometry: Geometry,
    parts: Iterable[Shape],
    value: float,
    shift: Point,
    checkpoint: Callable[[], None] = lambda: None,
) -> None:
    """Set `value` inside the shapes, shifted, in place; voxels on a surface take their share."""
    for part in parts:
        _paint_one(image, geometry, part.shifted(shift), value, checkpoint)


def band_noise(shape: tuple[int, int, int], seed: int) -> Float32Array:
    """Noise with mean 0 and standard deviation 1, correlated over about a voxel."""
    white = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    band = ndimage.gaussian_filter(white, NOISE_FINE_SIGMA_VOXEL)
    band -= ndimage.gaussian_filter(white, NOISE_COARSE_SIGMA_VOXEL)
    return np.asarray(band / band.std(), dtype=np.float32)


def _grid(matrix: int, pixel_mm: float, scanner: Scanner, visit: Visit) -> Geometry:
    edge = -(matrix - 1) / 2.0 * pixel_mm
    return Geometry.even(
        (scanner.slices, matrix, matrix),
        (scanner.slice_step_mm, pixel_mm, pixel_mm),
        (edge, edge, visit.lowest_slice_mm),
    )


def _paint_one(
    image: Float32Array,
    geometry: Geometry,
    part: Shape,
    value: float,
    checkpoint: Callable[[], None],
) -> None:
    checkpoint()
    low, high = part.bounds()
    axes, box = [], []
    for axis in range(3):  # z, y, x
        h, origin = geometry.spacing_zyx_mm[axis], geometry.origin_lps_mm[2 - axis]
        first = max(0, math.floor((low[2 - axis] - origin) / h))
        last = min(geometry.shape_zyx[axis], math.ceil((high[2 - axis] - origin) / h) + 1)
        if first >= last:
            return
        box.append(slice(first, last))
        axes.append((origin + h * np.arange(first, last)).astype(np.float32))
    z, y, x = axes
    distance = part.distance_mm(x[None, None, :], y[None, :, None], z[:, None, None])
    reach = math.sqrt(sum(h**2 for h in geometry.spacing_zyx_mm)) / 2.0 * 1.05
    target = image[tuple(box)]
    target[distance <= -reach] = value
    k, j, i = np.nonzero(np.abs(distance) < reach)
    steps = (np.arange(SUB_SAMPLES, dtype=np.float32) + 0.5) / SUB_SAMPLES - 0.5
    dz, dy, dx = (steps * np.float32(h) for h in geometry.spacing_zyx_mm)
    for start in range(0, len(k), CHUNK_VOXELS):
        checkpoint()
        chunk = slice(start, start + CHUNK_VOXELS)
        kk, jj, ii = k[chunk], j[chunk], i[chunk]
        samples = part.distance_mm(
            (x[ii, None] + dx)[:, None, None, :],
            (y[jj, None] + dy)[:, None, :, None],
            (z[kk, None] + dz)[:, :, None, None],
        )
        share = (samples <= 0.0).mean(axis=(1, 2, 3), dtype=np.float32)
        target[kk, jj, ii] += share * (np.float32(value) - target[kk, jj, ii])
