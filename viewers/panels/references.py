"""The reference region of each visit on one line: mean, SD, threshold, agreement."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from app.translation import tr
from viewers.panels.number_label import NumberLabel
from viewers.panels.styled_label import ElidedLabel, compact, plain_label
from viewers.panels.tones import Tone, sign
from viewers.presenters.references import ReferenceRow, placement_text


class ReferencePanel(QWidget):
    """One line a visit; a click on the visit brings the views to its sphere."""

    reference_picked = Signal(int)
    confirm_requested = Signal(int)
    number_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reference_panel")
        self._lines: list[_Line] = []
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setHorizontalSpacing(6)
        self._layout.setVerticalSpacing(1)
        self._layout.setColumnStretch(4, 1)
        self._layout.addWidget(plain_label(tr("Ref., g/mL"), "muted"), 0, 0, 1, 2)
        self._layout.addWidget(plain_label(tr("Mean ± SD"), "muted"), 0, 2)
        self._layout.addWidget(plain_label(tr("Threshold"), "muted"), 0, 3)

    def show_references(self, rows: Sequence[ReferenceRow]) -> None:
        """Shows one line for each visit."""
        while len(self._lines) > len(rows):
            self._lines.pop().discard()
        while len(self._lines) < len(rows):
            self._lines.append(_Line(self, self._layout, len(self._lines) + 1))
        for line, row in zip(self._lines, rows, strict=True):
            line.show_row(row)


class _Line:
    """The widgets of one visit."""

    def __init__(self, panel: ReferencePanel, layout: QGridLayout, place: int) -> None:
        self._visit = 0
        self._sign = QLabel()
        self._go = QPushButton()
        self._go.setProperty("flat", True)
        self._go.setObjectName(f"go_to_reference_{place - 1}")
        self._go.setToolTip(tr("Brings the views to the reference sphere"))
        self._go.clicked.connect(lambda: panel.reference_picked.emit(self._visit))
        self._mean, self._threshold = NumberLabel(), NumberLabel()
        for number in (self._mean, self._threshold):
            number.picked.connect(panel.number_picked)
        self._how = ElidedLabel("", "muted")
        self._agree = QPushButton(tr("Confirm"))
        self._agree.setObjectName(f"confirm_reference_{place - 1}")
        for button in (self._go, self._agree):
            compact(button)
        self._agree.clicked.connect(lambda: panel.confirm_requested.emit(self._visit))
        self._widgets: tuple[QWidget, ...] = (
            self._sign,
            self._go,
            self._mean,
            self._threshold,
            self._how,
            self._agree,
        )
        self._layout = layout
        for column, widget in enumerate(self._widgets):
            layout.addWidget(widget, place, column)

    def show_row(self, row: ReferenceRow) -> None:
        self._visit = row.visit
        agreed = Tone.AGREED if row.confirmed else Tone.OPEN
        self._sign.setPixmap(sign(Tone.WARNING if row.cautions else agreed))
        self._go.setText(row.label)
        self._mean.setText(row.mean_and_sd)
        self._mean.show_state(row.mean.state, row.mean.ref)
        self._threshold.show_number(row.threshold, with_unit=False)
        placement = placement_text(row)
        self._how.show_text(" · ".join((row.placement_short, *row.cautions)))
        self._how.setToolTip("\n".join((placement, *row.cautions)))
        self._agree.setVisible(not row.confirmed)

    def discard(self) -> None:
        for widget in self._widgets:
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
