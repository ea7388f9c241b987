"""Volumes of one patient stored in every way a scanner may store them."""

import numpy as np

from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume

SPACING = (4.0, 3.0, 2.5)
SHAPE = (24, 30, 36)


def _turned(angle_deg, axis):
    """Rotation matrix about a unit axis (Rodrigues)."""
    a = np.deg2rad(angle_deg)
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * k @ k


def _around_isocentre(row, column, offsets=None):
    """A geometry of SHAPE whose middle lies near (5, -7, 11)."""
    normal = np.cross(row, column)
    middle = (np.array(SHAPE) - 1) / 2 * SPACING
    offsets = offsets or tuple(k * SPACING[0] for k in range(SHAPE[0]))
    origin = np.array([5.0, -7.0, 11.0]) - normal * middle[0]
    origin = origin - np.asarray(column) * middle[1] - np.asarray(row) * middle[2]
    to_tuple = lambda v: tuple(float(c) for c in v)  # noqa: E731
    return Geometry(SHAPE, SPACING[1:], to_tuple(origin), to_tuple(row), to_tuple(column), offsets)


_OBLIQUE = _turned(25, (1, 2, 0.5))
_UNEVEN = tuple(float(v) for v in np.cumsum([0.0] + [4.0, 3.7, 4.4] * 7 + [4.0, 4.2])[: SHAPE[0]])

GEOMETRIES = {
    "head_first_supine": _around_isocentre((1, 0, 0), (0, 1, 0)),
    "head_first_prone": _around_isocentre((-1, 0, 0), (0, -1, 0)),
    "feet_first_supine": _around_isocentre((-1, 0, 0), (0, 1, 0)),
    "feet_first_prone": _around_isocentre((1, 0, 0), (0, -1, 0)),
    "coronal_stack": _around_isocentre((1, 0, 0), (0, 0, -1)),
    "sagittal_stack": _around_isocentre((0, 1, 0), (0, 0, -1)),
    "decubitus": _around_isocentre((0, 1, 0), (-1, 0, 0)),
    "uneven_steps": _around_isocentre((1, 0, 0), (0, 1, 0), _UNEVEN),
    "oblique": _around_isocentre(_OBLIQUE @ (1, 0, 0), _OBLIQUE @ (0, 1, 0)),
}


def positions(geometry):
    """LPS of every voxel centre [z, y, x, 3]."""
    return geometry.lps_from_zyx(np.moveaxis(np.indices(geometry.shape_zyx), 0, -1))


def linear_field(lps):
    """A field that linear interpolation reproduces exactly."""
    return lps @ np.array([0.7, -0.4, 0.9]) + 3.0


def linear_volume(geometry):
    return Volume(linear_field(positions(geometry)).astype(np.float32), geometry, Unit.UNKNOWN)


def point_volume(geometry, lps, value=9.0):
    """A volume that is 0 but for the voxel nearest to a position; and that voxel's centre."""
    values = np.zeros(geometry.shape_zyx, np.float32)
    index = np.rint(geometry.zyx_from_lps(lps)).astype(int)
    values[tuple(index)] = value
    return Volume(values, geometry, Unit.SUL_G_PER_ML), geometry.lps_from_zyx(index)
