"""What stands over a picture, as overlay items: the frame's own, the reader's marks, crosshair."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.imaging.annotations import (
    colour_bar_items,
    corner_items,
    crosshair_items,
    letter_items,
    scale_bar_items,
)
from app.imaging.lettering import Face
from app.imaging.markers import Marker, marker_items
from app.imaging.overlay import (
    MARK_ON_DARK,
    ON_DARK,
    Ink,
    Item,
    Lines,
    Ring,
    Text,
)
from app.imaging.palette import CALM_GROUND, Palette
from app.imaging.rasterise import text_size
from segmentation.geometry import FloatArray, Vector
from segmentation.sampling.reslice import SlicePlane
from viewers.canvas.captions import corners_of, missing_text, refusal_lines, unit_of
from viewers.canvas.outlines import slice_outline
from viewers.canvas.scan_edges import scan_edge_items
from viewers.scene.hanging import Content
from viewers.scene.images import VisitScene
from viewers.scene.overlays import CaliperMark, LesionMark, VisitOverlays
from viewers.scene.resolve import FrameSpec
from viewers.tools.gesture import CaliperPreview, Preview, SpherePreview

_SELECTED_WIDTH_PX, _WIDTH_PX, _FAINT_WIDTH_PX = 2.8, 1.5, 1.0
_REFUSED_ON_DARK = Ink((255, 80, 80), (0, 0, 0))
_ON_CALM, _REFUSED_ON_CALM = Ink((0, 0, 0), CALM_GROUND), Ink((150, 0, 0), CALM_GROUND)
_EDITED = Ink((255, 214, 10), (0, 0, 0))
_REFERENCE = Ink((64, 220, 120), (0, 0, 0))
_CALIPER = Ink((255, 214, 10), (0, 0, 0))
# Unlike any lesion's colour.
_CROSS_ON_DARK, _CROSS_ON_CALM = Ink((0, 200, 230), None), Ink((0, 90, 140), None)
# A caliper belongs to its slice; half a voxel either way is still the same one.
_CALIPER_DEPTH_MM = 0.75
_SMALLEST_RING_PX = 2.0
_MM = " mm"


def frame_items(
    frame: FrameSpec, visit: VisitScene, scale_note: str, text_px: float
) -> tuple[Item, ...]:
    """Corner texts, letters, scale bar, colour bar and warnings of a viewport."""
    ink, plane = text_ink(frame), frame.plane
    corners = corners_of(frame, visit, scale_note, text_px)
    items = [*corner_items(plane, corners, ink, text_px)]
    middle = ((plane.rows - 1) / 2, (plane.columns - 1) / 2)
    if frame.picture is None:
        return (*items, Text(missing_text(frame, visit), middle, text_px * 1.1, ink, (0.5, 0.5)))
    items += scan_edge_items(frame, visit, ink, text_px, len(corners.top_left))
    items += letter_items(plane, ink, text_px * 1.1)
    items += scale_bar_items(plane, ink, text_px)
    if frame.scale is not None:
        bar = (frame.scale.shown, frame.palette, unit_of(frame.scale))
        items += colour_bar_items(plane, *bar, ink, text_px, len(corners.top_right))
        refused = _REFUSED_ON_CALM if ink is _ON_CALM else _REFUSED_ON_DARK
        for k, line in enumerate(refusal_lines(visit)):
            below = max(3.2, 1.25 * len(corners.top_left) + 1.0)  # no line of the corner
            at = (text_px * (below + 1.4 * k), middle[1])
            face, size = (Face.SEMI_BOLD, 1.15) if k == 0 else (Face.REGULAR, 1.0)
            items.append(Text(line, at, text_px * size, refused, (0.5, 0.5), face))
    return tuple(items)


def mark_items(
    frame: FrameSpec,
    overlays: VisitOverlays,
    text_px: float,
    avoid: Sequence[Item] = (),
) -> tuple[Item, ...]:
    """Lesions, outlines, spheres and calipers on a viewport."""
    if frame.picture is None:
        return ()
    items: list[Item] = []
    if frame.orientation is not None:
        items += _outline_items(frame.plane, overlays)
        items += _sphere_items(frame.plane, overlays, text_px)
    if frame.content in (Content.CT, Content.FUSION):
        for mark in overlays.calipers:
            items += _one_caliper(frame.plane, mark, text_px)
    return (*items, *_lesion_items(frame, overlays, text_px, [*avoid, *items]))


def without_dragged(overlays: VisitOverlays, preview: Preview) -> VisitOverlays:
    """The overlays of the preview's visit less the one that is dragged."""
    if isinstance(preview, SpherePreview):
        if preview.is_reference:
            return replace(overlays, reference=None)
        return replace(overlays, edited=None)
    if isinstance(preview, CaliperPreview):
        others = tuple(c for c in overlays.calipers if c.caliper_id != preview.caliper_id)
        return replace(overlays, calipers=others)
    return overlays


