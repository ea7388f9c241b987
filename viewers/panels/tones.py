"""The signs of severity: one shape and one colour each, so that colour is never alone."""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

from app.domain.findings import Severity
from app.domain.response import ComparabilitySeverity


class Tone(StrEnum):
    """What a sign says."""

    AGREED = "agreed"
    NOTE = "note"
    WARNING = "warning"
    REFUSED = "refused"
    OPEN = "open"


COLOURS = {
    Tone.AGREED: "#7cc79a",
    Tone.NOTE: "#9aa3ad",
    Tone.WARNING: "#e3b057",
    Tone.REFUSED: "#f28b82",
    Tone.OPEN: "#6fb3e0",
}
OF_FINDING = {
    Severity.INFO: Tone.NOTE,
    Severity.WARNING: Tone.WARNING,
    Severity.ERROR: Tone.REFUSED,
}
OF_COMPARABILITY = {
    ComparabilitySeverity.OK: Tone.AGREED,
    ComparabilitySeverity.WARN: Tone.WARNING,
    ComparabilitySeverity.BLOCK: Tone.REFUSED,
}
# The label role of the style sheet that each category is written in.
ROLE_OF_CATEGORY = {
    "CMR": "agreed",
    "PMR": "agreed",
    "PMD": "refused",
    "NE": "warning",
    "NOT_MEASURABLE": "warning",
    "CR": "agreed",
    "PR": "agreed",
    "PD": "refused",
}
SIGN_SIZE = 11
SHARPNESS = 3.0  # pixels a sign is drawn with for each one shown, for dense screens


@cache
def sign(tone: Tone) -> QPixmap:
    """A disc for agreed, a ring for note and open, a triangle for warning, a square for refused."""
    pixmap = QPixmap(round(SIGN_SIZE * SHARPNESS), round(SIGN_SIZE * SHARPNESS))
    pixmap.setDevicePixelRatio(SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour, area = QColor(COLOURS[tone]), QRectF(1.0, 1.0, SIGN_SIZE - 2.0, SIGN_SIZE - 2.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if tone is Tone.WARNING:
        middle = area.center().x()
        corners = (QPointF(middle, area.top()), area.bottomRight(), area.bottomLeft())
        painter.drawPolygon(QPolygonF(corners))
    elif tone is Tone.REFUSED:
        painter.drawRect(area)
    elif tone is Tone.AGREED:
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour)
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
    painter.end()
    return pixmap


def sign_icon(tone: Tone) -> QIcon:
    """The sign as an icon, for trees and tables."""
    return QIcon(sign(tone))
