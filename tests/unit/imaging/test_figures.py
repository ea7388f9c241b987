import numpy as np
import pytest

from app.imaging.annotations import Corners
from app.imaging.figures import Notes, fusion_figure, mip_figure, slice_figure
from app.imaging.frames import PET_INVERTED, FusionStyle, fusion_picture, mip_picture
from app.imaging.markers import Marker
from app.imaging.overlay import MARK_ON_DARK, MARK_ON_LIGHT
from segmentation.sampling.projection import project_maximum
from segmentation.sampling.reslice import Orientation, plane_around
from segmentation.voi import SphereVoi
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import GEOMETRIES, point_volume

BARE = Notes(letters=False, scale_bar=False)
EVERY_GEOMETRY = pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES.keys())


def scene(geometry):
    pet, lps = point_volume(geometry, (12.0, -15.0, 20.0))
    ct = Volume(np.zeros(geometry.shape_zyx, np.int16), geometry, Unit.HOUNSFIELD)
    return ct, pet, tuple(float(v) for v in lps)


def ring_centre(figure, colour):
    """The middle of what is drawn in a colour (a ring without a label)."""
    drawn = np.argwhere((figure.rgba[..., :3] == colour).all(axis=2))
    return (drawn.min(axis=0) + drawn.max(axis=0)) / 2


@EVERY_GEOMETRY
@pytest.mark.parametrize("orientation", Orientation)
def test_a_marker_encircles_its_hot_point_on_every_slice(geometry, orientation):
    ct, pet, lps = scene(geometry)
    plane = plane_around(orientation, (5.0, -7.0, 11.0), (100.0, 100.0), 0.5)
    plane = plane.shifted(float(plane.depth_mm(lps)))
    notes = Notes((Marker("", lps, 8.0),), letters=False, scale_bar=False)
    figure = fusion_figure(ct, pet, plane, FusionStyle(), notes)
    bare = fusion_picture(ct, pet, plane, FusionStyle()).rgba
    plain = fusion_picture(ct, pet, plane, FusionStyle(opacity=0.0)).rgba
    hot = np.argwhere((bare != plain).any(axis=2)).mean(axis=0)
    off_mm = np.abs(ring_centre(figure, MARK_ON_DARK.colour) - hot) * plane.pixel_mm
    assert off_mm.max() <= min(geometry.spacing_zyx_mm) / 2


@EVERY_GEOMETRY
@pytest.mark.parametrize("frame", range(3))
def test_a_marker_encircles_its_hot_point_on_every_mip(geometry, frame):
    _, pet, lps = scene(geometry)
    frames = project_maximum(pet, (0.0, 90.0, 145.0))
    plane = frames.plane_around(frame, (5.0, -7.0, 11.0), (130.0, 130.0), 0.5)
    notes = Notes((Marker("", lps, 8.0),), letters=False, scale_bar=False)
    figure = mip_figure(frames, frame, plane, PET_INVERTED, notes)
    dark = np.argwhere(mip_picture(frames, frame, plane, PET_INVERTED).rgba[..., 0] < 200)
    off_mm = np.abs(ring_centre(figure, MARK_ON_LIGHT.colour) - dark.mean(axis=0)) * 0.5
    assert off_mm.max() <= max(geometry.spacing_zyx_mm) / 2


def test_slices_leave_out_lesions_they_do_not_cut_and_mips_show_all():
    _, pet, lps = scene(GEOMETRIES["head_first_supine"])
    far = Marker("far", (lps[0], lps[1], lps[2] - 30.0), 8.0)
    plane = plane_around(Orientation.AXIAL, lps, (60.0, 60.0), 0.5)
    notes = Notes((far,), letters=False, scale_bar=False)
    bare = slice_figure(pet, plane, PET_INVERTED, BARE)
    assert np.array_equal(slice_figure(pet, plane, PET_INVERTED, notes).rgba, bare.rgba)
    frames = project_maximum(pet, (0.0,))
    whole = frames.plane(0, 0.5)
    empty = mip_figure(frames, 0, whole, PET_INVERTED, BARE)
    marked = mip_figure(frames, 0, whole, PET_INVERTED, notes)
    assert not np.array_equal(marked.rgba, empty.rgba)


def test_every_note_leaves_its_mark():
    ct, pet, lps = scene(GEOMETRIES["head_first_supine"])
    plane = plane_around(Orientation.CORONAL, lps, (90.0, 90.0), 0.25)
    bare = fusion_figure(ct, pet, plane, FusionStyle(), BARE).rgba
    sphere = SphereVoi(lps, 20.0).mask(pet.geometry)
    seen = []
    for change in (
        {"letters": True},
        {"scale_bar": True},
        {"unit": "SUL g/mL"},
        {"crosshair_lps_mm": lps},
        {"corners": Corners(("Baseline",))},
        {"outlines": (sphere,)},
        {"markers": (Marker("T1", lps, 9.0),)},
    ):
        notes = Notes(**({"letters": False, "scale_bar": False} | change))
        figure = fusion_figure(ct, pet, plane, FusionStyle(), notes)
        seen.append((figure.rgba != bare).any())
    assert all(seen)


def test_two_visits_at_one_scale_give_figures_of_one_size():
    shapes = set()
    for name in ("head_first_supine", "uneven_steps"):
        _, pet, _ = scene(GEOMETRIES[name])
        frames = project_maximum(pet, (0.0,))
        plane = frames.plane_around(0, (5.0, -7.0, 11.0), (130.0, 160.0), 0.7)
        shapes.add(mip_figure(frames, 0, plane, PET_INVERTED, Notes()).rgba.shape)
    assert shapes == {(229, 186, 4)}
