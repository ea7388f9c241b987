"""Line icons in the colours of the theme, drawn from `resources/icons/*.svg`."""

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viewers.shell.colours import COLOURS

ICON_FOLDER = Path(__file__).parents[2] / "resources" / "icons"
SIZES_PX = (20, 40)  # one for plain screens, one for high density
TINTS = (
    (QIcon.Mode.Normal, QIcon.State.Off, COLOURS.text),
    (QIcon.Mode.Normal, QIcon.State.On, COLOURS.accent),
    (QIcon.Mode.Disabled, QIcon.State.Off, COLOURS.disabled),
    (QIcon.Mode.Disabled, QIcon.State.On, COLOURS.disabled),
)


def line_icon(name: str) -> QIcon:
    """The icon of a name: plain, accented while on, pale while disabled. Raises OSError."""
    drawing = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    icon = QIcon()
    for mode, state, tint in TINTS:
        for size in SIZES_PX:
            icon.addPixmap(_painted(drawing, tint, size), mode, state)
    return icon


def _painted(drawing: str, tint: str, size_px: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", tint).encode()))
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap
