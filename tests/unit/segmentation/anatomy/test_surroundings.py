"""What lies around a region and under it."""

import numpy as np
import pytest
from scipy import ndimage

from segmentation.anatomy.surroundings import mean_under, share_of_rim_in
from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.voi import SphereVoi
from segmentation.volume import Unit, Volume

GEOMETRY = Geometry.even((30, 30, 30), (3.0, 3.0, 3.0))
MIDDLE = (43.5, 43.5, 43.5)


def test_the_rim_of_a_focus_inside_an_organ_is_that_organ():
    focus = SphereVoi(MIDDLE, 20.0).mask(GEOMETRY)
    assert share_of_rim_in(focus, SphereVoi(MIDDLE, 60.0).mask(GEOMETRY)) == 1.0
    assert share_of_rim_in(focus, SphereVoi(MIDDLE, 20.0).mask(GEOMETRY)) == 0.0
    assert share_of_rim_in(focus, SphereVoi((0.0, 0.0, 0.0), 20.0).mask(GEOMETRY)) == 0.0


def test_a_focus_on_the_surface_of_an_organ_has_half_its_rim_there():
    half = np.zeros(GEOMETRY.shape_zyx, bool)
    half[:, :, :15] = True
    share = share_of_rim_in(SphereVoi(MIDDLE, 20.0).mask(GEOMETRY), Mask.from_array(half, GEOMETRY))
    assert share == pytest.approx(0.5, abs=0.03)


def test_the_voxels_that_touch_the_focus_do_not_count():
    focus = SphereVoi(MIDDLE, 20.0).mask(GEOMETRY)
    skin = Mask.from_array(ndimage.binary_dilation(focus.full()), GEOMETRY)
    assert share_of_rim_in(focus, skin) == 0.0


def test_a_focus_in_the_corner_of_the_scan_counts_the_rim_that_is_there():
    corner = SphereVoi((0.0, 0.0, 0.0), 20.0).mask(GEOMETRY)
    everything = Mask.from_array(np.ones(GEOMETRY.shape_zyx, bool), GEOMETRY)
    assert share_of_rim_in(corner, everything) == 1.0
    assert share_of_rim_in(everything, corner) == 0.0


def test_the_mean_under_a_region_on_another_grid():
    """A linear field: the mean is its value at the region's centre."""
    ct_geometry = Geometry.even((40, 70, 70), (2.5, 1.4, 1.4), (-4.0, -3.0, -5.0))
    lps = ct_geometry.lps_from_zyx(np.moveaxis(np.indices(ct_geometry.shape_zyx), 0, -1))
    field = np.rint(100 * (lps @ np.array([0.5, -0.3, 0.8]))).astype(np.int16)
    region = SphereVoi((40.0, 44.0, 42.0), 24.0).mask(GEOMETRY)
    expected = 100 * (np.array(region.centroid_lps_mm()) @ np.array([0.5, -0.3, 0.8]))
    under = mean_under(region, Volume(field, ct_geometry, Unit.HOUNSFIELD))
    assert under == pytest.approx(expected, abs=1.0)


def test_nothing_lies_under_a_region_beyond_the_image():
    far = Geometry.even((5, 5, 5), (2.0, 2.0, 2.0), (500.0, 0.0, 0.0))
    image = Volume(np.zeros((5, 5, 5), np.int16), far, Unit.HOUNSFIELD)
    assert mean_under(SphereVoi(MIDDLE, 20.0).mask(GEOMETRY), image) is None
