import numpy as np
import pytest

from app.imaging.annotations import (
    Corners,
    colour_bar_items,
    corner_items,
    crosshair_items,
    edge_letters,
    scale_bar_items,
    ticks,
)
from app.imaging.overlay import ON_DARK, Lines, Patch, Text
from app.imaging.palette import Palette, table
from app.imaging.window import Window
from segmentation.sampling.projection import frame_right
from segmentation.sampling.reslice import Orientation, SlicePlane, plane_around, plane_facing

PLANE = plane_around(Orientation.AXIAL, (0.0, 0.0, 0.0), (400.0, 300.0), 1.0)


@pytest.mark.parametrize(
    ("orientation", "edges"), [("axial", "RLAP"), ("coronal", "RLHF"), ("sagittal", "APHF")]
)
def test_letters_of_the_conventional_planes(orientation, edges):
    plane = plane_around(Orientation(orientation), (0.0, 0.0, 0.0), (10.0, 10.0), 1.0)
    letters = edge_letters(plane)
    assert letters.left + letters.right + letters.top + letters.bottom == edges


@pytest.mark.parametrize(
    ("angle", "left", "right"),
    [(0, "R", "L"), (90, "A", "P"), (180, "L", "R"), (270, "P", "A"), (45, "RA", "LP")],
)
def test_letters_of_a_turning_mip(angle, left, right):
    plane = plane_facing(frame_right(angle), (0.0, 0.0, -1.0), (0.0, 0.0, 0.0), (9.0, 9.0), 1.0)
    letters = edge_letters(plane)
    assert set(letters.left) == set(left)
    assert set(letters.right) == set(right)
    assert (letters.top, letters.bottom) == ("H", "F")


def test_an_oblique_plane_names_the_strongest_direction_first():
    right = np.array([0.9, 0.0, -np.sqrt(1 - 0.81)])
    plane = SlicePlane((0.0, 0.0, 0.0), tuple(right), (0.0, 1.0, 0.0), 1.0, 5, 5)
    assert edge_letters(plane).right == "LF"
    assert edge_letters(plane).left == "RH"


def test_the_scale_bar_is_as_long_as_it_says():
    lines, label = scale_bar_items(PLANE, ON_DARK, 14.0)
    assert isinstance(lines, Lines)
    assert isinstance(label, Text)
    bar = lines.segments[0]
    assert (bar[1, 1] - bar[0, 1]) * PLANE.pixel_mm == 100.0
    assert label.text == "10 cm"


def test_the_crosshair_crosses_at_its_position_and_vanishes_beside_the_picture():
    (lines,) = crosshair_items(PLANE, (30.0, -20.0, 0.0), ON_DARK)
    assert isinstance(lines, Lines)
    row, column = PLANE.pixel_from_lps((30.0, -20.0, 0.0))
    assert set(lines.segments[:2, :, 0].ravel()) == {row}
    assert set(lines.segments[2:, :, 1].ravel()) == {column}
    assert crosshair_items(PLANE, (900.0, 0.0, 0.0), ON_DARK) == ()


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(0, 5), (0, 1, 2, 3, 4, 5)),
        (Window(0, 7), (0, 2, 4, 6)),
        (Window(0, 10), (0, 2, 4, 6, 8, 10)),
        (Window(-160, 240), (-100, 0, 100, 200)),
        (Window(0, 0.3), (0, 0.1, 0.2, 0.3)),
    ],
)
def test_ticks_are_round_values_within_the_window(window, expected):
    assert ticks(window) == pytest.approx(expected)


def test_the_colour_bar_has_the_hottest_colour_on_top_and_ticks_at_their_colours():
    items = colour_bar_items(PLANE, Window(0, 5), Palette.HOT_METAL, "SUL g/mL", ON_DARK, 14.0)
    patch = next(i for i in items if isinstance(i, Patch))
    assert np.array_equal(patch.rgba[0, 0], table(Palette.HOT_METAL)[255])
    assert np.array_equal(patch.rgba[-1, 0], table(Palette.HOT_METAL)[0])
    texts = {i.text: i.at[0] for i in items if isinstance(i, Text)}
    assert texts["5"] == pytest.approx(patch.top - 0.5)
    assert texts["0"] == pytest.approx(patch.top + len(patch.rgba) - 0.5)
    assert "SUL g/mL" in texts


def test_corner_lines_keep_inside_the_picture():
    corners = Corners(("a", "b"), ("c",), ("d", "e"))
    items = corner_items(PLANE, corners, ON_DARK, 14.0)
    assert {i.text for i in items if isinstance(i, Text)} == set("abcde")
    rows = {i.text: i.at[0] for i in items if isinstance(i, Text)}
    assert rows["a"] < rows["b"] < rows["d"] < rows["e"] < PLANE.rows
