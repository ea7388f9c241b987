"""The scene worked out: one frozen description per viewport, from which its picture follows.

Two equal `PictureSpec`s give the same pixels of the same images, so a viewport is rendered again
only where its own differs; where only the crosshair differs, lines move.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.imaging.frames import CT_SOFT_TISSUE, FusionStyle, Layer
from app.imaging.palette import Palette
from app.imaging.window import Window
from segmentation.geometry import Vector
from segmentation.sampling.projection import frame_right
from segmentation.sampling.reslice import (
    DISPLAY_DIRECTIONS,
    Orientation,
    SlicePlane,
    cross,
    plane_facing,
)
from viewers.scene.hanging import Cell, Content, cells_of, orientation_of
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.linking import carried
from viewers.scene.state import SceneState, View
from viewers.scene.windows import PetScale, pet_scale

ViewportSizes = Mapping[str, tuple[int, int]]  # cell key -> (width, height) in device pixels
_DOWN: Vector = (0.0, 0.0, -1.0)
# In a fused picture faint PET is transparent: below SUL 0.5, or a tenth of a window without SUV.
_TRANSPARENT_SUL, _SOFT_EDGE_SUL = 0.5, 0.75
_TRANSPARENT_SHARE, _SOFT_EDGE_SHARE = 0.1, 0.15


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What the pixels depend on. Windows are in the volumes' stored units."""

    visit: int
    content: Content
    plane: SlicePlane
    ct: Layer | None
    pet: Layer | None
    fusion: FusionStyle | None
    mip_frame: int | None


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """A viewport: its picture and what stands over it.

    `scale` is the PET's (None on CT), `zoom` relative to "fit". `picture` is None where the
    visit lacks what the cell shows; `crosshair` is None where it is hidden.
    """

    key: str
    visit: int
    content: Content
    orientation: Orientation | None
    plane: SlicePlane
    picture: PictureSpec | None
    crosshair: Vector | None
    ct_window: Window | None
    scale: PetScale | None
    zoom: float
    palette: Palette


def resolve(state: SceneState, images: SceneImages, sizes: ViewportSizes) -> dict[str, FrameSpec]:
    """The frames of all viewports shown, by cell key; cells without size or visit are left out."""
    frames: dict[str, FrameSpec] = {}
    cells = [c for c in cells_of(state) if c.key in sizes]
    for cell in cells:
        visit = images.visit(state.visits[cell.slot])
        if visit is not None:
            fit = fit_mm_per_pixel(state, images, View.of(orientation_of(cell, state)),
                                   [sizes[c.key] for c in _alike(cell, cells, state)])  # fmt: skip
            frames[cell.key] = _frame(state, images, visit, cell, sizes[cell.key], fit)
    return frames


class KeptFrames:
    """The frames of a scene, worked out anew only where something of it changed.

    A drag asks for the same ones many times.
    """

    def __init__(self) -> None:
        self._known: tuple[SceneState, SceneImages, dict[str, tuple[int, int]]] | None = None
        self._frames: dict[str, FrameSpec] = {}

    def of(
        self, state: SceneState, images: SceneImages, sizes: ViewportSizes
    ) -> dict[str, FrameSpec]:
        """As `resolve`; records are the same as before where they are the same objects."""
        known = self._known
        same = known is not None and known[0] is state and known[1] is images
        if known is None or not same or known[2] != sizes:
            self._frames = resolve(state, images, sizes)
            self._known = (state, images, dict(sizes))
        return dict(self._frames)


def fit_mm_per_pixel(
    state: SceneState,
    images: SceneImages,
    view: View,
    sizes: list[tuple[int, int]],
) -> float:
    """The pixel size at which the bodies of all shown visits fit into viewports of these sizes."""
    needed = [1e-3]
    for number in state.visits:
        visit = images.visit(number)
        if visit is not None:
            extent = _extent_mm(visit, view)
            needed += [max(extent[0] / width, extent[1] / height) for width, height in sizes]
    return max(needed)


def _extent_mm(visit: VisitScene, view: View) -> tuple[float, float]:
    """Width and height of the body in a view; a turning body sweeps a circle about its pivot."""
    low, high = visit.body
    x, y, z = (b - a for a, b in zip(low, high, strict=True))
    if view is View.MIP:
        pivot = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        if visit.mip is not None:
            pivot = visit.mip.pivot_lps_mm[:2]
        reach = [max(p - low[k], high[k] - p) for k, p in enumerate(pivot)]
        return 2.0 * max(reach), z
    return {View.AXIAL: (x, y), View.CORONAL: (x, z), View.SAGITTAL: (y, z)}[view]