def preview_items(
    frame: FrameSpec, overlays: VisitOverlays, preview: Preview | None, text_px: float
) -> tuple[Item, ...]:
    """What is being dragged, on a viewport; nothing on those of other visits."""
    if preview is None or preview.visit != frame.visit or frame.picture is None:
        return ()
    if isinstance(preview, SpherePreview):
        if frame.orientation is None:
            return ()
        return tuple(_dragged_sphere(frame.plane, overlays, preview, text_px))
    if frame.content not in (Content.CT, Content.FUSION):
        return ()
    if isinstance(preview, CaliperPreview):
        drawn = CaliperMark(
            "", preview.long_axis, preview.short_axis, _length(*preview.long_axis),
            _length(*preview.short_axis) if preview.short_axis else "", selected=True,
        )  # fmt: skip
    else:
        drawn = CaliperMark("", preview.axis, None, _length(*preview.axis))
    return tuple(_one_caliper(frame.plane, drawn, text_px))


def cross_items(frame: FrameSpec) -> tuple[Item, ...]:
    """The crosshair of a viewport."""
    if frame.crosshair is None or frame.picture is None:
        return ()
    ink = _CROSS_ON_CALM if text_ink(frame) is _ON_CALM else _CROSS_ON_DARK
    return crosshair_items(frame.plane, frame.crosshair, ink, 12.0)


def text_ink(frame: FrameSpec) -> Ink:
    """The ink of letters that stands out on the viewport's ground."""
    on_calm = frame.picture is not None and frame.palette is Palette.CALM_INVERTED_GREY
    return _ON_CALM if on_calm else ON_DARK


def cut_radius_mm(plane: SlicePlane, center: Vector, radius_mm: float) -> float | None:
    """The radius of the circle in which a plane cuts a sphere; None where it does not."""
    depth = float(plane.depth_mm(center))
    return float(np.sqrt(radius_mm**2 - depth**2)) if abs(depth) < radius_mm else None


def _lesion_items(
    frame: FrameSpec, overlays: VisitOverlays, text_px: float, avoid: Sequence[Item]
) -> list[Item]:
    """Numbered rings: on a slice the circle of the cut, on a MIP the sphere's silhouette."""
    outlined = {outline.lesion_id for outline in overlays.outlines}
    seen = _seen_marks(frame, overlays.marks)
    if not seen:
        return []
    # One colour and a dark rim on every ground: a lesion looks alike on CT, PET and MIP.
    markers = [Marker(m.label, m.center_lps_mm, r, Ink(m.colour, (0, 0, 0))) for m, r in seen]
    items = list(marker_items(markers, frame.plane, MARK_ON_DARK, text_px * 1.1, avoid))
    for k, (mark, radius) in enumerate(seen):
        ring = items[k]
        assert isinstance(ring, Ring)
        # The label keeps its distance from a small ring; the ring itself has its true size.
        true = max(radius / frame.plane.pixel_mm, _SMALLEST_RING_PX)
        if frame.orientation is None:
            true = ring.radius_px
        width = _FAINT_WIDTH_PX if mark.faint else _WIDTH_PX
        width = _SELECTED_WIDTH_PX if mark.selected else width
        hidden = frame.orientation is not None and mark.lesion_id in outlined
        items[k] = replace(ring, radius_px=true, width_px=0.0 if hidden else width)
    return [i for i in items if not (isinstance(i, Ring) and i.width_px == 0.0)]


def _seen_marks(frame: FrameSpec, marks: Sequence[LesionMark]) -> list[tuple[LesionMark, float]]:
    """The marks inside the viewport that its plane cuts, with the radius (mm) of the cut."""
    if frame.orientation is None:
        marks = [mark for mark in marks if not mark.faint]
    if not marks:
        return []
    plane = frame.plane
    centers = np.array([m.center_lps_mm for m in marks])
    radii = np.array([m.radius_mm for m in marks])
    depth = plane.depth_mm(centers) if frame.orientation is not None else np.zeros(len(marks))
    pixel = plane.pixel_from_lps(centers)
    size = np.array([plane.rows, plane.columns])
    inside = np.all((pixel >= -0.5) & (pixel <= size - 0.5), axis=1) & (np.abs(depth) < radii)
    cut = np.sqrt(np.maximum(radii**2 - depth**2, 0.0))
    return [(marks[k], float(cut[k])) for k in np.flatnonzero(inside).tolist()]


