"""What the mouse and the keys do to the viewports."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from segmentation.volume import Unit
from tests.gui.canvases import click, drag, hover, pixel_of, pixels, shown, surface
from tests.unit.viewers.scene.scenes import images, pet_volume, shifted, visit
from viewers.scene.images import SceneImages
from viewers.scene.overlays import (
    EditedSphere,
    LesionMark,
    ReferenceSphere,
    SceneOverlays,
    VisitOverlays,
)
from viewers.scene.state import LayoutId, SceneState, ToolId, View
from viewers.tools.intents import (
    DrawCaliper,
    MoveReference,
    MoveRegion,
    PlaceSphere,
    SeedThreshold,
)

PLACE = (4.0, -6.0, -220.0)
LESION = LesionMark("L7", "7", (24.0, 10.0, -221.0), 9.0, (255, 0, 160))


@pytest.fixture(scope="module")
def one():
    return images(visit(with_mip=True, suvbw_over_sul=1.3, liver_mean=2.0))


@pytest.fixture(scope="module")
def two():
    follow_up = visit(1, with_mip=True, here_from_baseline=shifted(4, -6, 9))
    return images(visit(0, with_mip=True), follow_up)


@pytest.fixture
def grid(qtbot, one):
    return shown(qtbot, one, SceneState(crosshairs=((0, PLACE),)))


def with_tool(grid, tool):
    grid.set_scene(replace(grid.state, tool=tool))


def wheel(grid, key, notches, control=False):
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    target = surface(grid, key)
    event = QWheelEvent(QPointF(60, 40), QPointF(target.mapToGlobal(QPoint(60, 40))), QPoint(),
                        QPoint(0, -120 * notches), Qt.MouseButton.NoButton, modifier,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(target, event)
    grid.refresh()


def overlaid(grid, **fields):
    grid.show_overlays(SceneOverlays(((0, VisitOverlays(**fields)),)))
    grid.refresh()


def test_the_wheel_scrolls_slices(qtbot, grid):
    with qtbot.waitSignal(grid.scene_changed) as changed:
        wheel(grid, "0.pet.axial", 2)
    assert changed.args[0].crosshair(0)[2] == pytest.approx(-228.0)


def test_the_wheel_turns_the_mip(grid):
    wheel(grid, "0.mip.any", 3)
    assert grid.state.mip_frame == 3
    assert grid.state.crosshair(0) == PLACE


def test_control_and_wheel_zoom_about_the_pointer(grid):
    before = grid.frames["0.ct.axial"].plane
    wheel(grid, "0.ct.axial", -4, control=True)
    after = grid.frames["0.ct.axial"].plane
    assert after.pixel_mm == pytest.approx(before.pixel_mm / 1.15**4)
    assert after.lps_from_pixel((40, 60)) == pytest.approx(
        before.lps_from_pixel((40, 60)), abs=after.pixel_mm
    )


def test_half_notches_of_a_touchpad_add_up(grid):
    for _ in range(2):
        wheel(grid, "0.mip.any", 0.5)
    assert grid.state.mip_frame == 1


def test_right_drag_on_ct_changes_width_and_level(grid):
    drag(grid, "0.ct.axial", (100, 100), (120, 140), button=Qt.MouseButton.RightButton)
    assert grid.state.ct_window.width > 400
    assert grid.state.ct_window.level > 40
    assert grid.state.pet_window.upper == 5.0


def test_right_drag_on_pet_moves_the_upper_end_only(grid):
    drag(grid, "0.fusion.axial", (100, 100), (40, 80), button=Qt.MouseButton.RightButton)
    assert grid.state.pet_window.lower == 0.0
    assert 0.1 < grid.state.pet_window.upper < 5.0
    assert grid.state.ct_window.width == 400


def test_middle_drag_pans(grid):
    before = pixel_of(grid, "0.pet.coronal", PLACE)
    drag(grid, "0.pet.coronal", (100, 100), (112, 83), button=Qt.MouseButton.MiddleButton)
    after = pixel_of(grid, "0.pet.coronal", PLACE)
    assert np.subtract(after, before) == pytest.approx((12.0, -17.0))
    assert grid.state.crosshair(0) == PLACE


def test_space_and_left_drag_pan(grid):
    QTest.keyPress(grid, Qt.Key.Key_Space)
    before = pixel_of(grid, "0.ct.axial", PLACE)
    drag(grid, "0.ct.axial", (100, 100), (110, 105))
    QTest.keyRelease(grid, Qt.Key.Key_Space)
    assert np.subtract(pixel_of(grid, "0.ct.axial", PLACE), before) == pytest.approx((10.0, 5.0))
    assert grid.state.crosshair(0) == PLACE


def test_double_click_maximises_and_back(grid):
    surface_of = surface(grid, "0.pet.axial")
    QTest.mouseDClick(surface_of, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    grid.refresh()
    assert grid.viewport("0.pet.axial").size() == grid.size()
    assert not grid.viewport("0.ct.axial").isVisible()
    QTest.mouseDClick(surface_of, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    grid.refresh()
    assert grid.viewport("0.ct.axial").isVisible()


def test_a_double_click_with_a_drawing_tool_draws(grid):
    with_tool(grid, ToolId.SPHERE)
    QTest.mouseDClick(surface(grid, "0.pet.axial"), Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert grid.state.maximised is None


def test_a_click_with_the_sphere_tool_places_a_sphere_there(qtbot, grid):
    with_tool(grid, ToolId.SPHERE)
    expected = grid.frames["0.pet.axial"].plane.lps_from_pixel((90, 110))
    with qtbot.waitSignal(grid.intent_made) as made:
        click(grid, "0.pet.axial", 90, 110)
    assert isinstance(made.args[0], PlaceSphere)
    assert made.args[0].center_lps_mm == pytest.approx(tuple(expected))
    assert grid.state.crosshair(0) == PLACE


def test_a_drag_previews_and_means_something_once(qtbot, grid):
    with_tool(grid, ToolId.SPHERE)
    intents, previews = [], []
    grid.intent_made.connect(intents.append)
    grid.preview_changed.connect(previews.append)
    drag(grid, "0.pet.axial", (90, 110), (90, 116), (90, 124), (90, 130))
    assert len(intents) == 1
    diameters = [p.diameter_mm for p in previews if p is not None]
    assert diameters[1:] == sorted(diameters[1:])
    assert len(diameters) == 4
    assert intents[0].diameter_mm == diameters[-1]
    assert previews[-1] is None


def test_the_edited_sphere_is_moved_by_its_drawn_circle(qtbot, grid):
    sphere = EditedSphere("L7", (24.0, 10.0, -217.0), 20.0)
    overlaid(grid, edited=sphere)
    with_tool(grid, ToolId.SPHERE)
    grid.refresh()
    row, column = pixel_of(grid, "0.fusion.axial", sphere.center_lps_mm)
    with qtbot.waitSignal(grid.intent_made) as made:
        drag(grid, "0.fusion.axial", (row, column), (row, column + 20))
    mm = grid.frames["0.fusion.axial"].plane.pixel_mm
    intent = made.args[0]
    assert isinstance(intent, MoveRegion)
    assert intent.sphere.diameter_mm == 20.0
    assert intent.sphere.center_lps_mm == pytest.approx((24.0 + 20 * mm, 10.0, -217.0), abs=mm)


def test_escape_drops_a_drag(qtbot, grid):
    with_tool(grid, ToolId.SPHERE)
    target = surface(grid, "0.pet.axial")
    intents = []
    grid.intent_made.connect(intents.append)
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=QPoint(90, 60))
    assert intents == []


def test_a_caliper_is_drawn_on_ct_and_closed_by_enter(qtbot, grid):
    with_tool(grid, ToolId.CALIPER)
    plane = grid.frames["0.ct.axial"].plane
    drag(grid, "0.ct.axial", (80, 60), (80, 90), (80, 120))
    with qtbot.waitSignal(grid.intent_made) as made:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert isinstance(made.args[0], DrawCaliper)
    start, end = made.args[0].long_axis_lps_mm
    assert start == pytest.approx(tuple(plane.lps_from_pixel((80, 60))))
    assert np.linalg.norm(np.subtract(start, end)) == pytest.approx(60 * plane.pixel_mm)


def test_the_reference_comes_to_a_click(qtbot, grid):
    overlaid(grid, reference=ReferenceSphere("Liver", (0.0, 0.0, -240.0), 30.0))
    with_tool(grid, ToolId.REFERENCE)
    with qtbot.waitSignal(grid.intent_made) as made:
        click(grid, "0.pet.axial", 90, 110)
    assert isinstance(made.args[0], MoveReference)
    assert made.args[0].center_lps_mm[2] == pytest.approx(PLACE[2])


def test_a_seed_on_the_mip_is_the_hottest_voxel_of_the_ray(qtbot, grid):
    with_tool(grid, ToolId.THRESHOLD)
    with qtbot.waitSignal(grid.intent_made) as made:
        click(grid, "0.mip.any", 380, 120)
    assert isinstance(made.args[0], SeedThreshold)
    volume = grid._images.visits[0].sul
    index = volume.geometry.zyx_from_lps(made.args[0].seed_lps_mm)
    assert index == pytest.approx(np.rint(index), abs=1e-6)
    assert volume.values[tuple(np.rint(index).astype(int))] == volume.values.max()


@pytest.mark.parametrize("key", ["0.ct.axial", "0.pet.coronal", "0.mip.any"])
def test_a_click_on_a_lesion_picks_it(qtbot, grid, key):
    overlaid(grid, marks=(LESION,))
    grid.jump_to(0, LESION.center_lps_mm)
    grid.refresh()
    with qtbot.waitSignal(grid.lesion_picked) as picked:
        click(grid, key, *pixel_of(grid, key, LESION.center_lps_mm))
    assert picked.args == ["L7"]


def test_a_click_beside_every_lesion_picks_none(qtbot, grid):
    overlaid(grid, marks=(LESION,))
    with qtbot.assertNotEmitted(grid.lesion_picked):
        click(grid, "0.ct.axial", 60, 60)


def test_the_cursor_tells_the_numbers_under_it(qtbot, grid):
    row, column = pixel_of(grid, "0.pet.axial", PLACE)
    with qtbot.waitSignal(grid.cursor_moved) as read:
        hover(grid, "0.pet.axial", row, column)
    reading = read.args[0]
    assert reading.sul_g_per_ml == pytest.approx(1.0)
    assert reading.suvbw_g_per_ml == pytest.approx(1.3)
    assert reading.hounsfield == 40.0
    assert reading.liver_ratio == pytest.approx(0.5)
    assert reading.bq_per_ml is None


def test_a_jump_brings_every_view_of_every_visit(qtbot, two):
    grid = shown(qtbot, two, SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1), linked=False))
    grid.jump_to(1, (10.0, 5.0, -200.0))
    assert grid.state.crosshair(0) == pytest.approx((6.0, 11.0, -209.0))
    assert grid.state.linked is False


def test_scrolling_one_visit_scrolls_the_other(qtbot, two):
    grid = shown(qtbot, two, SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1)))
    wheel(grid, "1.pet.any", 3)
    first, second = grid.state.crosshair(0), grid.state.crosshair(1)
    assert np.subtract(second, first) == pytest.approx((4.0, -6.0, 9.0))


def test_fit_takes_zoom_and_pan_back(grid):
    wheel(grid, "0.ct.axial", -3, control=True)
    grid.fit()
    grid.refresh()
    assert grid.state.pose(View.AXIAL).mm_per_pixel is None
    assert grid.frames["0.ct.axial"].zoom == pytest.approx(1.0)


def test_only_changed_viewports_are_rendered(grid, monkeypatch):
    rendered = []
    render = grid._pictures.render
    monkeypatch.setattr(
        grid._pictures, "render", lambda spec: (rendered.append(spec.plane), render(spec))[1]
    )
    wheel(grid, "0.pet.axial", 1)
    assert len(rendered) == 3
    assert {plane.away for plane in rendered} == {(0.0, 0.0, 1.0)}
    rendered.clear()
    grid.refresh()
    assert rendered == []


def test_the_crosshair_moves_on_viewports_that_are_not_rendered(grid):
    before = pixels(grid, "0.pet.coronal")
    wheel(grid, "0.pet.axial", 3)
    assert (before != pixels(grid, "0.pet.coronal")).any()


def test_a_refused_series_says_so_on_its_picture(qtbot):
    counts = pet_volume(Unit.COUNTS)
    sound, refused = visit(sul=counts), visit(sul=counts, refusal="Dose missing (0018,1074)")
    red = []
    for shown_visit in (sound, refused):
        picture = pixels(shown(qtbot, images(shown_visit)), "0.pet.axial").astype(int)
        red.append(int(((picture[..., 0] > 130) & (picture[..., 1] < 60)).sum()))
    assert red[0] == 0
    assert red[1] > 200


def test_the_mip_turns_by_itself_until_told(qtbot, grid):
    grid.set_mip_turning(True)
    qtbot.waitUntil(lambda: grid.state.mip_frame >= 2, timeout=3000)
    grid.set_mip_turning(False)
    assert not grid._turning.isActive()


def test_a_hidden_canvas_turns_nothing(qtbot, grid):
    grid.set_mip_turning(True)
    grid.hide()
    assert not grid._turning.isActive()


@pytest.mark.parametrize("layout", list(LayoutId))
def test_every_layout_shows_with_one_visit_and_with_two(qtbot, one, two, layout):
    for scene, numbers in ((one, (0,)), (two, (0, 1))):
        grid = shown(qtbot, scene, SceneState(layout=layout, visits=numbers))
        visible = [k for k, v in grid._viewports.items() if v.isVisible()]
        assert set(visible) == set(grid.frames)
        assert visible


def test_nothing_open_shows_nothing(qtbot):
    grid = shown(qtbot, images(visit()))
    grid.show_images(SceneImages())
    grid.refresh()
    assert grid.frames == {}
