from tests.unit.viewers.tools.pointers import at, drag
from viewers.scene.state import ToolId
from viewers.tools.intents import PickPoint, SeedThreshold
from viewers.tools.mouse_map import Button, Drag, MouseMap, Press
from viewers.tools.point_tools import ClickTool, RulerTool
from viewers.tools.toolbox import new_tool


def test_a_click_is_a_seed_where_the_button_went_down():
    assert drag(ClickTool(SeedThreshold), at(3, 4), at(5, 4)) == SeedThreshold(0, (3, 4, -100))
    assert drag(ClickTool(PickPoint), at(3, 4)) == PickPoint(0, (3, 4, -100))


def test_a_drag_is_no_click():
    assert drag(ClickTool(SeedThreshold), at(3, 4), at(50, 4)) is None


def test_a_ruler_stays_and_means_nothing():
    tool = RulerTool()
    assert drag(tool, at(0, 0), at(3, 4), at(6, 8)) is None
    tool.move(at(90, 90))
    assert tool.preview.axis == ((0, 0, -100), (6, 8, -100))
    tool.cancel()
    assert tool.preview is None


def test_a_click_removes_the_ruler():
    tool = RulerTool()
    drag(tool, at(0, 0), at(6, 8))
    drag(tool, at(50, 50))
    assert tool.preview is None


def test_view_tools_draw_nothing_and_all_others_do():
    drawing = {tool for tool in ToolId if new_tool(tool) is not None}
    assert drawing == set(ToolId) - {ToolId.NAVIGATE, ToolId.WINDOW, ToolId.PAN, ToolId.ZOOM}


def test_the_mouse_does_what_readers_expect():
    mouse = MouseMap()
    assert mouse.drag(Press(Button.LEFT)) is Drag.TOOL
    assert mouse.drag(Press(Button.RIGHT)) is Drag.WINDOW
    assert mouse.drag(Press(Button.MIDDLE)) is Drag.PAN
    assert mouse.drag(Press(Button.SPACE)) is Drag.PAN
    assert mouse.drag(Press(Button.MIDDLE, shift=True)) is Drag.PAN
