"""Diameters of digitised discs and ellipses, and of shapes whose answer is plain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.diameter import region_diameters
from segmentation.voi import SphereVoi
from segmentation.volume import Unit, Volume

ANGLE = st.floats(0.0, np.pi)
SHIFT = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
SPACING = st.sampled_from([(1.0, 1.0), (1.0, 0.6), (0.7, 0.7), (4.0, 4.0), (0.8, 1.2)])


def _radius_share(geometry, half_long, half_short, angle, shift):
    """1 at the centre of an ellipse, 0 on its rim, negative outside: one slice [1, y, x]."""
    _, ny, nx = geometry.shape_zyx
    dy, dx = geometry.spacing_yx_mm
    y, x = np.indices((ny, nx)).astype(float)
    y, x = (y - ny // 2 - shift[0]) * dy, (x - nx // 2 - shift[1]) * dx
    u = x * np.cos(angle) + y * np.sin(angle)
    v = y * np.cos(angle) - x * np.sin(angle)
    return (1.0 - np.sqrt((u / half_long) ** 2 + (v / half_short) ** 2))[None]


def _grid(spacing_yx, longest_mm):
    ny, nx = (2 * int(np.ceil(longest_mm / 2.0 / d)) + 7 for d in spacing_yx)
    return Geometry.even((1, ny, nx), (3.0, *spacing_yx), origin_lps_mm=(-40.0, 15.0, 120.0))


@settings(max_examples=120, deadline=None)
@given(st.floats(8.0, 60.0), SPACING, SHIFT)
def test_a_digitised_disc_is_within_three_quarters_of_a_pixel(pixels, spacing, shift):
    diameter = pixels * max(spacing)
    geometry = _grid(spacing, diameter)
    share = _radius_share(geometry, diameter / 2.0, diameter / 2.0, 0.0, shift)
    found = region_diameters(Mask.from_array(share >= 0, geometry))
    assert found is not None
    assert found.longest_diameter_mm == pytest.approx(diameter, abs=0.75 * max(spacing))
    assert found.perpendicular_mm == pytest.approx(diameter, abs=max(spacing))


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (1.0, 0.6), (0.7, 0.7)])
@pytest.mark.parametrize("pixels", [8.0, 12.0, 20.0, 40.0])
def test_discs_are_half_a_pixel_true_in_nearly_all_places(pixels, spacing):
    rng = np.random.default_rng(11)
    errors = []
    for _ in range(25):
        diameter = pixels * max(spacing)
        geometry = _grid(spacing, diameter)
        shift = rng.uniform(-0.5, 0.5, 2)
        share = _radius_share(geometry, diameter / 2.0, diameter / 2.0, 0.0, shift)
        found = region_diameters(Mask.from_array(share >= 0, geometry))
        assert found is not None
        errors.append((found.longest_diameter_mm - diameter) / max(spacing))
    assert np.mean(np.abs(errors) <= 0.5) >= 0.9
    assert abs(float(np.mean(errors))) < 0.35


@settings(max_examples=80, deadline=None)
@given(st.floats(12.0, 50.0), st.floats(1.2, 2.5), ANGLE, SPACING, SHIFT)
def test_digitised_ellipses(pixels, ratio, angle, spacing, shift):
    pixel = max(spacing)
    long_axis, short_axis = pixels * pixel, pixels * pixel / ratio
    geometry = _grid(spacing, long_axis)
    share = _radius_share(geometry, long_axis / 2.0, short_axis / 2.0, angle, shift)
    found = region_diameters(Mask.from_array(share >= 0, geometry))
    assert found is not None
    assert found.longest_diameter_mm == pytest.approx(long_axis, abs=1.1 * pixel)
    assert found.perpendicular_mm == pytest.approx(short_axis, abs=1.3 * pixel)


@settings(max_examples=60, deadline=None)
@given(st.floats(5.0, 50.0), st.floats(1.0, 2.0), ANGLE, SPACING, SHIFT)
def test_with_the_image_the_outline_is_sub_pixel(pixels, ratio, angle, spacing, shift):
    pixel = max(spacing)
    long_axis, short_axis = pixels * pixel, pixels * pixel / ratio
    geometry = _grid(spacing, long_axis)
    share = _radius_share(geometry, long_axis / 2.0, short_axis / 2.0, angle, shift)
    volume = Volume(100.0 * share, geometry, Unit.HOUNSFIELD)
    mask = Mask.from_array(volume.values >= 0.0, geometry)
    found = region_diameters(mask, volume, 0.0)
    assert found is not None
    assert found.longest_diameter_mm == pytest.approx(long_axis, abs=0.5 * pixel)
    assert found.perpendicular_mm == pytest.approx(short_axis, abs=0.5 * pixel)


def _check_axes(found, geometry):
    a, b = (np.array(p) for p in found.longest_ends_lps_mm)
    c, d = (np.array(p) for p in found.perpendicular_ends_lps_mm)
    assert np.linalg.norm(b - a) == pytest.approx(found.longest_diameter_mm)
    assert np.linalg.norm(d - c) == pytest.approx(found.perpendicular_mm)
    assert float((b - a) @ (d - c)) == pytest.approx(0.0, abs=1e-6)
    slices = geometry.zyx_from_lps(np.stack([a, b, c, d]))[:, 0]
    assert slices == pytest.approx(found.slice_index)


def test_end_points_lie_in_the_slice_and_at_right_angles():
    geometry = Geometry.even(
        (9, 60, 60),
        (3.0, 0.8, 0.8),
        (12.0, -7.0, 300.0),
        (0.8, 0.6, 0.0),
        (-0.6, 0.8, 0.0),
    )
    inside = np.zeros(geometry.shape_zyx, bool)
    flat = _radius_share(Geometry.even((1, 60, 60), (3.0, 0.8, 0.8)), 18.0, 9.0, 0.7, (0.2, 0.1))
    inside[3:5], inside[5] = flat >= 0.5, flat[0] >= 0
    found = region_diameters(Mask.from_array(inside, geometry))
    assert found is not None
    assert found.slice_index == 5
    assert found.slice_z_mm == pytest.approx(315.0)
    _check_axes(found, geometry)


def test_the_widest_slice_of_a_ball():
    geometry = Geometry.even((31, 60, 60), (2.5, 0.7, 0.7), (5.0, 6.0, 7.0))
    x, y, z = geometry.lps_from_zyx((17, 30.3, 29.6))
    mask = SphereVoi((float(x), float(y), float(z)), 30.0).mask(geometry)
    found = region_diameters(mask)
    assert found is not None
    assert found.slice_index == 17
    assert found.longest_diameter_mm == pytest.approx(30.0, abs=0.35)
    assert found.perpendicular_mm == pytest.approx(30.0, abs=0.35)
    _check_axes(found, geometry)


def test_one_voxel_measures_its_pixel():
    geometry = Geometry.even((3, 5, 5), (3.0, 2.0, 1.5))
    inside = np.zeros((3, 5, 5), bool)
    inside[1, 4, 0] = True
    found = region_diameters(Mask.from_array(inside, geometry))
    assert found is not None
    assert (found.longest_diameter_mm, found.perpendicular_mm) == pytest.approx((2.0, 1.5))
    _check_axes(found, geometry)


def test_a_row_of_voxels_has_its_length():
    geometry = Geometry.even((1, 5, 20), (3.0, 2.0, 1.5))
    inside = np.zeros((1, 5, 20), bool)
    inside[0, 2, 3:13] = True
    found = region_diameters(Mask.from_array(inside, geometry))
    assert found is not None
    assert (found.longest_diameter_mm, found.perpendicular_mm) == pytest.approx((15.0, 2.0))


def test_a_uniform_region_at_the_threshold_keeps_its_pixels():
    geometry = Geometry.even((1, 9, 9), (3.0, 1.0, 1.0))
    values = np.zeros((1, 9, 9))
    values[0, 4, 4] = 100.0
    volume = Volume(values, geometry, Unit.HOUNSFIELD)
    found = region_diameters(Mask.from_array(values >= 100.0, geometry), volume, 100.0)
    assert found is not None
    assert (found.longest_diameter_mm, found.perpendicular_mm) == pytest.approx(
        (1.0, 1.0), abs=1e-5
    )


def test_nothing_has_no_diameter():
    geometry = Geometry.even((3, 5, 5), (3.0, 2.0, 1.5))
    assert region_diameters(Mask.from_array(np.zeros((3, 5, 5), bool), geometry)) is None


def test_separate_parts_are_not_bridged():
    geometry = Geometry.even((1, 40, 40), (3.0, 1.0, 1.0))
    inside = np.zeros((1, 40, 40), bool)
    inside[0, 5, 2:12] = inside[0, 30, 30:36] = True
    found = region_diameters(Mask.from_array(inside, geometry))
    assert found is not None
    assert found.longest_diameter_mm == pytest.approx(10.0)


def test_voxels_touching_by_a_corner_are_one_part():
    geometry = Geometry.even((1, 20, 20), (3.0, 1.0, 1.0))
    inside = np.zeros((1, 20, 20), bool)
    inside[0, range(4, 14), range(4, 14)] = True
    found = region_diameters(Mask.from_array(inside, geometry))
    assert found is not None
    assert found.longest_diameter_mm > 9.0 * np.sqrt(2.0)


def test_holes_do_not_cut_the_perpendicular():
    geometry = Geometry.even((1, 60, 60), (3.0, 1.0, 1.0))
    share = _radius_share(geometry, 20.0, 12.0, 0.4, (0.0, 0.0))
    ring = Mask.from_array((share >= 0) & (share < 0.5), geometry)
    whole = Mask.from_array(share >= 0, geometry)
    assert region_diameters(ring) == region_diameters(whole)


def test_the_perpendicular_stays_within_a_crescent():
    geometry = Geometry.even((1, 80, 80), (3.0, 1.0, 1.0))
    disc = _radius_share(geometry, 30.0, 30.0, 0.0, (0.0, 0.0)) >= 0
    bite = _radius_share(geometry, 26.0, 26.0, 0.0, (14.0, 0.0)) >= 0
    found = region_diameters(Mask.from_array(disc & ~bite, geometry))
    assert found is not None
    assert found.longest_diameter_mm == pytest.approx(60.0, abs=2.5)
    assert found.perpendicular_mm < 30.0


def test_a_neighbour_above_the_threshold_does_not_move_the_outline():
    geometry = Geometry.even((1, 9, 12), (3.0, 1.0, 1.0))
    values = np.zeros((1, 9, 12))
    values[0, 3:6, 2:10] = 10.0
    inside = values > 5.0
    inside[0, :, 6:] = False
    found = region_diameters(
        Mask.from_array(inside, geometry), Volume(values, geometry, Unit.HOUNSFIELD), 5.0
    )
    assert found is not None
    assert max(p[0] for p in found.longest_ends_lps_mm) <= 5.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9999))
def test_mirroring_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    geometry = Geometry.even((1, 40, 40), (3.0, 1.0, 1.0))
    share = _radius_share(
        geometry,
        rng.uniform(6, 16),
        rng.uniform(4, 12),
        rng.uniform(0, 3),
        rng.uniform(-0.5, 0.5, 2),
    )
    inside = share >= 0
    plain = region_diameters(Mask.from_array(inside, geometry))
    turned = region_diameters(Mask.from_array(inside[:, ::-1], geometry))
    assert plain is not None and turned is not None
    assert turned.longest_diameter_mm == pytest.approx(plain.longest_diameter_mm, abs=0.5)
