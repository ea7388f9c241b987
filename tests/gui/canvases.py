"""Canvases in tests: made, sized, and what they show as numbers."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from viewers.canvas.grid import CanvasGrid


def shown(qtbot, images, state=None, size=(1000, 760)):
    """A canvas of a size showing images, painted."""
    grid = CanvasGrid()
    qtbot.addWidget(grid)
    grid.resize(*size)
    grid.show()
    grid.show_images(images)
    if state is not None:
        grid.set_scene(state)
    grid.refresh()
    return grid


def pixels(grid, key):
    """RGB [row, column, 3] of a viewport as it is on screen."""
    image = grid.viewport(key).grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8)
    rows = data.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    return rows.reshape(image.height(), image.width(), 3).copy()  # the image goes


def luminance(grid, key):
    """Grey [row, column] of a viewport as it is on screen."""
    return pixels(grid, key).astype(float) @ (0.3, 0.59, 0.11)


def surface(grid, key):
    """The widget that hears the mouse."""
    return grid.viewport(key).viewport()


def click(grid, key, row, column, button=Qt.MouseButton.LeftButton, modifier=None):
    """A click on a pixel of a viewport."""
    keys = modifier or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(surface(grid, key), button, keys, QPoint(round(column), round(row)))
    grid.refresh()


def drag(grid, key, start, *way, button=Qt.MouseButton.LeftButton):
    """A drag over pixels (row, column) of a viewport."""
    target = surface(grid, key)
    points = [QPoint(round(column), round(row)) for row, column in (start, *way)]
    QTest.mousePress(target, button, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        _move(target, point, button)
    QTest.mouseRelease(target, button, Qt.KeyboardModifier.NoModifier, points[-1])
    grid.refresh()


def hover(grid, key, row, column):
    """The pointer over a pixel with no button held."""
    _move(surface(grid, key), QPoint(round(column), round(row)), Qt.MouseButton.NoButton)


def pixel_of(grid, key, lps):
    """Where a position is drawn (row, column)."""
    row, column = grid.frames[key].plane.pixel_from_lps(lps)
    return float(row), float(column)


def _move(target, point, button):

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(target.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, event)
