"""A reader's gestures as mouse events, each timed until everything it changes is painted."""

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.timing import Times
from viewers.canvas.grid import CanvasGrid

_NONE = Qt.KeyboardModifier.NoModifier


def turn_wheel(grid: CanvasGrid, key: str, turns: int) -> Times:
    """The wheel over a viewport, one notch a step, half of the way back again."""
    target, times = _surface(grid, key), Times()
    for k in range(turns):
        way = -120 if k < turns // 2 else 120
        times.take(partial(QApplication.sendEvent, target, _wheel(target, way)))
    return times


def drag(
    grid: CanvasGrid,
    key: str,
    way: list[QPoint],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifier: Qt.KeyboardModifier = _NONE,
) -> Times:
    """A drag through pixels of a viewport, each move a step (press and release are not timed)."""
    target, times = _surface(grid, key), Times()
    press(target, way[0], button, modifier)
    for at in way[1:]:
        times.take(partial(move, target, at, button, modifier))
    release(target, way[-1], button, modifier)
    return times


def path(grid: CanvasGrid, key: str, steps: int, reach_px: int = 80) -> list[QPoint]:
    """A closed way around the middle of a viewport."""
    size = _surface(grid, key).size()
    middle = QPoint(size.width() // 2, size.height() // 2)
    reach = min(reach_px, size.width() // 3, size.height() // 3)
    sides = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    points = []
    for k in range(steps + 1):
        side, share = divmod(4 * k / max(steps, 1), 1.0)
        (x0, y0), (x1, y1) = sides[int(side) % 4], sides[int(side) % 4 + 1]
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        points.append(middle + QPoint(round(x * reach), round(y * reach)))
    return points


def press(
    target: QWidget,
    at: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifier: Qt.KeyboardModifier = _NONE,
) -> None:
    """A button goes down."""
    _mouse(QEvent.Type.MouseButtonPress, target, at, button, button, modifier)


def move(
    target: QWidget,
    at: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifier: Qt.KeyboardModifier = _NONE,
) -> None:
    """The pointer moves with a button held."""
    _mouse(QEvent.Type.MouseMove, target, at, Qt.MouseButton.NoButton, button, modifier)


def release(
    target: QWidget,
    at: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifier: Qt.KeyboardModifier = _NONE,
) -> None:
    """The button goes up."""
    held = Qt.MouseButton.NoButton
    _mouse(QEvent.Type.MouseButtonRelease, target, at, button, held, modifier)


def _surface(grid: CanvasGrid, key: str) -> QWidget:
    surface: QWidget = grid.viewport(key).viewport()
    return surface


def _mouse(
    kind: QEvent.Type,
    target: QWidget,
    at: QPoint,
    button: Qt.MouseButton,
    held: Qt.MouseButton,
    modifier: Qt.KeyboardModifier,
) -> None:
    globally = QPointF(target.mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), globally, button, held, modifier)
    QApplication.sendEvent(target, event)


def _wheel(target: QWidget, way: int) -> QWheelEvent:
    at = target.rect().center()
    return QWheelEvent(
        QPointF(at), QPointF(target.mapToGlobal(at)), QPoint(), QPoint(0, way),
        Qt.MouseButton.NoButton, _NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
