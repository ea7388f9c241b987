import numpy as np
import pytest

from app.imaging.outline import level_line, outline_on_mip, outline_on_slice
from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.sampling.projection import frame_right
from segmentation.sampling.reslice import Orientation, plane_around, plane_facing
from segmentation.voi import SphereVoi
from tests.unit.segmentation.sampling.orientations import GEOMETRIES

CENTER = (7.0, -6.0, 13.0)


def lengths(segments):
    return np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())
@pytest.mark.parametrize("orientation", Orientation)
def test_the_outline_of_a_sphere_is_its_circle(geometry, orientation):
    mask = SphereVoi(CENTER, 40.0).mask(geometry)
    plane = plane_around(orientation, CENTER, (60.0, 60.0), 0.5)
    segments = outline_on_slice(mask, plane)
    radius = np.linalg.norm(segments - plane.pixel_from_lps(CENTER), axis=2) * plane.pixel_mm
    assert radius.mean() == pytest.approx(20.0, abs=0.8)
    assert np.abs(radius - 20.0).max() < 3.0


def test_a_silhouette_on_a_mip_is_the_sphere_seen_from_any_side():
    geometry = GEOMETRIES["feet_first_prone"]
    mask = SphereVoi(CENTER, 40.0).mask(geometry)
    for angle in (0.0, 30.0, 90.0):
        plane = plane_facing(frame_right(angle), (0, 0, -1), CENTER, (60.0, 60.0), 0.5)
        segments = outline_on_mip(mask, plane, angle)
        radius = np.linalg.norm(segments - plane.pixel_from_lps(CENTER), axis=2) * 0.5
        assert np.median(radius) == pytest.approx(20.0, abs=1.5)


def test_a_region_at_the_border_of_the_volume_is_closed():
    geometry = Geometry.even((6, 6, 6), (2.0, 2.0, 2.0))
    mask = Mask.from_array(np.ones((6, 6, 6), bool), geometry)
    plane = plane_around(Orientation.AXIAL, (5.0, 5.0, 5.0), (30.0, 30.0), 0.25)
    segments = outline_on_slice(mask, plane)
    ends = np.round(segments.reshape(-1, 2), 6)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert (counts % 2 == 0).all()
    assert lengths(segments).sum() * 0.25 == pytest.approx(48.0, rel=0.05)


def test_planes_beside_a_region_and_empty_regions_have_no_outline():
    geometry = GEOMETRIES["head_first_supine"]
    mask = SphereVoi(CENTER, 20.0).mask(geometry)
    plane = plane_around(Orientation.AXIAL, (7.0, -6.0, 40.0), (60.0, 60.0), 1.0)
    assert outline_on_slice(mask, plane).shape == (0, 2, 2)
    empty = Mask.from_array(np.zeros(geometry.shape_zyx, bool), geometry)
    assert outline_on_slice(empty, plane).shape == (0, 2, 2)


def test_a_level_line_is_interpolated_and_saddles_stay_apart():
    ramp = np.tile(np.arange(6, dtype=np.float32), (4, 1))
    segments = level_line(ramp, 2.25)
    assert segments[..., 1] == pytest.approx(2.25)
    saddle = np.zeros((4, 4), np.float32)
    saddle[1, 1] = saddle[2, 2] = 1.0
    assert len(level_line(saddle, 0.5)) == 8  # two diamonds of four sides
