import numpy as np
import pytest

from app.imaging.markers import Marker, marker_items, near_plane
from app.imaging.overlay import MARK_ON_DARK, Lines, Ring, Text
from app.imaging.rasterise import text_size
from segmentation.sampling.reslice import Orientation, plane_around

PLANE = plane_around(Orientation.AXIAL, (0.0, 0.0, 0.0), (200.0, 150.0), 0.5)


def items_for(*markers, avoid=()):
    items = marker_items(markers, PLANE, MARK_ON_DARK, 16.0, avoid)
    rings = [i for i in items if isinstance(i, Ring)]
    texts = [i for i in items if isinstance(i, Text)]
    return rings, texts, [i for i in items if isinstance(i, Lines)]


def box(text):
    height, width = text_size(text)
    row, column = text.at
    return row - 0.4 * height, column - width / 2, row + 0.4 * height, column + width / 2


def overlap(a, b):
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def test_a_ring_lies_where_the_lesion_is_and_is_as_large():
    (ring,), (text,), _ = items_for(Marker("T1", (-30.0, 12.0, 4.0), 11.0))
    assert ring.center == pytest.approx(PLANE.pixel_from_lps((-30.0, 12.0, 4.0)))
    assert ring.radius_px == pytest.approx(22.0)
    assert text.text == "T1"
    assert np.hypot(*(np.array(text.at) - ring.center)) < 60


def ring_box(ring):
    (row, column), radius = ring.center, ring.radius_px
    return row - radius, column - radius, row + radius, column + radius


def test_labels_of_a_crowd_cover_neither_rings_nor_each_other():
    crowd = [Marker(f"N{k}", (-8.0 + 9.0 * (k % 3), 9.0 * (k // 3), 0.0), 3.0) for k in range(6)]
    rings, texts, _ = items_for(*crowd)
    assert [t.text for t in texts] == [m.label for m in crowd]
    for k, text in enumerate(texts):
        assert not any(overlap(box(text), box(other)) for other in texts[:k])
        assert not any(overlap(box(text), ring_box(r)) for r in rings if r is not rings[k])


def test_labels_stay_in_the_picture_and_clear_of_other_text():
    corner = tuple(PLANE.lps_from_pixel((3.0, PLANE.columns - 4.0)))
    _, (text,), _ = items_for(Marker("T12", corner, 5.0))
    top, left, bottom, right = box(text)
    assert top >= 0 and left >= 0 and bottom <= PLANE.rows and right <= PLANE.columns
    note = Text("F", text.at, 16.0, MARK_ON_DARK, (0.5, 0.5))
    _, (moved,), _ = items_for(Marker("T12", corner, 5.0), avoid=(note,))
    assert not overlap(box(moved), box(note))


def test_a_lesion_beside_the_picture_is_not_drawn():
    assert marker_items((Marker("T1", (500.0, 0.0, 0.0), 9.0),), PLANE, MARK_ON_DARK, 16.0) == ()


def test_only_lesions_the_plane_cuts_are_near_it():
    markers = [Marker("near", (0.0, 0.0, 8.0), 9.0), Marker("far", (0.0, 0.0, 12.0), 9.0)]
    assert [m.label for m in near_plane(markers, PLANE)] == ["near"]
