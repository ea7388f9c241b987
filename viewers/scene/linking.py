"""Positions of one visit found in another."""

from dataclasses import replace

import numpy as np

from segmentation.geometry import FloatArray, Vector
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.state import SceneState

_IDENTITY = np.eye(4)


def carried(images: SceneImages, source: int, target: int, lps_mm: Vector) -> Vector | None:
    """The anatomical place of one visit at another; None where they were not registered."""
    here, there = images.visit(source), images.visit(target)
    if here is None or there is None:
        return None
    if source == target:
        return lps_mm
    into, out = _from_baseline(images, there), _from_baseline(images, here)
    if into is None or out is None:
        return None
    return _applied(into @ np.linalg.inv(out), lps_mm)


def moved_to(state: SceneState, images: SceneImages, visit: int, lps_mm: Vector) -> SceneState:
    """The state with the crosshair at a position of one visit, and all others at the same place.

    Unlinked visits stay. Where a visit was not registered it moves by the same distance.
    """
    crosshairs = dict(state.crosshairs)
    before = crosshairs.get(visit)
    crosshairs[visit] = lps_mm
    if state.linked:
        for other in images.visits:
            if other.number == visit:
                continue
            place = carried(images, visit, other.number, lps_mm)
            if place is None:
                start = crosshairs.get(other.number, images.middle_of(other.number))
                place = _shifted(start, before or lps_mm, lps_mm)
            crosshairs[other.number] = place
    return replace(state, crosshairs=tuple(sorted(crosshairs.items())))


def _from_baseline(images: SceneImages, visit: VisitScene) -> FloatArray | None:
    if visit.here_from_baseline is not None:
        return np.asarray(visit.here_from_baseline, dtype=np.float64)
    return _IDENTITY if visit is images.visits[0] else None


def _applied(matrix: FloatArray, lps_mm: Vector) -> Vector:
    x, y, z, _ = (float(v) for v in matrix @ np.array([*lps_mm, 1.0]))
    return x, y, z


def _shifted(start: Vector, before: Vector, after: Vector) -> Vector:
    x, y, z = (s + b - a for s, a, b in zip(start, before, after, strict=True))
    return x, y, z
