"""Rows of sign, label and wrapped text, for reasons, cards and provenance."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from viewers.panels.styled_label import unbroken, wrapped_label
from viewers.panels.tones import SIGN_SIZE, Tone, sign

LONGEST_WORD = 26  # characters; a longer one (a UID) would widen every panel


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; an empty label gives its place to the text."""

    label: str
    text: str
    tone: Tone | None = None


class RowsGrid(QWidget):
    """Rows one below another. Labels are kept and reused: showing new rows flickers nothing."""

    def __init__(self, label_share: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(6)
        self._layout.setVerticalSpacing(2)
        self._wrap_labels = label_share > 0
        self._layout.setColumnStretch(1, label_share)
        self._layout.setColumnStretch(2, 5 - label_share)
        self._rows: tuple[GridRow, ...] = ()
        self._cells: list[tuple[QLabel, QLabel, QLabel]] = []

    def show_rows(self, rows: Sequence[GridRow]) -> None:
        """Shows these rows and no others."""
        self._rows = tuple(rows)
        while len(self._cells) < len(rows):
            self._add()
        for place, cells in enumerate(self._cells):
            for cell in cells:
                cell.setVisible(place < len(rows))
        signed = any(row.tone is not None for row in rows)
        self._layout.setColumnMinimumWidth(0, SIGN_SIZE if signed else 0)
        for place, row in enumerate(rows):
            mark, label, text = self._cells[place]
            mark.setVisible(signed)
            if row.tone is None:
                mark.clear()
            else:
                mark.setPixmap(sign(row.tone))
            label.setText(row.label)
            short = _shortened(row.text)
            text.setText(unbroken(short))
            text.setToolTip(row.text if short != row.text else "")
            self._spread(place, bool(row.label), bool(row.text))

    def texts(self) -> list[tuple[str, str]]:
        """Label and text of the rows shown."""
        return [(row.label, row.text) for row in self._rows]

    def _spread(self, place: int, labelled: bool, worded: bool) -> None:
        _, label, text = self._cells[place]
        label.setVisible(labelled)
        text.setVisible(worded)
        self._layout.removeWidget(text)
        first = 2 if labelled else 1
        self._layout.addWidget(text, place, first, 1, 3 - first, Qt.AlignmentFlag.AlignTop)

    def _add(self) -> None:
        place = len(self._cells)
        mark = QLabel(self)
        mark.setContentsMargins(0, 3, 0, 0)
        label, text = wrapped_label("", "muted", self), wrapped_label("", "", self)
        label.setWordWrap(self._wrap_labels)
        self._layout.addWidget(mark, place, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(label, place, 1, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(text, place, 2, Qt.AlignmentFlag.AlignTop)
        self._cells.append((mark, label, text))


def _shortened(text: str) -> str:
    """The text with words too long for a line shortened in their middle."""
    half = LONGEST_WORD // 2
    return " ".join(
        word if len(word) <= LONGEST_WORD else f"{word[: half - 1]}…{word[-half:]}"
        for word in text.split(" ")
    )
