"""Which items stand over each viewport; they are kept as long as nothing they show changes."""

from dataclasses import replace

from app.imaging.overlay import Item
from app.imaging.palette import Palette
from segmentation.sampling.reslice import SlicePlane
from viewers.canvas.annotations import (
    frame_items,
    mark_items,
    preview_items,
    without_dragged,
)
from viewers.scene.images import VisitScene
from viewers.scene.overlays import SceneOverlays
from viewers.scene.resolve import FrameSpec
from viewers.tools.gesture import CaliperPreview, Preview, SpherePreview

_Edge = tuple[FrameSpec, float, str]
_Ground = tuple[SlicePlane, Palette, bool]


class Dressing:
    """Everything over the pictures but the crosshair."""

    def __init__(self) -> None:
        self._overlays = SceneOverlays()
        self._preview: Preview | None = None
        self._edges: dict[str, tuple[_Edge, tuple[Item, ...]]] = {}
        self._marks: dict[str, tuple[_Ground, tuple[Item, ...]]] = {}
        self._items: dict[str, tuple[Item, ...]] = {}

    @property
    def overlays(self) -> SceneOverlays:
        """The marks of all visits."""
        return self._overlays

    @property
    def preview(self) -> Preview | None:
        """What is being dragged."""
        return self._preview

    def forget(self) -> None:
        """Other images, or another language: nothing kept holds."""
        self._edges.clear()
        self.forget_marks()

    def forget_marks(self) -> None:
        """Other marks: the texts at the edges still hold."""
        self._marks.clear()

    def use_overlays(self, overlays: SceneOverlays) -> None:
        """Other marks."""
        self._overlays = overlays
        self.forget_marks()

    def use_preview(self, preview: Preview | None) -> None:
        """Another state of a drag: the marks change only where another is taken hold of."""
        if _held(preview) != _held(self._preview):
            self.forget_marks()
        self._preview = preview

    def moving(self, frame: FrameSpec, text_px: float) -> tuple[Item, ...]:
        """What is being dragged, on a frame."""
        return preview_items(frame, self._overlays.of(frame.visit), self._preview, text_px)

    def items(
        self, frame: FrameSpec, visit: VisitScene, scale_note: str, text_px: float
    ) -> tuple[Item, ...]:
        """The items over a frame: the same object as before while nothing changed."""
        key = frame.key
        wanted = (replace(frame, crosshair=None), text_px, scale_note)
        edge = self._edges.get(key)
        if edge is None or edge[0] != wanted:
            edge = (wanted, frame_items(frame, visit, scale_note, text_px))
            self._edges[key] = edge
            self._items.pop(key, None)
        # Marks depend on where a picture lies and on its ground, not on its window.
        ground = (frame.plane, frame.palette, frame.picture is None)
        marks = self._marks.get(key)
        if marks is None or marks[0] != ground:
            over = self._overlays.of(frame.visit)
            if self._preview is not None and self._preview.visit == frame.visit:
                over = without_dragged(over, self._preview)
            marks = (ground, mark_items(frame, over, text_px, edge[1]))
            self._marks[key] = marks
            self._items.pop(key, None)
        return self._items.setdefault(key, (*edge[1], *marks[1]))


def _held(preview: Preview | None) -> tuple[object, ...] | None:
    """Which mark is being dragged: it is not drawn where it was."""
    if preview is None:
        return None
    if isinstance(preview, SpherePreview):
        return SpherePreview, preview.visit, preview.is_reference
    if isinstance(preview, CaliperPreview):
        return CaliperPreview, preview.visit, preview.caliper_id
    return type(preview), preview.visit
