"""The lesion list as a table model: one row a lesion, SULpeak of each visit with its tick."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QBrush, QFont, QPalette

from app.reading.state import LesionRole
from app.reporting.phrases import visit_name
from app.translation import tr
from viewers.presenters.lesions import LesionRow, VisitCell, role_text
from viewers.presenters.new_lesions import class_text
from viewers.presenters.numbers import NumberRef, NumberState, NumberView

ROLE, LESION, SITE, FIRST_VISIT = range(4)
AnyIndex = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
WAITING = "…"  # narrow, so that columns keep their width while numbers are computed
BELOW = "<"  # the threshold of the scan
TARGETS = {"now": "†", "baseline": "‡", "both": "†‡"}


class LesionModel(QAbstractTableModel):
    """Shows rows as they are given. A click on a tick is a wish: it is shown once it is so."""

    resolve_requested = Signal(str, int, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LesionRow, ...] = ()
        self._visits: tuple[int, ...] = ()

    def show_rows(self, rows: Sequence[LesionRow]) -> None:
        """Shows these rows; the table is only rebuilt where lesions or visits are others."""
        visits = tuple(cell.visit for cell in rows[0].cells) if rows else ()
        same = visits == self._visits and [r.lesion_id for r in rows] == [
            r.lesion_id for r in self._rows
        ]
        if same:
            before, self._rows = self._rows, tuple(rows)
            changed = [k for k, row in enumerate(rows) if row != before[k]]
            if changed:
                last = self.index(changed[-1], self.columnCount() - 1)
                self.dataChanged.emit(self.index(changed[0], 0), last)
            return
        self.beginResetModel()
        self._rows, self._visits = tuple(rows), visits
        self.endResetModel()

    @property
    def rows(self) -> tuple[LesionRow, ...]:
        """The rows shown."""
        return self._rows

    @property
    def change_column(self) -> int:
        """The column of the change."""
        return FIRST_VISIT + len(self._visits)

    @property
    def notes_column(self) -> int:
        """The last column."""
        return self.change_column + 1

    def ticked_visits(self) -> tuple[int, ...]:
        """The visits at which a lesion can be ticked as resolved."""
        cells = (cell for row in self._rows for cell in row.cells if cell.resolved is not None)
        return tuple(sorted({cell.visit for cell in cells}))

    def longest_texts(self) -> tuple[str, ...]:
        """The longest text of each column, by its letters."""
        columns = range(self.columnCount())
        return tuple(
            max((self._text(row, column) for row in self._rows), key=len, default="")
            for column in columns
        )

    @property
    def any_below(self) -> bool:
        """Whether a number lies below the threshold of its scan."""
        return any(cell.below_threshold for row in self._rows for cell in row.cells)

    def row_of(self, lesion_id: str | None) -> int | None:
        """The row of a lesion, or None."""
        for place, row in enumerate(self._rows):
            if row.lesion_id == lesion_id:
                return place
        return None

    def number_at(self, index: AnyIndex) -> NumberView | None:
        """The number in a cell, or None where there is none."""
        return self._number(self._rows[index.row()], index.column())

    def ref_at(self, index: AnyIndex) -> NumberRef | None:
        """What names the number in a cell."""
        number = self.number_at(index)
        return None if number is None else number.ref

    def cell_at(self, index: AnyIndex) -> VisitCell | None:
        """The visit cell at a place, or None in the other columns."""
        place = index.column() - FIRST_VISIT
        return self._rows[index.row()].cells[place] if 0 <= place < len(self._visits) else None

    def rowCount(self, parent: AnyIndex = NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """How many lesions there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Role, lesion, site, the visits, change, notes."""
        return 0 if parent.isValid() else FIRST_VISIT + len(self._visits) + 2

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """A visit cell with a tick can be checked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        cell = self.cell_at(index)
        if cell is not None and cell.resolved is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(  # noqa: N802 - Qt's name
        self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """A tick is asked for; what is shown follows the reading."""
        cell = self.cell_at(index)
        if role != Qt.ItemDataRole.CheckStateRole or cell is None or cell.resolved is None:
            return False
        lesion_id = self._rows[index.row()].lesion_id
        self.resolve_requested.emit(lesion_id, cell.visit, not cell.resolved)
        return False

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings with their units, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = FIRST_VISIT <= section <= self.change_column
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text, meaning = self._heading(section)
        return text if role == Qt.ItemDataRole.DisplayRole else meaning

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            numeric = self.number_at(index) is not None
            side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.CheckStateRole:
            cell = self.cell_at(index)
            if cell is None or cell.resolved is None:
                return None
            return Qt.CheckState.Checked if cell.resolved else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.FontRole:
            return self._font(row, index)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(row, index)
        return None

    def _text(self, row: LesionRow, column: int) -> str:
        if column == ROLE:
            return row.role_letter
        if column == LESION:
            return row.lesion_id + TARGETS.get(row.target, "")
        if column == SITE:
            return row.place
        if column == self.change_column and row.is_new:
            return tr("new?") if row.new_class is None else tr("new")
        number = self._number(row, column)
        if number is not None:
            return WAITING if number.state is NumberState.COMPUTING else self._marked(row, column)
        return row.notes if not row.is_new else class_text(row.new_class)

    def _marked(self, row: LesionRow, column: int) -> str:
        """The number, with a mark where it lies below the threshold of its scan."""
        number, place = self._number(row, column), column - FIRST_VISIT
        assert number is not None
        below = place < len(self._visits) and row.cells[place].below_threshold
        return f"{BELOW} {number.text}" if below else number.text

    def _number(self, row: LesionRow, column: int) -> NumberView | None:
        if column == self.change_column:
            return row.change
        place = column - FIRST_VISIT
        return row.cells[place].number if 0 <= place < len(self._visits) else None

    def _tip(self, row: LesionRow, index: AnyIndex) -> str:
        number = self.number_at(index)
        if number is not None:
            cell = self.cell_at(index)
            lines = [number.labelled, *(cell.notes if cell else ())]
            if cell is not None and cell.resolved is not None:
                name = visit_name(cell.visit)
                lines.append(
                    tr("Tick: resolved to background at {visit} (Space)").format(visit=name)
                )
            return "\n".join(lines)
        confirmed = tr("confirmed") if row.confirmed else tr("not confirmed")
        lines = [f"{row.lesion_id} {row.place}", f"{role_text(row.role)}, {confirmed}"]
        return "\n".join(line for line in (*lines, row.mark, row.notes, row.comment) if line)

    def _font(self, row: LesionRow, index: AnyIndex) -> QFont | None:
        bold = bool(row.target) and index.column() == LESION
        number = self.number_at(index)
        italic = number is not None and number.state is NumberState.COMPUTING
        if not (bold or italic):
            return None
        font = QFont()
        font.setItalic(italic)
        font.setBold(bold)
        return font

    def _brush(self, row: LesionRow, index: AnyIndex) -> QBrush | None:
        number = self.number_at(index)
        waiting = number is not None and number.state is not NumberState.READY
        if waiting or row.role is LesionRole.PHYSIOLOGICAL:
            return QBrush(QPalette().color(QPalette.ColorRole.PlaceholderText))
        return None

    def _heading(self, section: int) -> tuple[str, str]:
        if section == ROLE:
            return tr("As"), tr("Lesion (L), physiological (P) or unsure (U); ? not confirmed")
        if section == LESION:
            return tr("Focus"), tr("† hottest now, ‡ hottest at baseline")
        if section == SITE:
            return tr("Site"), tr("Where the focus lies")
        if section == self.change_column:
            return "Δ %", tr("Change of SULpeak from the baseline to the latest visit, in percent")
        if section == self.notes_column:
            return tr("Notes"), tr("What to mind about the numbers")
        visit = self._visits[section - FIRST_VISIT]
        name = visit_name(visit)
        meaning = tr("SULpeak at {visit}, g/mL").format(visit=name)
        if visit in self.ticked_visits():
            meaning += "\n" + tr("Box: resolved to background at {visit}").format(visit=name)
        return visit_name(visit, short=True), meaning
