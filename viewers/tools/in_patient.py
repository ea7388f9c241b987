"""Small vector geometry of gestures, in patient space."""

import numpy as np

from app.domain.caliper import Axis
from segmentation.geometry import Vector


def distance_mm(a: Vector, b: Vector) -> float:
    """How far two positions lie apart."""
    return float(np.linalg.norm(np.subtract(a, b)))


def plus(a: Vector, b: Vector) -> Vector:
    """The sum of two vectors."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def minus(a: Vector, b: Vector) -> Vector:
    """The difference of two vectors."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def times(a: Vector, factor: float) -> Vector:
    """A vector scaled."""
    return a[0] * factor, a[1] * factor, a[2] * factor


def dot(a: Vector, b: Vector) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def across(axis: Axis, away: Vector) -> Vector:
    """The unit vector in the picture's plane perpendicular to an axis of some length."""
    x, y, z = np.cross(minus(axis[1], axis[0]), away)
    length = float(np.linalg.norm((x, y, z)))
    return float(x) / length, float(y) / length, float(z) / length
