"""A number that tells where it comes from when it is clicked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.translation import tr
from viewers.panels.styled_label import set_role
from viewers.presenters.numbers import NumberRef, NumberState, NumberView

ROLES = {
    NumberState.READY: "",
    NumberState.COMPUTING: "muted",
    NumberState.ABSENT: "muted",
    NumberState.REFUSED: "refused",
}
DRAFT = "draft"
DRAFT_MARGINS = (7, 1, 9, 1)  # between the text and its frame; slanted letters lean to the right


class NumberLabel(QLabel):
    """One number. A click, Enter or Space asks for its provenance."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ref: NumberRef | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_number(self, number: NumberView, with_unit: bool = True) -> None:
        """Shows a number, with its unit unless a heading beside it says it."""
        self.setText(number.labelled if with_unit else number.text)
        self.show_state(number.state, number.ref)

    def show_state(self, state: NumberState, ref: NumberRef | None) -> None:
        """Shows what may be asked of the text."""
        self._ref = ref
        set_role(self, ROLES[state])
        waiting = state is NumberState.COMPUTING
        if self.font().italic() is not waiting:
            font = self.font()
            font.setItalic(waiting)
            self.setFont(font)
        traced = ref is not None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if traced else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if traced else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.setToolTip(tr("Click: where this number comes from") if traced else "")
        self._underline(self.hasFocus() and traced)

    def show_category(self, role: str, draft: bool) -> None:
        """Colours a response; a draft stays grey, slanted and in a broken frame."""
        set_role(self, DRAFT if draft else role)
        font = self.font()
        if font.italic() is not draft:
            font.setItalic(draft)
            self.setFont(font)
        self.setContentsMargins(*(DRAFT_MARGINS if draft else (0, 0, 0, 0)))
        self.setAccessibleDescription(tr("Draft") if draft else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Asks for the provenance."""
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.button() is Qt.MouseButton.LeftButton:
            self._pick()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Asks for the provenance from the keyboard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Underlines what can be clicked."""
        self._underline(self._ref is not None)

    def leaveEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Ends the underline."""
        self._underline(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Underlines what has the focus."""
        self._underline(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Ends the underline."""
        self._underline(False)
        super().focusOutEvent(event)

    def _pick(self) -> None:
        if self._ref is not None:
            self.picked.emit(self._ref)

    def _underline(self, on: bool) -> None:
        if self.font().underline() is on:
            return
        font = self.font()
        font.setUnderline(on)
        self.setFont(font)
