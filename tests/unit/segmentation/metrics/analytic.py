"""Images with a known truth: Gaussian blobs and blurred spheres, sampled at voxel centres."""

import numpy as np
from scipy import integrate, special

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.volume import Unit, Volume

RADIUS_1ML_MM = 6.203504908994001


def distances_mm(geometry: Geometry, centre_zyx) -> np.ndarray:
    """Distance of every voxel centre from a point given in index coordinates."""
    index = np.moveaxis(np.indices(geometry.shape_zyx), 0, -1)
    relative = geometry.mm_from_zyx(index) - geometry.mm_from_zyx(centre_zyx)
    return np.linalg.norm(relative, axis=-1)


def gaussian(distance, sigma_mm):
    """Profile of a Gaussian blob of height 1."""
    return np.exp(-(distance**2) / (2.0 * sigma_mm**2))


def blurred_sphere(distance, radius_mm, sigma_mm):
    """Profile of a uniform sphere of height 1 after a Gaussian point spread function."""
    rho = np.maximum(distance, 1e-6)
    root = np.sqrt(2.0) * sigma_mm
    steps = (special.erf((radius_mm - rho) / root) + special.erf((radius_mm + rho) / root)) / 2.0
    rims = np.exp(-(((rho - radius_mm) / root) ** 2)) - np.exp(-(((rho + radius_mm) / root) ** 2))
    return steps - sigma_mm / (rho * np.sqrt(2.0 * np.pi)) * rims


def ball_mean(profile, radius_mm=RADIUS_1ML_MM) -> float:
    """Mean of a radial profile over the ball about its centre, by the radial integral."""
    value, _ = integrate.quad(lambda rho: rho**2 * float(profile(rho)), 0.0, radius_mm)
    return 3.0 * value / radius_mm**3


def volume_of(values, geometry: Geometry) -> Volume:
    """A SUL volume of an array."""
    return Volume(np.asarray(values, dtype=np.float64), geometry, Unit.SUL_G_PER_ML)


def above(volume: Volume, threshold: float) -> Mask:
    """All voxels of at least the threshold."""
    return Mask.from_array(volume.values >= threshold, volume.geometry)
