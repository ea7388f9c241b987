import numpy as np
import pytest

from app.imaging.frames import (
    PET_INVERTED,
    FusionStyle,
    fuse,
    fusion_picture,
    mip_picture,
    slice_picture,
)
from app.imaging.palette import Palette, colour, table
from app.imaging.picture import Picture
from segmentation.geometry import Geometry
from segmentation.sampling.projection import project_maximum
from segmentation.sampling.reslice import Orientation, plane_around
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import GEOMETRIES, point_volume

STYLE = FusionStyle(soft_edge=0.0)
EVERY_GEOMETRY = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())


def flat(value, unit, geometry=GEOMETRIES["head_first_supine"]):
    return Volume(np.full(geometry.shape_zyx, value, np.float32), geometry, unit)


def test_fusion_is_half_ct_and_half_pet():
    ct, pet = np.array([[40.0]], np.float32), np.array([[2.5]], np.float32)
    mixed = (table(Palette.GREY)[128].astype(float) + table(Palette.HOT_METAL)[128]) / 2
    assert fuse(ct, pet, STYLE)[0, 0] == pytest.approx(mixed, abs=1)


def test_opacity_weighs_the_two():
    ct, pet = np.array([[240.0]], np.float32), np.array([[2.5]], np.float32)
    plain, hot = np.array([255.0] * 4), table(Palette.HOT_METAL)[128].astype(float)
    for opacity in (0.0, 0.3, 1.0):
        mixed = fuse(ct, pet, FusionStyle(opacity=opacity, soft_edge=0.0))[0, 0]
        assert mixed == pytest.approx(plain * (1 - opacity) + hot * opacity, abs=1)


def test_below_the_threshold_the_ct_is_untouched():
    ct = np.linspace(-160, 240, 50, dtype=np.float32)[None]
    plain = colour(ct, STYLE.ct.window, Palette.GREY)
    assert np.array_equal(fuse(ct, np.full_like(ct, 0.48), STYLE), plain)
    assert not np.array_equal(fuse(ct, np.full_like(ct, 0.52), STYLE), plain)


def test_the_soft_edge_rises_to_the_constant_opacity():
    ct = np.full((1, 60), 240.0, np.float32)
    pet = np.linspace(0.4, 2.0, 60, dtype=np.float32)[None]
    hard, soft = fuse(ct, pet, STYLE).astype(int), fuse(ct, pet, FusionStyle()).astype(int)
    assert np.array_equal(hard[pet > 1.27], soft[pet > 1.27])
    edge = (pet > 0.55) & (pet < 1.2)
    assert (soft[edge][:, 1] > hard[edge][:, 1]).all()  # more of the white CT shines through


def test_outside_the_pet_the_picture_is_plain_ct():
    ct = flat(40.0, Unit.HOUNSFIELD)
    small = Geometry.even((4, 5, 5), (4.0, 4.0, 4.0), (-3.0, -15.0, 5.0))
    pet = flat(5.0, Unit.SUL_G_PER_ML, small)
    plane = plane_around(Orientation.AXIAL, (5.0, -7.0, 11.0), (60.0, 60.0), 1.0)
    picture = fusion_picture(ct, pet, plane, FusionStyle(transparent_below=0.0))
    plain = slice_picture(ct, plane, FusionStyle().ct)
    changed = (picture.rgba != plain.rgba).any(axis=2)
    assert changed.sum() == 20 * 20


def test_a_shifted_pet_is_fused_where_it_belongs():
    ct = flat(0.0, Unit.HOUNSFIELD)
    pet, lps = point_volume(GEOMETRIES["head_first_supine"], (12.0, -15.0, 20.0))
    pet_from_ct = np.eye(4)
    pet_from_ct[:3, 3] = (10.0, -6.0, 3.0)
    in_ct = lps - pet_from_ct[:3, 3]
    plane = plane_around(Orientation.AXIAL, tuple(in_ct), (40.0, 40.0), 0.5)
    picture = fusion_picture(ct, pet, plane, FusionStyle(), pet_from_ct)
    plain = slice_picture(ct, plane, FusionStyle().ct)
    seen = np.argwhere((picture.rgba != plain.rgba).any(axis=2)).mean(axis=0)
    assert seen == pytest.approx(plane.pixel_from_lps(in_ct), abs=1.0)


@EVERY_GEOMETRY
@pytest.mark.parametrize("orientation", Orientation)
def test_a_hot_point_is_dark_on_its_pixel_in_every_slice(geometry, orientation):
    volume, lps = point_volume(geometry, (12.0, -15.0, 20.0))
    plane = plane_around(orientation, (5.0, -7.0, 11.0), (70.0, 70.0), 0.5)
    plane = plane.shifted(float(plane.depth_mm(lps)))
    picture = slice_picture(volume, plane, PET_INVERTED)
    darkness = 255.0 - picture.rgba[..., 0]
    seen = np.average(np.argwhere(darkness > 0), axis=0, weights=darkness[darkness > 0])
    off_mm = np.abs(seen - plane.pixel_from_lps(lps)) * plane.pixel_mm
    assert off_mm.max() <= min(geometry.spacing_zyx_mm) / 2


@EVERY_GEOMETRY
@pytest.mark.parametrize("frame", range(4))
def test_a_hot_point_is_dark_on_its_pixel_in_every_mip(geometry, frame):
    volume, lps = point_volume(geometry, (12.0, -15.0, 20.0))
    frames = project_maximum(volume, (0.0, 40.0, 90.0, 200.0))
    plane = frames.plane(frame, 0.5)
    picture = mip_picture(frames, frame, plane, PET_INVERTED)
    darkness = 255.0 - picture.rgba[..., 0]
    seen = np.average(np.argwhere(darkness > 0), axis=0, weights=darkness[darkness > 0])
    off_mm = np.abs(seen - plane.pixel_from_lps(lps)) * plane.pixel_mm
    assert off_mm.max() <= max(geometry.spacing_zyx_mm) / 2


def test_a_picture_must_fit_its_plane():
    plane = plane_around(Orientation.AXIAL, (0.0, 0.0, 0.0), (20.0, 10.0), 1.0)
    with pytest.raises(ValueError, match="fit"):
        Picture(np.zeros((20, 10, 4), np.uint8), plane)


def test_the_hottest_colour_over_tissue_is_brighter_than_any_below_and_never_grey():
    window = FusionStyle().pet.window
    pet = np.linspace(window.lower, window.upper, 64, dtype=np.float32)[None, :]
    tissue = np.full_like(pet, 40.0)
    shown = fuse(tissue, pet, FusionStyle())[0].astype(float)
    luminance = shown[:, :3] @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(luminance[20:]) > -1.0).all()
    assert shown[-1, :3].max() - shown[-1, :3].min() > 60  # bone and air have no colour
