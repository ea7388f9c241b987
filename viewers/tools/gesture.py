"""What a tool hears and shows: pointer positions in the patient, previews while dragging."""

from dataclasses import dataclass
from typing import Protocol

from app.domain.caliper import Axis
from segmentation.geometry import Vector
from viewers.scene.hanging import Content
from viewers.scene.overlays import VisitOverlays
from viewers.tools.intents import Intent

GRAB_PX = 7.0  # how near the pointer must come to a line or an end to take hold of it
DRAG_PX = 3.0  # a shorter way between press and release is a click


@dataclass(frozen=True, slots=True)
class Pointer:
    """A position on a picture: where in the patient, which way one looks, how large a pixel is."""

    visit: int
    content: Content
    lps_mm: Vector
    away: Vector
    mm_per_pixel: float

    @property
    def grab_mm(self) -> float:
        """The reach of the pointer."""
        return GRAB_PX * self.mm_per_pixel

    @property
    def drag_mm(self) -> float:
        """The shortest way that counts as a drag."""
        return DRAG_PX * self.mm_per_pixel


@dataclass(frozen=True, slots=True)
class SpherePreview:
    """A sphere while it is dragged; `lesion_id` is None for a new one."""

    visit: int
    center_lps_mm: Vector
    diameter_mm: float
    lesion_id: str | None = None
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class CaliperPreview:
    """A caliper while it is drawn or moved; `caliper_id` is None for a new one."""

    visit: int
    long_axis: Axis
    short_axis: Axis | None = None
    caliper_id: str | None = None


@dataclass(frozen=True, slots=True)
class RulerPreview:
    """A distance that is shown and never stored."""

    visit: int
    axis: Axis


Preview = SpherePreview | CaliperPreview | RulerPreview


class Tool(Protocol):
    """A state machine: pointer in, preview while dragging, at most one intent at gesture end."""

    @property
    def preview(self) -> Preview | None:
        """What to draw over the picture now."""

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """The button went down; `over` is what the reader sees there."""

    def move(self, at: Pointer) -> None:
        """The pointer moved, with or without the button held."""

    def release(self, at: Pointer) -> Intent | None:
        """The button went up."""

    def finish(self) -> Intent | None:
        """The reader closes an open gesture as it stands (Enter)."""

    def cancel(self) -> None:
        """The reader drops the gesture (Escape, another tool)."""