def _outline_items(plane: SlicePlane, overlays: VisitOverlays) -> list[Item]:
    items: list[Item] = []
    for outline in overlays.outlines:
        segments = slice_outline(outline.region, plane)
        if len(segments):
            items.append(Lines(segments, Ink(outline.colour, (0, 0, 0)), _WIDTH_PX))
    return items


def _sphere_items(plane: SlicePlane, overlays: VisitOverlays, text_px: float) -> list[Item]:
    """The ball of the peak, the edited sphere and the reference."""
    items: list[Item] = []
    sphere, reference, peak = overlays.edited, overlays.reference, overlays.peak
    if peak is not None:
        radius = cut_radius_mm(plane, peak.center_lps_mm, peak.diameter_mm / 2)
        if radius is not None:
            row, column = (float(v) for v in plane.pixel_from_lps(peak.center_lps_mm))
            ink = Ink(peak.colour, (0, 0, 0))
            items.append(Ring((row, column), radius / plane.pixel_mm, ink, _FAINT_WIDTH_PX))
    if sphere is not None:
        items += _circle(plane, sphere.center_lps_mm, sphere.diameter_mm, _EDITED, "", text_px)
    if reference is not None:
        center, label = reference.center_lps_mm, reference.label
        items += _circle(plane, center, reference.diameter_mm, _REFERENCE, label, text_px)
    return items


def _dragged_sphere(
    plane: SlicePlane, overlays: VisitOverlays, dragged: SpherePreview, text_px: float
) -> list[Item]:
    """What the edited sphere or the reference is dragged to."""
    center = dragged.center_lps_mm
    if not dragged.is_reference:
        label = f"⌀ {dragged.diameter_mm:.1f} mm"
        return _circle(plane, center, dragged.diameter_mm, _EDITED, label, text_px)
    reference = overlays.reference
    if reference is None:
        return []
    return _circle(plane, center, reference.diameter_mm, _REFERENCE, reference.label, text_px)


def _circle(
    plane: SlicePlane, center: Vector, diameter_mm: float, ink: Ink, label: str, text_px: float
) -> list[Item]:
    radius = cut_radius_mm(plane, center, diameter_mm / 2)
    if radius is None:
        return []
    row, column = (float(v) for v in plane.pixel_from_lps(center))
    radius_px = radius / plane.pixel_mm
    items: list[Item] = [Ring((row, column), radius_px, ink, 1.8)]
    if label:
        items.append(Text(label, (row + radius_px + 2, column), text_px, ink, (0.0, 0.5)))
    return items


def _one_caliper(plane: SlicePlane, mark: CaliperMark, text_px: float) -> list[Item]:
    """The axes where they lie in the plane, with ticks at their ends; both lengths in one text.

    The text stands right of the axes, clear of both.
    """
    items: list[Item] = []
    drawn, texts = [], []
    for axis, text in ((mark.long_axis, mark.long_text), (mark.short_axis, mark.short_text)):
        if axis is None or np.abs(plane.depth_mm(axis)).max() > _CALIPER_DEPTH_MM:
            continue
        ends = plane.pixel_from_lps(axis)
        way = ends[1] - ends[0]
        length = float(np.hypot(*way))
        tick = np.array([-way[1], way[0]]) / max(length, 1e-9) * 5.0
        segments = np.array([[ends[0], ends[1]], *([e - tick, e + tick] for e in ends)])
        items.append(Lines(segments, _CALIPER, 2.2 if mark.selected else 1.5))
        drawn.append(ends)
        texts += [text] if text else []
    if texts:
        named = " × ".join([*(text.removesuffix(_MM) for text in texts[:-1]), texts[-1]])
        items.append(_beside(plane, np.concatenate(drawn), named, text_px))
    return items


def _beside(plane: SlicePlane, ends: FloatArray, text: str, text_px: float) -> Text:
    """A text right of the ends, or left of them where it would leave the picture."""
    right, left = max(ends, key=lambda e: float(e[1])), min(ends, key=lambda e: float(e[1]))
    row, column = float(right[0]) - 0.2 * text_px, float(right[1]) + 8.0  # above its own line
    made = Text(text, (row, column), text_px, _CALIPER, (1.0, 0.0))
    if column + text_size(made)[1] < plane.columns:
        return made
    row, column = float(left[0]) - 0.2 * text_px, float(left[1]) - 8.0
    return replace(made, at=(row, column), align=(1.0, 1.0))


def _length(a: Vector, b: Vector) -> str:
    return f"{float(np.linalg.norm(np.subtract(a, b))):.1f}{_MM}"
