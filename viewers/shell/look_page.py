"""A PET that must not be measured, looked at and no more: pictures, the reason, the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.translation import tr
from viewers.canvas.grid import CanvasGrid
from viewers.panels.styled_label import wrapped_label
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.state import SceneState


class LookPage(QWidget):
    """Stands in the place of the intake sheet; nothing here becomes part of a reading."""

    closed = Signal()

    def __init__(self, scene: VisitScene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("look_page")
        self.canvas = CanvasGrid(self)
        self.reason = wrapped_label(
            tr("To look at only, no SUV and no response: {why}").format(why=scene.refusal),
            "refused",
        )
        back = QPushButton(tr("Back to what the folder holds"))
        back.setObjectName("close_look")
        back.clicked.connect(self.closed)
        line = QHBoxLayout()
        line.setContentsMargins(12, 6, 12, 6)
        line.addWidget(self.reason, 1)
        line.addWidget(back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.canvas, 1)
        self.canvas.show_images(SceneImages((scene,)))
        self.canvas.set_scene(SceneState())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
