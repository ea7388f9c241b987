"""The lesion list: triage by key or button, ticks, sites, numbers."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.reading.edits import ConfirmPhysiological, SetRole, TickResolved
from app.reading.state import LesionRole
from app.reporting.phrases import visit_name
from app.translation import tr
from viewers.panels.lesion_model import LesionModel
from viewers.panels.lesion_table import LesionTable
from viewers.panels.styled_label import NO_BREAK_SPACE, ElidedLabel, compact, wrapped_label
from viewers.presenters.lesions import LesionRow, role_text
from viewers.presenters.numbers import NumberState

LETTERS = (
    (LesionRole.TUMOUR, "L"),
    (LesionRole.PHYSIOLOGICAL, "P"),
    (LesionRole.UNSURE, "U"),
)


class LesionsPanel(QWidget):
    """All foci of the reading. What a reader decides leaves as an edit record."""

    lesion_picked = Signal(str)
    number_picked = Signal(object)
    edit_requested = Signal(object)
    physiological_hidden = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesions_panel")
        self._model = LesionModel(self)
        self.table = LesionTable(self._model, self)
        self._progress = ElidedLabel("", "muted")
        self._hint = wrapped_label("", "muted")
        self._hide = QCheckBox(tr("Hide P"))
        self._hide.setObjectName("hide_physiological")
        self._hide.setToolTip(tr("Hide physiological foci, in the list and on the slices"))
        self._hide.toggled.connect(self._show_hidden)
        self._hide.toggled.connect(self.physiological_hidden)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 2)
        layout.setSpacing(3)
        layout.addLayout(self._buttons())
        layout.addWidget(self.table, 1)
        layout.addWidget(self._hint)
        self._connect()
        self.show_lesions(())

    def show_lesions(self, rows: Sequence[LesionRow], progress: str = "") -> None:
        """Shows the rows; the selected one is made current without a signal."""
        self._model.show_rows(rows)
        self._progress.show_text(progress)
        numbers = [cell.number for row in rows for cell in row.cells]
        waiting = any(number.state is NumberState.COMPUTING for number in numbers)
        self._hint.setText(tr("SULpeak, g/mL · … computing") if waiting else self._legend())
        self.table.show_current(next((row.lesion_id for row in rows if row.selected), None))
        self._show_hidden()

    @property
    def hides_physiological(self) -> bool:
        """Whether physiological foci are hidden."""
        return self._hide.isChecked()

    def current_lesion(self) -> LesionRow | None:
        """The row the keys act on."""
        index = self.table.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def request_role(self, role: LesionRole) -> None:
        """Asks that the current lesion be taken for this."""
        row = self.current_lesion()
        if row is not None:
            self.edit_requested.emit(SetRole(row.lesion_id, role))

    def request_confirm(self) -> None:
        """Asks that the current lesion be confirmed as what it is taken for."""
        row = self.current_lesion()
        if row is not None and not row.confirmed:
            self.edit_requested.emit(SetRole(row.lesion_id, row.role))

    def request_confirm_physiological(self) -> None:
        """Asks that all physiological foci be confirmed as such."""
        ids = tuple(
            row.lesion_id
            for row in self._model.rows
            if row.role is LesionRole.PHYSIOLOGICAL and not row.confirmed
        )
        if ids:
            self.edit_requested.emit(ConfirmPhysiological(ids))

    def request_resolved(self, visit: int) -> None:
        """Asks that the current lesion be ticked, or no longer ticked, at a visit."""
        row = self.current_lesion()
        for cell in () if row is None else row.cells:
            if row is not None and cell.visit == visit and cell.resolved is not None:
                self.edit_requested.emit(TickResolved(row.lesion_id, visit, not cell.resolved))

    def go_to_next(self, forwards: bool = True) -> None:
        """Picks the next lesion no reader has confirmed, else simply the next one."""
        rows = [row for row in self._model.rows if not self._is_hidden(row)]
        if not rows:
            return
        current = self.current_lesion()
        place = next((i for i, row in enumerate(rows) if row is current), -1)
        ordered = [*rows[place + 1 :], *rows[: place + 1]]
        if not forwards:
            ordered = [*reversed(rows[: max(place, 0)]), *reversed(rows[max(place, 0) :])]
        chosen = next((row for row in ordered if not row.confirmed), ordered[0])
        self.table.show_current(chosen.lesion_id)
        self.lesion_picked.emit(chosen.lesion_id)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(2)
        for role, letter in LETTERS:
            button = self._button(letter, role_text(role))
            button.clicked.connect(lambda _=False, chosen=role: self.request_role(chosen))
            line.addWidget(button)
        confirm = self._button("C", tr("Confirm as it is"))
        confirm.clicked.connect(lambda _=False: self.request_confirm())
        following = self._button("N", tr("Next not confirmed"))
        following.clicked.connect(lambda _=False: self.go_to_next())
        for widget in (confirm, following):
            line.addWidget(widget)
        line.addSpacing(6)
        line.addWidget(self._progress, 1)
        line.addWidget(self._hide)
        return line

    def _button(self, letter: str, meaning: str) -> QPushButton:
        button = QPushButton(self)
        button.setText(letter)
        button.setToolTip(f"{meaning} ({letter})")
        button.setAccessibleName(meaning)
        button.setObjectName(f"triage_{letter}")
        compact(button)
        return button

    def _connect(self) -> None:
        self._model.resolve_requested.connect(
            lambda name, visit, on: self.edit_requested.emit(TickResolved(name, visit, on))
        )
        self.table.row_picked.connect(self.lesion_picked)
        self.table.number_picked.connect(self.number_picked)
        self.table.role_requested.connect(self.request_role)
        self.table.confirm_requested.connect(self.request_confirm)
        self.table.next_requested.connect(self.go_to_next)
        self.setFocusProxy(self.table)

    def _legend(self) -> str:
        """What numbers, boxes and daggers mean; a box is named by the visit it stands with."""
        parts = [tr("SULpeak, g/mL")]
        for visit in self._model.ticked_visits():
            name = visit_name(visit, short=True)
            parts.append(tr("box at {visit}: resolved there").format(visit=name))
        if self._model.any_below:
            parts.append(tr("< below threshold"))
        parts += [tr("† hottest now"), tr("‡ hottest at baseline")]
        return " · ".join(part.replace(" ", NO_BREAK_SPACE) for part in parts)

    def _is_hidden(self, row: LesionRow) -> bool:
        return self._hide.isChecked() and row.role is LesionRole.PHYSIOLOGICAL and not row.selected

    def _show_hidden(self) -> None:
        for place, row in enumerate(self._model.rows):
            hidden = self._is_hidden(row)
            if self.table.isRowHidden(place) is not hidden:
                self.table.setRowHidden(place, hidden)
