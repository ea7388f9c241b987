"""One viewport: a finished picture, items over it, and the pointer in picture pixels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.imaging.overlay import Item, Pixel
from app.imaging.palette import Rgba
from viewers.canvas.painting import paint
from viewers.tools.mouse_map import Button, Press

_BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
    Qt.MouseButton.RightButton: Button.RIGHT,
}
_TEXT_PX, _TEXT_PX_NARROW, _NARROW_PX = 13.0, 11.0, 300
NOTCH = 120  # eighths of a degree in one step of a wheel


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """Where the pointer is (row, column in picture pixels), and what was pressed."""

    key: str
    at: Pixel
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class WheelTurn:
    """Wheel steps, positive towards the reader."""

    key: str
    at: Pixel
    steps: int
    control: bool


class _Over(QGraphicsItem):
    """Paints overlay items in device pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[Item] = ()
        self._rect = QRectF()
        self._ratio = 1.0

    def carry(self, items: Sequence[Item], rect: QRectF, ratio: float) -> None:
        """Other items over a viewport of a size."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._items, self._ratio = items, ratio
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The whole viewport."""
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paints the items."""
        painter.save()
        painter.scale(1 / self._ratio, 1 / self._ratio)
        paint(painter, self._items)
        painter.restore()


class Viewport(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is untyped
    """Blits RGBA at screen resolution; knows neither volumes nor tools."""

    pressed = Signal(object)
    double_clicked = Signal(object)
    moved = Signal(object)
    released = Signal(object)
    wheeled = Signal(object)
    pointer_left = Signal(str)
    size_changed = Signal()

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent, useOpenGL=False, background="k")
        self.key = key
        self._wheel_rest = 0
        self._image = pg.ImageItem(axisOrder="row-major")
        self._over = _Over()
        self._rgba: Rgba | None = None
        self._image_rect = QRectF()
        self._image.setZValue(0)
        self._over.setZValue(1)
        scene = self.scene()
        scene.addItem(self._image)
        scene.addItem(self._over)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    @property
    def device_size(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    @property
    def text_px(self) -> float:
        """The size of its texts in device pixels."""
        narrow = min(self.width(), self.height()) < _NARROW_PX
        return (_TEXT_PX_NARROW if narrow else _TEXT_PX) * float(self.devicePixelRatioF())

    def show_picture(self, rgba: Rgba | None, still: Sequence[Item]) -> None:
        """Another picture of the viewport's size in device pixels (None: black), items on it.

        The items become part of the picture: while it stands, only the crosshair is painted.
        """
        width, height = self.device_size
        if rgba is None:
            rgba = np.zeros((height, width, 4), dtype=np.uint8)
            rgba[..., 3] = 255
        self._rgba = rgba
        self.show_still_items(still)

    def show_still_items(self, still: Sequence[Item]) -> None:
        """Other items on the same picture."""
        if self._rgba is None:
            return
        composed = self._rgba.copy()
        rows, columns = composed.shape[:2]
        # Opaque pixels: the format without alpha is the faster one to paint on.
        image = QImage(composed.data, columns, rows, 4 * columns, QImage.Format.Format_RGBX8888)
        painter = QPainter(image)
        paint(painter, still)
        painter.end()
        self._image.setImage(composed, autoLevels=False, levels=None)
        ratio = self.devicePixelRatioF()
        rect = QRectF(0, 0, columns / ratio, rows / ratio)
        if rect != self._image_rect:
            self._image_rect = rect
            self._image.setRect(rect)

    def show_moving_items(self, items: Sequence[Item]) -> None:
        """Other items over the picture."""
        self._over.carry(items, QRectF(0, 0, self.width(), self.height()), self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tells that the picture no longer fits."""
        super().resizeEvent(event)
        self.size_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hands the press on."""
        self.pressed.emit(self._event(event, pressed=True))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hands the double click on."""
        self.double_clicked.emit(self._event(event, pressed=True))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hands the move on."""
        self.moved.emit(self._event(event))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Hands the release on."""
        self.released.emit(self._event(event))
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Whole steps of the wheel; a touchpad's fractions add up."""
        # Where Alt is held, Qt turns the wheel sideways.
        self._wheel_rest -= event.angleDelta().y() or event.angleDelta().x()
        steps = int(self._wheel_rest / NOTCH)
        if steps:
            self._wheel_rest -= steps * NOTCH
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            at = self._pixel(event.position().x(), event.position().y())
            self.wheeled.emit(WheelTurn(self.key, at, steps, control))
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Nothing is shown until the pointer moves."""

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """The cursor reading ends."""
        self.pointer_left.emit(self.key)

    def _event(self, event: QMouseEvent, pressed: bool = False) -> PointerEvent:
        press = None
        button = _BUTTONS.get(event.button())
        if pressed and button is not None:
            modifiers = event.modifiers()
            press = Press(
                button,
                shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
                control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            )
        return PointerEvent(
            self.key, self._pixel(event.position().x(), event.position().y()), press
        )

    def _pixel(self, x: float, y: float) -> Pixel:
        """The pixel under a widget position: a position names the pixel it lies in."""
        ratio = self.devicePixelRatioF()
        return y * ratio, x * ratio
