"""Two perpendicular diameters of an outline in a plane."""

from dataclasses import dataclass

import numpy as np

from segmentation.geometry import FloatArray
from segmentation.metrics.outline import convex_hull

# The outline of a binary mask is a staircase: its extreme steps make a digitised disc up to
# 0.9 pixel too long. Each end is therefore taken from a parabola through the outline near it,
# over half of the half-width or two pixels, and moved by at most 3/4 pixel along the diameter.
# Regions narrower than six pixels offer too few points and keep the plain outline.
FIT_SHARE_OF_WIDTH = 0.5
FIT_PIXELS = 2.0
FIT_MINIMUM_POINTS = 5
FIT_MINIMUM_WIDTH_PIXELS = 6.0
FIT_LIMIT_PIXELS = 0.75
# Positions along the long axis where perpendicular chords are tried.
CHORDS_TRIED = 300
SAME_POSITION_MM = 1e-3
BESIDE_MM = 1e-7


@dataclass(frozen=True, slots=True)
class Chords:
    """Two perpendicular diameters in a plane: end points (2, 2) as (y, x) mm."""

    longest: FloatArray
    perpendicular: FloatArray

    @property
    def lengths_mm(self) -> tuple[float, float]:
        """The longest diameter and the perpendicular."""
        longest, perpendicular = self.longest, self.perpendicular
        return (
            float(np.linalg.norm(longest[1] - longest[0])),
            float(np.linalg.norm(perpendicular[1] - perpendicular[0])),
        )


def outline_chords(outline: FloatArray, staircase_mm: FloatArray | None = None) -> Chords:
    """The longest diameter of an outline and its longest perpendicular.

    `outline` is (n, 2, 2): segments with two end points (y, x) in mm. The diameter joins the two
    points farthest apart, the perpendicular stays within the outline. `staircase_mm` is the pixel
    spacing (y, x) where the outline is that of a binary mask and its steps are to be smoothed.
    """
    points = outline.reshape(-1, 2)
    longest = _farthest_pair(convex_hull(points))
    along = (longest[1] - longest[0]) / np.linalg.norm(longest[1] - longest[0])
    across = np.array([-along[1], along[0]])
    perpendicular = _longest_chord(outline, along, across)
    if staircase_mm is not None:
        widths = (np.ptp(points @ along), np.ptp(points @ across))
        if min(widths) >= FIT_MINIMUM_WIDTH_PIXELS * staircase_mm.max():
            longest = _smoothed_ends(
                points, longest, along, across, widths[1], staircase_mm, as_chord=False
            )
            perpendicular = _smoothed_ends(
                points, perpendicular, across, along, widths[0], staircase_mm, as_chord=True
            )
    return Chords(longest, perpendicular)


def _farthest_pair(corners: FloatArray) -> FloatArray:
    distance = np.linalg.norm(corners[:, None] - corners[None], axis=-1)
    a, b = np.unravel_index(int(distance.argmax()), distance.shape)
    return np.asarray(corners[[a, b]], dtype=np.float64)


def _longest_chord(outline: FloatArray, along: FloatArray, across: FloatArray) -> FloatArray:
    """End points of the longest chord in direction `across` that stays within the outline."""
    u, v = outline @ along, outline @ across
    vertices = np.unique(u)
    vertices = vertices[np.diff(vertices, prepend=-np.inf) > SAME_POSITION_MM]
    if len(vertices) > CHORDS_TRIED:
        vertices = vertices[np.linspace(0, len(vertices) - 1, CHORDS_TRIED).astype(int)]
    # The longest chord passes beside a corner of the outline, on one side or the other.
    positions = np.concatenate([vertices[1:] - BESIDE_MM, vertices[:-1] + BESIDE_MM])
    low, high = u.min(axis=1), u.max(axis=1)
    rise = np.where(high > low, u[:, 1] - u[:, 0], 1.0)
    longest, ends = -1.0, np.zeros((2, 2))
    for t in positions:
        met = (low <= t) & (t < high)
        crossing = np.sort(v[met, 0] + (v[met, 1] - v[met, 0]) * (t - u[met, 0]) / rise[met])
        runs = crossing[1::2] - crossing[::2]
        at = int(runs.argmax())
        if runs[at] > longest:
            longest = float(runs[at])
            ends = t * along + crossing[2 * at : 2 * at + 2, None] * across
    return ends


def _smoothed_ends(
    points: FloatArray,
    ends: FloatArray,
    along: FloatArray,
    across: FloatArray,
    width_mm: float,
    pixel_mm: FloatArray,
    *,
    as_chord: bool,
) -> FloatArray:
    """The end points moved onto parabolas through the outline near them.

    Each end moves along the diameter to the height of its own summit, or, `as_chord`, both move
    to the place where the chord between the parabolas is longest and stays parallel to itself.
    """
    length = float(np.linalg.norm(ends[1] - ends[0]))
    window = max(FIT_SHARE_OF_WIDTH * width_mm / 2.0, FIT_PIXELS * float(pixel_mm.max()))
    limit = FIT_LIMIT_PIXELS * float(np.linalg.norm(along * pixel_mm))
    parabolas = np.zeros((2, 3))
    for n, outward in enumerate((-along, along)):
        depth = (points - ends[n]) @ outward
        aside = (points - ends[n]) @ across
        near = (np.abs(aside) <= window) & (np.abs(depth) <= min(window, length / 2.0))
        if np.count_nonzero(near) >= FIT_MINIMUM_POINTS:
            terms = np.stack([np.ones(near.sum()), aside[near], aside[near] ** 2], axis=1)
            parabolas[n] = np.linalg.lstsq(terms, depth[near], rcond=None)[0]
    if as_chord:
        summits = np.full(2, _summit(parabolas.sum(axis=0), window))
    else:
        summits = np.array([_summit(parabola, window) for parabola in parabolas])
    powers = np.stack([np.ones(2), summits, summits**2], axis=1)
    shifts = np.clip((parabolas * powers).sum(axis=1), -limit, limit)
    moved: FloatArray = ends + np.array([-1.0, 1.0])[:, None] * shifts[:, None] * along
    return moved + summits[:, None] * across if as_chord else moved


def _summit(parabola: FloatArray, window: float) -> float:
    """Where a parabola (level, tilt, bend) is highest; 0 where it is hollow."""
    _, tilt, bend = parabola
    return float(np.clip(-tilt / (2.0 * bend), -window, window)) if bend < 0.0 else 0.0
