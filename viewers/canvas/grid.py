"""All viewports of a layout: renders what changed, hands gestures on."""

import time
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.imaging.overlay import Item
from segmentation.geometry import Vector
from viewers.canvas.annotations import cross_items
from viewers.canvas.captions import scale_note
from viewers.canvas.dressing import Dressing
from viewers.canvas.interaction import Interaction, Outcome, pointer_at
from viewers.canvas.pictures import Pictures
from viewers.canvas.viewport import PointerEvent, Viewport, WheelTurn
from viewers.scene.cursor import CursorReading, read_cursor
from viewers.scene.hanging import places
from viewers.scene.images import SceneImages
from viewers.scene.linking import moved_to
from viewers.scene.navigation import (
    ZOOM_PER_NOTCH,
    fitted,
    maximised,
    scrolled,
    zoomed,
)
from viewers.scene.overlays import SceneOverlays
from viewers.scene.resolve import FrameSpec, KeptFrames
from viewers.scene.state import SceneState, View
from viewers.tools.mouse_map import MouseMap, Wheel

_GROUND = (52, 58, 64)  # between the viewports
_TURN_S = 0.025  # the longest that pictures hold up a turn of the event loop
_TURN_INTERVAL_MS = 80  # a turn of 72 frames in six seconds


class CanvasGrid(QWidget):
    """The viewports of the reading window.

    `scene_changed` tells that a gesture (or `jump_to`, `step` ...) changed the view;
    `crosshair_moved` that the reader put the crosshair somewhere; `preview_changed` follows a
    drag that has not ended; `intent_made` is what it meant when it did.
    """

    crosshair_moved = Signal(int, object)
    intent_made = Signal(object)
    scene_changed = Signal(object)
    cursor_moved = Signal(object)
    lesion_picked = Signal(str)
    preview_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = SceneState()
        self._images = SceneImages()
        self._pictures = Pictures(self._images)
        self._interaction = Interaction()
        self._viewports: dict[str, Viewport] = {}
        self._frames: dict[str, FrameSpec] = {}
        self._kept = KeptFrames()
        self._dressing = Dressing()
        self._redress = True
        self._painted: set[str] = set()  # cells that show the present images
        self._late: set[str] = set()  # cells left for the next turn of the event loop
        self._scale_note = ""
        self._shown_items: dict[str, tuple[Item, ...]] = {}
        self._dragged_on: set[str] = set()
        self._active: str | None = None
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(lambda: self.refresh(_TURN_S))
        self._turning = QTimer(self, interval=_TURN_INTERVAL_MS)
        self._turning.timeout.connect(lambda: self.turn_mip(1))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        ground = self.palette()
        ground.setColor(QPalette.ColorRole.Window, QColor(*_GROUND))
        self.setPalette(ground)
        self.setAutoFillBackground(True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as there is room."""
        return QSize(1200, 800)

    def show_images(self, images: SceneImages) -> None:
        """Other volumes (or a MIP that is now ready); the view stays where it can."""
        self._images = images
        self._pictures = Pictures(images)
        self._painted.clear()  # the frames stay: a gesture that is under way still needs them
        self._dressing.forget()
        self._set_state(self._with_positions(self.state))

    def show_overlays(self, overlays: SceneOverlays) -> None:
        """Other marks over the pictures."""
        self._dressing.use_overlays(overlays)
        self._redress = True
        self._due.start()

    def set_scene(self, state: SceneState) -> None:
        """Another view of the same images; does not emit `scene_changed`."""
        self._interaction.use(state.tool)
        self._set_state(self._with_positions(state))
        self._follow_preview()

    def retranslate(self) -> None:
        """The language changed."""
        self._dressing.forget()
        self._redress = True
        self._due.start()

    def use_mouse(self, mouse_map: MouseMap) -> None:
        """Another meaning of buttons and wheel."""
        self._interaction.mouse_map = mouse_map

    def jump_to(self, visit: int, lps_mm: Vector) -> None:
        """Brings every view of every visit to a place of one."""
        linked = moved_to(replace(self.state, linked=True), self._images, visit, lps_mm)
        self._change(replace(linked, linked=self.state.linked))

    def step(self, steps: int) -> None:
        """Scrolls the active viewport (the one last used) by slices, or turns its MIP."""
        frame = self._active_frame()
        if frame is not None:
            self._change(scrolled(self.state, self._images, frame, steps))

    def zoom(self, factor: float) -> None:
        """Zooms the active viewport about its middle."""
        frame = self._active_frame()
        if frame is not None:
            middle = ((frame.plane.rows - 1) / 2, (frame.plane.columns - 1) / 2)
            self._change(zoomed(self.state, frame, factor, middle))

    def fit(self, everywhere: bool = True) -> None:
        """Fits all views, or that of the active viewport, to the body."""
        frame = self._active_frame()
        view = None if everywhere or frame is None else View.of(frame.orientation)
        self._change(fitted(self.state, view))

    def toggle_maximised(self) -> None:
        """The active viewport alone, or all again."""
        if self.state.maximised is not None:
            self._change(replace(self.state, maximised=None))
        elif (frame := self._active_frame()) is not None:
            self._change(maximised(self.state, frame.key))

    def turn_mip(self, steps: int) -> None:
        """Turns the MIPs of all visits by frames."""
        count = max((len(v.mip.angles_deg) for v in self._images.visits if v.mip), default=0)
        if count:
            self._change(replace(self.state, mip_frame=(self.state.mip_frame + steps) % count))

    def set_mip_turning(self, on: bool) -> None:
        """Starts or stops the MIPs' own turning."""
        if on:
            self._turning.start()
        else:
            self._turning.stop()

    def refresh(self, longest_s: float | None = None) -> None:
        """Renders what differs from what is shown, at once.

        With `longest_s`, what is not done by then follows in the next turn of the event loop:
        new images change every cell, and the window must not stand still for all of them.
        """
        self._due.stop()
        began = time.perf_counter()
        self._arrange()
        sizes = {key: v.device_size for key, v in self._viewports.items() if not v.isHidden()}
        frames = self._kept.of(self.state, self._images, sizes)
        scales = {f.visit: f.scale for f in frames.values() if f.scale is not None}
        note = scale_note(tuple(scales.values()), self.state.scale_locked)
        self._redress |= note != self._scale_note
        self._scale_note = note
        for key in sizes.keys() - frames.keys():
            self._viewports[key].show_picture(None, ())
            self._viewports[key].show_moving_items(())
        self._frames = {key: shown for key, shown in self._frames.items() if key in frames}
        waiting = sorted(frames, key=lambda key: key not in self._late)  # those that waited first
        while waiting and (longest_s is None or time.perf_counter() - began < longest_s):
            key = waiting.pop(0)
            self._show(key, frames[key])
            self._frames[key] = frames[key]
        self._late = set(waiting)
        if waiting:
            self._due.start()
        else:
            self._redress = False

    def viewport(self, key: str) -> Viewport:
        """The viewport of a cell, for tests and benchmarks."""
        return self._viewports[key]

    @property
    def frames(self) -> dict[str, FrameSpec]:
        """What is shown, by cell key."""
        return self._frames

    def _show(self, key: str, frame: FrameSpec) -> None:
        """Touches of one viewport only what changed."""
        before = self._frames.get(key) if key in self._painted else None
        self._painted.add(key)
        viewport = self._viewports[key]
        if before == frame and not self._redress:
            return
        visit = self._images.visit(frame.visit)
        assert visit is not None
        still = self._dressing.items(frame, visit, self._scale_note, viewport.text_px)
        if before is None or before.picture != frame.picture:
            shown = None if frame.picture is None else self._pictures.render(frame.picture)
            viewport.show_picture(shown, still)
        elif still is not self._shown_items.get(key):
            viewport.show_still_items(still)
        self._shown_items[key] = still
        dragged = self._dressing.moving(frame, viewport.text_px)
        if before != frame or dragged or key in self._dragged_on:
            viewport.show_moving_items((*cross_items(frame), *dragged))
            (self._dragged_on.add if dragged else self._dragged_on.discard)(key)

    def _arrange(self) -> None:
        """Puts the viewports of the layout in their places and hides the others."""
        wanted = places(self.state, self.width(), self.height())
        for key, viewport in self._viewports.items():
            if key not in wanted:
                viewport.hide()
        for key, place in wanted.items():
            viewport = self._viewports.get(key) or self._new_viewport(key)
            viewport.setGeometry(place.left, place.top, place.width, place.height)
            viewport.show()

    def _new_viewport(self, key: str) -> Viewport:
        viewport = Viewport(key, self)
        viewport.pressed.connect(self._on_pressed)
        viewport.double_clicked.connect(self._on_double_clicked)
        viewport.moved.connect(self._on_moved)
        viewport.released.connect(self._on_released)
        viewport.wheeled.connect(self._on_wheeled)
        viewport.pointer_left.connect(lambda _: self.cursor_moved.emit(None))
        self._viewports[key] = viewport
        return viewport

    def _with_positions(self, state: SceneState) -> SceneState:
        """The state with a crosshair at every visit: the first in its middle, the others with it.

        Visits the images do not have are dropped.
        """
        there = {visit.number for visit in self._images.visits}
        if not there:
            return state
        visits = tuple(number for number in state.visits if number in there)
        state = replace(state, visits=visits or (self._images.visits[0].number,))
        if there <= {number for number, _ in state.crosshairs}:
            return state
        first = state.visits[0]
        at = state.crosshair(first) or self._images.middle_of(first)
        linked = moved_to(replace(state, linked=True), self._images, first, at)
        return replace(linked, linked=state.linked)

    def _active_frame(self) -> FrameSpec | None:
        if self._active in self._frames:
            return self._frames[self._active]
        return next(iter(self._frames.values()), None)

    def _set_state(self, state: SceneState) -> None:
        self.state = state
        self._due.start()

    def _change(self, state: SceneState) -> None:
        """Another state by the reader's hand."""
        if state != self.state:
            self._set_state(state)
            self.scene_changed.emit(state)

    def _follow_preview(self) -> None:
        """Draws what the tool shows now."""
        preview = self._interaction.preview
        if preview != self._dressing.preview:
            self._dressing.use_preview(preview)
            self._redress = True
            self._due.start()
            self.preview_changed.emit(preview)

    def _take(self, outcome: Outcome) -> None:
        self._change(outcome.state)
        self._follow_preview()
        if outcome.crosshair_of is not None:
            self.crosshair_moved.emit(
                outcome.crosshair_of, outcome.state.crosshair(outcome.crosshair_of)
            )
        if outcome.picked_lesion is not None:
            self.lesion_picked.emit(outcome.picked_lesion)
        if outcome.intent is not None:
            self.intent_made.emit(outcome.intent)

    def _on_pressed(self, event: PointerEvent) -> None:
        self._active = event.key
        self.setFocus()
        self._take(
            self._interaction.press(
                event, self.state, self._images, self._frames, self._dressing.overlays
            )
        )

    def _on_double_clicked(self, event: PointerEvent) -> None:
        """Maximises, except where the tool draws: there it is the second of two clicks."""
        if self._interaction.measures():
            self._on_pressed(event)
        else:
            self._interaction.cancel()
            self._change(maximised(self.state, event.key))

    def _on_moved(self, event: PointerEvent) -> None:
        self._take(self._interaction.move(event, self.state, self._images, self._frames))
        if not self._interaction.is_dragging:
            self._active = event.key
        self.cursor_moved.emit(self._reading(event))

    def _on_released(self, event: PointerEvent) -> None:
        self._take(self._interaction.release(event, self.state, self._images, self._frames))

    def _on_wheeled(self, turn: WheelTurn) -> None:
        frame = self._frames.get(turn.key)
        if frame is None:
            return
        self._active = turn.key
        mouse_map = self._interaction.mouse_map
        wheel = mouse_map.control_wheel if turn.control else mouse_map.wheel
        if wheel is Wheel.ZOOM:
            self._change(zoomed(self.state, frame, ZOOM_PER_NOTCH**-turn.steps, turn.at))
        else:
            self._change(scrolled(self.state, self._images, frame, turn.steps))

    def _reading(self, event: PointerEvent) -> CursorReading | None:
        frame = self._frames.get(event.key)
        visit = None if frame is None else self._images.visit(frame.visit)
        if frame is None or visit is None or frame.picture is None:
            return None
        at = pointer_at(frame, self._images, event.at)
        return None if at is None else read_cursor(visit, at.lps_mm)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Pictures are made for their size."""
        super().resizeEvent(event)
        self._due.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Nothing turns that nobody sees."""
        self._turning.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space pans while held, Enter closes a gesture, Escape drops it."""
        if event.key() == Qt.Key.Key_Space:
            self._interaction.space_held = True
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(Outcome(self.state, intent=self._interaction.finish()))
        elif event.key() == Qt.Key.Key_Escape:
            self._interaction.cancel()
            self._follow_preview()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """The space bar went up (not one of its repeats)."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._interaction.space_held = False
        else:
            super().keyReleaseEvent(event)
