import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.sampling.reslice import (
    Orientation,
    SlicePlane,
    plane_across,
    plane_around,
    sample_mm,
    sample_plane,
)
from segmentation.sampling.separable import Interpolation
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import (
    GEOMETRIES,
    linear_field,
    linear_volume,
    point_volume,
)

CENTER = (6.3, -5.1, 12.4)
EVERY_GEOMETRY = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())
EVERY_PLANE = pytest.mark.parametrize("orientation", Orientation)


def pixels(plane):
    return np.moveaxis(np.indices((plane.rows, plane.columns)), 0, -1)


@EVERY_GEOMETRY
@EVERY_PLANE
def test_a_linear_field_is_reproduced(geometry, orientation):
    plane = plane_around(orientation, CENTER, (30.0, 20.0), 1.7)
    truth = linear_field(plane.lps_from_pixel(pixels(plane)))
    assert sample_plane(linear_volume(geometry), plane) == pytest.approx(truth, abs=2e-4)


def test_an_oblique_plane_reproduces_a_linear_field():
    right = np.array([0.6, 0.64, 0.48])
    down = np.cross((0.0, 0.6, -0.8), right)
    down /= np.linalg.norm(down)
    plane = SlicePlane(CENTER, tuple(right), tuple(down), 1.1, 12, 9)
    truth = linear_field(plane.lps_from_pixel(pixels(plane)))
    volume = linear_volume(GEOMETRIES["uneven_steps"])
    assert sample_plane(volume, plane) == pytest.approx(truth, abs=2e-4)


@EVERY_GEOMETRY
@EVERY_PLANE
def test_a_point_lies_on_the_pixel_its_position_maps_to(geometry, orientation):
    volume, lps = point_volume(geometry, (12.0, -15.0, 20.0))
    plane = plane_around(orientation, (*lps,), (60.0, 50.0), 0.5)
    picture = sample_plane(volume, plane, Interpolation.NEAREST)
    seen = np.argwhere(picture > 0).mean(axis=0)
    half_voxel_px = max(geometry.spacing_zyx_mm) / 2 / plane.pixel_mm
    assert np.abs(seen - plane.pixel_from_lps(lps)).max() <= half_voxel_px
    assert plane.lps_from_pixel(plane.pixel_from_lps(lps)) == pytest.approx(lps)


@EVERY_GEOMETRY
def test_left_is_never_right(geometry):
    for orientation, toward, beyond in (
        (Orientation.AXIAL, (1, 0, 0), lambda s, m: s[1] > m[1]),  # left on the picture's right
        (Orientation.AXIAL, (0, 1, 0), lambda s, m: s[0] > m[0]),  # back at the bottom
        (Orientation.CORONAL, (1, 0, 0), lambda s, m: s[1] > m[1]),
        (Orientation.CORONAL, (0, 0, 1), lambda s, m: s[0] < m[0]),  # head at the top
        (Orientation.SAGITTAL, (0, 1, 0), lambda s, m: s[1] > m[1]),  # front on the left
        (Orientation.SAGITTAL, (0, 0, 1), lambda s, m: s[0] < m[0]),
    ):
        middle = np.array([5.0, -7.0, 11.0])
        volume, lps = point_volume(geometry, middle + 15.0 * np.array(toward))
        plane = plane_across(geometry, orientation, (*lps,), 1.0)
        seen = np.argwhere(sample_plane(volume, plane) > 0).mean(axis=0)
        assert beyond(seen, plane.pixel_from_lps(middle)), (orientation, toward)


@EVERY_PLANE
def test_both_paths_agree_at_the_edges_too(orientation):
    geometry = GEOMETRIES["uneven_steps"]
    rng = np.random.default_rng(4)
    volume = Volume(
        rng.integers(-1000, 2000, geometry.shape_zyx).astype(np.int16), geometry, Unit.HOUNSFIELD
    )
    plane = plane_around(orientation, CENTER, (140.0, 150.0), 1.3)
    lps = plane.lps_from_pixel(pixels(plane))
    mm = (lps - np.array(geometry.origin_lps_mm)) @ geometry.axes
    for how in Interpolation:
        slow = sample_mm(volume, mm, how, -1024.0)
        fast = sample_plane(volume, plane, how, -1024.0)
        assert np.mean(np.abs(fast - slow) > 0.05) < 0.002  # ties between neighbours only
    assert (fast == -1024.0).any() and (fast != -1024.0).any()


def test_voxels_keep_their_proportions():
    geometry = Geometry.even((20, 40, 40), (5.0, 1.0, 1.0))
    values = np.zeros((20, 40, 40), np.float32)
    values[8:12, 10:30, 10:30] = 1.0  # a cube of 20 mm
    volume = Volume(values, geometry, Unit.UNKNOWN)
    plane = plane_around(Orientation.CORONAL, (19.5, 19.5, 47.5), (60.0, 60.0), 0.5)
    solid = sample_plane(volume, plane, Interpolation.NEAREST) > 0.5
    assert solid.any(axis=1).sum() == pytest.approx(40, abs=1)
    assert solid.any(axis=0).sum() == pytest.approx(40, abs=1)


def test_outside_the_volume_only_the_fill_value_is_seen():
    geometry = GEOMETRIES["head_first_supine"]
    plane = plane_around(Orientation.AXIAL, (5.0, -7.0, 500.0), (20.0, 20.0), 2.0)
    assert (sample_plane(linear_volume(geometry), plane, outside=-7.0) == -7.0).all()


def test_a_plane_moved_by_a_rigid_matrix_shows_the_same_anatomy():
    matrix = np.eye(4)
    matrix[:3, :3] = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    matrix[:3, 3] = (30.0, -12.0, 4.0)
    plane = plane_around(Orientation.AXIAL, CENTER, (20.0, 16.0), 2.0)
    lps = plane.lps_from_pixel(pixels(plane))
    moved = plane.moved(matrix).lps_from_pixel(pixels(plane))
    assert moved == pytest.approx(lps @ matrix[:3, :3].T + matrix[:3, 3])


def test_shifting_goes_away_from_the_viewer():
    plane = plane_around(Orientation.AXIAL, CENTER, (20.0, 16.0), 2.0)
    assert plane.shifted(5.0).depth_mm(CENTER) == pytest.approx(-5.0)
    assert plane.shifted(5.0).origin_lps_mm[2] == pytest.approx(CENTER[2] + 5.0)  # seen from below
