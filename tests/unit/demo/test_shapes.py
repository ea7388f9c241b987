"""Shapes: distances, boxes, and the volume they take in an image."""

import math

import numpy as np
import pytest

from app.demo.render import paint
from app.demo.shapes import Capsule, Disc, Ellipsoid, Loft
from segmentation.geometry import Geometry

CENTER = (11.3, -4.1, 7.7)
BODIES = {
    "ball": (Ellipsoid(CENTER, (15, 15, 15)), 4 / 3 * math.pi * 15**3),
    "turned ellipsoid": (
        Ellipsoid(CENTER, (18, 9, 12), (20, -35, 50)),
        4 / 3 * math.pi * 18 * 9 * 12,
    ),
    "rod": (
        Capsule((-10, 0, -20), (14, 6, 22), (8, 8)),
        math.pi * 64 * math.dist((-10, 0, -20), (14, 6, 22)) + 4 / 3 * math.pi * 8**3,
    ),
    "disc": (Disc(CENTER, 20, 6), math.pi * 400 * 12),
    "cylinder": (Loft(((-20, 3, 3, 14, 9), (25, 3, 3, 14, 9)), 2.0), math.pi * 14 * 9 * 45),
}
GRID = Geometry.even((40, 44, 44), (4.0, 3.0, 3.0), (-60.0, -60.0, -75.0))


@pytest.mark.parametrize("name", BODIES)
def test_painting_takes_the_volume_of_the_body(name):
    body, volume_mm3 = BODIES[name]
    image = np.zeros(GRID.shape_zyx, dtype=np.float32)
    paint(image, GRID, (body,), 2.0, (0.0, 0.0, 0.0))
    assert image.max() == 2.0
    assert image.sum(dtype=float) / 2.0 * 36.0 == pytest.approx(volume_mm3, rel=0.01)


@pytest.mark.parametrize("name", BODIES)
def test_painting_elsewhere_is_a_shift_of_the_image(name):
    body, _ = BODIES[name]
    here, there = (np.zeros(GRID.shape_zyx, dtype=np.float32) for _ in range(2))
    paint(here, GRID, (body,), 1.0, (0.0, 0.0, 0.0))
    paint(there, GRID, (body,), 1.0, (6.0, -3.0, 8.0))
    np.testing.assert_allclose(there, np.roll(here, (2, -1, 2), axis=(0, 1, 2)), atol=0.04)


@pytest.mark.parametrize("name", BODIES)
def test_the_box_holds_all_that_is_inside(name):
    body, _ = BODIES[name]
    points = np.random.default_rng(3).uniform(-60, 60, (40_000, 3))
    x, y, z = points.T
    inside = body.distance_mm(x, y, z) < 0
    low, high = body.bounds()
    assert inside.any()
    assert np.all(points[inside] >= np.asarray(low) - 1e-6)
    assert np.all(points[inside] <= np.asarray(high) + 1e-6)


def test_the_distance_of_an_ellipsoid_vanishes_on_its_surface_and_counts_millimetres_near_it():
    ball = Ellipsoid((1, 2, 3), (10, 10, 10), (30, 40, 50))
    direction = np.array([2.0, -1.0, 2.0]) / 3.0
    for r in (9.0, 10.0, 11.5):
        x, y, z = np.array([1, 2, 3]) + r * direction
        distance = ball.distance_mm(np.array([x]), np.array([y]), np.array([z]))
        assert distance[0] == pytest.approx(r - 10.0, abs=1e-4)


def test_a_turn_about_z_goes_from_x_towards_y():
    long_along_diagonal = Ellipsoid((0, 0, 0), (20, 2, 2), (0, 0, 45))
    on = np.array([10.0])
    assert long_along_diagonal.distance_mm(on, on, np.zeros(1))[0] < 0
    assert long_along_diagonal.distance_mm(on, -on, np.zeros(1))[0] > 0
