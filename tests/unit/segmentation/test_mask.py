"""A region as a box: nothing lost on the way, nothing outside its volume."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.geometry import Geometry
from segmentation.mask import Mask

GEOMETRY = Geometry.even((4, 5, 6), (3.0, 2.0, 1.0), (10.0, 20.0, 30.0))


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 5)), max_size=12))
def test_a_mask_keeps_every_voxel_and_a_tight_box(voxels):
    full = np.zeros((4, 5, 6), bool)
    for voxel in voxels:
        full[voxel] = True
    mask = Mask.from_array(full, GEOMETRY)
    assert np.array_equal(mask.full(), full)
    assert mask.voxels == len(voxels)
    assert mask.volume_ml == pytest.approx(len(voxels) * 0.006)
    assert {tuple(v) for v in mask.indices_zyx().tolist()} == voxels
    for axis in range(3):
        spread = {v[axis] for v in voxels}
        assert mask.inside.shape[axis] == (max(spread) - min(spread) + 1 if spread else 0)


def test_centroid_in_the_patient():
    full = np.zeros((4, 5, 6), bool)
    full[1, 2, 2:5] = True
    assert Mask.from_array(full, GEOMETRY).centroid_lps_mm() == pytest.approx((13.0, 24.0, 33.0))


def test_nothing_has_no_centre():
    with pytest.raises(ValueError, match="empty"):
        Mask.from_array(np.zeros((4, 5, 6), bool), GEOMETRY).centroid_lps_mm()


def test_the_box_is_where_the_voxels_are():
    full = np.zeros((4, 5, 6), bool)
    full[3, 4, 5] = full[2, 4, 4] = True
    mask = Mask.from_array(full, GEOMETRY)
    assert mask.box == (slice(2, 4), slice(4, 5), slice(4, 6))
    assert np.array_equal(full[mask.box], mask.inside)


def test_a_mask_is_read_only():
    mask = Mask.from_array(np.ones((4, 5, 6), bool), GEOMETRY)
    with pytest.raises(ValueError, match="read-only"):
        mask.inside[0, 0, 0] = False


def test_a_mask_does_not_change_with_the_array_it_came_from():
    full = np.ones((4, 5, 6), bool)
    mask = Mask.from_array(full, GEOMETRY)
    full[:] = False
    assert mask.inside.all()


@pytest.mark.parametrize("start", [(-1, 0, 0), (3, 0, 0), (0, 4, 0)])
def test_a_box_beyond_the_volume_is_refused(start):
    with pytest.raises(ValueError, match="outside"):
        Mask(GEOMETRY, start, np.ones((2, 2, 2), bool))


def test_an_array_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="is not"):
        Mask.from_array(np.ones((4, 5, 5), bool), GEOMETRY)
