"""What is shown while nothing is open: recent readings, open a folder, the demo patient."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr
from app.version import VERSION

CARD_WIDTH_PX = 620
SHOWN_READINGS = 8
READING_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class RecentReading:
    """A line of the list: who, and what was read when, in words."""

    reading_id: str
    title: str
    subtitle: str


class WelcomePage(QWidget):
    """The page; `reading_chosen` carries the id of a reading."""

    reading_chosen = Signal(str)

    def __init__(self, open_folder: QAction, open_demo: QAction, patients: QAction) -> None:
        super().__init__()
        self._recent = QListWidget()
        self._recent.setAccessibleName(tr("Recent readings"))
        self._recent.itemActivated.connect(self._chosen)
        self._recent.itemClicked.connect(self._chosen)
        self._heading = _label(tr("Recent readings"), "heading")
        self._state = _label("", "muted")

        card = QFrame()
        card.setObjectName("card")
        card.setFixedWidth(CARD_WIDTH_PX)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(10)
        column.addWidget(_label("OncoRead", "title"))
        column.addWidget(_label(tr("PET-CT response reading for oncology trials"), "muted"))
        column.addSpacing(8)
        buttons = QHBoxLayout()
        for action in (open_folder, open_demo, patients):
            buttons.addWidget(_button(action))
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(_label(tr("or drop folders of images on this window"), "muted"))
        column.addSpacing(12)
        column.addWidget(self._heading)
        column.addWidget(self._recent)
        column.addWidget(self._state)
        column.addSpacing(8)
        notice = tr("Investigational use in trials; not a medical device.")
        column.addWidget(_label(f"{notice}  {VERSION}", "muted"))

        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)
        self.show_state(tr("Looking for recent readings…"))

    def show_state(self, text: str) -> None:
        """Says what is being done instead of the list."""
        self._recent.hide()
        self._state.setText(text)
        self._state.show()

    def show_recent(self, readings: Sequence[RecentReading]) -> None:
        """Lists readings, the last changed first."""
        self._recent.clear()
        for reading in readings[:SHOWN_READINGS]:
            item = QListWidgetItem(f"{reading.title}\n{reading.subtitle}")
            item.setData(READING_ID, reading.reading_id)
            self._recent.addItem(item)
        if not readings:
            self.show_state(tr("Nothing was read on this workstation yet."))
            return
        rows = self._recent.count()
        height = sum(self._recent.sizeHintForRow(row) for row in range(rows))
        self._recent.setFixedHeight(height + 4)
        self._recent.setCurrentRow(0)
        self._state.hide()
        self._recent.show()

    def _chosen(self, item: QListWidgetItem) -> None:
        self.reading_chosen.emit(item.data(READING_ID))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label


def _button(action: QAction) -> QPushButton:
    button = QPushButton(action.icon(), action.text().replace("&", ""))
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button
