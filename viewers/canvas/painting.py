"""Overlay items painted with Qt; letters are rendered once and then stamped."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from app.imaging.lettering import Face
from app.imaging.overlay import Ink, Item, Lines, Patch, Rgb, Ring, Text

_HALO_PX = 1.2
_AROUND = ((-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1))


def paint(painter: QPainter, items: Iterable[Item]) -> None:
    """Items in pixel coordinates (whole numbers at pixel centres), in order."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(0.5, 0.5)
    for item in items:
        if isinstance(item, Text):
            _paint_text(painter, item)
        elif isinstance(item, Lines):
            lines = [QLineF(c0, r0, c1, r1) for (r0, c0), (r1, c1) in item.segments.tolist()]
            for pen in _pens(item.ink, item.width_px):
                painter.setPen(pen)
                painter.drawLines(lines)
        elif isinstance(item, Ring):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            center = QPointF(item.center[1], item.center[0])
            for pen in _pens(item.ink, item.width_px):
                painter.setPen(pen)
                painter.drawEllipse(center, item.radius_px, item.radius_px)
        else:
            _paint_patch(painter, item)
    painter.restore()


@lru_cache(maxsize=64)
def _pens(ink: Ink, width_px: float) -> tuple[QPen, ...]:
    pens = [QPen(QColor(*ink.colour), width_px)]
    if ink.halo is not None:
        pens.insert(0, QPen(QColor(*ink.halo, 170), width_px + 2 * _HALO_PX))
    for pen in pens:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return tuple(pens)


@dataclass(frozen=True, slots=True, eq=False)
class _Stamp:
    """A line of text as an image; its text box starts at `inset` and measures width, height."""

    image: QImage
    inset: float
    width: float
    height: float


def _paint_text(painter: QPainter, item: Text) -> None:
    family = QFont().family()
    stamp = _stamp(item.text, item.size_px, item.face, item.ink.colour, item.ink.halo, family)
    left = item.at[1] - item.align[1] * stamp.width - stamp.inset
    top = item.at[0] - item.align[0] * stamp.height - stamp.inset
    # On whole pixels, so that letters stay sharp.
    painter.drawImage(QPointF(round(left) - 0.5, round(top) - 0.5), stamp.image)


@lru_cache(maxsize=1024)
def _stamp(
    text: str, size_px: float, face: Face, colour: Rgb, halo: Rgb | None, family: str
) -> _Stamp:
    font = QFont(family)
    font.setPixelSize(max(1, round(size_px)))
    if face is Face.SEMI_BOLD:
        font.setWeight(QFont.Weight.DemiBold)
    font.setItalic(face is Face.ITALIC)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    inset = max(2.0, round(size_px / 6))
    image = QImage(
        int(np.ceil(width + 2 * inset)),
        int(np.ceil(height + 2 * inset)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    baseline = QPointF(inset, inset + metrics.ascent())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    if halo is not None:
        painter.setPen(QColor(*halo, 150))
        reach = max(1.0, size_px / 13)
        for right, down in _AROUND:
            painter.drawText(baseline + QPointF(right * reach, down * reach), text)
    painter.setPen(QColor(*colour))
    painter.drawText(baseline, text)
    painter.end()
    return _Stamp(image, inset, width, height)


def _paint_patch(painter: QPainter, patch: Patch) -> None:
    rgba = np.ascontiguousarray(patch.rgba)  # opaque: the format without alpha paints faster
    rows, columns = rgba.shape[:2]
    image = QImage(rgba.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888)
    painter.drawImage(QPointF(patch.left - 0.5, patch.top - 0.5), image)
