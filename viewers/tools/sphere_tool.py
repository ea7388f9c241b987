"""Spheres: placed by a click or drawn from the centre, moved by the inside, resized by the rim."""

from dataclasses import dataclass, replace

from app.domain.region import SphereRegion
from segmentation.geometry import Vector
from viewers.scene.overlays import EditedSphere, VisitOverlays
from viewers.tools.gesture import Pointer, SpherePreview
from viewers.tools.in_patient import distance_mm, minus, plus
from viewers.tools.intents import Intent, MoveReference, MoveRegion, PlaceSphere

DEFAULT_DIAMETER_MM = 20.0
SMALLEST_DIAMETER_MM, LARGEST_DIAMETER_MM = 4.0, 200.0


@dataclass(frozen=True, slots=True)
class _Moving:
    """The sphere follows the pointer at the offset where it was taken."""

    offset: Vector


@dataclass(frozen=True, slots=True)
class _Resizing:
    """The rim follows the pointer; before the first real drag a new sphere keeps its size."""

    start: Vector
    follows: bool


class SphereTool:
    """Places a sphere, or moves and resizes the one being edited."""

    def __init__(self, default_diameter_mm: float = DEFAULT_DIAMETER_MM) -> None:
        self.default_diameter_mm = default_diameter_mm
        self.preview: SpherePreview | None = None
        self._mode: _Moving | _Resizing | None = None
        self._before: SpherePreview | None = None

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """Takes hold of the edited sphere (rim before inside), or starts a new one."""
        held = over.edited
        grip = None if held is None else _grip(held, at)
        if held is None or grip is None:
            self.preview = SpherePreview(at.visit, at.lps_mm, self.default_diameter_mm)
            self._mode = _Resizing(at.lps_mm, follows=False)
            self._before = None
            return
        self._mode = grip
        self.preview = SpherePreview(at.visit, held.center_lps_mm, held.diameter_mm, held.lesion_id)
        self._before = self.preview

    def move(self, at: Pointer) -> None:
        """Drags what is held."""
        if self.preview is None or at.visit != self.preview.visit:
            return
        if isinstance(self._mode, _Moving):
            self.preview = replace(self.preview, center_lps_mm=plus(at.lps_mm, self._mode.offset))
        elif isinstance(self._mode, _Resizing):
            if not self._mode.follows:
                if distance_mm(at.lps_mm, self._mode.start) < at.drag_mm:
                    return
                self._mode = replace(self._mode, follows=True)
            wide = 2.0 * distance_mm(at.lps_mm, self.preview.center_lps_mm)
            diameter = round(min(max(wide, SMALLEST_DIAMETER_MM), LARGEST_DIAMETER_MM), 1)
            self.preview = replace(self.preview, diameter_mm=diameter)

    def release(self, at: Pointer) -> Intent | None:
        """The sphere as it stands; None where nothing changed."""
        self.move(at)
        return self.finish()

    def finish(self) -> Intent | None:
        """The sphere as it stands; None where nothing changed."""
        sphere, before = self.preview, self._before
        self.cancel()
        if sphere is None or sphere == before:
            return None
        if sphere.lesion_id is None:
            return PlaceSphere(sphere.visit, sphere.center_lps_mm, sphere.diameter_mm)
        region = SphereRegion(sphere.center_lps_mm, sphere.diameter_mm)
        return MoveRegion(sphere.visit, sphere.lesion_id, region)

    def cancel(self) -> None:
        """Drops the gesture."""
        self.preview = self._mode = self._before = None


class ReferenceTool:
    """Moves the reference sphere: dragged by its inside, or called to a click."""

    def __init__(self) -> None:
        self.preview: SpherePreview | None = None
        self._offset: Vector = (0.0, 0.0, 0.0)
        self._start: Vector | None = None

    def press(self, at: Pointer, over: VisitOverlays) -> None:
        """Takes the sphere where the pointer is inside, else brings it here."""
        held = over.reference
        if held is None:
            return
        inside = distance_mm(at.lps_mm, held.center_lps_mm) <= held.diameter_mm / 2
        self._offset = minus(held.center_lps_mm, at.lps_mm) if inside else (0.0, 0.0, 0.0)
        self._start = held.center_lps_mm
        self.preview = SpherePreview(
            at.visit, plus(at.lps_mm, self._offset), held.diameter_mm, is_reference=True
        )

    def move(self, at: Pointer) -> None:
        """Drags the sphere."""
        if self.preview is not None and at.visit == self.preview.visit:
            self.preview = replace(self.preview, center_lps_mm=plus(at.lps_mm, self._offset))

    def release(self, at: Pointer) -> Intent | None:
        """The new place; None where it is the old one."""
        self.move(at)
        return self.finish()

    def finish(self) -> Intent | None:
        """The new place; None where it is the old one."""
        sphere, start = self.preview, self._start
        self.cancel()
        if sphere is None or start is None or distance_mm(sphere.center_lps_mm, start) < 1e-6:
            return None
        return MoveReference(sphere.visit, sphere.center_lps_mm)

    def cancel(self) -> None:
        """Drops the gesture."""
        self.preview = self._start = None


def _grip(sphere: EditedSphere, at: Pointer) -> _Moving | _Resizing | None:
    """What the pointer takes hold of: the rim, the inside, or nothing."""
    away = distance_mm(at.lps_mm, sphere.center_lps_mm)
    radius = sphere.diameter_mm / 2
    # A sphere smaller than the pointer's reach is moved by its middle, never only resized.
    if abs(away - radius) <= min(at.grab_mm, radius * 0.5):
        return _Resizing(at.lps_mm, follows=False)
    if away < radius:
        return _Moving(minus(sphere.center_lps_mm, at.lps_mm))
    return None
