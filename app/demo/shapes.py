"""The geometric primitives the phantom is made of, by their signed distance in patient space."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

Array = npt.NDArray[Any]
Point = tuple[float, float, float]
Box = tuple[Point, Point]

PROFILE_STEP_MM = 1.0


class Shape(Protocol):
    """A closed body; lengths in mm along the phantom's LPS axes."""

    def bounds(self) -> Box:
        """Lowest and highest corner of a box that holds the body."""

    def distance_mm(self, x: Array, y: Array, z: Array) -> Array:
        """Signed distance to the surface (negative inside), exact on it, first order near it.

        The coordinates are broadcast against each other.
        """

    def shifted(self, by_mm: Point) -> "Shape":
        """The same body elsewhere."""


def rotation(turn_deg: Sequence[float]) -> npt.NDArray[np.float64]:
    """3x3 rotation: first about x, then y, then z, by the given degrees."""
    ax, ay, az = np.deg2rad(np.asarray(turn_deg, dtype=float))
    cx, sx, cy, sy, cz, sz = np.cos(ax), np.sin(ax), np.cos(ay), np.sin(ay), np.cos(az), np.sin(az)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, dtype=np.float64)


def _moved(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1], point[2] + by[2]


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An ellipsoid with half axes `half_mm`, turned about x, then y, then z."""

    center: Point
    half_mm: Point
    turn_deg: Point = (0.0, 0.0, 0.0)

    def bounds(self) -> Box:
        """See Shape."""
        reach = np.sqrt(((rotation(self.turn_deg) * np.asarray(self.half_mm)) ** 2).sum(axis=1))
        low, high = np.asarray(self.center) - reach, np.asarray(self.center) + reach
        return _point(low), _point(high)

    def distance_mm(self, x: Array, y: Array, z: Array) -> Array:
        """See Shape."""
        p = (x - self.center[0], y - self.center[1], z - self.center[2])
        if any(self.turn_deg):
            back = rotation(self.turn_deg).T.astype(np.float32)
            p = tuple(back[i, 0] * p[0] + back[i, 1] * p[1] + back[i, 2] * p[2] for i in range(3))
        first = sum((u / r) ** 2 for u, r in zip(p, self.half_mm, strict=True))
        second = sum((u / r**2) ** 2 for u, r in zip(p, self.half_mm, strict=True))
        level = np.sqrt(first)
        slope = np.sqrt(np.maximum(second, 1e-12))
        return np.asarray(level * (level - 1.0) / slope)

    def shifted(self, by_mm: Point) -> "Ellipsoid":
        """See Shape."""
        return Ellipsoid(_moved(self.center, by_mm), self.half_mm, self.turn_deg)


@dataclass(frozen=True, slots=True)
class Capsule:
    """A round rod with ball ends whose radius goes linearly from `radius_mm[0]` to `[1]`."""

    start: Point
    stop: Point
    radius_mm: tuple[float, float]

    def bounds(self) -> Box:
        """See Shape."""
        a, b = np.asarray(self.start), np.asarray(self.stop)
        ra, rb = self.radius_mm
        return _point(np.minimum(a - ra, b - rb)), _point(np.maximum(a + ra, b + rb))

    def distance_mm(self, x: Array, y: Array, z: Array) -> Array:
        """See Shape."""
        p = (x - self.start[0], y - self.start[1], z - self.start[2])
        axis = tuple(b - a for a, b in zip(self.start, self.stop, strict=True))
        length2 = sum(u * u for u in axis)
        share = np.clip(sum(u * v for u, v in zip(p, axis, strict=True)) / length2, 0.0, 1.0)
        away2 = sum((u - share * v) ** 2 for u, v in zip(p, axis, strict=True))
        radius = self.radius_mm[0] + share * (self.radius_mm[1] - self.radius_mm[0])
        return np.asarray(np.sqrt(away2) - radius)

    def shifted(self, by_mm: Point) -> "Capsule":
        """See Shape."""
        return Capsule(_moved(self.start, by_mm), _moved(self.stop, by_mm), self.radius_mm)


@dataclass(frozen=True, slots=True)
class Disc:
    """A flat round disc across the z axis."""

    center: Point
    radius_mm: float
    half_height_mm: float

    def bounds(self) -> Box:
        """See Shape."""
        reach = np.array([self.radius_mm, self.radius_mm, self.half_height_mm])
        return _point(np.asarray(self.center) - reach), _point(np.asarray(self.center) + reach)

    def distance_mm(self, x: Array, y: Array, z: Array) -> Array:
        """See Shape."""
        across = np.hypot(x - self.center[0], y - self.center[1]) - self.radius_mm
        return np.maximum(across, np.abs(z - self.center[2]) - self.half_height_mm)

    def shifted(self, by_mm: Point) -> "Disc":
        """See Shape."""
        return Disc(_moved(self.center, by_mm), self.radius_mm, self.half_height_mm)


@dataclass(frozen=True, slots=True)
class Loft:
    """Axial superellipses stacked along z: trunk, limbs, lungs.

    `nodes` are rows (z, centre x, centre y, half x, half y), z increasing; between them the
    values follow a monotone cubic. `exponent` 2 is an ellipse, larger is boxier.
    """

    nodes: tuple[tuple[float, float, float, float, float], ...]
    exponent: float
    offset: Point = (0.0, 0.0, 0.0)

    def bounds(self) -> Box:
        """See Shape."""
        _, cx, cy, hx, hy = self._table()
        low = np.array([(cx - hx).min(), (cy - hy).min(), self.nodes[0][0]])
        high = np.array([(cx + hx).max(), (cy + hy).max(), self.nodes[-1][0]])
        return _point(low + self.offset), _point(high + self.offset)

    def distance_mm(self, x: Array, y: Array, z: Array) -> Array:
        """See Shape; between nodes of very different size a lower bound."""
        levels, *columns = self._table()
        height = z - self.offset[2]
        cx, cy, hx, hy = (np.interp(height, levels, c).astype(np.float32) for c in columns)
        u = np.abs(x - self.offset[0] - cx) / hx
        v = np.abs(y - self.offset[1] - cy) / hy
        if self.exponent == 2.0:
            level = np.sqrt(u * u + v * v)
        else:
            level = (u**self.exponent + v**self.exponent) ** np.float32(1.0 / self.exponent)
        ends = np.maximum(self.nodes[0][0] - height, height - self.nodes[-1][0])
        return np.maximum((level - 1.0) * np.minimum(hx, hy), ends.astype(np.float32))

    def shifted(self, by_mm: Point) -> "Loft":
        """See Shape."""
        return Loft(self.nodes, self.exponent, _moved(self.offset, by_mm))

    def _table(self) -> tuple[Array, ...]:
        nodes = np.asarray(self.nodes)
        steps = max(2, round((nodes[-1, 0] - nodes[0, 0]) / PROFILE_STEP_MM) + 1)
        z = np.linspace(nodes[0, 0], nodes[-1, 0], steps)
        return (z, *(np.asarray(c) for c in PchipInterpolator(nodes[:, 0], nodes[:, 1:])(z).T))


def _point(values: Array) -> Point:
    return float(values[0]), float(values[1]), float(values[2])
