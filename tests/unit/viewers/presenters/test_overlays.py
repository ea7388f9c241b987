"""What is drawn over the pictures: where to look, what is counted, what is signed."""

from dataclasses import replace

import numpy as np
import pytest

from app.imaging.overlay import Lines, Ring, Text
from app.reading.state import LesionRole
from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.peak import PEAK_DIAMETER_MM
from tests.unit.viewers.presenters.sample_reading import complete
from tests.unit.viewers.scene.scenes import images, visit
from viewers.canvas.annotations import mark_items
from viewers.presenters.overlays import scene_overlays
from viewers.scene.resolve import resolve
from viewers.scene.state import SceneState

GRID = Geometry.even((9, 9, 9), (4.0, 4.0, 4.0), (-6.0, 4.0, 14.0))


def block(inside=True):
    return Mask(GRID, (3, 3, 3), np.full((3, 3, 3), inside))


def test_physiological_foci_are_faint_and_hidden_when_asked_but_never_while_selected():
    shown = {mark.lesion_id: mark for mark in scene_overlays(complete(), "L1").of(0).marks}
    assert shown["P1"].faint and not shown["L1"].faint
    hidden = scene_overlays(complete(), "L1", hide_physiological=True).of(0)
    assert "P1" not in {mark.lesion_id for mark in hidden.marks}
    chosen = scene_overlays(complete(), "P1", hide_physiological=True).of(0)
    (mark,) = (mark for mark in chosen.marks if mark.lesion_id == "P1")
    assert mark.selected and not mark.faint


def test_the_selected_lesion_has_the_outline_of_what_is_counted_and_its_peak():
    derived = complete()
    over = scene_overlays(derived, "L1", {0: block(), 1: block(inside=False)})
    (outline,) = over.of(0).outlines
    assert outline.lesion_id == "L1" and outline.region.voxels == 27
    assert over.of(1).outlines == ()  # nothing above the threshold: nothing to outline
    for number in (0, 1):
        peak = over.of(number).peak
        assert peak.center_lps_mm == derived.measurements["L1", number].peak_lps_mm
        assert peak.diameter_mm == PEAK_DIAMETER_MM


def test_without_a_selection_nothing_is_outlined():
    over = scene_overlays(complete(), None, {0: block()}).of(0)
    assert over.outlines == () and over.peak is None


def test_faint_marks_stand_on_slices_and_not_on_the_mip():
    overlays = scene_overlays(complete(), "L1").of(0)
    (mark,) = (replace(m, center_lps_mm=(6.0, -9.0, -226.0)) for m in overlays.marks if m.faint)
    overlays = replace(overlays, marks=(mark,))
    scene = images(visit(with_mip=True))
    state = SceneState(crosshairs=((0, mark.center_lps_mm),))
    texts = {}
    for key in ("0.pet.coronal", "0.mip.any"):
        frame = resolve(state, scene, {key: (500, 500)})[key]
        items = mark_items(frame, overlays, 11.0)
        texts[key] = {item.text for item in items if isinstance(item, Text)}
    assert mark.label in texts["0.pet.coronal"]
    assert mark.label not in texts["0.mip.any"]


def test_an_outline_takes_the_place_of_the_ring_and_the_peak_ball_has_its_true_size():
    derived = complete()
    overlays = scene_overlays(derived, "L1", {0: block()}).of(0)
    scene = images(visit())
    state = SceneState(crosshairs=((0, derived.measurements["L1", 0].peak_lps_mm),))
    frame = resolve(state, scene, {"0.pet.axial": (500, 500)})["0.pet.axial"]
    items = mark_items(frame, overlays, 11.0)
    colour = (0, 229, 255)
    rings = [i for i in items if isinstance(i, Ring) and i.ink.colour == colour]
    sizes = [ring.radius_px * frame.plane.pixel_mm for ring in rings]
    assert min(sizes) == pytest.approx(PEAK_DIAMETER_MM / 2, abs=1e-6)
    outline = [i for i in items if isinstance(i, Lines) and i.ink.colour == colour]
    assert len(outline) == 1
    assert {m.role for m in derived.state.lesions} >= {LesionRole.TUMOUR}
