"""The pointer's way into the scene: which gesture runs, what it moves, what it means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.imaging.overlay import Pixel
from segmentation.geometry import Vector
from segmentation.sampling.projection import MipFrames
from viewers.canvas.viewport import PointerEvent
from viewers.scene.images import SceneImages
from viewers.scene.linking import moved_to
from viewers.scene.navigation import panned, window_dragged, zoomed
from viewers.scene.overlays import SceneOverlays
from viewers.scene.resolve import FrameSpec
from viewers.scene.state import SceneState, ToolId
from viewers.tools.gesture import DRAG_PX, Pointer, Preview, Tool
from viewers.tools.intents import Intent
from viewers.tools.mouse_map import Button, Drag, MouseMap
from viewers.tools.point_tools import ClickTool
from viewers.tools.toolbox import new_tool

_VIEW_DRAGS = {ToolId.WINDOW: Drag.WINDOW, ToolId.PAN: Drag.PAN, ToolId.ZOOM: Drag.ZOOM}
_ZOOM_PX_PER_DOUBLING = 150.0
_PICK_PX = 4.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pointer event brought about; fields that did not happen are None."""

    state: SceneState
    crosshair_of: int | None = None
    intent: Intent | None = None
    picked_lesion: str | None = None


@dataclass(frozen=True, slots=True)
class _Running:
    """A drag on one viewport: what it does, where it began and was last."""

    drag: Drag
    key: str
    start: Pixel
    last: Pixel


class Interaction:
    """Follows one drag at a time; holds the active tool, not the scene."""

    def __init__(self) -> None:
        self.mouse_map = MouseMap()
        self.space_held = False
        self.tool: Tool | None = None
        self._tool_id = ToolId.NAVIGATE
        self._running: _Running | None = None

    @property
    def preview(self) -> Preview | None:
        """What the tool wants drawn."""
        return None if self.tool is None else self.tool.preview

    @property
    def is_dragging(self) -> bool:
        """Whether a button is held."""
        return self._running is not None

    def use(self, tool: ToolId) -> None:
        """Takes another tool; an open gesture is dropped."""
        if tool is not self._tool_id:
            self._tool_id, self.tool, self._running = tool, new_tool(tool), None

    def measures(self) -> bool:
        """Whether the active tool draws (so that a double click is two clicks)."""
        return self.tool is not None

    def press(
        self,
        event: PointerEvent,
        state: SceneState,
        images: SceneImages,
        frames: Mapping[str, FrameSpec],
        overlays: SceneOverlays,
    ) -> Outcome:
        """A button went down on a viewport."""
        frame, drag = frames.get(event.key), self._drag_of(event)
        if frame is None or drag is None:
            return Outcome(state)
        at = pointer_at(frame, images, event.at)
        if drag is Drag.TOOL and not self._tool_acts_on(frame):
            drag = Drag.CROSSHAIR
        self._running = _Running(drag, event.key, event.at, event.at)
        if drag is Drag.TOOL and self.tool is not None and at is not None:
            self.tool.press(at, overlays.of(frame.visit))
        if drag is Drag.CROSSHAIR:
            picked = lesion_at(frame, overlays, event.at)
            if at is None:
                return Outcome(state, picked_lesion=picked)
            moved = moved_to(state, images, frame.visit, at.lps_mm)
            return Outcome(moved, frame.visit, picked_lesion=picked)
        return Outcome(state)

    def move(
        self,
        event: PointerEvent,
        state: SceneState,
        images: SceneImages,
        frames: Mapping[str, FrameSpec],
    ) -> Outcome:
        """The pointer moved, held or not."""
        running = self._running
        key = event.key if running is None else running.key
        frame = frames.get(key)
        if frame is None:
            return Outcome(state)
        at = pointer_at(frame, images, event.at)
        if running is None:
            if self.tool is not None and at is not None and self._tool_acts_on(frame):
                self.tool.move(at)
            return Outcome(state)
        down = event.at[0] - running.last[0]
        right = event.at[1] - running.last[1]
        self._running = replace(running, last=event.at)
        if running.drag is Drag.WINDOW:
            return Outcome(window_dragged(state, images, frame, right, down))
        if running.drag is Drag.PAN:
            return Outcome(panned(state, frame, right, down))
        if running.drag is Drag.ZOOM:
            factor = 2.0 ** (-down / _ZOOM_PX_PER_DOUBLING)
            return Outcome(zoomed(state, frame, factor, running.start))
        if running.drag is Drag.TOOL and self.tool is not None and at is not None:
            self.tool.move(at)
        # A MIP has no depth: its crosshair jumps on the click and does not follow the drag.
        if running.drag is Drag.CROSSHAIR and at is not None and frame.orientation is not None:
            return Outcome(moved_to(state, images, frame.visit, at.lps_mm), frame.visit)
        return Outcome(state)

    def release(
        self,
        event: PointerEvent,
        state: SceneState,
        images: SceneImages,
        frames: Mapping[str, FrameSpec],
    ) -> Outcome:
        """The button went up: the gesture ends."""
        running, self._running = self._running, None
        frame = None if running is None else frames.get(running.key)
        if running is None or frame is None or running.drag is not Drag.TOOL:
            return Outcome(state)
        at = pointer_at(frame, images, event.at)
        if self.tool is None:
            return Outcome(state)
        if at is None:
            self.tool.cancel()
            return Outcome(state)
        return Outcome(state, intent=self.tool.release(at))

    def finish(self) -> Intent | None:
        """Closes an open gesture as it stands."""
        return None if self.tool is None else self.tool.finish()

    def cancel(self) -> None:
        """Drops an open gesture."""
        self._running = None
        if self.tool is not None:
            self.tool.cancel()

    def _drag_of(self, event: PointerEvent) -> Drag | None:
        if event.press is None:
            return None
        press = event.press
        if self.space_held and press.button is Button.LEFT:
            press = replace(press, button=Button.SPACE)
        drag = self.mouse_map.drag(press)
        if drag is not Drag.TOOL:
            return drag
        if self._tool_id is ToolId.NAVIGATE:
            return Drag.CROSSHAIR
        return _VIEW_DRAGS.get(self._tool_id, Drag.TOOL)

    def _tool_acts_on(self, frame: FrameSpec) -> bool:
        """Tools that draw need a slice; a click means the hottest voxel on a MIP, too."""
        return frame.orientation is not None or isinstance(self.tool, ClickTool)


