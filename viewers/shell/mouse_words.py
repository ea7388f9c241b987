"""The words for gestures of the mouse and for what they do. Qt-free."""

from app.translation import mark

GESTURES = {
    "left_drag": mark("Left button"),
    "middle_drag": mark("Middle button"),
    "right_drag": mark("Right button"),
    "space_drag": mark("Space and left button"),
    "ctrl_drag": mark("Ctrl and left button"),
    "shift_drag": mark("Shift and left button"),
    "wheel": mark("Wheel"),
    "ctrl_wheel": mark("Ctrl and wheel"),
    "double_click": mark("Double click"),
}
ACTS = {
    "tool": mark("The chosen tool"),
    "window": mark("Window (PET: upper limit)"),
    "pan": mark("Move the picture"),
    "zoom": mark("Zoom"),
    "scroll": mark("Through the slices, turns the MIP"),
    "crosshair": mark("Crosshair in all views"),
    "maximise": mark("Maximise the view"),
    "fit": mark("Fit and centre"),
    "none": mark("Nothing"),
}
