"""Where a number comes from."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.translation import tr
from viewers.panels.rows_grid import GridRow, RowsGrid
from viewers.panels.styled_label import compact, plain_label, scrolled, wrapped_label
from viewers.presenters.provenance import ProvenanceView


class ProvenancePanel(QWidget):
    """The number as it was clicked, with its region, method, factors, times and source."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("provenance_panel")
        self._view: ProvenanceView | None = None
        self._title = wrapped_label(tr("Click any number to see where it comes from."), "muted")
        self._value = wrapped_label("", "heading")
        self._sections: list[tuple[QLabel, RowsGrid]] = []
        content = QWidget()
        self._body = QVBoxLayout(content)
        self._body.setContentsMargins(8, 6, 8, 8)
        self._body.setSpacing(4)
        self._copy = QPushButton(tr("Copy"))
        self._copy.setObjectName("copy_provenance")
        self._copy.setToolTip(tr("Copies everything below, with full identifiers"))
        self._copy.clicked.connect(self._copy_all)
        self._copy.hide()
        compact(self._copy)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._copy)
        self._body.addLayout(head)
        self._body.addWidget(self._value)
        self._body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))

    def show_provenance(self, view: ProvenanceView) -> None:
        """Shows what a number rests on."""
        self._view = view
        self._copy.show()
        self._title.setText(view.title)
        self._value.setText(view.value)
        self._value.setVisible(bool(view.value))
        while len(self._sections) < len(view.sections):
            head, grid = plain_label("", "muted"), RowsGrid()
            place = self._body.count() - 1
            self._body.insertWidget(place, head)
            self._body.insertWidget(place + 1, grid)
            self._sections.append((head, grid))
        for place, (head, grid) in enumerate(self._sections):
            used = place < len(view.sections)
            head.setVisible(used)
            grid.setVisible(used)
            if used:
                head.setText(view.sections[place].title)
                grid.show_rows([GridRow(*line) for line in view.sections[place].lines])

    def text(self) -> str:
        """Everything that is known of the number, as text with full identifiers."""
        if self._view is None:
            return ""
        lines = [self._view.title, self._view.value]
        for section in self._view.sections:
            lines += ["", section.title, *(f"{label}: {text}" for label, text in section.lines)]
        return "\n".join(lines)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