def pointer_at(frame: FrameSpec, images: SceneImages, at: Pixel) -> Pointer | None:
    """The pointer in the patient: on the slice, or at the hottest voxel on the MIP's ray."""
    plane = frame.plane
    if frame.orientation is None:
        visit = images.visit(frame.visit)
        place = None if visit is None else hottest_at(visit.mip, frame, at)
        if place is None:
            return None
    else:
        x, y, z = (float(v) for v in plane.lps_from_pixel(at))
        place = (x, y, z)
    return Pointer(frame.visit, frame.content, place, plane.away, plane.pixel_mm)


def hottest_at(mip: MipFrames | None, frame: FrameSpec, at: Pixel) -> Vector | None:
    """The hottest voxel on the ray under a pixel of a MIP; None beside the picture."""
    if mip is None or frame.picture is None or frame.picture.mip_frame is None:
        return None
    shown = frame.picture.mip_frame
    x, y, z = (float(v) for v in frame.plane.lps_from_pixel(at))
    row, column = mip.pixel_from_lps(shown, (x, y, z))
    pixel = round(row), round(column)
    rows, columns = mip.images.shape[1:]
    if not (0 <= pixel[0] < rows and 0 <= pixel[1] < columns):
        return None
    return mip.lps_at(shown, *pixel)


def lesion_at(frame: FrameSpec, overlays: SceneOverlays, at: Pixel) -> str | None:
    """The lesion whose circle is under the pointer, the nearest of several."""
    nearest: tuple[float, str] | None = None
    for mark in overlays.of(frame.visit).marks:
        depth = 0.0
        if frame.orientation is not None:
            depth = abs(float(frame.plane.depth_mm(mark.center_lps_mm)))
        if depth >= mark.radius_mm:
            continue
        pixel = frame.plane.pixel_from_lps(mark.center_lps_mm)
        away = float(np.hypot(*(pixel - np.asarray(at))))
        reach = float(np.sqrt(mark.radius_mm**2 - depth**2)) / frame.plane.pixel_mm
        if away <= max(reach, DRAG_PX) + _PICK_PX and (nearest is None or away < nearest[0]):
            nearest = (away, mark.lesion_id)
    return None if nearest is None else nearest[1]
