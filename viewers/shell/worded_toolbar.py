"""A tool bar with a word under each icon where there is room for all of them."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolBar, QWidget

WORDS = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
ICONS = Qt.ToolButtonStyle.ToolButtonIconOnly


class WordedToolBar(QToolBar):
    """Shows words or leaves them all out: a bar that hides its last tools is worse than either."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setToolButtonStyle(WORDS)
        self._worded_width: int | None = None

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never wider than the window: words go before the window grows."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Words where they fit."""
        super().resizeEvent(event)
        self._choose()

    def event(self, event: QEvent) -> bool:
        """Another font or other buttons: the width of the words is another."""
        if event.type() in (
            QEvent.Type.ActionAdded,
            QEvent.Type.ActionRemoved,
            QEvent.Type.FontChange,
            QEvent.Type.StyleChange,
        ):
            self._worded_width = None
        return super().event(event)

    def _choose(self) -> None:
        if self._worded_width is None:
            self.setToolButtonStyle(WORDS)
            self._worded_width = self.sizeHint().width()
        self.setToolButtonStyle(WORDS if self._worded_width <= self.width() else ICONS)
