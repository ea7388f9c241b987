"""Rows of the phantom's file turned into bodies: tubes, lofts, discs, ribs, mirror images."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.demo.shapes import Capsule, Disc, Ellipsoid, Loft, Point, Shape

RIB_SEGMENTS = 14
RIB_START_DEG = 12.0


def bodies(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> tuple[Shape, ...]:
    """The shapes of one `[[structure]]` row, mirror images included."""
    parts = _PARTS[row["shape"]](row, profiles)
    if row.get("mirror"):
        parts += tuple(_mirrored(p) for p in parts)
    return parts


def _ellipsoid(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    turn = xyz(row.get("turn_deg", (0, 0, 0)))
    return (Ellipsoid(xyz(row["center"]), xyz(row["half"]), turn),)


def _tube(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    return _chain([xyz(p) for p in row["points"]], row["radii"])


def _chain(points: Sequence[Point], radii: Sequence[float]) -> tuple[Shape, ...]:
    joints = list(zip(points, radii, strict=True))
    return tuple(
        Capsule(a, b, (float(ra), float(rb))) for (a, ra), (b, rb) in itertools.pairwise(joints)
    )


def _loft(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> tuple[Shape, ...]:
    profile, inset = profiles[row["profile"]], row.get("inset_mm", 0.0)
    center_x = profile.get("x", [0.0] * len(profile["z"]))
    nodes = tuple(
        (float(z), float(x), float(y), float(hx - inset), float(hy - inset))
        for z, x, y, hx, hy in zip(
            profile["z"], center_x, profile["y"], profile["half_x"], profile["half_y"], strict=True
        )
    )
    return (Loft(nodes, float(profile.get("exponent", 2.0))),)


def _stack(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Discs at the given levels along a polyline (intervertebral discs)."""
    along = np.asarray(row["along"], dtype=float)
    x, y, r = (
        np.interp(row["levels"], along[:, 2], column)
        for column in (along[:, 0], along[:, 1], np.asarray(row["radii"], dtype=float))
    )
    half = float(row["half_height_mm"])
    return tuple(
        Disc((float(a), float(b), float(z)), float(c), half)
        for a, b, c, z in zip(x, y, r, row["levels"], strict=True)
    )


def _ribs(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Both ribs of each level: arcs of an ellipse around the chest, sinking to the front."""
    parts: tuple[Shape, ...] = ()
    columns = (row[k] for k in ("levels", "half_x", "half_y", "y", "drop_mm", "end_deg"))
    for z, rx, ry, cy, drop, end in zip(*columns, strict=True):
        angles = np.linspace(math.radians(RIB_START_DEG), math.radians(end), RIB_SEGMENTS + 1)
        points = [
            (rx * math.sin(t), cy + ry * math.cos(t), z - drop * (1 - math.cos(t)) / 2)
            for t in angles
        ]
        arc = _chain(points, [row["radius_mm"]] * len(points))
        parts += arc + tuple(_mirrored(p) for p in arc)
    return parts


_PARTS = {"ellipsoid": _ellipsoid, "tube": _tube, "loft": _loft, "stack": _stack, "ribs": _ribs}


def _mirrored(part: Shape) -> Shape:
    """The same body on the other side of the midline."""
    if isinstance(part, Ellipsoid):
        x, y, z = part.center
        about_x, about_y, about_z = part.turn_deg
        return Ellipsoid((-x, y, z), part.half_mm, (about_x, -about_y, -about_z))
    if isinstance(part, Capsule):
        (ax, ay, az), (bx, by, bz) = part.start, part.stop
        return Capsule((-ax, ay, az), (-bx, by, bz), part.radius_mm)
    if isinstance(part, Loft):
        return Loft(tuple((z, -x, y, hx, hy) for z, x, y, hx, hy in part.nodes), part.exponent)
    raise TypeError(f"{type(part).__name__} has no mirror image")


def xyz(values: Sequence[float]) -> Point:
    """Three numbers as a point or vector."""
    x, y, z = values
    return float(x), float(y), float(z)
