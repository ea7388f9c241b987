"""The mouse as it is set: words for the settings, the map for the viewports. Qt-free."""

from collections.abc import Mapping

from app.translation import mark
from viewers.tools.mouse_map import Button, Drag, MouseMap, Press, Wheel

GESTURES = {
    "left_drag": mark("Left button"),
    "shift_left_drag": mark("Shift and left button"),
    "middle_drag": mark("Middle button"),
    "space_drag": mark("Space and left button"),
    "right_drag": mark("Right button"),
    "ctrl_right_drag": mark("Ctrl and right button"),
    "wheel": mark("Wheel"),
    "ctrl_wheel": mark("Ctrl and wheel"),
}
ACTS = {
    "tool": mark("The chosen tool"),
    "window": mark("Window (PET: upper limit)"),
    "pan": mark("Move the picture"),
    "zoom": mark("Zoom"),
    "scroll": mark("Through the slices, turns the MIP"),
    "crosshair": mark("Crosshair in all views"),
}
PRESSES = {
    "left_drag": Press(Button.LEFT),
    "shift_left_drag": Press(Button.LEFT, shift=True),
    "middle_drag": Press(Button.MIDDLE),
    "space_drag": Press(Button.SPACE),
    "right_drag": Press(Button.RIGHT),
    "ctrl_right_drag": Press(Button.RIGHT, control=True),
}


def mouse_map(chosen: Mapping[str, str]) -> MouseMap:
    """The viewports' mouse map for the settings' `mouse`."""
    drags = {press: Drag(chosen[gesture]) for gesture, press in PRESSES.items()}
    return MouseMap(drags, Wheel(chosen["wheel"]), Wheel(chosen["ctrl_wheel"]))
