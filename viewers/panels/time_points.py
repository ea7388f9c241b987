"""The visits of the patient as a tree: series, SUV readiness, findings."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.translation import tr
from viewers.panels.styled_label import ElidedLabel
from viewers.panels.tones import OF_FINDING, SIGN_SIZE, Tone, sign_icon
from viewers.presenters.time_points import (
    UPTAKE_RULE,
    FindingRow,
    TimePointRow,
    findings_count_text,
)

VISIT_ROLE = Qt.ItemDataRole.UserRole
UNSCANNED = "–"


class TimePointsPanel(QWidget):
    """A click on a visit, or on anything below it, picks that visit."""

    visit_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("time_points_panel")
        self._patient = ElidedLabel("", "heading")
        self.tree = QTreeWidget()
        self.tree.setObjectName("time_points_tree")
        self.tree.setAccessibleName(tr("Time points"))
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(10)
        self.tree.setIconSize(QSize(SIGN_SIZE, SIGN_SIZE))
        self.tree.setWordWrap(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.itemClicked.connect(self._tell)
        self.tree.itemActivated.connect(self._tell)
        self._shown: tuple[TimePointRow, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self._patient)
        layout.addWidget(self.tree, 1)

    def show_time_points(self, patient: str, rows: Sequence[TimePointRow]) -> None:
        """Shows the visits; the tree is only rebuilt where something is different."""
        self._patient.show_text(patient)
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        self.tree.clear()
        for row in rows:
            self._add_visit(row)

    def show_current(self, visits: Sequence[int]) -> None:
        """Marks the visits whose images are on screen."""
        for place in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(place)
            assert item is not None
            font = item.font(0)
            font.setBold(item.data(0, VISIT_ROLE) in visits)
            item.setFont(0, font)

    def _add_visit(self, row: TimePointRow) -> None:
        top = self._item(f"{row.label} {row.date}", row.visit)
        self.tree.addTopLevelItem(top)
        if row.warnings and row.worst is not None:
            top.setIcon(0, sign_icon(OF_FINDING[row.worst]))
            top.setToolTip(0, "\n".join((top.text(0), *row.warnings)))
        uptake = self._item(_uptake_text(row), row.visit)
        top.addChild(uptake)
        for doubt in row.doubts:
            kept = doubt.rule == UPTAKE_RULE
            item = uptake if kept else self._item(doubt.label, row.visit)
            item.setIcon(0, sign_icon(OF_FINDING[doubt.severity]))
            told = tr("{label}: {value}").format(label=doubt.label, value=doubt.text)
            item.setToolTip(0, told)
            if not kept:
                top.addChild(item)
        if row.readiness is not None:
            tone = Tone.AGREED if row.readiness.ready else Tone.REFUSED
            tag = "" if row.readiness.tag in row.readiness.text else f" {row.readiness.tag}"
            top.addChild(self._item(row.readiness.text + tag, row.visit, tone))
        for series in row.series:
            child = self._item(f"{series.modality}  {series.description}", row.visit)
            child.setToolTip(0, f"{series.description}\n{series.scanner}\n{series.series_uid}")
            top.addChild(child)
        if row.readiness is not None:
            top.addChild(self._findings(row.findings, row.visit))
        top.setExpanded(True)

    def _findings(self, rows: Sequence[FindingRow], visit: int) -> QTreeWidgetItem:
        tone = OF_FINDING[rows[0].severity] if rows else Tone.AGREED
        group = self._item(findings_count_text(len(rows)), visit, tone)
        for row in rows:
            group.addChild(self._item(row.text, visit, OF_FINDING[row.severity]))
        return group

    def _item(self, text: str, visit: int, tone: Tone | None = None) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setToolTip(0, text)
        item.setData(0, VISIT_ROLE, visit)
        if tone is not None:
            item.setIcon(0, sign_icon(tone))
        return item

    def _tell(self, item: QTreeWidgetItem) -> None:
        self.visit_picked.emit(item.data(0, VISIT_ROLE))


def _uptake_text(row: TimePointRow) -> str:
    return tr("uptake {time}").format(time=row.uptake.labelled)
