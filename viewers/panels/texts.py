"""Comment and impression of the read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.reading.edits import SetTexts
from app.translation import tr
from viewers.panels.styled_label import plain_label


class TextEditor(QPlainTextEdit):
    """Hands its text in on Ctrl+Enter and when it loses the focus; Tab leaves it."""

    finished = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setMinimumHeight(3 * self.fontMetrics().lineSpacing())

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hands in what was typed; a menu opening over the text does not count as leaving."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter hands in."""
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
        else:
            super().keyPressEvent(event)


class TextsPanel(QWidget):
    """Both texts leave as one edit record. What is being typed is never overwritten.

    Nor is what was handed in and not taken: it stays to be handed in again.
    """

    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("texts_panel")
        self._stored = SetTexts("", "")
        self._handed_in: SetTexts | None = None
        self.impression = TextEditor(tr("Impression"))
        self.impression.setObjectName("impression")
        self.comment = TextEditor(tr("Comment"))
        self.comment.setObjectName("read_comment")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(3)
        for name, editor in (
            (tr("Impression (printed in the report)"), self.impression),
            (tr("Comment"), self.comment),
        ):
            editor.finished.connect(self.commit)
            layout.addWidget(plain_label(name, "muted"))
            layout.addWidget(editor, 1)
        layout.addWidget(plain_label(tr("Saved on leaving the field or with Ctrl+Enter"), "muted"))

    def show_texts(self, comment: str, impression: str) -> None:
        """Shows the texts of the reading, except over what is being typed."""
        former, self._stored = self._stored, SetTexts(comment, impression)
        refused = self._handed_in not in (None, self._stored)
        self._handed_in = None
        if refused:
            return
        for editor, before, text in (
            (self.comment, former.comment, comment),
            (self.impression, former.impression, impression),
        ):
            typed = editor.toPlainText()
            if typed not in (before, text) and editor.hasFocus():
                continue
            if typed != text:
                editor.setPlainText(text)

    def commit(self) -> None:
        """Hands in the texts as they stand, where they changed."""
        typed = SetTexts(self.comment.toPlainText(), self.impression.toPlainText())
        if typed != self._stored:
            self._stored = self._handed_in = typed
            self.edit_requested.emit(typed)
