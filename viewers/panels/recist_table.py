"""The table of diameters: role, site, each visit, change; what may be stated in a row's menu."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QBrush,
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.reading.recist_edits import SetRecistRoles
from app.translation import tr
from viewers.presenters.numbers import NumberRef, NumberState, NumberView
from viewers.presenters.recist import RecistRow, RecistSummary
from viewers.presenters.recist_choices import Choice

REF_ROLE = Qt.ItemDataRole.UserRole
SITE, FIRST_NUMBER = 2, 4
VISITS_ABREAST = 2  # with more the table scrolls sideways rather than hide the site


class DiameterTable(QTableWidget):
    """One row a lesion. A click asks for a number's source; Enter or a right click for the menu."""

    number_picked = Signal(object)
    lesion_picked = Signal(str)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recist_table")
        self.setAccessibleName(tr("Diameters"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setHighlightSections(False)
        self.itemSelectionChanged.connect(self._tell_lesion)
        self._rows: tuple[RecistRow, ...] = ()
        self._proposals: SetRecistRoles | None = None

    def show_rows(self, view: RecistSummary, proposals: SetRecistRoles | None) -> None:
        """Shows the rows and the line of sums; the selected row stays."""
        line = self.currentRow()
        selected = self._rows[line].lesion_id if 0 <= line < len(self._rows) else ""
        self._rows, self._proposals = view.rows, proposals
        heads = (tr("Focus"), tr("Role"), tr("Site"), tr("Axis"), *view.visits, "Δ %")
        self.blockSignals(True)
        self.setColumnCount(len(heads))
        self.setHorizontalHeaderLabels(heads)
        self.setRowCount(len(view.rows) + 1)
        for place, row in enumerate(view.rows):
            texts = (row.lesion_id, row.role, row.place, row.axis_text)
            self._set_line(place, texts, (*row.numbers, row.change), False, row.why)
        sums = (*view.sums, view.change_from_baseline)
        self._set_line(len(view.rows), (tr("Sum"), "", "", ""), sums, True, "")
        header = self.horizontalHeader()
        for column in range(len(heads)):
            mode = QHeaderView.ResizeMode.ResizeToContents
            stretched = column == SITE and len(view.visits) <= VISITS_ABREAST
            header.setSectionResizeMode(column, mode.Stretch if stretched else mode)
            right = column >= FIRST_NUMBER
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            if (item := self.horizontalHeaderItem(column)) is not None:
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        for place, row in enumerate(view.rows):
            if row.lesion_id == selected:
                self.selectRow(place)
        self.blockSignals(False)
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as its rows: what it stands in scrolls, the table does not."""
        rows = self.rowCount() * self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar()
        below = (
            bar.sizeHint().height() if self.columnCount() > FIRST_NUMBER + VISITS_ABREAST + 1 else 0
        )
        frame = 2 * self.frameWidth()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + below + frame)

    def menu_of(self, line: int) -> QMenu | None:
        """What may be stated of the lesion in a line, or None where nothing may."""
        if not 0 <= line < len(self._rows) or not self._rows[line].groups:
            return None
        menu = QMenu(self)
        for group in self._rows[line].groups:
            part = menu.addMenu(group.title)
            one = QActionGroup(part)
            for choice in group.choices:
                action = QAction(choice.label, part, checkable=True, checked=choice.current)
                action.triggered.connect(lambda _=False, c=choice: self.chosen.emit(c))
                one.addAction(action)
                part.addAction(action)
        if self._proposals is not None:
            menu.addSeparator()
            every = Choice(tr("Take all proposed roles"), self._proposals, False)
            action = menu.addAction(every.label)
            action.triggered.connect(lambda: self.chosen.emit(every))
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Opens the menu of the row under the mouse; the menu key asks for the current row."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        line = self.currentRow() if by_key else self.rowAt(event.pos().y())
        self._open(line, None if by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens the menu of the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentRow(), None)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Asks where the number under the mouse comes from."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        item = self.itemAt(event.position().toPoint())
        ref = None if item is None else item.data(REF_ROLE)
        if isinstance(ref, NumberRef):
            self.number_picked.emit(ref)

    def _open(self, line: int, place: QPoint | None) -> None:
        menu = self.menu_of(line)
        if menu is None:
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cell = self.visualRect(self.model().index(line, 1)).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(cell) if place is None else place)

    def _set_line(
        self, line: int, texts: Sequence[str], numbers: Sequence[NumberView], bold: bool, why: str
    ) -> None:
        font = QFont()
        font.setBold(bold)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(why or text)
            item.setFont(font)
            self.setItem(line, column, item)
        for column, number in enumerate(numbers, start=len(texts)):
            item = QTableWidgetItem(number.text)
            item.setData(REF_ROLE, number.ref)
            item.setToolTip(number.labelled)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(font)
            if number.state is not NumberState.READY:
                item.setForeground(QBrush(QPalette().color(QPalette.ColorRole.PlaceholderText)))
            self.setItem(line, column, item)

    def _tell_lesion(self) -> None:
        line = self.currentRow()
        if 0 <= line < len(self._rows):
            self.lesion_picked.emit(self._rows[line].lesion_id)
