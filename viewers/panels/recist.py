"""The table of diameters from the calipers, their sums, and the RECIST response of each visit."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reading.recist_edits import SetRecistRoles
from app.translation import tr
from viewers.panels.progression_reason import ProgressionReason
from viewers.panels.recist_table import DiameterTable
from viewers.panels.response import ResponsePanel
from viewers.panels.rows_grid import GridRow, RowsGrid
from viewers.panels.styled_label import plain_label, scrolled, wrapped_label
from viewers.presenters.recist import RecistSummary
from viewers.presenters.recist_choices import Choice
from viewers.presenters.response import ResponseView


class RecistPanel(QWidget):
    """Diameters in mm with role and state, what is left out, and below it the response.

    All of it scrolls as one, so that a low window still shows a table and not only its head.
    """

    lesion_picked = Signal(str)
    number_picked = Signal(object)
    edit_requested = Signal(object)
    visit_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recist_panel")
        self._summary = wrapped_label("", "heading")
        self._note = wrapped_label("", "warning")
        self._unit = wrapped_label(
            tr("mm on CT; T target, NT non-target, ? proposed. Enter or right click states more."),
            "muted",
        )
        self.table = DiameterTable()
        self.reason = ProgressionReason()
        self._left_head = plain_label(tr("Left out"), "heading")
        self._left_out = RowsGrid(1)
        self.response = ResponsePanel(scrolls=False)
        self.response.setObjectName("recist_response")
        self._empty = wrapped_label(
            tr("No caliper yet. Choose the bidirectional caliper (B) and measure on CT."), "muted"
        )
        self.table.lesion_picked.connect(self.lesion_picked)
        self.table.lesion_picked.connect(self._follow_row)
        self.table.number_picked.connect(self.number_picked)
        self.table.chosen.connect(self._choose)
        self.reason.edit_requested.connect(self.edit_requested)
        self.response.number_picked.connect(self.number_picked)
        self.response.visit_picked.connect(self.visit_picked)
        self._arrange()

    def show_recist(
        self,
        view: RecistSummary,
        responses: Sequence[ResponseView] = (),
        proposals: SetRecistRoles | None = None,
    ) -> None:
        """Shows diameters, sums and responses; a quiet hint where nothing is measured."""
        empty = not view.rows
        self._empty.setVisible(empty)
        self._parts.setVisible(not empty)
        if empty:
            self.reason.hide()
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        sums = tr("Sum: baseline {baseline}, nadir {nadir}, now {now}").format(
            baseline=view.baseline.labelled, nadir=view.nadir.labelled, now=view.now.labelled
        )
        changes = tr("Change: {change} from baseline, {rise} from nadir").format(
            change=view.change_from_baseline.labelled, rise=view.change_from_nadir.labelled
        )
        self._summary.setText(f"{sums}\n{changes}")
        self.table.show_rows(view, proposals)
        self._left_head.setVisible(bool(view.left_out))
        self._left_out.setVisible(bool(view.left_out))
        self._left_out.show_rows([GridRow(row.rule, row.text) for row in view.left_out])
        self.response.show_responses(responses)

    def _choose(self, choice: Choice) -> None:
        if choice.asks_why:
            self.reason.ask(choice.edit)
        else:
            self.reason.hide()
            self.edit_requested.emit(choice.edit)

    def _follow_row(self) -> None:
        """Brings the table's current row into sight; the table itself never scrolls."""
        row = self.table.visualItemRect(self.table.currentItem())
        place = self.table.viewport().mapTo(self._content, row.center())
        self._parts.ensureVisible(0, place.y(), 0, row.height())

    def _arrange(self) -> None:
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(4)
        for widget in (
            self._summary,
            self._note,
            self.table,
            self._unit,
            self.reason,
            self._left_head,
            self._left_out,
            self.response,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self._parts = scrolled(self._content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 2, 6)
        layout.setSpacing(4)
        layout.addWidget(self._empty)
        layout.addWidget(self._parts, 1)
        layout.addStretch(0)
