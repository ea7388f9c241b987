"""Numbered lesion markers: a ring where the lesion lies and a label that covers no other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.imaging.lettering import Face
from app.imaging.overlay import Ink, Item, Lines, Patch, Pixel, Ring, Text
from app.imaging.rasterise import text_size
from segmentation.geometry import Vector
from segmentation.sampling.reslice import SlicePlane

_SMALLEST_RING_PX = 6.0
_GAP_PX = 3.0
# Label places around a ring, tried in this order: (down, right) directions.
_PLACES = ((-1, 1), (1, 1), (-1, -1), (1, -1), (0, 1), (0, -1), (-1, 0), (1, 0))
_Box = tuple[float, float, float, float]  # top, left, bottom, right


@dataclass(frozen=True, slots=True)
class Marker:
    """A lesion to point at: its label, centre (LPS, mm), radius, and a colour of its own if any."""

    label: str
    center_lps_mm: Vector
    radius_mm: float
    ink: Ink | None = None


def near_plane(markers: Iterable[Marker], plane: SlicePlane) -> tuple[Marker, ...]:
    """The markers whose sphere a plane cuts."""
    return tuple(m for m in markers if abs(float(plane.depth_mm(m.center_lps_mm))) <= m.radius_mm)


def marker_items(
    markers: Sequence[Marker],
    plane: SlicePlane,
    ink: Ink,
    text_px: float,
    avoid: Iterable[Item] = (),
) -> tuple[Item, ...]:
    """Rings and labels for markers projected on a plane; those beside the picture are left out.

    Labels keep clear of each other, of the rings and of the texts and patches in `avoid`.
    """
    placed: list[tuple[str, Ring]] = []
    for marker in markers:
        row, column = (float(v) for v in plane.pixel_from_lps(marker.center_lps_mm))
        if -0.5 <= row <= plane.rows - 0.5 and -0.5 <= column <= plane.columns - 0.5:
            radius = max(marker.radius_mm / plane.pixel_mm, _SMALLEST_RING_PX)
            placed.append((marker.label, Ring((row, column), radius, marker.ink or ink)))
    taken = [_around(ring) for _, ring in placed] + [b for item in avoid for b in _boxes(item)]
    items: list[Item] = [ring for _, ring in placed]
    for label, ring in placed:
        text, box, leader = _place(label, ring, plane, text_px, taken)
        taken.append(box)
        items.extend([*leader, text])
    return tuple(items)


def _place(
    label: str, ring: Ring, plane: SlicePlane, text_px: float, taken: Sequence[_Box]
) -> tuple[Text, _Box, tuple[Lines, ...]]:
    """The label at the place that covers least, the nearest of equals."""
    text = Text(label, ring.center, text_px, ring.ink, (0.5, 0.5), Face.SEMI_BOLD)
    height, width = text_size(text)
    own = _around(ring)
    best: tuple[float, Pixel, _Box, int] | None = None
    for center, distance in _candidates(ring, height, width, text_px):
        box = (
            center[0] - height * 0.4,
            center[1] - width / 2,
            center[0] + height * 0.4,
            center[1] + width / 2,
        )
        beyond = max(-box[0], -box[1], box[2] - plane.rows, box[3] - plane.columns, 0.0)
        cost = beyond * 1e3 + sum(_shared(box, other) for other in taken if other != own)
        if best is None or cost < best[0]:
            best = (cost, center, box, distance)
        if cost == 0:
            break
    assert best is not None
    _, center, box, distance = best
    leader = (_leader(ring, center, height),) if distance >= 2 else ()
    return replace(text, at=center), box, leader


def _candidates(
    ring: Ring, height: float, width: float, text_px: float
) -> Iterator[tuple[Pixel, int]]:
    """Centres for a label around a ring, ever further out, with their distance step."""
    for distance in range(5):
        for down, right in _PLACES:
            diagonal = 0.72 if down and right else 1.0
            reach = (ring.radius_px + _GAP_PX) * diagonal + distance * 0.8 * text_px
            row = ring.center[0] + down * (reach + height * 0.35)
            yield (row, ring.center[1] + right * (reach + width / 2)), distance


def _leader(ring: Ring, label: Pixel, height: float) -> Lines:
    """A line from a ring to a label that stands apart from it."""
    start = np.asarray(ring.center)
    way = np.asarray(label) - start
    length = float(np.hypot(way[0], way[1]))
    ends = np.array([ring.radius_px, max(length - height / 2, ring.radius_px)]) / length
    return Lines((start + ends[:, None] * way)[None], ring.ink, 1.0)


def _boxes(item: Item) -> tuple[_Box, ...]:
    """The place a text or patch takes."""
    if isinstance(item, Text):
        height, width = text_size(item)
        top, left = item.at[0] - item.align[0] * height, item.at[1] - item.align[1] * width
        return ((top, left, top + height, left + width),)
    if isinstance(item, Patch):
        rows, columns = item.rgba.shape[:2]
        return ((item.top, item.left, item.top + rows, item.left + columns),)
    return ()


def _around(ring: Ring) -> _Box:
    (row, column), radius = ring.center, ring.radius_px
    return row - radius, column - radius, row + radius, column + radius


def _shared(a: _Box, b: _Box) -> float:
    """The area two boxes share."""
    high = min(a[2], b[2]) - max(a[0], b[0])
    wide = min(a[3], b[3]) - max(a[1], b[1])
    return max(high, 0.0) * max(wide, 0.0)
