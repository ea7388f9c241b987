"""What the mouse does, as data a reader may change."""

from dataclasses import dataclass, field
from enum import StrEnum


class Button(StrEnum):
    """What is held while the mouse moves; SPACE is the space bar with the left button."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"
    SPACE = "space"


class Drag(StrEnum):
    """What a drag does."""

    TOOL = "tool"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    CROSSHAIR = "crosshair"


class Wheel(StrEnum):
    """What the wheel does."""

    SCROLL = "scroll"
    ZOOM = "zoom"


@dataclass(frozen=True, slots=True)
class Press:
    """A button with its modifier keys."""

    button: Button
    shift: bool = False
    control: bool = False


def _drags() -> dict[Press, Drag]:
    return {
        Press(Button.LEFT): Drag.TOOL,
        Press(Button.LEFT, shift=True): Drag.CROSSHAIR,
        Press(Button.RIGHT): Drag.WINDOW,
        Press(Button.MIDDLE): Drag.PAN,
        Press(Button.SPACE): Drag.PAN,
        Press(Button.RIGHT, control=True): Drag.ZOOM,
    }


@dataclass(frozen=True)
class MouseMap:
    """Which drag a press starts, and what the wheel does with and without Ctrl."""

    drags: dict[Press, Drag] = field(default_factory=_drags)
    wheel: Wheel = Wheel.SCROLL
    control_wheel: Wheel = Wheel.ZOOM

    def drag(self, press: Press) -> Drag | None:
        """What a press starts; modifiers without a meaning of their own are ignored."""
        return self.drags.get(press, self.drags.get(Press(press.button)))
