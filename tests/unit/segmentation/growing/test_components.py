"""Regions above a threshold and their partition at saddles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.geometry import Geometry
from segmentation.growing.components import (
    DISTINCT_SADDLE_SHARE,
    components,
    region_between,
    split_at_saddles,
)
from segmentation.mask import Mask
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.growing.hot_spots import GEOMETRY, blobs, full_sets

NEAR = ((-10.0, 10.0, 10.0), 12.0, 8.0)
FAR = ((30.0, 10.0, 10.0), 12.0, 5.0)


def volume_of(values):
    geometry = Geometry.even(values.shape, (3.0, 4.0, 4.0))
    return Volume(values.astype(np.float32), geometry, Unit.SUL_G_PER_ML)


def split(volume, above):
    return [
        part for region in components(volume, above) for part in split_at_saddles(volume, region)
    ]


def test_bounds_are_inclusive():
    volume = volume_of(np.array([[[1.0, 2.0, 2.5, 3.0, 4.0]]]))
    assert region_between(volume, 2.0).voxels == 4
    assert region_between(volume, 2.0, 3.0).voxels == 3
    assert region_between(volume, 2.001, 2.999).voxels == 1
    assert region_between(volume, 9.0).voxels == 0
    assert [mask.voxels for mask in components(volume, 2.0)] == [4]


def test_components_touch_by_corners_and_reach_the_smallest_volume():
    values = np.zeros((6, 6, 6))
    values[0, 0, 0] = values[1, 1, 1] = values[2, 2, 2] = 5.0
    values[5, 5, 5] = 5.0
    found = list(components(volume_of(values), 5.0))
    assert [mask.voxels for mask in found] == [3, 1]
    per_voxel = 0.048
    assert [m.voxels for m in components(volume_of(values), 5.0, 2 * per_voxel)] == [3]
    assert [m.voxels for m in components(volume_of(values), 5.0, 3 * per_voxel)] == [3]


def test_components_partition_the_region_above_the_threshold():
    volume = blobs(NEAR, FAR, noise=0.4)
    parts = full_sets(components(volume, 1.4))
    assert sum(map(len, parts)) == len(frozenset().union(*parts))
    assert frozenset().union(*parts) == full_sets([region_between(volume, 1.4)])[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(1.5, 4.0))
def test_the_parts_share_no_voxel_and_together_are_the_region(seed, above):
    random = np.random.default_rng(seed)
    balls = [
        ((*random.uniform(-40, 60, 2), random.uniform(-20, 50)), random.uniform(6, 16), sul)
        for sul in random.uniform(3, 12, 5)
    ]
    volume = blobs(*balls, noise=0.15, seed=seed)
    for region in components(volume, above):
        parts = split_at_saddles(volume, region)
        sets = full_sets(parts)
        assert sum(map(len, sets)) == region.voxels
        assert frozenset().union(*sets) == full_sets([region])[0]
        assert all(part.voxels > 0 and part.inside.any() for part in parts)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_the_partition_does_not_depend_on_the_order_of_slices_rows_or_columns(seed, flips):
    volume = blobs(NEAR, FAR, ((10.0, 30.0, 10.0), 12.0, 6.0), noise=0.2, seed=seed)
    axes = [axis for axis, flip in enumerate(flips) if flip]
    flipped = Volume(np.ascontiguousarray(np.flip(volume.values, axes)), GEOMETRY, volume.unit)
    there = {np.flip(p.full(), axes).tobytes() for p in split(flipped, 2.0)}
    assert {p.full().tobytes() for p in split(volume, 2.0)} == there


def test_two_blobs_that_touch_above_the_threshold_are_split_between_their_peaks():
    volume = blobs(NEAR, ((19.0, 10.0, 10.0), 10.0, 5.0), blur_mm=3.5)
    (region,) = components(volume, 1.5)
    hot, cool = split_at_saddles(volume, region)
    assert volume.values[hot.box][hot.inside].max() > volume.values[cool.box][cool.inside].max()
    assert hot.centroid_lps_mm()[0] < 5.0 < cool.centroid_lps_mm()[0]
    assert np.linalg.norm(np.subtract(cool.centroid_lps_mm(), (19.0, 10.0, 10.0))) < 5.0


@pytest.mark.parametrize("seed", range(5))
def test_one_noisy_blob_stays_whole(seed):
    volume = blobs(((10.0, 15.0, 10.0), 25.0, 6.0), noise=0.15, seed=seed)
    (region,) = [r for r in components(volume, 3.0) if r.volume_ml > 1.0]
    assert len(split_at_saddles(volume, region)) == 1


def test_the_saddle_decides_on_either_side_of_its_share():
    """Two plateaus of 10 joined by a bridge whose depth is known, too wide to be smoothed away."""
    for share, parts in ((DISTINCT_SADDLE_SHARE + 0.05, 1), (DISTINCT_SADDLE_SHARE - 0.05, 2)):
        values = np.zeros((16, 16, 48))
        values[3:13, 3:13, 3:15] = values[3:13, 3:13, 33:45] = 10.0
        values[3:13, 3:13, 15:33] = 10.0 * share
        volume = volume_of(values)
        region = Mask.from_array(values > 0, volume.geometry)
        assert len(split_at_saddles(volume, region)) == parts


def test_a_speck_beside_a_lesion_is_not_a_part_of_its_own():
    values = np.full((16, 16, 30), 0.0)
    values[4:12, 4:12, 4:16] = 10.0
    values[8, 8, 16:22] = 3.0
    values[8, 8, 22] = 9.0
    volume = volume_of(values)
    region = Mask.from_array(values > 0, volume.geometry)
    assert len(split_at_saddles(volume, region)) == 1
    assert split_at_saddles(volume, Mask.from_array(values == 9.0, volume.geometry))[0].voxels == 1


def test_the_part_with_the_hottest_peak_comes_first():
    volume = blobs(FAR, NEAR, ((10.0, 10.0, 10.0), 9.0, 2.2), blur_mm=1.0)
    parts = split(volume, 1.9)
    whole = split_at_saddles(volume, region_between(volume, 1.0))
    peaks = [float(volume.values[p.box][p.inside].max()) for p in whole]
    assert len(parts) >= 2
    assert peaks == sorted(peaks, reverse=True)
