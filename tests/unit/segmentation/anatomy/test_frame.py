"""Places told from the patient's own midline, depth and liver dome."""

import numpy as np
import pytest

from segmentation.anatomy.body import find_body
from segmentation.anatomy.frame import BodyFrame
from tests.unit.segmentation.anatomy.torso import HALF_Y_MM, ORIGIN, torso

LEAN = 0.06


@pytest.fixture(scope="module")
def volume():
    return torso(lean=LEAN)


def frame_of(volume, height_m, dome_lps_z=60.0):
    return BodyFrame(volume.geometry, find_body(volume), dome_lps_z - ORIGIN[2], height_m)


@pytest.mark.parametrize("lps", [(0.0, 0.0, 0.0), (80.0, -50.0, -150.0), (-90.0, 60.0, 150.0)])
def test_a_place_is_told_from_the_slanting_midline(volume, lps):
    place = frame_of(volume, 1.70).place(lps)
    assert place.left_mm == pytest.approx(lps[0] - LEAN * lps[2], abs=2.0)
    assert place.depth == pytest.approx((lps[1] + HALF_Y_MM) / (2 * HALF_Y_MM), abs=0.04)
    assert place.above_dome_mm == pytest.approx(lps[2] - 60.0)


@pytest.mark.parametrize(("height_m", "scale"), [(1.53, 0.9), (1.70, 1.0), (1.87, 1.1), (None, 1)])
def test_distances_along_the_body_are_those_of_a_standard_height(volume, height_m, scale):
    place = frame_of(volume, height_m).place((0.0, 0.0, -120.0))
    assert place.above_dome_mm == pytest.approx(-180.0 / scale)


def test_beyond_the_scan_the_last_slice_serves(volume):
    place = frame_of(volume, None).place((0.0, 0.0, 900.0))
    assert np.isfinite(place).all()
    assert place.above_dome_mm == pytest.approx(840.0)
