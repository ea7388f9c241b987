"""The table of lesions and its keys."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.reading.state import LesionRole
from app.translation import tr
from viewers.panels.lesion_model import (
    BELOW,
    FIRST_VISIT,
    LESION,
    ROLE,
    SITE,
    AnyIndex,
    LesionModel,
)
from viewers.panels.tick_delegate import (
    PADDING,
    TICK_WIDTH,
    VISIT_GAP,
    WIDEST_NUMBER,
    TickDelegate,
    ticked_rect,
)

ROLE_KEYS = {
    Qt.Key.Key_L: LesionRole.TUMOUR,
    Qt.Key.Key_P: LesionRole.PHYSIOLOGICAL,
    Qt.Key.Key_U: LesionRole.UNSURE,
}
# Ticks as the style sheet draws check boxes, in the colours of the palette.
TICKS = """
QTableView::indicator { width: 11px; height: 11px; border-radius: 2px;
  border: 1px solid palette(placeholder-text); background: palette(base); }
QTableView::indicator:checked { background: palette(link); border-color: palette(link);
  image: url("ICONS/check.svg"); }
""".replace("ICONS", (Path(__file__).parents[2] / "resources" / "icons").as_posix())
SITE_WIDTH, NOTES_WIDTH = 84, 90


class LesionTable(QTableView):
    """Rows are picked as the current row moves; numbers are picked by a click on their text."""

    row_picked = Signal(str)
    number_picked = Signal(object)
    role_requested = Signal(object)
    confirm_requested = Signal()
    next_requested = Signal(bool)  # False: backwards

    def __init__(self, model: LesionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._showing = False
        self._row_before_press = -1
        self._fitted: tuple[int, tuple[int, ...]] | None = None
        self._measured: tuple[int, ...] | None = None  # lengths the widths were made for
        self._site_width = SITE_WIDTH
        bold = self.font()
        bold.setBold(True)
        self._bold = QFontMetrics(bold)
        self.setModel(model)
        self._ticks = TickDelegate(self)
        self.setObjectName("lesion_table")
        self.setAccessibleName(tr("Lesions"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # the side stands at the end
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.setStyleSheet(TICKS)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(24)
        model.modelReset.connect(self._delegate_ticks)
        model.modelReset.connect(self.fit_columns)
        model.dataChanged.connect(self.fit_columns)

    def show_current(self, lesion_id: str | None) -> None:
        """Marks a lesion's row without telling anyone."""
        place = self._model.row_of(lesion_id)
        self._showing = True
        try:
            if place is None:
                self.setCurrentIndex(QModelIndex())
                return
            column = max(self.currentIndex().column(), 0)
            index = self._model.index(place, column)
            if self.currentIndex() != index:
                self.setCurrentIndex(index)
            self.scrollTo(index)
        finally:
            self._showing = False

    def fit_columns(self) -> None:
        """Columns as wide as their numbers; the site takes what is left, then the notes."""
        model = self._model
        texts = model.longest_texts()
        lengths = tuple(len(text) for text in texts)
        asked = (self.viewport().width(), lengths)
        if asked == self._fitted:
            return
        self._fitted = asked
        fixed = [ROLE, LESION, *range(FIRST_VISIT, model.notes_column)]
        if lengths != self._measured:
            self._measured = lengths
            self._site_width = max(self._text_width(texts[SITE]), SITE_WIDTH)
            for column in fixed:
                self.setColumnWidth(column, self._wanted_width(column, texts[column]))
            targets = self._bold.horizontalAdvance(texts[LESION]) + PADDING + 2
            self.setColumnWidth(LESION, max(self.columnWidth(LESION), targets))
        taken = sum(self.columnWidth(column) for column in fixed)
        left = self.viewport().width() - taken
        site = self._site_width
        roomy = left - site >= NOTES_WIDTH
        self.setColumnHidden(model.notes_column, not roomy)
        self.setColumnWidth(SITE, site if roomy else max(left, SITE_WIDTH))
        if roomy:
            self.setColumnWidth(model.notes_column, left - site)

    def _wanted_width(self, column: int, text: str) -> int:
        model, least = self._model, self._text_width(text)
        if FIRST_VISIT <= column < model.change_column:
            followed = column > FIRST_VISIT  # only there a number can be below, and ticked
            widest = f"{BELOW} {WIDEST_NUMBER}" if followed else WIDEST_NUMBER
            least = max(least, self._text_width(widest))
            least += TICK_WIDTH + VISIT_GAP if followed else 0
        return max(self.horizontalHeader().sectionSizeHint(column), least) + 2

    def _text_width(self, text: str) -> int:
        """Of a cell with this text; asking every cell for its own size takes too long."""
        return self.fontMetrics().horizontalAdvance(text) + PADDING

    def _delegate_ticks(self) -> None:
        """Only the columns with boxes are drawn by Python."""
        ticked = range(FIRST_VISIT + 1, self._model.change_column)
        for column in range(self._model.columnCount()):
            delegate = self._ticks if column in ticked else self.itemDelegate()
            self.setItemDelegateForColumn(column, delegate)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:  # noqa: N802
        """Tells the lesion that is now current."""
        super().currentChanged(current, previous)
        if not self._showing and current.isValid() and current.row() != previous.row():
            self.row_picked.emit(self._model.rows[current.row()].lesion_id)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remembers which row was current."""
        self._row_before_press = self.currentIndex().row()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click on a number asks where it comes from; one on a tick does not."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if index.row() == self._row_before_press:  # still current: the views go back there
            self.row_picked.emit(self._model.rows[index.row()].lesion_id)
        ref = self._model.ref_at(index)
        if ref is not None and not self._tick_area(index).contains(event.position().toPoint()):
            self.number_picked.emit(ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """L, P, U decide; C agrees; N goes on; Space ticks; Enter asks where a number is from."""
        key, index = Qt.Key(event.key()), self.currentIndex()
        shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key == Qt.Key.Key_N and (plain or shifted):
            self.next_requested.emit(not shifted)
        elif plain and key in ROLE_KEYS:
            self.role_requested.emit(ROLE_KEYS[key])
        elif plain and key == Qt.Key.Key_C:
            self.confirm_requested.emit()
        elif plain and key == Qt.Key.Key_Space and index.isValid():
            self._tick(index)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            ref = self._model.ref_at(index)
            if ref is not None:
                self.number_picked.emit(ref)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fits the columns to the new width."""
        super().resizeEvent(event)
        self.fit_columns()

    def _tick(self, index: QModelIndex) -> None:
        """Ticks the visit of the cell, or the latest one that can be ticked."""
        row = self._model.rows[index.row()]
        cell = self._model.cell_at(index)
        if cell is None or cell.resolved is None:
            cell = next((c for c in reversed(row.cells) if c.resolved is not None), None)
        if cell is not None:
            self._model.resolve_requested.emit(row.lesion_id, cell.visit, not cell.resolved)

    def _tick_area(self, index: QModelIndex) -> QRect:
        cell = self._model.cell_at(index)
        if cell is None or cell.resolved is None:
            return QRect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        text = str(self._model.data(index))
        option.rect = ticked_rect(self.visualRect(index), self.fontMetrics(), text)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return self.style().subElementRect(element, option, self)
