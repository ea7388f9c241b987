"""Asks for the reason of an unequivocal progression before it is taken in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.reading.edits import AnyEdit
from app.translation import tr
from viewers.panels.styled_label import wrapped_label
from viewers.presenters.recist_choices import with_reason


class ProgressionReason(QWidget):
    """One line to write in; Enter hands in once it is long enough, Escape gives up."""

    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progression_reason")
        self._edit: AnyEdit | None = None
        self.line = QLineEdit()
        self.line.setObjectName("progression_why")
        self.line.setAccessibleName(tr("Why the progression is unequivocal"))
        self.line.setPlaceholderText(tr("Why the progression is unequivocal"))
        self.line.textChanged.connect(self._tell)
        self.line.returnPressed.connect(self._hand_in)
        self._question = wrapped_label("", "warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self._question)
        self.hide()

    def ask(self, edit: AnyEdit) -> None:
        """Asks for the reason of an edit."""
        self._edit = edit
        self.line.clear()
        self._tell()
        self.show()
        self.line.setFocus()

    def question(self) -> str:
        """What is still lacking."""
        return self._question.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape gives up."""
        if event.key() == Qt.Key.Key_Escape:
            self._edit = None
            self.hide()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        if self._edit is not None:
            answer = with_reason(self._edit, self.line.text())
            self._question.setText(answer if isinstance(answer, str) else tr("Enter takes it in"))

    def _hand_in(self) -> None:
        if self._edit is None:
            return
        answer = with_reason(self._edit, self.line.text())
        if not isinstance(answer, str):
            self._edit = None
            self.hide()
            self.edit_requested.emit(answer)
