"""Even-odd filling against areas and memberships known by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dicom.contour_fill import fill_contours


def box(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=float)


def test_a_box_between_centres_holds_the_centres_within() -> None:
    inside = fill_contours([box(0.5, 1.5, 4.5, 3.5)], (6, 7))
    expected = np.zeros((6, 7), bool)
    expected[2:4, 1:5] = True
    assert np.array_equal(inside, expected)


def test_boxes_sharing_an_edge_through_centres_part_the_voxels() -> None:
    """Half-open edges: neighbours cover every centre exactly once."""
    left = fill_contours([box(0, 0, 3, 5)], (6, 7))
    right = fill_contours([box(3, 0, 6, 5)], (6, 7))
    assert not (left & right).any()
    assert np.array_equal(left | right, fill_contours([box(0, 0, 6, 5)], (6, 7)))


def test_contour_in_a_contour_is_a_hole_and_one_in_the_hole_is_solid() -> None:
    nested = [box(0.5, 0.5, 9.5, 9.5), box(2.5, 2.5, 7.5, 7.5), box(4.5, 4.5, 5.5, 5.5)]
    assert fill_contours(nested, (12, 12)).sum() == 81 - 25 + 1
    assert np.array_equal(fill_contours(nested[::-1], (12, 12)), fill_contours(nested, (12, 12)))


def test_keyhole_gives_the_same_as_two_contours() -> None:
    outer, hole = box(0.5, 0.5, 9.5, 9.5), box(3.5, 3.5, 6.5, 6.5)
    keyhole = np.concatenate([outer, outer[:1], hole[:1], hole[::-1], outer[:1]])
    assert np.array_equal(
        fill_contours([keyhole], (11, 11)), fill_contours([outer, hole], (11, 11))
    )


def test_parts_beyond_the_image_are_cut_not_wrapped() -> None:
    inside = fill_contours([box(-5.5, -5.5, 2.5, 1.5)], (4, 5))
    assert np.argwhere(inside).tolist() == [[y, x] for y in (0, 1) for x in (0, 1, 2)]
    assert not fill_contours([box(20, 20, 30, 30)], (4, 5)).any()


@pytest.mark.parametrize("radius", [5.3, 11.7, 20.1])
def test_a_fine_circle_equals_the_centres_within_its_radius(radius: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    circle = np.stack([24.3 + radius * np.cos(angle), 23.6 + radius * np.sin(angle)], axis=1)
    y, x = np.mgrid[:48, :50]
    distance = np.hypot(x - 24.3, y - 23.6)
    clear = np.abs(distance - radius) > 1e-4
    inside = fill_contours([circle], (48, 50))
    assert np.array_equal(inside[clear], (distance <= radius)[clear])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.floats(-3, 15, width=32), st.floats(-3, 15, width=32)),
        min_size=3,
        max_size=9,
    ),
    st.integers(0, 8),
)
def test_start_point_and_direction_do_not_matter(
    points: list[tuple[float, float]], turn: int
) -> None:
    polygon = np.array(points, dtype=float)
    inside = fill_contours([polygon], (12, 12))
    turned = np.roll(polygon[::-1], turn, axis=0)
    assert np.array_equal(fill_contours([turned], (12, 12)), inside)
