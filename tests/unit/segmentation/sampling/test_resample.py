import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.sampling.resample import resample
from segmentation.sampling.separable import Interpolation
from tests.unit.segmentation.sampling.orientations import (
    GEOMETRIES,
    linear_field,
    linear_volume,
    positions,
)

TARGET = Geometry.even((7, 9, 8), (3.1, 2.2, 2.7), (-4.0, -15.0, 2.0))


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())
def test_a_linear_field_is_reproduced_on_another_grid(geometry):
    onto = resample(linear_volume(geometry), TARGET)
    assert onto.geometry is TARGET
    assert onto.values == pytest.approx(linear_field(positions(TARGET)), abs=2e-4)


@pytest.mark.parametrize("turn_deg", [0.0, 90.0, 17.0])
def test_a_rigid_matrix_carries_source_positions_to_the_target(turn_deg):
    a = np.deg2rad(turn_deg)
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]
    matrix[:3, 3] = (3.0, -2.0, 1.5)
    onto = resample(linear_volume(GEOMETRIES["head_first_supine"]), TARGET, matrix)
    source_lps = (positions(TARGET) - matrix[:3, 3]) @ matrix[:3, :3]
    assert onto.values == pytest.approx(linear_field(source_lps), abs=2e-4)


def test_its_own_grid_gives_back_the_volume():
    volume = linear_volume(GEOMETRIES["uneven_steps"])
    same = resample(volume, volume.geometry, interpolation=Interpolation.NEAREST)
    assert np.array_equal(same.values, volume.values)


def test_beyond_the_source_stands_the_fill_value():
    geometry = GEOMETRIES["head_first_prone"]
    wide = Geometry.even((40, 40, 40), (6.0, 6.0, 6.0), (-120.0, -120.0, -120.0))
    onto = resample(linear_volume(geometry), wide, outside=-99.0)
    inside = geometry.contains_zyx(geometry.zyx_from_lps(positions(wide)))
    assert np.array_equal(onto.values != -99.0, inside)
