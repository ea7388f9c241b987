from dataclasses import replace

import numpy as np
import pytest

from app.imaging.palette import Palette
from app.imaging.window import Window
from segmentation.sampling.reslice import Orientation
from segmentation.volume import Unit
from tests.unit.viewers.scene.scenes import images, pet_volume, shifted, visit
from viewers.scene.hanging import Content, cells_of, places
from viewers.scene.linking import moved_to
from viewers.scene.navigation import panned, scrolled, window_dragged, zoomed
from viewers.scene.resolve import resolve
from viewers.scene.state import LayoutId, SceneState, ShownQuantity, View

PLACE = (7.0, -11.0, -222.0)


def sizes(state, width=900, height=600):
    return {key: (p.width, p.height) for key, p in places(state, width, height).items()}


def frames(state, scene):
    return resolve(state, scene, sizes(state))


@pytest.fixture(scope="module")
def one():
    return images(visit(with_mip=True))


@pytest.fixture(scope="module")
def two():
    matrix = shifted(4, -6, 9)
    return images(visit(0, with_mip=True), visit(1, with_mip=True, here_from_baseline=matrix))


def at(scene, state=SceneState(), place=PLACE):  # noqa: B008 - frozen
    return moved_to(state, scene, 0, place)


def test_one_visit_has_nine_slices_and_a_mip(one):
    shown = frames(at(one), one)
    assert len(shown) == 10
    assert {(f.content, f.orientation) for f in shown.values()} == {
        *((c, o) for c in (Content.CT, Content.PET, Content.FUSION) for o in Orientation),
        (Content.MIP, None),
    }


def test_every_slice_goes_through_the_crosshair(one):
    for frame in frames(at(one), one).values():
        if frame.orientation is not None:
            assert float(frame.plane.depth_mm(PLACE)) == pytest.approx(0.0, abs=1e-9)


def test_ct_pet_and_fusion_of_a_row_share_their_plane(one):
    shown = frames(at(one), one)
    for orientation in Orientation:
        assert len({f.plane for f in shown.values() if f.orientation is orientation}) == 1


def test_moving_in_the_axial_plane_changes_no_axial_picture(one):
    before = frames(at(one), one)
    after = frames(at(one, place=(9.0, -11.0, -222.0)), one)
    changed = {k for k in before if before[k].picture != after[k].picture}
    assert changed == {"0.ct.sagittal", "0.pet.sagittal", "0.fusion.sagittal"}
    assert all(before[k].crosshair != after[k].crosshair for k in before)


def test_a_ct_window_changes_ct_and_fusion_only(one):
    state = at(one)
    before = frames(state, one)
    after = frames(replace(state, ct_window=Window.around(1500, -600)), one)
    changed = {before[k].content for k in before if before[k].picture != after[k].picture}
    assert changed == {Content.CT, Content.FUSION}


def test_suvbw_is_shown_through_the_window_of_its_own_scale():
    scene = images(visit(suvbw_over_sul=1.25))
    state = at(scene, SceneState(quantity=ShownQuantity.SUVBW))
    frame = frames(state, scene)["0.pet.axial"]
    assert frame.scale.shown == Window(0.0, 5.0)
    assert frame.scale.stored.upper == pytest.approx(4.0)
    assert frame.scale.unit is Unit.SUVBW_G_PER_ML


def test_a_visit_without_suvbw_stays_in_sul_and_says_so():
    scene = images(visit())
    frame = frames(at(scene, SceneState(quantity=ShownQuantity.SUVBW)), scene)["0.pet.axial"]
    assert frame.scale.quantity is ShownQuantity.SUL
    assert frame.scale.unit is Unit.SUL_G_PER_ML


def test_a_refused_series_gets_no_suv_window():
    scene = images(visit(sul=pet_volume(Unit.COUNTS).scaled(9000.0, Unit.COUNTS), refusal="no"))
    frame = frames(at(scene), scene)["0.pet.axial"]
    assert frame.scale.quantity is None
    assert frame.scale.unit is Unit.COUNTS
    assert frame.scale.stored.upper == pytest.approx(9000.0)


def test_both_visits_stand_at_one_scale_on_the_same_anatomy(two):
    state = at(two, SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1)))
    shown = frames(state, two)
    first, second = shown["0.pet.any"].plane, shown["1.pet.any"].plane
    assert first.pixel_mm == second.pixel_mm
    moved = np.add(first.origin_lps_mm, (4, -6, 9))
    assert second.origin_lps_mm == pytest.approx(tuple(moved))
    assert shown["0.pet.any"].scale.shown == shown["1.pet.any"].scale.shown


def test_locked_windows_move_together_and_open_ones_apart(two):
    state = at(two, SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1)))
    frame = frames(state, two)["1.pet.any"]
    locked = frames(window_dragged(state, two, frame, 100, 0), two)
    assert locked["0.pet.any"].scale == locked["1.pet.any"].scale
    assert locked["0.pet.any"].scale.shown.upper > 5.0
    apart = replace(state, scale_locked=False)
    open_ = frames(window_dragged(apart, two, frame, 100, 0), two)
    assert open_["0.pet.any"].scale.shown.upper == 5.0
    assert open_["1.pet.any"].scale.shown.upper > 5.0


@pytest.mark.parametrize("way", [(-4000, 0), (37, -12), (2500, 900)])
def test_the_lower_end_of_a_pet_window_never_leaves_zero(one, way):
    state = at(one)
    frame = frames(state, one)["0.pet.axial"]
    window = window_dragged(state, one, frame, *way).pet_window
    assert window.lower == 0.0
    assert window.upper > 0.0


