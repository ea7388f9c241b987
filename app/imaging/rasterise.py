"""Overlay items drawn into RGBA, anti-aliased."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from app.imaging.lettering import Face, typeface
from app.imaging.overlay import Item, Lines, Patch, Rgb, Ring, Text
from app.imaging.palette import Rgba
from app.imaging.picture import Picture

_SUPERSAMPLING = 4
_HALO_PX = 1.2
Paint = Callable[[ImageDraw.ImageDraw, float, float], None]


def draw(picture: Picture, items: Iterable[Item]) -> Picture:
    """The picture with the items over it, in order; the input stays as it is."""
    rgba = picture.rgba.copy()
    for item in items:
        if isinstance(item, Ring):
            _draw_ring(rgba, item)
        elif isinstance(item, Lines):
            _draw_lines(rgba, item)
        elif isinstance(item, Text):
            _draw_text(rgba, item)
        else:
            _draw_patch(rgba, item)
    return replace(picture, rgba=rgba)


def text_size(item: Text) -> tuple[float, float]:
    """Height and width of a text's box (pixels): the line's full height, not the letters'."""
    return _text_box(item.text, item.face, item.size_px)


@lru_cache(maxsize=4096)
def _text_box(text: str, face: Face, size_px: float) -> tuple[float, float]:
    """Kept, for the same few texts are asked for at every step of a picture."""
    font = typeface(face, size_px)
    ascent, descent = font.getmetrics()
    return float(ascent + descent), float(font.getlength(text))


def _draw_ring(rgba: Rgba, ring: Ring) -> None:
    passes = [(ring.ink.colour, ring.width_px)]
    if ring.ink.halo is not None:
        passes.insert(0, (ring.ink.halo, ring.width_px + 2 * _HALO_PX))
    for colour, width in passes:
        outer, inner = ring.radius_px + width / 2, max(ring.radius_px - width / 2, 0.0)

        def paint(
            canvas: ImageDraw.ImageDraw,
            top: float,
            left: float,
            radii: tuple[float, float] = (outer, inner),
        ) -> None:
            y = (ring.center[0] - top + 0.5) * _SUPERSAMPLING
            x = (ring.center[1] - left + 0.5) * _SUPERSAMPLING
            for radius, fill in zip(radii, (255, 0), strict=True):
                r = radius * _SUPERSAMPLING
                canvas.ellipse((x - r, y - r, x + r, y + r), fill=fill)

        reach = outer + 1
        low = (ring.center[0] - reach, ring.center[1] - reach)
        high = (ring.center[0] + reach, ring.center[1] + reach)
        _paint(rgba, low, high, colour, paint)


def _draw_lines(rgba: Rgba, lines: Lines) -> None:
    if len(lines.segments) == 0:
        return
    ends = lines.segments.reshape(-1, 2)
    passes = [(lines.ink.colour, lines.width_px)]
    if lines.ink.halo is not None:
        passes.insert(0, (lines.ink.halo, lines.width_px + 2 * _HALO_PX))
    for colour, width in passes:
        thick = 2 * round((width * _SUPERSAMPLING - 1) / 2) + 1  # odd: symmetric about its axis

        def paint(canvas: ImageDraw.ImageDraw, top: float, left: float, thick: int = thick) -> None:
            scaled = (lines.segments - (top, left) + 0.5) * _SUPERSAMPLING - 0.5
            r = (thick - 1) / 2
            for (y0, x0), (y1, x1) in scaled.tolist():
                canvas.line((x0, y0, x1, y1), fill=255, width=thick)
                canvas.ellipse((x1 - r, y1 - r, x1 + r, y1 + r), fill=255)

        low, high = ends.min(axis=0) - width - 1, ends.max(axis=0) + width + 1
        _paint(rgba, (low[0], low[1]), (high[0], high[1]), colour, paint)


def _draw_text(rgba: Rgba, item: Text) -> None:
    font = typeface(item.face, item.size_px)
    height, width = text_size(item)
    halo = max(1, round(item.size_px / 12))
    top = item.at[0] - item.align[0] * height
    left = item.at[1] - item.align[1] * width
    row, column = int(np.floor(top)) - halo, int(np.floor(left)) - halo
    size = (int(np.ceil(width)) + 2 * halo + 2, int(np.ceil(height)) + 2 * halo + 2)
    at = (left - column, top - row)
    for colour, stroke in ((item.ink.halo, halo), (item.ink.colour, 0)):
        if colour is not None:
            cover = Image.new("L", size)
            ImageDraw.Draw(cover).text(at, item.text, 255, font, stroke_width=stroke, anchor="la")
            _blend(rgba, np.asarray(cover), colour, row, column)


def _draw_patch(rgba: Rgba, patch: Patch) -> None:
    target, source = _overlap(rgba.shape[:2], patch.rgba.shape[:2], patch.top, patch.left)
    rgba[target] = patch.rgba[source]


def _paint(
    rgba: Rgba, low: tuple[float, float], high: tuple[float, float], colour: Rgb, paint: Paint
) -> None:
    """Run `paint` on a supersampled canvas over the box that lies in the picture; blend it in."""
    top, left = (max(0, int(np.floor(v))) for v in low)
    bottom, right = (min(n, int(np.ceil(v)) + 1) for v, n in zip(high, rgba.shape, strict=False))
    if bottom <= top or right <= left:
        return
    size = ((right - left) * _SUPERSAMPLING, (bottom - top) * _SUPERSAMPLING)
    cover = Image.new("L", size)
    paint(ImageDraw.Draw(cover), float(top), float(left))
    _blend(rgba, np.asarray(cover.reduce(_SUPERSAMPLING)), colour, top, left)


def _blend(rgba: Rgba, cover: npt.NDArray[np.uint8], colour: Rgb, top: int, left: int) -> None:
    """Colour laid over the picture where `cover` is not 0 (255 hides it fully)."""
    target, source = _overlap(rgba.shape[:2], cover.shape[:2], top, left)
    share = cover[source].astype(np.float32)[..., None] / 255.0
    ground = rgba[target][..., :3]
    mixed = ground * (1.0 - share) + np.array(colour, dtype=np.float32) * share
    ground[...] = np.rint(mixed)


def _overlap(
    picture: tuple[int, ...], patch: tuple[int, ...], top: int, left: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a patch at (top, left) meets the picture: slices of the picture and of the patch."""
    first = (max(top, 0), max(left, 0))
    last = (min(top + patch[0], picture[0]), min(left + patch[1], picture[1]))
    rows = slice(first[0], max(first[0], last[0]))
    columns = slice(first[1], max(first[1], last[1]))
    return (rows, columns), (
        slice(rows.start - top, rows.stop - top),
        slice(columns.start - left, columns.stop - left),
    )
