"""Where a reader says that a lesion beside the target progressed unequivocally (spec 2.9)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.reading.edits import TickProgressed
from app.translation import tr
from viewers.presenters.lesion_card import LesionCard


class ProgressionTicks(QWidget):
    """One box per follow-up; a tick leaves as an edit record."""

    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: list[QCheckBox] = []
        self._lesion_id = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_lesion(self, card: LesionCard) -> None:
        """Shows the ticks of a lesion; nothing where it cannot progress."""
        self._lesion_id = card.lesion_id
        while len(self._boxes) < len(card.progressed):
            self._add_box()
        for number, box in enumerate(self._boxes):
            shown = number < len(card.progressed)
            box.setVisible(shown)
            if shown:
                visit, name, on = card.progressed[number]
                box.setProperty("visit", visit)
                box.setText(tr("Unequivocal progression at {visit}").format(visit=name))
                box.setChecked(on)
        self.setVisible(bool(card.progressed))

    def _add_box(self) -> None:
        box = QCheckBox()
        box.setObjectName(f"progressed_{len(self._boxes)}")
        box.setToolTip(
            tr("A clear rise or spread of this lesion makes the response progressive (PMD).")
        )
        box.clicked.connect(
            lambda on: self.edit_requested.emit(
                TickProgressed(self._lesion_id, box.property("visit"), on)
            )
        )
        self._column.addWidget(box)
        self._boxes.append(box)
