from dataclasses import replace

import numpy as np
import pytest

from segmentation.volume import Volume
from tests.unit.viewers.scene.scenes import CT_GRID, ct_volume, pet_volume, visit
from viewers.scene.extent import body_box, whole_box


def test_the_body_is_found_without_the_air_around_it():
    low, high = body_box(pet_volume(), ct_volume())
    air_low, air_high = whole_box(CT_GRID)
    # an ellipse of 0.8 of the width and 0.7 of the depth, a margin of 12 mm, steps of 4 voxels
    reach = [(b - a) / 2 for a, b in zip(low, high, strict=True)]
    whole = [(b - a) / 2 for a, b in zip(air_low, air_high, strict=True)]
    assert reach[0] == pytest.approx(0.8 * whole[0] + 12, abs=15)
    assert reach[1] == pytest.approx(0.7 * whole[1] + 12, abs=15)
    assert reach[1] < whole[1]


def test_a_table_apart_from_the_body_is_left_out():
    values = ct_volume().values.copy()
    without = body_box(pet_volume(), ct_volume())
    values[:, 92:94, 5:120] = 200
    assert body_box(pet_volume(), Volume(values, CT_GRID, ct_volume().unit)) == without


def test_along_z_everything_scanned_is_shown():
    low, high = body_box(pet_volume(), None)
    assert (low[2], high[2]) == pytest.approx((-302.0, -142.0))


def test_an_empty_scan_fits_whole():
    empty = Volume(np.zeros_like(pet_volume().values), pet_volume().geometry, pet_volume().unit)
    assert body_box(empty, None) == whole_box(empty.geometry)


def test_a_visit_with_its_mip_is_not_searched_again():
    first = visit(with_mip=True)
    assert replace(first, mip=None).body is first.body
