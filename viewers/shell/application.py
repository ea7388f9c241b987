"""The running window: first frame first, then the reading desk; rebuilt in another language."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog

from app.jobs.desk import JobEvent, JobFinished
from app.jobs.job import Job, JobToken, Lane
from app.translation import set_language, system_language, tr
from app.wording import load_sentences
from viewers.shell.about import about_window
from viewers.shell.collecting import keep_all, rare_collections
from viewers.shell.defect_funnel import DefectFunnel
from viewers.shell.desk import Desk, Shell
from viewers.shell.job_bridge import JobBridge
from viewers.shell.live_settings import LiveSettings, problem_text
from viewers.shell.main_window import MainWindow
from viewers.shell.settings_sheet import SettingsSheet
from viewers.shell.shortcut_sheet import ShortcutSheet
from viewers.shell.theme import apply_theme, qt_translator
from viewers.shell.vtk_probe import VtkProbe, probe_key

DeskMaker = Callable[[Shell], Desk]
WARM_UP = "shell.warm_up"
# Imported off the home thread once the first frame stands; together they take a second or two.
HEAVY = ("numpy", "scipy.ndimage", "SimpleITK", "pydicom", "app.services.draft_read")
PROBE_AFTER_MS = 20_000
LOOK_AGAIN_MS = 100
QUIET_LOOKS = 8
# Qt gives Python's lock away at nearly every call; by default a worker keeps it for 5 ms each time,
# and the window stands still for many of those.
GIVE_WAY_S = 0.0005
DOCKS = ("time_points", "lesions", "response")


@dataclass(frozen=True, slots=True)
class Request:
    """What to show first.

    `demo` opens the demo patient where the archive is empty, `picture` saves a picture of the
    window once everything is there and ends.
    """

    folders: tuple[Path, ...] = field(default_factory=tuple)
    demo: bool = False
    picture: Path | None = None
    size_px: tuple[int, int] | None = None
    until_first_frame: bool = False


class Application(QObject):
    """Owns the parts that outlive a window: funnel, job bridge, settings."""

    def __init__(self, settings: LiveSettings, make_desk: DeskMaker, request: Request) -> None:
        super().__init__()
        self.settings = settings
        self.funnel = DefectFunnel()
        self.bridge = JobBridge(self)
        self.desk: Desk | None = None
        self._make_desk = make_desk
        self._request = request
        self._wanted: list[Callable[[Desk], None]] = []
        self._warm = False
        self._translator: QTranslator | None = None
        self._vtk: VtkProbe | None = None
        self._quiet_looks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._save_picture)
        self.window: MainWindow
        self._probe_timer = QTimer(self)
        self._probe_timer.setSingleShot(True)
        self._probe_timer.timeout.connect(self._probe_vtk)
        self.funnel.install()
        self.funnel.refused.connect(lambda refusal: self.window.messages.show_refusal(refusal))
        self.bridge.arrived.connect(self._job_event)
        settings.changed.connect(self._settings_changed)
        settings.failed.connect(lambda problem: self._tell(problem_text(problem)))
        self.speak()
        self.window = self._made_window()
        if settings.problem is not None:
            self._tell(problem_text(settings.problem))

    def show(self) -> None:
        """Shows the window; everything else follows its first frame."""
        self.window.first_frame_painted.connect(self._first_frame)
        if self._request.size_px is not None:
            self.window.showNormal()
            self.window.resize(*self._request.size_px)
        self.window.show()

    def close(self) -> None:
        """Ends desk, jobs and hooks; safe to be called twice."""
        self._timer.stop()
        self._probe_timer.stop()
        if self._vtk is not None:
            self._vtk.close()
            self._vtk = None
        if self._request.picture is None and not self._request.until_first_frame:
            self.settings.change(**self.window.layout_texts())
        if self.desk is not None:
            self.desk.close()
            self.desk = None
        self.bridge.close()
        self.funnel.uninstall()
        self._drop_translator()

    def _made_window(self) -> MainWindow:
        window = MainWindow(self.settings.current)
        actions = window.actions_of_table
        actions.triggered.connect(self._triggered)
        window.closing.connect(self.close)
        window.folders_dropped.connect(self._open_folders)
        window.welcome.reading_chosen.connect(self._open_reading)
        self.funnel.show_over(window)
        return window

    def _first_frame(self) -> None:
        if self._request.until_first_frame:
            sys.stdout.write("first frame\n")
            sys.stdout.flush()
            QTimer.singleShot(0, self.window.close)
            return
        self.bridge.desk.submit(Job(WARM_UP, _warm_up, Lane.BACKGROUND, "WARM_UP"))
        if self._request.picture is None:
            self._probe_timer.start(PROBE_AFTER_MS)

    def _job_event(self, event: JobEvent) -> None:
        if isinstance(event, JobFinished) and event.job.slot == WARM_UP:
            self._warm = True
            self._open_desk()

    def _open_desk(self) -> None:
        shell = Shell(
            self.window, self.window.actions_of_table, self.bridge, self.funnel, self.settings
        )
        self.desk = self._make_desk(shell)
        recent = self.desk.recent()
        self.window.welcome.show_recent(recent)
        wanted, self._wanted = self._wanted, []
        for wish in wanted:
            wish(self.desk)
        if self._request.folders and not wanted:
            self.desk.open_folders(self._request.folders)
        elif self._request.demo and not recent and not wanted:
            self.desk.open_demo()
        if self._request.picture is not None:
            self._timer.start()

    def _rebuild(self) -> None:
        """Another window in the chosen language, with the reading that was open."""
        former, reading = self.window, ""
        if self.desk is not None:
            reading = self.desk.open_reading_id()
            self.settings.change(**former.layout_texts())
            self.desk.close()
            self.desk = None
        self.speak()
        former.closing.disconnect(self.close)
        self.window = self._made_window()
        self.window.show()
        former.close()
        former.deleteLater()
        if reading:
            self._wanted.append(lambda desk: desk.open_reading(reading))
        self._open_desk()

    def speak(self) -> None:
        """Uses the chosen language for everything made from now on."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._drop_translator()
        set_language(self.settings.current.language or system_language())
        self._translator = qt_translator(application)
        if self._translator is not None:
            application.installTranslator(self._translator)

    def _drop_translator(self) -> None:
        """Qt's own words (keys, standard buttons) follow the language of one window only."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None

    def _settings_changed(self, names: frozenset[str]) -> None:
        if "shortcuts" in names:
            self.window.actions_of_table.show_keys(self.settings.current.shortcuts)
        if "language" in names:
            QTimer.singleShot(0, self, self._rebuild)

    def _triggered(self, action_id: str, on: bool) -> None:
        match action_id:
            case "open_folder":
                self._ask_folder()
            case "open_demo":
                self._with_desk(lambda desk: desk.open_demo())
            case "settings":
                SettingsSheet(self.settings, self.window).show()
            case "shortcuts":
                ShortcutSheet(self.settings.current, self.window).show()
            case "about":
                about_window(self.window).show()
            case "full_screen":
                self.window.showFullScreen() if on else self.window.showMaximized()
            case "quit":
                self.window.close()
            case _ if action_id.removeprefix("dock_") in DOCKS:
                self.window.show_dock(action_id.removeprefix("dock_"), on)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self.window, tr("Open folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self._open_folders([Path(folder)]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_folders(self, folders: list[Path]) -> None:
        self._with_desk(lambda desk: desk.open_folders(folders))

    def _open_reading(self, reading_id: str) -> None:
        self._with_desk(lambda desk: desk.open_reading(reading_id))

    def _with_desk(self, wish: Callable[[Desk], None]) -> None:
        if self.desk is not None:
            wish(self.desk)
            return
        if self._warm:  # its archive could not be opened: again, for the newest wish alone
            self._wanted.clear()
        self._wanted.append(wish)
        if self._warm:
            self._open_desk()

    def _tell(self, text: str) -> None:
        self.window.messages.show_message(text)

    def _save_picture(self) -> None:
        if self.desk is None or self._request.picture is None:
            return
        # A job may follow another: only a while without any is the end.
        self._quiet_looks = 0 if self.desk.is_busy() else self._quiet_looks + 1
        if self._quiet_looks >= QUIET_LOOKS:
            self._timer.stop()
            self._request.picture.parent.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self._request.picture))
            self.window.close()

    def _probe_vtk(self) -> None:
        key = probe_key()
        if key and key not in self.settings.current.probes and self.desk is not None:
            self._vtk = VtkProbe(self)
            self._vtk.answered.connect(lambda answer: self.settings.change(probes={key: answer}))
            self._vtk.start()


def make_qt() -> QApplication:
    """The QApplication in the theme of the reading room."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(["oncoread"])
    sys.setswitchinterval(GIVE_WAY_S)
    rare_collections()
    application.setApplicationName("oncoread")
    application.setApplicationDisplayName("OncoRead")
    apply_theme(application)
    return application


def _warm_up(token: JobToken) -> None:
    for name in HEAVY:
        token.checkpoint()
        importlib.import_module(name)
    load_sentences()
    importlib.import_module("app.persistence.codec").prepare_codec()
    keep_all()
