"""Facts that DICOM does not state: glucose, fasting and days since therapy, visit by visit."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.translation import tr
from viewers.panels.styled_label import plain_label, wrapped_label
from viewers.presenters.facts import FactsRow


class FactsPanel(QWidget):
    """A field's text leaves as typed; what cannot be read comes back with `show_problem`."""

    fact_entered = Signal(int, str, str)  # visit, name of the fact, text

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("facts_panel")
        self._fields: dict[tuple[int, str], QLineEdit] = {}
        self._shown: dict[tuple[int, str], str] = {}
        self._heads: list[QLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._problem = wrapped_label("", "warning")
        self._problem.hide()
        note = wrapped_label(
            tr("From the case report form; DICOM does not state these. Empty: unknown."), "muted"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(note)
        layout.addLayout(self._grid)
        layout.addWidget(self._problem)
        layout.addStretch(1)

    def show_facts(self, rows: Sequence[FactsRow]) -> None:
        """Shows the facts of each visit; a field being typed in is left alone."""
        if [key[0] for key in self._fields][:: len(NAMES)] != [row.visit for row in rows]:
            self._build(rows)
        for row in rows:
            values = (row.glucose, row.fasting, row.days_since_therapy)
            for name, text in zip(NAMES, values, strict=True):
                key = (row.visit, name)
                self._shown[key] = text
                field = self._fields[key]
                if not field.hasFocus() or not field.isModified():
                    field.setText(text)

    def show_problem(self, text: str) -> None:
        """Says why the last entry was not taken; "" where it was."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def _build(self, rows: Sequence[FactsRow]) -> None:
        for widget in (*self._heads, *self._fields.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._fields, self._shown = {}, {}
        labels = (tr("Glucose, mmol/L"), tr("Fasting, h"), tr("Days since therapy"))
        self._heads = [plain_label(text, "muted") for text in ("", *labels)]
        for line, head in enumerate(self._heads):
            self._grid.addWidget(head, line, 0)
        for column, row in enumerate(rows, start=1):
            head = plain_label(row.label, "muted")
            self._heads.append(head)
            self._grid.addWidget(head, 0, column)
            for line, (name, label) in enumerate(zip(NAMES, labels, strict=True), start=1):
                field = self._field(row.visit, name, f"{label}, {row.label}")
                self._grid.addWidget(field, line, column)

    def _field(self, visit: int, name: str, label: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(f"{name}_{visit}")
        field.setAccessibleName(label)
        if name == NAMES[0]:
            field.setToolTip(tr("mmol/L, or with its unit: 110 mg/dL"))
        field.editingFinished.connect(lambda: self._tell(visit, name))
        self._fields[visit, name] = field
        return field

    def _tell(self, visit: int, name: str) -> None:
        text = self._fields[visit, name].text()
        if text != self._shown[visit, name]:
            self._shown[visit, name] = text
            self.show_problem("")
            self.fact_entered.emit(visit, name, text)


NAMES = ("glucose_mmol_per_l", "fasting_h", "days_since_therapy")
