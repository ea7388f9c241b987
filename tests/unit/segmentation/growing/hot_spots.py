"""Volumes of warm background with hot blobs, noise as on PET."""

import numpy as np
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume

SPACING = (3.0, 4.0, 4.0)
SHAPE = (36, 34, 38)
GEOMETRY = Geometry.even(SHAPE, SPACING, (-60.0, -50.0, -40.0))


def blobs(*balls, background=1.0, noise=0.0, seed=1, blur_mm=2.5, geometry=GEOMETRY):
    """Balls given as (LPS centre, radius mm, SUL); noise is a share of the value."""
    lps = geometry.lps_from_zyx(np.moveaxis(np.indices(geometry.shape_zyx), 0, -1))
    values = np.full(geometry.shape_zyx, background)
    for center, radius, sul in balls:
        values[((lps - np.asarray(center)) ** 2).sum(axis=-1) <= radius**2] = sul
    values = ndimage.gaussian_filter(values, [blur_mm / s for s in geometry.spacing_zyx_mm])
    if noise:
        rough = np.random.default_rng(seed).standard_normal(geometry.shape_zyx)
        rough = ndimage.gaussian_filter(rough, 0.6)
        values *= 1.0 + noise * rough / rough.std()
    return Volume(values.astype(np.float32), geometry, Unit.SUL_G_PER_ML)


def full_sets(masks):
    """Each region as a set of voxel numbers."""
    return [frozenset(np.flatnonzero(mask.full()).tolist()) for mask in masks]
