"""The selected lesion: place, measures at each visit, verdict, comment."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.reading.edits import RemoveLesion, SetLesionComment, SetPlace
from app.translation import tr
from viewers.panels.new_lesion import NewLesionControl
from viewers.panels.number_label import NumberLabel
from viewers.panels.progression_ticks import ProgressionTicks
from viewers.panels.styled_label import ElidedLabel, plain_label, set_role
from viewers.presenters.lesion_card import LesionCard, MeasureRow, side_choices, site_choices
from viewers.presenters.lesions import role_text


class LesionCardPanel(QWidget):
    """One lesion in full. Every number can be clicked; every change leaves as an edit record."""

    number_picked = Signal(object)
    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesion_card")
        self._card: LesionCard | None = None
        self._title = ElidedLabel("", "heading")
        self._site = self._choice("lesion_site", tr("Site"), site_choices())
        self._side = self._choice("lesion_side", tr("Side"), side_choices())
        self._remove = QPushButton(tr("Remove"))
        self._remove.setObjectName("remove_lesion")
        self._remove.setToolTip(tr("Takes the lesion out of the read; undo brings it back"))
        self._remove.clicked.connect(self._ask_removal)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(1)
        self._grid.setHorizontalSpacing(8)
        self._cells: list[QLabel] = []
        self._cautions = ElidedLabel("", "warning")
        self._verdict = NewLesionControl()
        self._verdict.edit_requested.connect(self.edit_requested)
        self._progressed = ProgressionTicks()
        self._progressed.edit_requested.connect(self.edit_requested)
        self._comment = QLineEdit()
        self._comment.setObjectName("lesion_comment")
        self._comment.setPlaceholderText(tr("Comment on this lesion"))
        self._comment.setAccessibleName(tr("Comment on this lesion"))
        self._comment.editingFinished.connect(self.commit)
        self._body = QWidget()
        self._empty = plain_label(tr("Pick a lesion in the list or in a view."), "muted")
        self._arrange()
        self.show_nothing()

    def show_card(self, card: LesionCard) -> None:
        """Shows a lesion; a comment being typed is left alone."""
        other = self._card is None or self._card.lesion_id != card.lesion_id
        if other:
            self.commit()
        self._card = card
        state = tr("confirmed") if card.confirmed else tr("draft, not confirmed")
        self._title.show_text(f"{card.lesion_id} · {role_text(card.role)} · {state}")
        for box, code in ((self._site, card.site), (self._side, card.side)):
            box.setCurrentIndex(box.findData(code))
        self._show_measures(card.visits, card.measures)
        self._cautions.show_text(" · ".join(card.cautions))
        self._cautions.setToolTip("\n".join(card.cautions))
        self._cautions.setVisible(bool(card.cautions))
        self._verdict.setVisible(card.verdict is not None)
        if card.verdict is not None:
            self._verdict.show_verdict(card.verdict)
        self._progressed.show_lesion(card)
        if other or not self._comment.hasFocus():
            self._comment.setText(card.comment)
        self._empty.hide()
        self._body.show()

    def show_nothing(self) -> None:
        """Shows that no lesion is selected."""
        self.commit()
        self._card = None
        self._body.hide()
        self._empty.show()

    def commit(self) -> None:
        """Hands in the comment as it stands, where it changed."""
        card, typed = self._card, self._comment.text()
        if card is not None and typed != card.comment:
            self._card = replace(card, comment=typed)  # handed in once, however often it is left
            self.edit_requested.emit(SetLesionComment(card.lesion_id, typed))

    def _arrange(self) -> None:
        place = QHBoxLayout()
        place.setSpacing(4)
        for box in (self._site, self._side):
            place.addWidget(box, 1)
        place.addWidget(self._remove)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(5)
        body.addWidget(self._title)
        body.addLayout(place)
        body.addWidget(self._verdict)
        body.addLayout(self._grid)
        body.addWidget(self._progressed)
        body.addWidget(self._cautions)
        body.addWidget(self._comment)
        body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self._empty)
        layout.addWidget(self._body, 1)
        layout.addStretch(0)

    def _choice(self, object_name: str, name: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(object_name)
        box.setAccessibleName(name)
        box.setToolTip(name)
        for code, text in entries:
            box.addItem(text, code)
        box.activated.connect(self._ask_place)
        return box

    def _ask_place(self) -> None:
        if self._card is None:
            return
        site, side = (box.currentData() for box in (self._site, self._side))
        if (site, side) != (self._card.site, self._card.side):
            self.edit_requested.emit(SetPlace(self._card.lesion_id, site, side))

    def _ask_removal(self) -> None:
        if self._card is not None:
            self.edit_requested.emit(RemoveLesion(self._card.lesion_id))

    def _show_measures(self, visits: Sequence[str], rows: Sequence[MeasureRow]) -> None:
        needed = (len(rows) + 1) * (len(visits) + 2)
        if len(self._cells) != needed:
            self._build(len(visits), len(rows))
        heads = (plain_text for plain_text in ("", *visits, ""))
        texts = iter(self._cells)
        for text in heads:
            next(texts).setText(text)
        for row in rows:
            next(texts).setText(row.label)
            for number in row.numbers:
                cell = next(texts)
                assert isinstance(cell, NumberLabel)
                cell.show_number(number, with_unit=False)
            next(texts).setText(row.unit)

    def _build(self, visits: int, rows: int) -> None:
        for former in self._cells:
            self._grid.removeWidget(former)
            former.hide()
            former.deleteLater()
        self._cells = []
        for line in range(rows + 1):
            for column in range(visits + 2):
                numeric = line > 0 and 0 < column <= visits
                cell: QLabel = NumberLabel() if numeric else plain_label("", "muted")
                if isinstance(cell, NumberLabel):
                    cell.picked.connect(self.number_picked)
                elif 0 < column <= visits:
                    cell.setAlignment(Qt.AlignmentFlag.AlignRight)
                self._grid.addWidget(cell, line, column)
                self._cells.append(cell)
        self._grid.setColumnStretch(0, 2)
        for column in range(1, visits + 1):
            self._grid.setColumnStretch(column, 1)
        set_role(self._cells[0], "muted")
