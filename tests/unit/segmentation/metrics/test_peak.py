"""SULpeak against analytic truth, and what must not change it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.peak import (
    PEAK_DIAMETER_MM,
    PEAK_RADIUS_MM,
    PeakFlag,
    PeakMethod,
    local_peak,
    region_peak,
    region_peaks,
)
from segmentation.metrics.statistics import region_statistics
from tests.unit.segmentation.metrics.analytic import (
    RADIUS_1ML_MM,
    above,
    ball_mean,
    blurred_sphere,
    distances_mm,
    gaussian,
    volume_of,
)

FINE = (2.0, 2.0, 2.0)
PET = (3.27, 4.6875, 4.6875)
SHIFT = st.tuples(*[st.floats(-0.5, 0.5)] * 3)


def _blob(spacing, shift=(0.0, 0.0, 0.0), sigma_mm=5.0, height=10.0):
    shape = tuple(2 * int(np.ceil(24.0 / d)) + 1 for d in spacing)
    geometry = Geometry.even(shape, spacing)
    centre = np.array(shape) // 2 + np.array(shift)
    values = height * gaussian(distances_mm(geometry, centre), sigma_mm)
    return volume_of(values, geometry), centre


def _noise(seed, shape=(18, 17, 16), spacing=PET):
    rng = np.random.default_rng(seed)
    values = 3.0 + 8.0 * ndimage.gaussian_filter(rng.normal(size=shape), 0.8)
    geometry = Geometry.even(shape, spacing)
    inside = np.zeros(shape, bool)
    inside[5:-5, 5:-5, 5:-5] = True
    return volume_of(values, geometry), Mask.from_array(inside, geometry)


def test_the_ball_holds_one_millilitre():
    assert pytest.approx(RADIUS_1ML_MM, abs=1e-12) == PEAK_RADIUS_MM
    assert pytest.approx(12.407009817988) == PEAK_DIAMETER_MM


@settings(max_examples=15, deadline=None)
@given(SHIFT)
def test_gaussian_blob_at_any_sub_voxel_shift(shift):
    truth = 10.0 * ball_mean(lambda rho: gaussian(rho, 5.0))
    volume, centre = _blob(FINE, shift)
    found = region_peak(volume, above(volume, 4.0), PeakMethod.CONTINUOUS)
    assert found is not None
    assert found.value == pytest.approx(truth, rel=5e-4)
    away_mm = (np.array(found.position_zyx) - centre) * FINE
    assert np.linalg.norm(away_mm) < 0.1
    assert found.position_lps_mm == pytest.approx(
        volume.geometry.lps_from_zyx(found.position_zyx).tolist()
    )


@settings(max_examples=10, deadline=None)
@given(SHIFT, st.sampled_from([10.0, 15.0, 20.0, 30.0]))
def test_blurred_sphere_on_a_pet_grid(shift, diameter_mm):
    sigma_mm = 7.0 / 2.3548

    def profile(rho):
        return blurred_sphere(rho, diameter_mm / 2.0, sigma_mm)

    shape = (33, 25, 25)
    geometry = Geometry.even(shape, PET)
    centre = np.array(shape) // 2 + np.array(shift)
    volume = volume_of(1.0 + 7.0 * profile(distances_mm(geometry, centre)), geometry)
    found = region_peak(volume, above(volume, 2.0), PeakMethod.CONTINUOUS)
    assert found is not None
    assert found.value == pytest.approx(1.0 + 7.0 * ball_mean(profile), rel=0.015)


def test_uneven_slices_keep_their_true_positions():
    steps = np.tile([2.0, 3.0, 2.5], 8)
    offsets = (0.0, *np.cumsum(steps).tolist())
    geometry = Geometry(
        (len(offsets), 25, 25),
        (2.5, 2.5),
        (0.0, 0.0, 0.0),
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        offsets,
    )
    truth = 10.0 * ball_mean(lambda rho: gaussian(rho, 5.0))
    volume = volume_of(10.0 * gaussian(distances_mm(geometry, (12.2, 12.4, 11.7)), 5.0), geometry)
    found = region_peaks(volume, above(volume, 4.0))
    assert found is not None
    assert found.continuous.value == pytest.approx(truth, rel=5e-3)
    assert found.fractional.volume_used_ml == pytest.approx(1.0, rel=2e-3)


def test_even_and_uneven_code_agree_on_an_even_stack():
    volume, mask = _noise(1)
    nudged = list(volume.geometry.slice_offsets_mm)
    nudged[-1] += 1e-5
    uneven = dataclasses.replace(volume.geometry, slice_offsets_mm=tuple(nudged))
    other = region_peaks(
        volume_of(volume.values, uneven), dataclasses.replace(mask, geometry=uneven)
    )
    plain = region_peaks(volume, mask)
    assert plain is not None and other is not None
    for method in PeakMethod:
        assert other.by_method(method).value == pytest.approx(plain.by_method(method).value)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-6, 1e6))
def test_scales_with_the_image(seed, factor):
    volume, mask = _noise(seed)
    plain = region_peaks(volume, mask)
    scaled = region_peaks(volume_of(volume.values * factor, volume.geometry), mask)
    assert plain is not None and scaled is not None
    for method in PeakMethod:
        expected = factor * plain.by_method(method).value
        assert scaled.by_method(method).value == pytest.approx(expected, rel=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.permutations([0, 1, 2]), st.integers(0, 7))
def test_turning_and_flipping_the_image_changes_nothing(seed, order, flips):
    volume, mask = _noise(seed)
    turn = [axis for axis in range(3) if flips >> axis & 1]
    values = np.flip(volume.values.transpose(order), turn)
    spacing = tuple(PET[axis] for axis in order)
    geometry = Geometry.even(values.shape, spacing)
    inside = np.flip(mask.full().transpose(order), turn)
    plain = region_peaks(volume, mask)
    turned = region_peaks(volume_of(values, geometry), Mask.from_array(inside, geometry))
    assert plain is not None and turned is not None
    for method in PeakMethod:
        expected = plain.by_method(method)
        found = turned.by_method(method)
        assert found.value == pytest.approx(expected.value, rel=5e-5)
        position = np.array(expected.position_zyx)[list(order)]
        position[turn] = np.array(values.shape)[turn] - 1 - position[turn]
        away_mm = (np.array(found.position_zyx) - position) * spacing
        assert np.abs(away_mm).max() < 0.05


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_no_lower_than_the_mean_and_no_higher_than_the_image(seed):
    volume, mask = _noise(seed)
    found = region_peaks(volume, mask)
    region = region_statistics(volume, mask)
    assert found is not None and region is not None
    for method in PeakMethod:
        assert found.by_method(method).value < volume.values.max()
    local = local_peak(volume, mask)
    assert local is not None
    assert local.value <= found.ibsi_binary.value * (1.0 + 1e-12)
    assert found.continuous.value >= region.mean


def test_the_ball_leaves_the_region_and_sees_all_voxels():
    volume, _ = _blob(FINE)
    inside = np.zeros(volume.values.shape, bool)
    inside[tuple(n // 2 for n in inside.shape)] = True
    one_voxel = region_peak(volume, Mask.from_array(inside, volume.geometry), PeakMethod.CONTINUOUS)
    whole = region_peak(volume, above(volume, 4.0), PeakMethod.CONTINUOUS)
    assert one_voxel is not None and whole is not None
    assert one_voxel.value == pytest.approx(whole.value, rel=1e-6)


def test_the_centre_stays_in_the_box_of_the_region():
    volume, centre = _blob(FINE)
    inside = np.zeros(volume.values.shape, bool)
    z, y, x = (int(c) for c in centre)
    inside[z, y, x + 3] = True
    found = region_peak(volume, Mask.from_array(inside, volume.geometry), PeakMethod.CONTINUOUS)
    assert found is not None
    assert found.position_zyx[2] == pytest.approx(x + 2.5)
    assert PeakFlag.CONTAMINATED in found.flags


def test_contamination_is_something_hotter_within_the_ball():
    volume, _ = _blob(FINE)
    mask = above(volume, 4.0)
    peaks = region_peaks(volume, mask)
    assert peaks is not None
    assert all(PeakFlag.CONTAMINATED not in peaks.by_method(m).flags for m in PeakMethod)
    near, far = np.array(volume.values), np.array(volume.values)
    z, y, x = (n // 2 for n in near.shape)
    inside = mask.full()
    inside[z, y, x + 2] = False
    near[z, y, x + 2] = far[z, y, x + 11] = 10.5
    holed = Mask.from_array(inside, volume.geometry)
    for method in PeakMethod:
        found = region_peak(volume_of(near, volume.geometry), holed, method)
        assert found is not None and PeakFlag.CONTAMINATED in found.flags
        found = region_peak(volume_of(far, volume.geometry), holed, method)
        assert found is not None and PeakFlag.CONTAMINATED not in found.flags


def test_beyond_the_image_is_left_out_of_both_sums():
    geometry = Geometry.even((9, 9, 9), FINE)
    volume = volume_of(np.full((9, 9, 9), 4.0), geometry)
    inside = np.zeros((9, 9, 9), bool)
    inside[0, 4, 4] = True
    peaks = region_peaks(volume, Mask.from_array(inside, geometry))
    assert peaks is not None
    for method in PeakMethod:
        found = peaks.by_method(method)
        assert found.value == pytest.approx(4.0)
        assert PeakFlag.TRUNCATED in found.flags
        assert 0.3 < found.truncated_fraction <= 0.5
        assert found.volume_used_ml < 0.75


def test_ball_cut_by_edges_and_corner_has_the_right_volume():
    geometry = Geometry.even((9, 9, 9), FINE)
    z = np.indices((9, 9, 9))[0]
    volume = volume_of(100.0 - 10.0 * z, geometry)
    inside = np.zeros((9, 9, 9), bool)
    inside[0, 0, 0] = True
    found = region_peak(volume, Mask.from_array(inside, geometry), PeakMethod.CONTINUOUS)
    assert found is not None
    assert found.position_zyx[0] == pytest.approx(-0.5)
    lateral = np.array(found.position_zyx[1:])
    assert np.all(np.abs(lateral) <= 0.5)
    if np.allclose(lateral, -0.5):
        assert found.volume_used_ml == pytest.approx(1.0 / 8.0, rel=1e-3)


def test_far_from_edges_nothing_is_missing():
    volume, _ = _blob(PET)
    peaks = region_peaks(volume, above(volume, 4.0))
    assert peaks is not None
    for method in PeakMethod:
        assert peaks.by_method(method).truncated_fraction == pytest.approx(0.0, abs=1e-9)
        assert peaks.by_method(method).flags == frozenset()
    assert peaks.continuous.volume_used_ml == pytest.approx(1.0, rel=1e-9)
    assert peaks.fractional.volume_used_ml == pytest.approx(1.0, rel=2e-3)


def test_small_lesions_and_single_slices_have_a_peak():
    for shape in ((1, 1, 1), (1, 12, 12), (2, 3, 1)):
        geometry = Geometry.even(shape, PET)
        everything = Mask.from_array(np.ones(shape, bool), geometry)
        peaks = region_peaks(volume_of(np.full(shape, 2.5), geometry), everything)
        assert peaks is not None
        for method in PeakMethod:
            assert peaks.by_method(method).value == pytest.approx(2.5)
            assert PeakFlag.TRUNCATED in peaks.by_method(method).flags


def test_voxels_without_a_number_never_make_the_peak_one():
    volume, centre = _blob(FINE)
    values = np.array(volume.values)
    z, y, x = (int(c) for c in centre)
    mask = above(volume, 4.0)
    values[z + 1, y, x], values[z, y + 1, x] = np.nan, np.inf
    peaks = region_peaks(volume_of(values, volume.geometry), mask)
    plain = region_peaks(volume, mask)
    assert peaks is not None and plain is not None
    for method in PeakMethod:
        found = peaks.by_method(method)
        assert found.value == pytest.approx(plain.by_method(method).value, rel=0.05)
        assert PeakFlag.NON_FINITE in found.flags


def test_nothing_to_measure_is_none():
    geometry = Geometry.even((9, 9, 9), FINE)
    empty = Mask.from_array(np.zeros((9, 9, 9), bool), geometry)
    everything = Mask.from_array(np.ones((9, 9, 9), bool), geometry)
    assert region_peaks(volume_of(np.ones((9, 9, 9)), geometry), empty) is None
    assert region_peaks(volume_of(np.full((9, 9, 9), np.nan), geometry), everything) is None
    assert local_peak(volume_of(np.ones((9, 9, 9)), geometry), empty) is None


def test_of_equal_means_the_hotter_centre():
    geometry = Geometry.even((1, 1, 60), (20.0, 20.0, 4.0))
    values = np.ones((1, 1, 60))
    values[0, 0, [19, 20, 21]] = 5.0, 4.0, 3.0
    values[0, 0, [39, 40, 41]] = 3.0, 6.0, 3.0
    inside = np.zeros((1, 1, 60), bool)
    inside[0, 0, [20, 40]] = True
    found = region_peak(
        volume_of(values, geometry), Mask.from_array(inside, geometry), PeakMethod.IBSI_BINARY
    )
    assert found is not None
    assert found.value == pytest.approx(4.0)
    assert found.position_zyx == (0.0, 0.0, 40.0)


def test_a_smaller_ball_sees_a_hotter_peak():
    volume, _ = _blob(FINE)
    mask = above(volume, 4.0)
    wide = region_peak(volume, mask, PeakMethod.CONTINUOUS)
    narrow = region_peak(volume, mask, PeakMethod.CONTINUOUS, diameter_mm=12.0)
    assert wide is not None and narrow is not None
    truth = 10.0 * ball_mean(lambda rho: gaussian(rho, 5.0), 6.0)
    assert narrow.value == pytest.approx(truth, rel=1e-3)
    assert narrow.value > wide.value
    with pytest.raises(ValueError, match="positive"):
        region_peak(volume, mask, PeakMethod.CONTINUOUS, diameter_mm=0.0)


def test_scattered_region_over_a_large_volume():
    shape = (160, 90, 90)
    geometry = Geometry.even(shape, (4.0, 4.0, 4.0))
    values = np.zeros(shape)
    near, far = (12, 20, 20), (140, 70, 71)
    values += 10.0 * gaussian(distances_mm(geometry, near), 6.0)
    values += 11.0 * gaussian(distances_mm(geometry, far), 6.0)
    volume = volume_of(values, geometry)
    found = region_peaks(volume, above(volume, 5.0))
    assert found is not None
    for method in PeakMethod:
        assert np.rint(found.by_method(method).position_zyx) == pytest.approx(far)
