"""A torso in SUL whose every organ is a known ellipsoid, as a scanner of 5 mm voxels sees it."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume

SPACING_MM = 5.0
SHAPE = (90, 52, 84)
ORIGIN = (-207.5, -127.5, -225.0)
BLUR_SIGMA_MM = 3.0
HALF_X_MM, HALF_Y_MM = 165.0, 105.0


@dataclass(frozen=True)
class Ball:
    """An ellipsoid of uniform SUL, LPS mm."""

    center: tuple[float, float, float]
    half: tuple[float, float, float]
    sul: float

    def holds(self, lps, grown_mm=0.0):
        """Which positions [..., 3] lie inside."""
        reach = np.asarray(self.half) + grown_mm
        return (((lps - np.asarray(self.center)) / reach) ** 2).sum(axis=-1) <= 1.0


LIVER = Ball((-80.0, 0.0, -10.0), (65.0, 75.0, 70.0), 1.5)
DOME_MM = LIVER.center[2] + LIVER.half[2]
LUNGS = (
    Ball((-80.0, 0.0, 140.0), (65.0, 80.0, 75.0), 0.3),
    Ball((80.0, 0.0, 125.0), (60.0, 80.0, 90.0), 0.3),
)
KIDNEYS = (
    Ball((-65.0, 45.0, -130.0), (22.0, 20.0, 45.0), 7.0),
    Ball((65.0, 45.0, -120.0), (22.0, 20.0, 45.0), 7.0),
)
SPLEEN = Ball((115.0, 30.0, -15.0), (25.0, 35.0, 45.0), 1.3)
ORGANS = (*LUNGS, LIVER, SPLEEN, *KIDNEYS)


def positions(geometry):
    """LPS of every voxel centre [z, y, x, 3]."""
    return geometry.lps_from_zyx(np.moveaxis(np.indices(geometry.shape_zyx), 0, -1))


def torso(
    organs=ORGANS,
    *,
    lean=0.0,
    shift_x_mm=0.0,
    muscle_sul=0.45,
    noise=0.08,
    seed=1,
    slices=slice(None),
    extra_body=(),
):
    """The torso; `lean` mm of x per mm of z tilts the outline, `slices` crops the scan."""
    geometry = Geometry.even(SHAPE, (SPACING_MM,) * 3, ORIGIN)
    lps = positions(geometry)
    x, y, z = np.moveaxis(lps, -1, 0)
    values = np.zeros(SHAPE)
    middle = shift_x_mm + lean * z
    values[((x - middle) / HALF_X_MM) ** 2 + (y / HALF_Y_MM) ** 2 <= 1.0] = muscle_sul
    for part in (*extra_body, *organs):
        values[part.holds(lps)] = part.sul
    values = ndimage.gaussian_filter(values, BLUR_SIGMA_MM / SPACING_MM)
    values *= 1.0 + noise * np.random.default_rng(seed).standard_normal(SHAPE)
    values = values.astype(np.float32)[slices]
    low = range(SHAPE[0])[slices][0]
    cropped = Geometry.even(
        values.shape, (SPACING_MM,) * 3, (*ORIGIN[:2], ORIGIN[2] + low * SPACING_MM)
    )
    return Volume(np.ascontiguousarray(values), cropped, Unit.SUL_G_PER_ML)


def mirrored(volume):
    """The same voxels with left and right exchanged."""
    return Volume(np.ascontiguousarray(volume.values[:, :, ::-1]), volume.geometry, volume.unit)
