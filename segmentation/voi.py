"""Volumes of interest with a shape: what a reader places; rasterised by voxel centre."""

from dataclasses import dataclass

import numpy as np

from segmentation.geometry import Geometry, Vector
from segmentation.mask import Mask

# Positions are compared with this slack so that a centre exactly on the surface counts as inside
# whatever the rounding of the header's decimal strings (mm).
SURFACE_SLACK_MM = 1e-6


@dataclass(frozen=True, slots=True)
class SphereVoi:
    """A ball in patient space."""

    center_lps_mm: Vector
    diameter_mm: float

    def mask(self, geometry: Geometry) -> Mask:
        """Voxels whose centre is at most the radius away from the centre (spec 2.3)."""
        radius = self.diameter_mm / 2.0 + SURFACE_SLACK_MM
        return _rasterise(geometry, self.center_lps_mm, radius, radius)


@dataclass(frozen=True, slots=True)
class CylinderVoi:
    """A cylinder along the patient's z axis (blood pool in the descending aorta, spec 2.3)."""

    center_lps_mm: Vector
    diameter_mm: float
    length_mm: float

    def mask(self, geometry: Geometry) -> Mask:
        """Voxels whose centre is within the radius of the axis and half the length along it."""
        radius = self.diameter_mm / 2.0 + SURFACE_SLACK_MM
        half = self.length_mm / 2.0 + SURFACE_SLACK_MM
        return _rasterise(geometry, self.center_lps_mm, radius, half, cylinder=True)


def _rasterise(
    geometry: Geometry, center: Vector, radius: float, half_z: float, cylinder: bool = False
) -> Mask:
    reach = float(np.hypot(radius, half_z)) if cylinder else radius
    middle_mm = (np.asarray(center) - np.asarray(geometry.origin_lps_mm)) @ geometry.axes
    low = np.floor(geometry.zyx_from_mm(middle_mm - reach)).astype(int)
    high = np.ceil(geometry.zyx_from_mm(middle_mm + reach)).astype(int) + 1
    shape = np.asarray(geometry.shape_zyx)
    low, high = np.clip(low, 0, shape), np.clip(high, 0, shape)
    axes = [np.arange(a, b) for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    offset = geometry.lps_from_zyx(grid) - np.asarray(center)
    if cylinder:
        inside = (np.hypot(offset[..., 0], offset[..., 1]) <= radius) & (
            np.abs(offset[..., 2]) <= half_z
        )
    else:
        inside = np.einsum("...i,...i", offset, offset) <= radius**2
    full = np.zeros(geometry.shape_zyx, dtype=bool)
    full[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = inside
    return Mask.from_array(full, geometry)
