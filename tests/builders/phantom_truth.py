"""What an exact measurement of the demo patient's lesions gives, from the phantom's parameters.

Nothing here looks at an image or shares code with the renderer: a lesion is an ellipsoid of
uniform activity in uniform surroundings, seen through a Gaussian blur.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad
from scipy.special import erf

from app.demo.phantom import Lesion, Phantom, Structure, Visit
from app.demo.shapes import Shape

PEAK_RADIUS_MM = (3.0 / (4.0 * math.pi) * 1000.0) ** (1.0 / 3.0)


@dataclass(frozen=True, slots=True)
class LesionTruth:
    """The true values of one lesion at one visit."""

    name: str
    center_lps_mm: tuple[float, float, float]
    suv_peak: float
    sul_peak: float
    background_suv: float
    volume_ml: float
    axial_diameters_mm: tuple[float, float]


def lesion_truths(phantom: Phantom, visit: Visit) -> dict[str, LesionTruth]:
    """The truth of every lesion of a visit, by name."""
    sigma = phantom.scanner.psf_fwhm_mm / math.sqrt(8.0 * math.log(2.0))
    scale = sul_per_suv(visit.weight_kg, phantom.size_m)
    truths = {}
    for lesion in visit.lesions:
        background = surroundings(visit, lesion)
        share = peak_recovery(lesion.body.half_mm, sigma)
        peak = background + (lesion.suv - background) * share
        center = tuple(c + s for c, s in zip(lesion.body.center, visit.shift_mm, strict=True))
        a, b, c = lesion.body.half_mm
        about_x, about_y, _ = lesion.body.turn_deg
        assert about_x == about_y == 0.0, "the axial cut through the centre must be a main plane"
        truths[lesion.name] = LesionTruth(
            lesion.name,
            center,
            peak,
            peak * scale,
            background,
            4.0 / 3.0 * math.pi * a * b * c / 1000.0,
            (2 * max(a, b), 2 * min(a, b)),
        )
    return truths


def sul_per_suv(weight_kg: float, size_m: float) -> float:
    """Lean mass over weight of a woman after Janmahasatian 2005 (spec 1.7)."""
    return 9270.0 / (8780.0 + 244.0 * weight_kg / size_m**2)


def peak_recovery(half_mm: tuple[float, float, float], sigma_mm: float) -> float:
    """Share of the contrast that the mean over a 1 mL ball at the lesion's centre recovers.

    The ball mean of a blurred ellipsoid is the ellipsoid's integral over the blurred unit ball k,
    which is radial: the mean over all directions u of K(rho(u)), where rho is the ellipsoid's
    radius that way and K the integral of 4 pi r^2 k(r) up to it. By symmetry and log-concavity
    the centre is where the mean is largest.
    """
    cosines, weights = np.polynomial.legendre.leggauss(24)
    angles = (np.arange(48) + 0.5) * 2.0 * math.pi / 48
    sines = np.sqrt(1.0 - cosines**2)
    total = 0.0
    a, b, c = half_mm
    for cosine, sine, weight in zip(cosines, sines, weights, strict=True):
        inverse = (
            (sine * np.cos(angles) / a) ** 2 + (sine * np.sin(angles) / b) ** 2 + (cosine / c) ** 2
        )
        total += weight / 2.0 * float(np.mean(_enclosed(1.0 / np.sqrt(inverse), sigma_mm)))
    return total


def blurred_ball(r: np.ndarray | float, radius: float, sigma: float) -> np.ndarray:
    """A ball of value 1 seen through a Gaussian, at distance r > 0 from its centre."""
    s = sigma * math.sqrt(2.0)
    inside = 0.5 * (erf((radius - r) / s) + erf((radius + r) / s))
    slopes = np.exp(-(((r - radius) / s) ** 2)) - np.exp(-(((r + radius) / s) ** 2))
    return inside - sigma / (r * math.sqrt(2.0 * math.pi)) * slopes


def surroundings(visit: Visit, lesion: Lesion) -> float:
    """The SUV around a lesion: of the last structure painted over its centre."""
    return next(
        s.suv
        for s in reversed(visit.structures)
        if s.suv is not None and _holds(s, lesion.body.center)
    )


def clearance_mm(visit: Visit, lesion: Lesion, reach_mm: float = 40.0) -> float:
    """How far from the lesion's centre its surroundings stay uniform on PET, at most the reach."""
    host = next(
        s for s in reversed(visit.structures) if s.suv is not None and _holds(s, lesion.body.center)
    )
    later = visit.structures[visit.structures.index(host) + 1 :]
    near = [
        part
        for other in later
        if other.suv is not None and other.suv != host.suv
        for part in other.parts
        if _reaches(part, lesion.body.center, reach_mm)
    ]
    directions = np.random.default_rng(1).standard_normal((1500, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    for r in np.arange(1.0, reach_mm, 0.5):
        x, y, z = (directions * r + np.asarray(lesion.body.center)).T
        inside = np.zeros(len(x), dtype=bool)
        for part in host.parts:
            inside |= part.distance_mm(x, y, z) <= 0
        if not inside.all() or any((part.distance_mm(x, y, z) <= 0).any() for part in near):
            return float(r - 0.5)
    return reach_mm


def _reaches(part: Shape, point: tuple[float, float, float], reach_mm: float) -> bool:
    low, high = part.bounds()
    return all(a - reach_mm <= p <= b + reach_mm for a, p, b in zip(low, point, high, strict=True))


def _holds(structure: Structure, point: tuple[float, float, float]) -> bool:
    x, y, z = (np.array([c]) for c in point)
    return any(part.distance_mm(x, y, z)[0] <= 0.0 for part in structure.parts)


def _enclosed(rho: np.ndarray, sigma: float) -> np.ndarray:
    """K(rho): integral of the blurred 1 mL ball, divided by its volume, up to rho."""
    volume = 4.0 / 3.0 * math.pi * PEAK_RADIUS_MM**3

    def shell(r: float) -> float:
        return 4.0 * math.pi * r * r * float(blurred_ball(r, PEAK_RADIUS_MM, sigma)) / volume

    grid = np.linspace(float(rho.min()), float(rho.max()) + 1e-9, 40)
    values = [quad(shell, 1e-9, g, epsabs=1e-10)[0] for g in grid]
    return np.interp(rho, grid, values)
