"""Tools of one click, and the ruler."""

from viewers.scene.overlays import VisitOverlays
from viewers.tools.gesture import Pointer, RulerPreview
from viewers.tools.in_patient import distance_mm, dot, minus
from viewers.tools.intents import Intent, PickPoint, SeedThreshold


class ClickTool:
    """Says where the reader clicked: the seed of a threshold VOI, or a point a panel asked for."""

    preview = None

    def __init__(self, meaning: type[SeedThreshold] | type[PickPoint]) -> None:
        self._meaning = meaning
        self._pressed: Pointer | None = None

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """Remembers the place."""
        self._pressed = at

    def move(self, at: Pointer) -> None:
        """A click does not move."""

    def release(self, at: Pointer) -> Intent | None:
        """The place of the press, unless the pointer was dragged away from it."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or pressed.visit != at.visit:
            return None
        if distance_mm(pressed.lps_mm, at.lps_mm) > 2 * at.grab_mm:
            return None
        return self._meaning(pressed.visit, pressed.lps_mm)

    def finish(self) -> Intent | None:
        """There is nothing open."""
        return None

    def cancel(self) -> None:
        """Forgets the press."""
        self._pressed = None


class RulerTool:
    """Shows a distance; it stays until the next one and is never stored."""

    def __init__(self) -> None:
        self.preview: RulerPreview | None = None
        self._drawing = False

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """Begins a line."""
        self.preview = RulerPreview(at.visit, (at.lps_mm, at.lps_mm))
        self._drawing = True

    def move(self, at: Pointer) -> None:
        """Draws the line within its picture's plane."""
        if self.preview is None or not self._drawing or at.visit != self.preview.visit:
            return
        start = self.preview.axis[0]
        if abs(dot(minus(at.lps_mm, start), at.away)) < 0.01:
            self.preview = RulerPreview(at.visit, (start, at.lps_mm))

    def release(self, at: Pointer) -> Intent | None:
        """Leaves the line where it is; a click without a way removes it."""
        self.move(at)
        self._drawing = False
        if self.preview is not None and distance_mm(*self.preview.axis) < at.drag_mm:
            self.preview = None
        return None

    def finish(self) -> Intent | None:
        """A ruler means nothing to the reading."""
        return None

    def cancel(self) -> None:
        """Removes the line."""
        self.preview = None
        self._drawing = False
