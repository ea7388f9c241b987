"""The outline and the midline of an ellipse that lies askew, with and without an arm."""

import numpy as np
import pytest

from segmentation.anatomy.body import find_body
from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.anatomy.torso import (
    HALF_X_MM,
    HALF_Y_MM,
    ORIGIN,
    SPACING_MM,
    Ball,
    positions,
    torso,
)


def true_midline_mm(volume, lean, shift=0.0):
    """Along the volume's x axis from its origin, for each slice."""
    z = volume.geometry.origin_lps_mm[2] + np.asarray(volume.geometry.slice_offsets_mm)
    return shift + lean * z - ORIGIN[0]


@pytest.mark.parametrize(("lean", "shift"), [(0.0, 0.0), (0.06, 10.0), (-0.08, -12.0)])
def test_the_midline_follows_a_patient_who_lies_askew(lean, shift):
    volume = torso(lean=lean, shift_x_mm=shift)
    body = find_body(volume)
    np.testing.assert_allclose(body.midline_x_mm, true_midline_mm(volume, lean, shift), atol=1.5)


def test_front_and_back_are_those_of_the_ellipse_within_a_voxel():
    body = find_body(torso())
    middle = -ORIGIN[1]
    np.testing.assert_allclose(body.front_y_mm, middle - HALF_Y_MM, atol=SPACING_MM + 1)
    np.testing.assert_allclose(body.back_y_mm, middle + HALF_Y_MM, atol=SPACING_MM + 1)


def test_the_outline_is_the_body_with_its_lungs_and_nothing_else():
    volume = torso(lean=0.05)
    x, y, z = np.moveaxis(positions(volume.geometry), -1, 0)
    size = ((x - 0.05 * z) / HALF_X_MM) ** 2 + (y / HALF_Y_MM) ** 2
    body = find_body(volume)
    assert body.inside[size <= (1 - 5 / HALF_Y_MM) ** 2].all()
    assert not body.inside[size >= (1 + 10 / HALF_Y_MM) ** 2].any()


def test_cold_lungs_open_to_no_side_are_inside():
    lungs = Ball((-80.0, 0.0, 100.0), (60.0, 80.0, 60.0), 0.02)
    assert find_body(torso((lungs,))).inside[65, 25, 25]


def test_an_elbow_beside_the_shoulder_does_not_turn_the_midline():
    elbow = Ball((185.0, 0.0, 195.0), (35.0, 60.0, 28.0), 0.5)
    volume = torso(lean=0.04, extra_body=(elbow,))
    body = find_body(volume)
    np.testing.assert_allclose(body.midline_x_mm, true_midline_mm(volume, 0.04), atol=2.0)


def test_a_warm_cup_beside_the_patient_is_not_the_patient():
    values = torso().values.copy()
    values[:3, :3, :3] = 5.0
    geometry = Geometry.even(values.shape, (SPACING_MM,) * 3, ORIGIN)
    body = find_body(Volume(values, geometry, Unit.SUL_G_PER_ML))
    assert not body.inside[:3, :3, :3].any()


def test_where_nothing_is_warm_there_is_no_body():
    geometry = Geometry.even((6, 7, 8), (5.0, 5.0, 5.0))
    assert (
        find_body(Volume(np.full((6, 7, 8), 0.01, np.float32), geometry, Unit.SUL_G_PER_ML)) is None
    )