def test_fit_shows_the_whole_body(one):
    low, high = one.visits[0].body
    corners = [(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1])
               for z in (low[2], high[2])]  # fmt: skip
    for frame in frames(at(one), one).values():
        pixel = frame.plane.pixel_from_lps(corners)
        assert pixel.min() > -1.0
        assert (pixel < (frame.plane.rows, frame.plane.columns)).all()
        assert frame.zoom == pytest.approx(1.0)


def test_zoom_keeps_the_place_under_the_pointer(one):
    state = at(one)
    key, pixel = "0.ct.coronal", (31.0, 77.0)
    frame = frames(state, one)[key]
    place = frame.plane.lps_from_pixel(pixel)
    after = frames(zoomed(state, frame, 2.5, pixel), one)[key]
    assert after.plane.pixel_mm == pytest.approx(frame.plane.pixel_mm / 2.5)
    # plane sizes are whole pixels: within half of one
    assert after.plane.pixel_from_lps(place) == pytest.approx(pixel, abs=0.51)


def test_pan_moves_the_picture_with_the_pointer(one):
    state = at(one)
    frame = frames(state, one)["0.pet.sagittal"]
    after = frames(panned(state, frame, 12.0, -7.0), one)["0.pet.sagittal"]
    before_px = frame.plane.pixel_from_lps(PLACE)
    assert after.plane.pixel_from_lps(PLACE) - before_px == pytest.approx((-7.0, 12.0))


def test_zoom_and_pan_belong_to_one_direction_of_view(one):
    state = at(one)
    frame = frames(state, one)["0.pet.sagittal"]
    after = zoomed(state, frame, 2.0, (10.0, 10.0))
    assert after.pose(View.SAGITTAL).mm_per_pixel is not None
    assert after.pose(View.AXIAL).mm_per_pixel is None


@pytest.mark.parametrize(
    ("key", "component", "way"),
    [("0.pet.axial", 2, -4.0), ("0.ct.axial", 2, -2.0), ("0.pet.coronal", 1, 3.6),
     ("0.ct.sagittal", 0, 3.6)],
)  # fmt: skip
def test_scrolling_lands_on_the_next_slice_centre(one, key, component, way):
    state = at(one)
    first = scrolled(state, one, frames(state, one)[key], 1)
    second = scrolled(first, one, frames(first, one)[key], 1)
    step = np.subtract(second.crosshair(0), first.crosshair(0))
    expected = [0.0, 0.0, 0.0]
    expected[component] = way
    assert step == pytest.approx(expected)
    volume = one.visits[0].ct if key == "0.ct.axial" else one.visits[0].sul
    index = volume.geometry.zyx_from_lps(first.crosshair(0))[2 - component]
    assert index == pytest.approx(round(index))


def test_scrolling_stops_at_the_ends(one):
    state = at(one)
    end = scrolled(state, one, frames(state, one)["0.pet.axial"], 10_000).crosshair(0)
    assert end[2] == pytest.approx(-300.0)


def test_the_mip_turns_and_comes_round(one):
    state = at(one)
    frame = frames(state, one)["0.mip.any"]
    assert scrolled(state, one, frame, 3).mip_frame == 3
    assert scrolled(state, one, frame, 8).mip_frame == 0
    assert scrolled(state, one, frame, -1).mip_frame == 7


def test_a_hidden_layer_is_not_made_up():
    scene = images(visit(ct=None))
    shown = frames(at(scene), scene)
    assert shown["0.ct.axial"].picture is None
    assert shown["0.fusion.axial"].picture is None
    assert shown["0.mip.any"].picture is None
    assert shown["0.pet.axial"].picture is not None


def test_a_maximised_viewport_stands_alone_and_fills_the_room(one):
    state = replace(at(one), maximised="0.pet.axial")
    assert [c.key for c in cells_of(state)] == ["0.pet.axial"]
    place = places(state, 900, 600)["0.pet.axial"]
    assert (place.left, place.top, place.width, place.height) == (0, 0, 900, 600)


def test_inverting_swaps_the_grey_of_pet(one):
    state = at(one)
    assert frames(state, one)["0.pet.axial"].palette is Palette.CALM_INVERTED_GREY
    assert frames(replace(state, inverted=True), one)["0.pet.axial"].palette is Palette.GREY


def test_two_visits_stand_side_by_side_for_wide_planes_and_in_rows_for_tall_ones():
    state = SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1))
    axial, coronal = (
        places(replace(state, orientation=o), 1330, 980)
        for o in (Orientation.AXIAL, Orientation.CORONAL)
    )
    assert axial.keys() == coronal.keys()
    first, second = axial["0.pet.any"], axial["1.pet.any"]
    assert (first.top, first.width) == (second.top, second.width)
    assert first.left < second.left and first.width > first.height
    assert coronal["0.pet.any"].left == coronal["1.pet.any"].left
    assert coronal["0.pet.any"].height > coronal["0.pet.any"].width


@pytest.mark.parametrize("orientation", list(Orientation))
@pytest.mark.parametrize("layout", list(LayoutId))
def test_viewports_do_not_overlap_and_stay_inside(layout, orientation):
    state = SceneState(layout=layout, visits=(0, 1), orientation=orientation)
    taken = np.zeros((601, 903), int)
    for place in places(state, 903, 601).values():
        assert place.left + place.width <= 903
        assert place.top + place.height <= 601
        taken[place.top : place.top + place.height, place.left : place.left + place.width] += 1
    assert taken.max() == 1
    assert taken.mean() > 0.97
