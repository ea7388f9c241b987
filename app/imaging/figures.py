"""Finished figures: a slice or a MIP frame with lesions, outlines, letters, scale and bar."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy.typing as npt

from app.imaging.annotations import (
    NO_TEXT,
    Corners,
    colour_bar_items,
    corner_items,
    crosshair_items,
    letter_items,
    scale_bar_items,
)
from app.imaging.frames import (
    FusionStyle,
    Layer,
    fusion_picture,
    mip_picture,
    slice_picture,
)
from app.imaging.markers import Marker, marker_items, near_plane
from app.imaging.outline import Segments, outline_on_mip, outline_on_slice
from app.imaging.overlay import MARK_ON_DARK, MARK_ON_LIGHT, ON_DARK, ON_LIGHT, Ink, Item, Lines
from app.imaging.palette import Palette
from app.imaging.picture import Picture
from app.imaging.rasterise import draw
from segmentation.geometry import Vector
from segmentation.mask import Mask
from segmentation.sampling.projection import MipFrames
from segmentation.sampling.reslice import SlicePlane
from segmentation.volume import Volume


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written and drawn over a figure; positions in the frame of reference of its plane.

    `unit` labels the colour bar (None: no bar); `text_px` is the size of corner text and letters.
    On a slice only markers whose sphere it cuts are drawn, on a MIP all.
    """

    markers: Sequence[Marker] = ()
    outlines: Sequence[Mask] = ()
    crosshair_lps_mm: Vector | None = None
    corners: Corners = NO_TEXT
    unit: str | None = None
    letters: bool = True
    scale_bar: bool = True
    text_px: float = 14.0


def fusion_figure(
    ct: Volume,
    pet: Volume,
    plane: SlicePlane,
    style: FusionStyle,
    notes: Notes,
    pet_from_ct: npt.ArrayLike | None = None,
) -> Picture:
    """PET over CT on a plane, annotated.

    Two visits are at one scale when the caller passes planes of one size and pixel size and the
    same style.
    """
    picture = fusion_picture(ct, pet, plane, style, pet_from_ct)
    return draw(picture, _slice_items(plane, style.pet, notes, ON_DARK, MARK_ON_DARK))


def slice_figure(volume: Volume, plane: SlicePlane, layer: Layer, notes: Notes) -> Picture:
    """One volume on a plane, annotated (PET alone where there is no CT)."""
    picture = slice_picture(volume, plane, layer)
    return draw(picture, _slice_items(plane, layer, notes, *_inks(layer)))


def mip_figure(
    frames: MipFrames, frame: int, plane: SlicePlane, layer: Layer, notes: Notes
) -> Picture:
    """A MIP frame on a plane facing it (from `frames.plane` or `plane_around`), annotated."""
    text, mark = _inks(layer)
    angle = frames.angles_deg[frame]
    outlines = [outline_on_mip(mask, plane, angle) for mask in notes.outlines]
    items = _items(plane, layer, notes, (text, mark), notes.markers, outlines)
    return draw(mip_picture(frames, frame, plane, layer), items)


def _slice_items(
    plane: SlicePlane, layer: Layer, notes: Notes, text: Ink, mark: Ink
) -> tuple[Item, ...]:
    outlines = [outline_on_slice(mask, plane) for mask in notes.outlines]
    return _items(plane, layer, notes, (text, mark), near_plane(notes.markers, plane), outlines)


def _items(
    plane: SlicePlane,
    layer: Layer,
    notes: Notes,
    inks: tuple[Ink, Ink],
    markers: Sequence[Marker],
    outlines: Sequence[Segments],
) -> tuple[Item, ...]:
    text, mark = inks
    lines = len(notes.corners.top_right)
    frame = list(corner_items(plane, notes.corners, text, notes.text_px))
    if notes.letters:
        frame += letter_items(plane, text, notes.text_px)
    if notes.scale_bar:
        frame += scale_bar_items(plane, text, notes.text_px)
    if notes.unit is not None:
        bar = layer.window, layer.palette
        frame += colour_bar_items(plane, *bar, notes.unit, text, notes.text_px, lines)
    over: list[Item] = [Lines(segments, mark) for segments in outlines]
    if notes.crosshair_lps_mm is not None:
        over += crosshair_items(plane, notes.crosshair_lps_mm, mark)
    over += marker_items(markers, plane, mark, notes.text_px * 1.1, frame)
    return (*frame, *over)


def _inks(layer: Layer) -> tuple[Ink, Ink]:
    """Text and marker ink that stand out on the palette's background."""
    if layer.palette is Palette.INVERTED_GREY:
        return ON_LIGHT, MARK_ON_LIGHT
    return ON_DARK, MARK_ON_DARK