def _alike(cell: Cell, cells: list[Cell], state: SceneState) -> list[Cell]:
    """The shown cells of one direction of view: they share one scale."""
    orientation = orientation_of(cell, state)
    return [c for c in cells if orientation_of(c, state) == orientation]


def _frame(
    state: SceneState,
    images: SceneImages,
    visit: VisitScene,
    cell: Cell,
    size: tuple[int, int],
    fit: float,
) -> FrameSpec:
    orientation = orientation_of(cell, state)
    pose = state.pose(View.of(orientation))
    mm_per_pixel = pose.mm_per_pixel or fit
    crosshair = state.crosshair(visit.number) or images.middle_of(visit.number)
    if orientation is None:
        angle = _mip_angle(state, visit)
        right, down = frame_right(angle), _DOWN
    else:
        right, down = DISPLAY_DIRECTIONS[orientation]
    center = _center(state, images, visit, crosshair, (right, down), pose.pan_mm)
    if orientation is None and visit.mip is not None:
        # The axis of rotation stays in the middle, so that the patient turns and does not swing.
        pivot = np.asarray(visit.mip.pivot_lps_mm)
        shift = np.asarray(right) * pose.pan_mm[0]
        center = (float(pivot[0] + shift[0]), float(pivot[1] + shift[1]), center[2])
    plane = plane_facing(
        right, down, center, (size[0] * mm_per_pixel, size[1] * mm_per_pixel), mm_per_pixel
    )
    scale = None if cell.content is Content.CT else pet_scale(state, visit)
    picture = _picture(state, visit, cell.content, plane, scale)
    return FrameSpec(
        cell.key,
        visit.number,
        cell.content,
        orientation,
        plane,
        picture,
        crosshair if state.crosshair_shown else None,
        state.ct_window if cell.content in (Content.CT, Content.FUSION) else None,
        scale,
        fit / mm_per_pixel,
        _palette(state, cell.content),
    )


def _picture(
    state: SceneState,
    visit: VisitScene,
    content: Content,
    plane: SlicePlane,
    scale: PetScale | None,
) -> PictureSpec | None:
    ct = Layer(state.ct_window, CT_SOFT_TISSUE.palette, outside=CT_SOFT_TISSUE.outside)
    if content is Content.CT:
        if visit.ct is None:
            return None
        return PictureSpec(visit.number, content, plane, ct, None, None, None)
    assert scale is not None
    pet = Layer(scale.stored, _palette(state, content))
    if content is Content.FUSION:
        if visit.ct is None:
            return None
        if scale.quantity is None:
            faint = scale.stored.upper * _TRANSPARENT_SHARE
            edge = scale.stored.upper * _SOFT_EDGE_SHARE
        else:
            faint, edge = _TRANSPARENT_SUL, _SOFT_EDGE_SUL
        style = FusionStyle(ct, pet, state.opacity, faint, edge)
        return PictureSpec(visit.number, content, plane, ct, pet, style, None)
    if content is Content.MIP:
        if visit.mip is None:
            return None
        frame = state.mip_frame % len(visit.mip.angles_deg)
        return PictureSpec(visit.number, content, plane, None, pet, None, frame)
    return PictureSpec(visit.number, content, plane, None, pet, None, None)


def _palette(state: SceneState, content: Content) -> Palette:
    if content is Content.CT:
        return Palette.GREY
    if content is Content.FUSION:
        return Palette.HOT_METAL
    return Palette.GREY if state.inverted else Palette.CALM_INVERTED_GREY


def _mip_angle(state: SceneState, visit: VisitScene) -> float:
    if visit.mip is None:
        return 0.0
    return visit.mip.angles_deg[state.mip_frame % len(visit.mip.angles_deg)]


def _center(
    state: SceneState,
    images: SceneImages,
    visit: VisitScene,
    crosshair: Vector,
    directions: tuple[Vector, Vector],
    pan_mm: tuple[float, float],
) -> Vector:
    """The middle of a viewport: the body's, panned, at the crosshair's depth.

    All visits are centred on the same anatomical place where they were registered.
    """
    first = state.visits[0]
    home = images.middle_of(visit.number)
    if images.visit(first) is not None:
        home = carried(images, first, visit.number, images.middle_of(first)) or home
    right, down = (np.asarray(v) for v in directions)
    away = np.asarray(cross(*directions))
    center = np.asarray(home) + right * pan_mm[0] + down * pan_mm[1]
    center = center + away * float((np.asarray(crosshair) - center) @ away)
    x, y, z = (float(v) for v in center)
    return x, y, z
