"""Numbers of the lesion table with the tick box close to the number of the visit it belongs to."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

AnyIndex = QModelIndex | QPersistentModelIndex
WIDEST_NUMBER = "88.88"
TICK_WIDTH, PADDING, VISIT_GAP = 18, 8, 8


def ticked_width(metrics: QFontMetrics) -> int:
    """What a number with its tick box needs (pixels)."""
    return metrics.horizontalAdvance(WIDEST_NUMBER) + PADDING + TICK_WIDTH


def ticked_rect(rect: QRect, metrics: QFontMetrics, text: str) -> QRect:
    """The part of a cell that holds box and number: its right end, away from the visit before."""
    close = QRect(rect)
    wider = max(0, metrics.horizontalAdvance(text) - metrics.horizontalAdvance(WIDEST_NUMBER))
    close.setLeft(max(rect.left(), rect.right() + 1 - ticked_width(metrics) - wider))
    return close


class TickDelegate(QStyledItemDelegate):
    """Draws the box of a cell that has one at its number; clicks on it are taken there."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draws the cell's ground in full and box and number at its right end."""
        if not _has_box(index):  # asking a cell for everything is slow: only where needed
            super().paint(painter, option, index)
            return
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        style = whole.widget.style() if whole.widget else QApplication.style()
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(panel, whole, painter, whole.widget)
        super().paint(painter, _close(option, whole.text), index)

    def editorEvent(  # noqa: N802 - Qt's name
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """Takes a click on the box where it is drawn."""
        if _has_box(index):
            option = _close(option, str(index.data()))
        return super().editorEvent(event, model, option, index)


def _has_box(index: AnyIndex) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)


def _close(option: QStyleOptionViewItem, text: str) -> QStyleOptionViewItem:
    close = QStyleOptionViewItem(option)
    close.rect = ticked_rect(option.rect, option.fontMetrics, text)
    return close
