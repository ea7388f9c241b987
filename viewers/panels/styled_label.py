"""Labels of the panels: styled by role, shortened where too long, wrapped where there is room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QWidget,
)

LARGER = 1.7
NO_BREAK_SPACE, WORD_JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"


def set_role(widget: QWidget, role: str) -> None:
    """Dresses a widget by a role of the style sheet ("" for none)."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def plain_label(text: str = "", role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label of plain text; what comes from a header can never be markup."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, role)
    return label


def wrapped_label(text: str = "", role: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that wraps, its text to be selected and copied."""
    label = plain_label(text, role, parent)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def unbroken(text: str) -> str:
    """The text with no unit parted from its number, or within itself, at the end of a line."""
    return text.replace(" g/mL", f"{NO_BREAK_SPACE}g/{WORD_JOINER}mL").replace(
        " %", f"{NO_BREAK_SPACE}%"
    )


def enlarge(label: QLabel) -> None:
    """Writes a label large and bold."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * LARGER)
    font.setBold(True)
    label.setFont(font)


def scrolled(content: QWidget) -> QScrollArea:
    """The content in an area that scrolls down, never sideways."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def compact(button: QAbstractButton) -> None:
    """Makes a button small enough to stand in a line of text."""
    button.setStyleSheet("padding: 1px 8px;")


class ElidedLabel(QLabel):
    """One line that is shortened with an ellipsis; the tooltip holds all of it."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        set_role(self, role)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Shows a text on one line."""
        self.setText(text)
        self.setToolTip(text)

    def shown_text(self) -> str:
        """What fits at the present width."""
        metrics = QFontMetrics(self.font())
        width = self.contentsRect().width()
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Small in width, so that a long text never widens a panel."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paints what fits."""
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = int(self.alignment() | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self.contentsRect(), flags, self.shown_text())
        painter.end()
