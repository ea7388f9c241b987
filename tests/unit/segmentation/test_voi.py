"""Spheres and cylinders become the voxels whose centre they hold."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.geometry import Geometry
from segmentation.voi import CylinderVoi, SphereVoi

GRID = Geometry.even((30, 40, 40), (3.0, 4.07283, 4.07283), (-80.0, -80.0, -45.0))
TILTED = Geometry(
    (20, 30, 30),
    (2.0, 1.5),
    (-20.0, -30.0, -25.0),
    (0.8, 0.6, 0.0),
    (-0.48, 0.64, 0.6),
    tuple(float(z) for z in np.cumsum([0, *([2.0, 3.5] * 10)])[:20]),
)
PLACE = st.tuples(*[st.floats(-60.0, 60.0)] * 3)


def _centres(geometry):
    return geometry.lps_from_zyx(np.moveaxis(np.indices(geometry.shape_zyx), 0, -1))


@settings(max_examples=40, deadline=None)
@given(PLACE, st.floats(0.5, 90.0), st.sampled_from([GRID, TILTED]))
def test_a_sphere_holds_the_centres_within_its_radius(centre, diameter, geometry):
    away = np.linalg.norm(_centres(geometry) - np.array(centre), axis=-1)
    mask = SphereVoi(centre, diameter).mask(geometry).full()
    clear = np.abs(away - diameter / 2.0) > 1e-5
    assert np.array_equal(mask[clear], (away <= diameter / 2.0)[clear])


@settings(max_examples=40, deadline=None)
@given(PLACE, st.floats(0.5, 60.0), st.floats(0.5, 80.0), st.sampled_from([GRID, TILTED]))
def test_a_cylinder_stands_along_the_patient_axis(centre, diameter, length, geometry):
    away = _centres(geometry) - np.array(centre)
    across, along = np.hypot(away[..., 0], away[..., 1]), np.abs(away[..., 2])
    mask = CylinderVoi(centre, diameter, length).mask(geometry).full()
    clear = (np.abs(across - diameter / 2.0) > 1e-5) & (np.abs(along - length / 2.0) > 1e-5)
    expected = (across <= diameter / 2.0) & (along <= length / 2.0)
    assert np.array_equal(mask[clear], expected[clear])


def test_the_liver_sphere_of_the_spec():
    x, y, z = (float(c) for c in GRID.lps_from_zyx((15, 20, 20)))
    assert SphereVoi((x, y, z), 30.0).mask(GRID).voxels == 287


def test_a_centre_on_the_surface_is_inside():
    geometry = Geometry.even((9, 9, 9), (2.5, 2.5, 2.5))
    mask = SphereVoi((10.0, 10.0, 10.0), 10.0).mask(geometry)
    assert mask.full()[4, 4, 6]
    assert not mask.full()[4, 4, 7]


def test_a_sphere_outside_holds_nothing():
    for centre in ((900.0, 0.0, 0.0), (-900.0, 0.0, 0.0), (0.0, 0.0, 500.0)):
        assert SphereVoi(centre, 30.0).mask(GRID).voxels == 0


def test_a_sphere_across_the_border_is_cut():
    corner = tuple(float(c) for c in GRID.lps_from_zyx((0, 0, 0)))
    mask = SphereVoi(corner, 30.0).mask(GRID)
    assert mask.start_zyx == (0, 0, 0)
    x, y, z = (float(c) for c in GRID.lps_from_zyx((15, 20, 20)))
    whole = SphereVoi((x, y, z), 30.0).mask(GRID).full()
    assert np.array_equal(mask.full()[:8, :8, :8], whole[15:23, 20:28, 20:28])
