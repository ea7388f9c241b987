"""The bidirectional caliper on CT: a long axis, a short axis kept perpendicular, ends to move."""

from app.domain.caliper import Axis
from segmentation.geometry import Vector
from viewers.scene.hanging import Content
from viewers.scene.overlays import CaliperMark, VisitOverlays
from viewers.tools.gesture import CaliperPreview, Pointer
from viewers.tools.in_patient import across, distance_mm, dot, minus, plus, times
from viewers.tools.intents import DrawCaliper, Intent, MoveCaliperEnd

_SAME_SLICE_MM = 0.01


class CaliperTool:
    """Each axis is drawn by a drag, or by two clicks; Enter ends after the long axis."""

    def __init__(self) -> None:
        self.preview: CaliperPreview | None = None
        self._start: Vector | None = None  # where the axis being drawn begins
        self._pressed: Vector | None = None
        self._held: tuple[CaliperMark, int] | None = None
        self._long: Axis | None = None  # the long axis once it is drawn

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """Takes an end of a caliper, begins an axis, or sets the second click of one."""
        if at.content is not Content.CT:
            return
        self._pressed = at.lps_mm
        if self._strayed(at):
            self.cancel()
            self._pressed = at.lps_mm
        if self._long is None and self._start is None:
            self._held = _end_near(at, over.calipers)
            if self._held is not None:
                mark = self._held[0]
                self.preview = CaliperPreview(
                    at.visit, mark.long_axis, mark.short_axis, mark.caliper_id
                )
                return
        if self._start is None:
            self._start = at.lps_mm
        self.move(at)

    def move(self, at: Pointer) -> None:
        """Draws the open axis, or drags the held end."""
        if at.content is not Content.CT or self._strayed(at):
            return
        if self._held is not None:
            mark, end = self._held
            self.preview = _with_end(at, mark, end)
        elif self._start is not None and self._long is None:
            self.preview = CaliperPreview(at.visit, (self._start, at.lps_mm))
        elif self._start is not None and self._long is not None:
            line = across(self._long, at.away)
            reach = dot(minus(at.lps_mm, self._start), line)
            short = (self._start, plus(self._start, times(line, reach)))
            self.preview = CaliperPreview(at.visit, self._long, short)

    def release(self, at: Pointer) -> Intent | None:
        """Ends an axis after a drag or at the second click; a held end is let go."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self.preview is None:
            return None
        if self._held is not None:
            return self._let_go(at, pressed)
        if self._start is None:
            return None
        self.move(at)
        axis = self.preview.long_axis if self._long is None else self.preview.short_axis
        if axis is None or distance_mm(*axis) < at.drag_mm:
            return None  # a first click: the axis hangs on the pointer until the next
        self._start = None
        if self._long is None:
            self._long = axis
            return None
        return self.finish()

    def finish(self) -> Intent | None:
        """The caliper as far as it is drawn."""
        preview, long = self.preview, self._long
        self.cancel()
        if preview is None or long is None:
            return None
        return DrawCaliper(preview.visit, long, preview.short_axis)

    def cancel(self) -> None:
        """Drops what was drawn."""
        self.preview = self._start = self._pressed = self._held = self._long = None

    def _strayed(self, at: Pointer) -> bool:
        """Whether the pointer is on another slice or visit than what is drawn."""
        if self.preview is None:
            return False
        depth = dot(minus(at.lps_mm, self.preview.long_axis[0]), at.away)
        return at.visit != self.preview.visit or abs(depth) > _SAME_SLICE_MM

    def _let_go(self, at: Pointer, pressed: Vector) -> Intent | None:
        moved = distance_mm(at.lps_mm, pressed) >= at.drag_mm
        if moved:
            self.move(at)
        preview = self.preview
        self.cancel()
        if not moved or preview is None or preview.caliper_id is None:
            return None
        return MoveCaliperEnd(
            preview.visit, preview.caliper_id, preview.long_axis, preview.short_axis
        )


def _end_near(at: Pointer, calipers: tuple[CaliperMark, ...]) -> tuple[CaliperMark, int] | None:
    """The caliper end under the pointer: 0 and 1 of the long, 2 and 3 of the short axis."""
    nearest: tuple[float, CaliperMark, int] | None = None
    for mark in calipers:
        for end, place in enumerate((*mark.long_axis, *(mark.short_axis or ()))):
            away = distance_mm(at.lps_mm, place)
            if away <= at.grab_mm and (nearest is None or away < nearest[0]):
                nearest = (away, mark, end)
    return None if nearest is None else nearest[1:]


def _with_end(at: Pointer, mark: CaliperMark, end: int) -> CaliperPreview:
    """A caliper with one end at the pointer and its axes perpendicular."""
    if end >= 2 and mark.short_axis is not None:
        fixed = mark.short_axis[3 - end]
        line = across(mark.long_axis, at.away)
        moved = plus(fixed, times(line, dot(minus(at.lps_mm, fixed), line)))
        short = (moved, fixed) if end == 2 else (fixed, moved)
        return CaliperPreview(at.visit, mark.long_axis, short, mark.caliper_id)
    fixed = mark.long_axis[1 - end]
    long = (at.lps_mm, fixed) if end == 0 else (fixed, at.lps_mm)
    if mark.short_axis is None or distance_mm(*long) < at.drag_mm:
        return CaliperPreview(at.visit, mark.long_axis if distance_mm(*long) < at.drag_mm else long,
                              mark.short_axis, mark.caliper_id)  # fmt: skip
    return CaliperPreview(at.visit, long, _turned(mark, long, at.away), mark.caliper_id)


def _turned(mark: CaliperMark, long: Axis, away: Vector) -> Axis:
    """The short axis turned along: it crosses the new long axis at the same share of its length.

    Its ends keep their distances from the long axis.
    """
    assert mark.short_axis is not None
    start, way = mark.long_axis[0], minus(mark.long_axis[1], mark.long_axis[0])
    share = dot(minus(mark.short_axis[0], start), way) / dot(way, way)
    before, after = across(mark.long_axis, away), across(long, away)
    crossing = plus(long[0], times(minus(long[1], long[0]), share))
    a, b = (plus(crossing, times(after, dot(minus(end, start), before))) for end in mark.short_axis)
    return a, b
