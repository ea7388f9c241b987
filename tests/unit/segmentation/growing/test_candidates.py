"""Candidates are every measurable focus once, whatever the order of the voxels."""

import numpy as np
import pytest

from segmentation.growing.candidates import find_candidates
from segmentation.voi import SphereVoi
from segmentation.volume import Volume
from tests.unit.segmentation.growing.hot_spots import GEOMETRY, blobs, full_sets

BALLS = (
    ((-20.0, 0.0, 0.0), 12.0, 9.0),
    ((40.0, 40.0, 40.0), 10.0, 6.0),
    ((30.0, -10.0, 10.0), 14.0, 4.0),
)
THRESHOLD = 2.5


@pytest.fixture(scope="module")
def volume():
    return blobs(*BALLS, noise=0.15)


def test_each_ball_is_one_candidate_hottest_first(volume):
    found = find_candidates(volume, THRESHOLD)
    assert len(found) == len(BALLS)
    for candidate, (center, radius, sul) in zip(found, BALLS, strict=True):
        assert np.linalg.norm(np.subtract(candidate.region.centroid_lps_mm(), center)) < 3.0
        assert candidate.peaks.continuous.value == pytest.approx(sul, rel=0.12)
        center_of_ball = np.rint(GEOMETRY.zyx_from_lps(center)).astype(int)
        assert candidate.region.full()[tuple(center_of_ball)]
        reach = SphereVoi(center, 2 * radius + 12.0).mask(GEOMETRY).full()
        assert reach[candidate.region.full()].all()


def test_every_candidate_is_measurable_and_lies_above_the_threshold(volume):
    found = find_candidates(volume, THRESHOLD)
    sets = full_sets(c.region for c in found)
    assert sum(map(len, sets)) == len(frozenset().union(*sets))
    for candidate in found:
        inside = volume.values[candidate.region.box][candidate.region.inside]
        assert inside.min() >= THRESHOLD
        assert candidate.peaks.continuous.value >= THRESHOLD


def test_a_higher_threshold_finds_no_more_and_nothing_outside(volume):
    low, high = find_candidates(volume, 2.5), find_candidates(volume, 5.0)
    everything = frozenset().union(*full_sets(c.region for c in low))
    assert len(high) == 2
    assert all(part <= everything for part in full_sets(c.region for c in high))
    assert find_candidates(volume, 50.0) == ()


def test_single_hot_voxels_are_no_lesions():
    values = blobs(noise=0.1).values.copy()
    values[5:-5:9, 5:-5:9, 5:-5:9] = 9.0
    sparse = Volume(values, GEOMETRY, blobs().unit)
    assert find_candidates(sparse, THRESHOLD) == ()


def test_the_candidates_do_not_depend_on_the_order_of_the_voxels(volume):
    here = find_candidates(volume, THRESHOLD)
    turned = Volume(np.ascontiguousarray(volume.values[::-1, :, ::-1]), GEOMETRY, volume.unit)
    there = find_candidates(turned, THRESHOLD)
    for a, b in zip(here, there, strict=True):
        assert np.array_equal(a.region.full(), b.region.full()[::-1, :, ::-1])
        assert a.peaks.continuous.value == pytest.approx(b.peaks.continuous.value, rel=1e-5)
