import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.viewers.tools.pointers import at, drag
from viewers.scene.hanging import Content
from viewers.scene.overlays import CaliperMark, VisitOverlays
from viewers.tools.caliper_tool import CaliperTool
from viewers.tools.in_patient import distance_mm, dot, minus
from viewers.tools.intents import DrawCaliper, MoveCaliperEnd

NOTHING = VisitOverlays()
DRAWN = VisitOverlays(
    calipers=(
        CaliperMark(
            "C1",
            ((0.0, 0.0, -100.0), (40.0, 0.0, -100.0)),
            ((10.0, 6.0, -100.0), (10.0, -8.0, -100.0)),
            "40.0 mm",
        ),
    )
)
coordinate = st.floats(-80, 80).map(lambda v: round(v, 2))


def click(tool, place):
    tool.press(place, NOTHING)
    return tool.release(place)


def perpendicular(intent):
    long, short = intent.long_axis_lps_mm, intent.short_axis_lps_mm
    lengths = distance_mm(*long) * distance_mm(*short)
    return abs(dot(minus(long[1], long[0]), minus(short[1], short[0]))) <= 1e-9 * max(lengths, 1)


def test_two_drags_draw_both_axes():
    tool = CaliperTool()
    assert drag(tool, at(0, 0), at(20, 5), at(40, 0)) is None
    intent = drag(tool, at(15, -7), at(19, 12))
    assert intent == DrawCaliper(
        0,
        ((0.0, 0.0, -100.0), (40.0, 0.0, -100.0)),
        ((15.0, -7.0, -100.0), (15.0, 12.0, -100.0)),
    )


def test_four_clicks_draw_the_same():
    tool = CaliperTool()
    assert click(tool, at(0, 0)) is None
    tool.move(at(30, 3))
    assert tool.preview.long_axis[1] == (30.0, 3.0, -100.0)
    assert click(tool, at(40, 0)) is None
    assert click(tool, at(15, -7)) is None
    intent = click(tool, at(19, 12))
    assert intent.long_axis_lps_mm == ((0.0, 0.0, -100.0), (40.0, 0.0, -100.0))
    assert intent.short_axis_lps_mm == ((15.0, -7.0, -100.0), (15.0, 12.0, -100.0))


def test_enter_after_the_long_axis_leaves_the_short_one_out():
    tool = CaliperTool()
    drag(tool, at(0, 0), at(40, 0))
    assert tool.finish() == DrawCaliper(0, ((0.0, 0.0, -100.0), (40.0, 0.0, -100.0)), None)
    assert tool.preview is None


def test_enter_before_the_long_axis_draws_nothing():
    tool = CaliperTool()
    click(tool, at(0, 0))
    tool.move(at(40, 0))
    assert tool.finish() is None


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[coordinate] * 8))
def test_the_short_axis_is_always_perpendicular(c):
    if math.hypot(c[2] - c[0], c[3] - c[1]) < 5:
        return
    tool = CaliperTool()
    drag(tool, at(c[0], c[1]), at(c[2], c[3]))
    intent = drag(tool, at(c[4], c[5]), at(c[6], c[7]))
    assert intent is None or perpendicular(intent)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), coordinate, coordinate)
def test_a_moved_end_keeps_the_axes_perpendicular(end, x, y):
    mark = DRAWN.calipers[0]
    place = (*mark.long_axis, *mark.short_axis)[end]
    fixed = (*mark.long_axis, *mark.short_axis)[(1, 0, 3, 2)[end]]
    if math.hypot(x - fixed[0], y - fixed[1]) < 4 or math.hypot(x - place[0], y - place[1]) < 4:
        return
    intent = drag(CaliperTool(), at(place[0], place[1]), at(x, y), over=DRAWN)
    assert isinstance(intent, MoveCaliperEnd)
    assert intent.caliper_id == "C1"
    assert perpendicular(intent)
    if end < 2:
        assert intent.long_axis_lps_mm[end] == (x, y, -100.0)
        assert intent.long_axis_lps_mm[1 - end] == fixed
        assert distance_mm(*intent.short_axis_lps_mm) == pytest.approx(14.0)
    else:
        assert intent.long_axis_lps_mm == mark.long_axis


def test_the_turned_short_axis_crosses_at_the_same_share():
    intent = drag(CaliperTool(), at(40, 0), at(0, 80), over=DRAWN)
    assert intent.long_axis_lps_mm == ((0.0, 0.0, -100.0), (0.0, 80.0, -100.0))
    for end, expected in zip(intent.short_axis_lps_mm, ((-6, 20), (8, 20)), strict=True):
        assert end[:2] == pytest.approx(expected)


def test_a_click_on_an_end_moves_nothing():
    assert drag(CaliperTool(), at(40, 0), at(41, 0), over=DRAWN) is None


def test_there_is_no_caliper_on_pet():
    tool = CaliperTool()
    pet = [at(x, 0, content=Content.PET) for x in (0, 40)]
    assert drag(tool, *pet) is None
    assert tool.preview is None


def test_another_slice_starts_anew():
    tool = CaliperTool()
    drag(tool, at(0, 0), at(40, 0))
    assert drag(tool, at(0, 0, z=-97), at(0, 30, z=-97)) is None
    assert tool.preview.long_axis == ((0.0, 0.0, -97.0), (0.0, 30.0, -97.0))
    assert tool.preview.short_axis is None
