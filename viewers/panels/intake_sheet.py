"""The sheet of an opened folder: which study is which visit, and what stands in the way."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.translation import tr
from viewers.panels.rows_grid import GridRow, RowsGrid
from viewers.panels.styled_label import ElidedLabel, compact, plain_label, scrolled, wrapped_label
from viewers.panels.tones import OF_FINDING, Tone, sign
from viewers.presenters.intake import IntakeView, SeriesLine, StudyLine, choices, visit_label


class IntakeSheetPanel(QWidget):
    """Nothing is taken in before Accept. Visits are numbered in the order of their scans."""

    accepted = Signal(object)  # tuple of VisitChoice
    cancelled = Signal()
    look_requested = Signal(object, str)  # folder of the study, UID of a refused PET

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("intake_sheet")
        self._view = IntakeView("", (), (), "")
        self._studies: list[_Study] = []
        self._title = plain_label(tr("What the folder holds"), "title")
        self._patient = ElidedLabel("", "heading")
        self._problem = wrapped_label("", "refused")
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 6, 0)
        self._body.setSpacing(8)
        self._files = RowsGrid()
        content = QWidget()
        content.setLayout(self._body)
        self._say = plain_label("", "muted")
        self._accept = QPushButton(tr("Accept"))
        self._accept.setObjectName("accept_intake")
        self._accept.setDefault(True)
        self._accept.clicked.connect(self._tell)
        cancel = QPushButton(tr("Cancel"))
        cancel.setObjectName("cancel_intake")
        cancel.clicked.connect(self.cancelled)
        foot = QHBoxLayout()
        foot.addWidget(self._say, 1)
        foot.addWidget(cancel)
        foot.addWidget(self._accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for widget in (self._title, self._patient, self._problem):
            layout.addWidget(widget)
        layout.addWidget(scrolled(content), 1)
        layout.addLayout(foot)

    def show_intake(self, view: IntakeView) -> None:
        """Shows the studies with everything proposed; nothing is taken in yet."""
        self._view = view
        self._patient.show_text(tr("Patient {patient}").format(patient=view.patient))
        self._problem.setText(view.problem)
        self._problem.setVisible(bool(view.problem))
        for former in self._studies:
            self._body.removeWidget(former)
            former.hide()
            former.deleteLater()
        while self._body.takeAt(0) is not None:  # the stretch, and the files that stay
            pass
        self._studies = [
            _Study(study, self._show_numbers, self.look_requested.emit) for study in view.studies
        ]
        for study in self._studies:
            self._body.addWidget(study)
        self._files.show_rows(
            [GridRow("", row.text, OF_FINDING[row.severity]) for row in view.findings]
        )
        self._body.addWidget(self._files)
        self._body.addStretch(1)
        self._show_numbers()

    def used(self) -> tuple[str, ...]:
        """The UIDs of the ticked studies."""
        return tuple(s.study.study_uid for s in self._studies if s.used.isChecked())

    def _show_numbers(self) -> None:
        used = self.used()
        for widget in self._studies:
            widget.show_visit(visit_label(self._view, used, widget.study.study_uid))
        possible = bool(used) and not self._view.problem
        self._accept.setEnabled(possible)
        count = len(used)
        self._say.setText(
            tr("1 visit will be read")
            if count == 1
            else tr("{n} visits will be read").format(n=count)
        )

    def _tell(self) -> None:
        pets = {s.study.study_uid: s.chosen_pet() for s in self._studies}
        chosen = {uid: pet for uid, pet in pets.items() if pet is not None}
        self.accepted.emit(choices(self._view, self.used(), chosen))


class _Study(QFrame):
    """One study as a card."""

    def __init__(
        self,
        study: StudyLine,
        changed: Callable[[], None],
        look: Callable[[Path, str], None],
    ) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("card")
        self.study = study
        self.used = QCheckBox(tr("Read"))
        self.used.setObjectName(f"use_{study.study_uid}")
        self.used.setChecked(not study.problem)
        self.used.setEnabled(not study.problem)
        self.used.toggled.connect(lambda _on: changed())
        self._visit = plain_label("", "heading")
        self._visit.setMinimumWidth(90)
        self._pet = QComboBox()
        for line in study.pets:
            self._pet.addItem(f"{line.description} ({line.size})", line.series_uid)
        self._pet.setVisible(len(study.pets) > 1)
        self._pet.setToolTip(tr("Several PET series can be read: choose one"))
        head = QHBoxLayout()
        head.addWidget(self.used)
        head.addWidget(self._visit)
        head.addWidget(plain_label(study.date_text, "heading"))
        title = ElidedLabel(" · ".join(t for t in (study.description, study.folder.name) if t))
        title.setToolTip(str(study.folder))
        head.addWidget(title, 1)
        head.addWidget(self._pet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        if study.problem:
            layout.addLayout(_signed(Tone.REFUSED, study.problem))
        layout.addLayout(self._series())

    def _look_button(self, series_uid: str) -> QPushButton:
        button = QPushButton(tr("Look at it"))
        button.setObjectName(f"look_{series_uid}")
        button.setToolTip(tr("Shows the pictures without SUV; nothing is read from them"))
        compact(button)
        button.clicked.connect(lambda: self._look(self.study.folder, series_uid))
        return button

    def show_visit(self, name: str) -> None:
        self._visit.setText(name)

    def chosen_pet(self) -> str | None:
        uid = self._pet.currentData(Qt.ItemDataRole.UserRole)
        return uid if isinstance(uid, str) else None

    def _series(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        line = 0
        for series in self.study.series:
            read = series.series_uid in (
                self.study.ct_uid,
                *(p.series_uid for p in self.study.pets),
            )
            role = "" if read else "muted"
            grid.addWidget(plain_label(series.role_text, role), line, 0)
            grid.addWidget(ElidedLabel(series.description, role), line, 1)
            grid.addWidget(plain_label(series.size, role), line, 2)
            grid.addLayout(_readiness(series), line, 3)
            if series.viewable:
                grid.addWidget(self._look_button(series.series_uid), line, 4)
            line += 1
            for found in series.findings:
                grid.addLayout(_signed(OF_FINDING[found.severity], found.text), line, 1, 1, 3)
                line += 1
        return grid


def _readiness(series: SeriesLine) -> QHBoxLayout:
    state = series.readiness
    if state is None:
        return QHBoxLayout()
    if state.ready:
        told = " · ".join(text for text in (state.text, series.acquisition) if text)
        return _signed(Tone.AGREED, told)
    named = state.text if state.tag in state.text else f"{state.text} {state.tag}"
    return _signed(Tone.REFUSED, named)


def _signed(tone: Tone, text: str) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(6)
    mark = QLabel()
    mark.setPixmap(sign(tone))
    mark.setContentsMargins(0, 3, 0, 0)
    layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(wrapped_label(text), 1)
    return layout
