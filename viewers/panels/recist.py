"""The table of diameters from the calipers, and their sums."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QFont, QMouseEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr
from viewers.panels.styled_label import wrapped_label
from viewers.presenters.numbers import NumberRef, NumberState, NumberView
from viewers.presenters.recist import RecistSummary

REF_ROLE = Qt.ItemDataRole.UserRole


class DiameterTable(QTableWidget):
    """Tells which number was clicked."""

    number_picked = Signal(object)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Asks where the number under the mouse comes from."""
        super().mouseReleaseEvent(event)
        item = self.itemAt(event.position().toPoint())
        ref = None if item is None else item.data(REF_ROLE)
        if isinstance(ref, NumberRef):
            self.number_picked.emit(ref)


class RecistPanel(QWidget):
    """Diameters in mm: baseline, nadir, now, change. The RECIST response is not told here."""

    lesion_picked = Signal(str)
    number_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recist_panel")
        self._summary = wrapped_label("", "heading")
        self._note = wrapped_label("", "warning")
        self._unit = wrapped_label(tr("Long × short axis on CT, mm; * not in the sum"), "muted")
        self.table = DiameterTable()
        self.table.setObjectName("recist_table")
        self.table.setAccessibleName(tr("Diameters"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.itemSelectionChanged.connect(self._tell_lesion)
        self.table.number_picked.connect(self.number_picked)
        self._empty = wrapped_label(
            tr("No caliper yet. Choose the bidirectional caliper (B) and measure on CT."), "muted"
        )
        self._names: tuple[str, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        for widget in (self._summary, self._note, self._unit, self._empty):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)

    def show_recist(self, view: RecistSummary) -> None:
        """Shows the diameters and sums."""
        empty = not view.rows
        self._empty.setVisible(empty)
        for widget in (self._summary, self._unit, self.table):
            widget.setVisible(not empty)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        sums = tr("Sum: baseline {baseline}, nadir {nadir}, now {now}").format(
            baseline=view.baseline.labelled, nadir=view.nadir.labelled, now=view.now.labelled
        )
        changes = tr("Change: {change} from baseline, {rise} from nadir").format(
            change=view.change_from_baseline.labelled, rise=view.change_from_nadir.labelled
        )
        self._summary.setText(f"{sums}\n{changes}")
        self._fill(view)

    def _fill(self, view: RecistSummary) -> None:
        heads = (tr("Focus"), tr("Site"), tr("Axis"), *view.visits, "Δ %")
        self._names = tuple(row.lesion_id for row in view.rows)
        self.table.blockSignals(True)
        self.table.setColumnCount(len(heads))
        self.table.setHorizontalHeaderLabels(heads)
        self.table.setRowCount(len(view.rows) + 1)
        for line, row in enumerate(view.rows):
            name = row.lesion_id if row.counted else f"{row.lesion_id} *"
            texts = (name, row.place, row.axis_text)
            self._set_line(line, texts, (*row.numbers, row.change), False)
        sums = (*view.sums, view.change_from_baseline)
        self._set_line(len(view.rows), (tr("Sum"), "", ""), sums, True)
        header = self.table.horizontalHeader()
        for column in range(len(heads)):
            mode = QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode if column != 1 else mode.Stretch)
            side = Qt.AlignmentFlag.AlignRight if column > 2 else Qt.AlignmentFlag.AlignLeft
            if (item := self.table.horizontalHeaderItem(column)) is not None:
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.table.blockSignals(False)

    def _set_line(
        self, line: int, texts: Sequence[str], numbers: Sequence[NumberView], bold: bool
    ) -> None:
        font = QFont()
        font.setBold(bold)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(
                text
                if "*" not in text
                else tr("Not in the sum: no lesion, or not measured at baseline")
            )
            item.setFont(font)
            self.table.setItem(line, column, item)
        for column, number in enumerate(numbers, start=len(texts)):
            item = QTableWidgetItem(number.text)
            item.setData(REF_ROLE, number.ref)
            item.setToolTip(number.labelled)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(font)
            if number.state is not NumberState.READY:
                item.setForeground(QBrush(QPalette().color(QPalette.ColorRole.PlaceholderText)))
            self.table.setItem(line, column, item)

    def _tell_lesion(self) -> None:
        line = self.table.currentRow()
        if 0 <= line < len(self._names):
            self.lesion_picked.emit(self._names[line])
