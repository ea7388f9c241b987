"""The ends of a scan are marked where the scan ends, in every upright picture."""

import numpy as np
import pytest

from app.imaging.overlay import ON_DARK, Lines, Text
from tests.unit.viewers.scene.scenes import images, pet_volume, visit
from viewers.canvas.scan_edges import scan_edge_items
from viewers.scene.resolve import resolve
from viewers.scene.state import Pose, SceneState, View

TEXT_PX = 11.0
UPRIGHT = ("0.pet.coronal", "0.fusion.sagittal", "0.ct.coronal", "0.mip.any")


def edges(key, mm_per_pixel, lines_above=2, **parts):
    scene = images(visit(with_mip=True, **parts))
    pose = Pose(mm_per_pixel, (0.0, 0.0))
    state = SceneState(
        crosshairs=((0, scene.middle_of(0)),), poses=tuple((view, pose) for view in View)
    )
    frame = resolve(state, scene, {key: (500, 500)})[key]
    return (
        scene.visits[0],
        frame,
        scan_edge_items(frame, scene.visits[0], ON_DARK, TEXT_PX, lines_above),
    )


@pytest.mark.parametrize("key", UPRIGHT)
def test_both_ends_are_drawn_where_the_outermost_voxels_end(key):
    shown, frame, items = edges(key, mm_per_pixel=4.0)
    volume = shown.ct if ".ct." in key else shown.sul
    slices = volume.geometry.shape_zyx[0]
    ends = volume.geometry.lps_from_zyx(np.array([[-0.5, 0, 0], [slices - 0.5, 0, 0]]))
    rows = sorted(float(frame.plane.pixel_from_lps(end)[0]) for end in ends)
    drawn = sorted({float(x.segments[0, 0, 0]) for x in items if isinstance(x, Lines)})
    assert drawn == pytest.approx(rows)
    words = [item for item in items if isinstance(item, Text)]
    assert [word.text for word in words] == ["end of scan"] * 2
    assert min(w.at[0] for w in words) < rows[0] and max(w.at[0] for w in words) > rows[1]


def test_a_picture_within_the_scan_has_no_edge():
    assert edges("0.pet.coronal", mm_per_pixel=0.05)[2] == ()


def test_axial_pictures_have_no_end():
    assert edges("0.pet.axial", mm_per_pixel=4.0)[2] == ()


def test_words_give_way_to_the_corner_texts():
    items = edges("0.pet.coronal", mm_per_pixel=4.0, lines_above=17)[2]
    assert any(isinstance(item, Lines) for item in items)
    assert len([item for item in items if isinstance(item, Text)]) == 1


def test_without_ct_there_is_no_edge_of_it():
    shown = visit(sul=pet_volume())
    scene = images(shown)
    frame = resolve(SceneState(), scene, {"0.ct.coronal": (500, 500)})["0.ct.coronal"]
    without = visit(sul=pet_volume(), ct=None)
    assert scan_edge_items(frame, without, ON_DARK, TEXT_PX, 2) == ()
