"""The desk: the archive, the reading that is open, and how one gives way to the next."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from app.jobs.desk import (
    JobCancelled,
    JobEvent,
    JobFailed,
    JobFinished,
    JobProgressed,
    JobStarted,
)
from app.persistence.archive import Archive
from app.services.derive_read import RulePair
from app.services.load_visit import VisitSource
from app.services.reading_session import PREVIEW_SLOT
from app.services.rule_sets import PERCIST_SETS, load_percist_rules
from app.settings import archive_file
from app.translation import tr
from viewers.panels.intake_sheet import IntakeSheetPanel
from viewers.panels.jobs_bar import JobsBar
from viewers.presenters.intake import IntakeView, VisitChoice
from viewers.presenters.jobs import JobRow, job_row
from viewers.scene.images import VisitScene
from viewers.shell.case_commands import CaseCommands
from viewers.shell.case_display import CaseDisplay
from viewers.shell.case_jobs import EXPORT_SLOT
from viewers.shell.collecting import collect
from viewers.shell.desk import Shell
from viewers.shell.look_page import LookPage
from viewers.shell.open_case import OpenCase
from viewers.shell.opening import LOOK, SLOTS, Opened, Opening
from viewers.shell.turns import Turns
from viewers.shell.welcome_page import RecentReading


class ReadingDesk:
    """Owns the archive and at most one open case; takes its place in the window."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        file = archive_file(shell.settings.current)
        self._folder = file.parent
        self._archive = Archive(file, lambda: datetime.now(UTC))
        self._rules = RulePair(*(load_percist_rules(name) for name in PERCIST_SETS))
        self._opening = Opening(
            shell.bridge.desk,
            self._archive,
            self._rules,
            self._show_sheet,
            self._show_case,
            self._show_look,
        )
        self._intake: IntakeView | None = None
        self._turns = Turns()
        self._case: OpenCase | None = None
        self._commands: CaseCommands | None = None
        self._sheet: QWidget | None = None
        self._running: dict[int, JobRow] = {}
        self._dropped: set[int] = set()
        self._jobs_bar = JobsBar()  # while no case with one of its own is open
        self._jobs_bar.cancel_requested.connect(self._cancel)
        shell.window.statusBar().addWidget(self._jobs_bar, 1)
        shell.bridge.arrived.connect(self._job_event)
        shell.actions.triggered.connect(self._triggered)
        shell.settings.changed.connect(self._settings_changed)

    @property
    def case(self) -> OpenCase | None:
        """The open case, for tests and benchmarks."""
        return self._case

    def recent(self) -> Sequence[RecentReading]:
        """The readings of the archive, the last changed first."""
        found = []
        for item in self._archive.readings():
            days = ", ".join(v.scanned_at.date().isoformat() for v in item.state.visits)
            changed = item.changed_utc.astimezone().strftime("%Y-%m-%d %H:%M")
            subtitle = tr("{days} · changed {when}").format(days=days, when=changed)
            found.append(RecentReading(item.reading_id, item.patient_key, subtitle))
        return tuple(found)

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Shows the intake sheet of folders, then reads them."""
        self._opening.inspect(folders)

    def open_reading(self, reading_id: str) -> None:
        """Opens a reading as it stood."""
        state = self._archive.history(reading_id).state
        self._opening.load(
            [VisitSource(Path(visit.folder), visit.pet_series_uid) for visit in state.visits]
        )

    def open_demo(self) -> None:
        """Opens the demo patient."""
        self._opening.demo(self._folder / "demo")

    def open_reading_id(self) -> str:
        """The id of the open reading, empty where none is."""
        return "" if self._case is None else self._case.derived.state.reading_id

    def is_busy(self) -> bool:
        """Whether something is still being loaded, computed or painted."""
        busy = bool(self._running) or self._turns.active
        return busy or (self._case is not None and self._case.busy)

    def close(self) -> None:
        """Lets everything go: files, timers, widgets."""
        self._opening.cancel()
        self._turns.stop()
        self._close_case()
        self._shell.window.statusBar().removeWidget(self._jobs_bar)
        self._jobs_bar.deleteLater()
        self._shell.bridge.arrived.disconnect(self._job_event)
        self._shell.actions.triggered.disconnect(self._triggered)
        self._shell.settings.changed.disconnect(self._settings_changed)
        self._archive.close()

    def _job_event(self, event: JobEvent) -> None:
        if event.number in self._dropped:
            return
        self._count(event)
        try:
            if not self._opening.handle(event) and self._case is not None:
                self._case.handle(event)
        except Exception as fault:  # noqa: BLE001 - one funnel for what a job raised
            self._shell.funnel.take(fault)
        if event.job.slot != PREVIEW_SLOT:  # dozens a second, and none is shown
            self._show_jobs()

    def _cancel(self, *slots: str) -> None:
        """Gives up jobs; the window does not wait until their workers notice."""
        for number in [n for n, row in self._running.items() if row.slot in slots]:
            del self._running[number]
            self._dropped.add(number)
        for slot in slots:  # also what has not begun
            self._shell.bridge.desk.cancel(slot)
        self._show_jobs()

    def _show_jobs(self) -> None:
        rows = tuple(self._running.values())
        self._jobs_bar.setVisible(self._case is None)
        self._jobs_bar.show_jobs(rows)
        if self._case is not None:
            self._case.jobs_bar.show_jobs(rows)
        elif self._running:
            row = next(iter(self._running.values()))
            self._shell.window.welcome.show_state(f"{row.title} {row.share_text}".strip())
        elif self._sheet is None:
            self._shell.window.welcome.show_recent(self.recent())

    def _count(self, event: JobEvent) -> None:
        if event.job.slot == PREVIEW_SLOT:
            return  # dozens a second: a bar that comes and goes would repaint the whole window
        if isinstance(event, JobStarted):
            self._running[event.number] = job_row(event.job)
        elif isinstance(event, JobProgressed):
            self._running[event.number] = job_row(event.job, event.share)
        elif isinstance(event, JobFinished | JobFailed | JobCancelled):
            self._running.pop(event.number, None)

    def _show_sheet(self, view: IntakeView) -> None:
        self._close_sheet()
        sheet = IntakeSheetPanel()
        sheet.show_intake(view)
        sheet.accepted.connect(self._take_in)
        sheet.cancelled.connect(self._close_sheet)
        sheet.look_requested.connect(self._opening.look)
        self._sheet, self._intake = sheet, view
        self._shell.window.show_sheet(sheet)

    def _show_look(self, scene: VisitScene) -> None:
        """A refused PET in the place of the sheet; the sheet comes back after it."""
        page, view = LookPage(scene), self._intake
        if view is not None:
            page.closed.connect(lambda: self._show_sheet(view))
        self._sheet = page
        self._shell.window.show_sheet(page)

    def _take_in(self, choices: Sequence[VisitChoice]) -> None:
        self._close_sheet()
        self._opening.load([VisitSource(c.folder, c.pet_series_uid) for c in choices])

    def _close_sheet(self) -> None:
        self._cancel(LOOK)
        if self._sheet is not None:
            self._sheet = None
            self._shell.window.close_sheet()

    def _show_case(self, opened: Opened) -> None:
        self._turns.run(self._take_over(opened))

    def _take_over(self, opened: Opened) -> Iterator[None]:
        """The opened reading in the place of the former one."""
        self._close_case()
        yield
        state = opened.history.state
        display = CaseDisplay(dict(enumerate(opened.visits)), state)
        yield
        case = OpenCase(
            opened,
            display,
            self._archive,
            self._rules,
            self._shell.bridge.desk,
            self._shell.window.messages.show_message,
            self._show_commands,
        )
        case.use_mouse(self._shell.settings.current.mouse)
        self._case = case
        self._commands = CaseCommands(case, self._shell.actions)
        yield
        self._shell.window.place(case.parts())
        self._shell.window.show_title(state.patient_key)
        yield
        self._show_commands()

    def _close_case(self) -> None:
        if self._case is not None:
            self._case.close()
            self._case.deleteLater()
            self._case, self._commands = None, None
            self._shell.window.clear()
            self._shell.actions.show_facts(())
            QTimer.singleShot(0, collect)  # once its widgets are gone

    def _show_commands(self) -> None:
        if self._commands is not None:
            self._commands.show()

    def _settings_changed(self, names: frozenset[str]) -> None:
        if "mouse" in names and self._case is not None:
            self._case.use_mouse(self._shell.settings.current.mouse)

    def _triggered(self, action_id: str, on: bool) -> None:
        if action_id in ("close_reading", "patient_list"):
            self._turns.stop()
            self._close_case()
            self._shell.window.welcome.show_recent(self.recent())
        elif action_id == "export_report" and self._case is not None:
            self._ask_export()
        elif action_id == "cancel_jobs":
            self._cancel(*SLOTS, EXPORT_SLOT)
        elif self._commands is not None:
            self._commands.perform(action_id, on)

    def _ask_export(self) -> None:
        dialog = QFileDialog(self._shell.window, tr("Folder for the report"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(
            lambda folder: self._case.export(Path(folder)) if self._case is not None else None
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
