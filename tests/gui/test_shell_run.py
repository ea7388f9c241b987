"""The running window: first frame, the desk after it, jobs, defects, language, closing."""

import gc
import os
import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from app.errors import ReaderError
from app.jobs.desk import JobCancelled, JobFailed, JobFinished, JobStarted
from app.jobs.job import Job, Lane
from app.settings import Settings, SettingsFile
from app.translation import language, set_language
from tests.architecture.source_tree import PROJECT
from viewers.shell.application import Application, Request
from viewers.shell.defect_funnel import DefectFunnel
from viewers.shell.job_bridge import JobBridge
from viewers.shell.live_settings import LiveSettings
from viewers.shell.main_window import WindowParts
from viewers.shell.welcome_page import RecentReading


class PlainDesk:
    """A desk of labels that writes down what it is asked."""

    def __init__(self, shell, readings=()):
        self.shell, self.readings, self.asked, self.reading = shell, readings, [], ""
        self.closed = False

    def recent(self):
        return self.readings

    def open_folders(self, folders):
        self.asked.append(("folders", tuple(folders)))

    def open_reading(self, reading_id):
        self.asked.append(("reading", reading_id))
        self.reading = reading_id
        self.shell.window.place(WindowParts(*(QLabel(name) for name in WindowParts.__slots__)))

    def open_demo(self):
        self.asked.append(("demo",))

    def open_reading_id(self):
        return self.reading

    def is_busy(self):
        return False

    def close(self):
        self.closed = True


@pytest.fixture
def started(qtbot, tmp_path):
    """Starts applications and closes them; no thread, timer or window may be left."""
    set_language("en")
    threads = set(threading.enumerate())
    hooks = (sys.excepthook, threading.excepthook)
    running = []

    def start(request=Request(), readings=(), settings=Settings()):  # noqa: B008 - frozen
        live = LiveSettings(SettingsFile(tmp_path / "settings.json"), settings)
        desks = []

        def make(shell):
            desks.append(PlainDesk(shell, readings))
            return desks[-1]

        application = Application(live, make, request)
        application.desks = desks
        running.append(application)
        application.show()
        return application

    yield start
    for application in running:
        application.window.close()
        application.close()
        application.window.deleteLater()
    running.clear()
    QApplication.processEvents()
    gc.collect()
    QApplication.sendPostedEvents(None, 52)  # QEvent::DeferredDelete
    assert (sys.excepthook, threading.excepthook) == hooks
    assert {thread for thread in threading.enumerate() if not thread.daemon} <= threads
    assert [thread.name for thread in set(threading.enumerate()) - threads] == []
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == []
    set_language("en")


def test_the_desk_is_made_after_the_first_frame(qtbot, started):
    application = started(readings=(RecentReading("r1", "A", "x"),))
    assert application.desk is None
    qtbot.waitUntil(lambda: application.desk is not None, timeout=20_000)
    assert application.desk.asked == []
    assert application.window.welcome._recent.count() == 1


def test_what_is_wished_before_the_desk_stands_is_done_then(qtbot, started, tmp_path):
    application = started(Request(demo=True))
    application.window.folders_dropped.emit([tmp_path])
    qtbot.waitUntil(lambda: application.desk is not None, timeout=20_000)
    assert application.desk.asked == [("folders", [tmp_path])] or application.desk.asked == [
        ("folders", (tmp_path,))
    ]


@pytest.mark.parametrize(
    ("readings", "asked"), [((), [("demo",)]), ((RecentReading("r", "A", "x"),), [])]
)
def test_the_demo_patient_opens_where_nothing_was_read(qtbot, started, readings, asked):
    application = started(Request(demo=True), readings)
    qtbot.waitUntil(lambda: application.desk is not None, timeout=20_000)
    assert application.desk.asked == asked


def test_another_language_rebuilds_the_window_with_its_reading(qtbot, started):
    application = started(readings=(RecentReading("r1", "A", "x"),))
    qtbot.waitUntil(lambda: application.desk is not None, timeout=20_000)
    application.window.welcome.reading_chosen.emit("r1")
    former = application.window
    application.settings.change(language="fr")
    qtbot.waitUntil(lambda: application.window is not former)
    assert language() == "fr"
    assert application.window.actions_of_table.action("undo").text() == "Annuler"
    first, second = application.desks
    assert first.closed
    assert second.asked == [("reading", "r1")]
    assert application.bridge.desk.submit(Job("still", lambda token: 1)) > 0


def test_closing_saves_the_layout_and_ends_the_desk(qtbot, started):
    application = started()
    qtbot.waitUntil(lambda: application.desk is not None, timeout=20_000)
    desk = application.desk
    desk.open_reading("r1")
    application.window.close()
    assert desk.closed
    saved = application.settings._file.load()[0]
    assert saved.window_geometry
    assert saved.window_docks


def test_a_picture_is_saved_once_nothing_is_busy(qtbot, started, tmp_path):
    application = started(Request(picture=tmp_path / "out" / "window.png", size_px=(1366, 768)))
    qtbot.waitUntil((tmp_path / "out" / "window.png").exists, timeout=20_000)
    qtbot.waitUntil(lambda: not application.window.isVisible())
    assert not (tmp_path / "settings.json").exists()


@pytest.fixture
def bridge(qtbot):
    made = JobBridge()
    yield made
    made.close()


def test_events_arrive_on_the_home_thread_in_order(qtbot, bridge):
    arrived = []
    bridge.arrived.connect(lambda event: arrived.append((event, threading.current_thread())))
    bridge.desk.submit(Job("a", lambda token: 42))
    qtbot.waitUntil(lambda: len(arrived) == 2)
    assert [type(event) for event, _ in arrived] == [JobStarted, JobFinished]
    assert arrived[1][0].value == 42
    assert {thread for _, thread in arrived} == {threading.main_thread()}


def test_nothing_arrives_after_closing(qtbot, bridge):
    began = threading.Event()

    def work(token):
        began.set()
        while True:
            token.checkpoint()
            time.sleep(0.005)

    arrived = []
    bridge.desk.submit(Job("a", work, Lane.BACKGROUND))
    assert began.wait(5)
    bridge.arrived.connect(arrived.append)
    since = time.perf_counter()
    bridge.close()
    assert time.perf_counter() - since < 1.0
    QApplication.processEvents()
    assert arrived == []


def test_a_cancelled_and_a_failed_job_are_told(qtbot, bridge):
    arrived = []
    bridge.arrived.connect(arrived.append)

    def wait(token):
        while True:
            token.checkpoint()
            time.sleep(0.002)

    bridge.desk.submit(Job("a", wait))
    bridge.desk.cancel("a")
    bridge.desk.submit(Job("b", lambda token: 1 / 0))
    qtbot.waitUntil(lambda: any(isinstance(event, JobFailed) for event in arrived))
    assert any(isinstance(event, JobCancelled) for event in arrived)


class Switch(QObject):
    turned = Signal(bool)
    said = Signal(object)


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="needs reference counts")
def test_emitting_from_python_keeps_its_references():
    """PySide6 6.12.0 on CPython 3.11 lost one reference to True at every emit()."""
    switch = Switch()
    heard = []
    switch.turned.connect(heard.append)
    switch.said.connect(lambda what: None)
    thing = object()
    before = (sys.getrefcount(True), sys.getrefcount(None), sys.getrefcount(thing))
    for _ in range(2000):
        switch.turned.emit(True)
        switch.said.emit(None)
        switch.said.emit(thing)
        heard.clear()
    after = (sys.getrefcount(True), sys.getrefcount(None), sys.getrefcount(thing))
    assert all(abs(new - old) < 200 for new, old in zip(after, before, strict=True))


@pytest.fixture
def funnel(qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    made = DefectFunnel()
    yield made
    made.uninstall()
    for box in QApplication.topLevelWidgets():
        if isinstance(box, QMessageBox):
            box.close()
            box.deleteLater()


def boxes():
    return [
        w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()
    ]


def test_defects_share_one_window_and_the_program_goes_on(qtbot, funnel):
    for _ in range(3):
        funnel.take(ValueError("patient Smith"))
    (box,) = boxes()
    assert "3" in box.text()
    assert "Smith" not in box.text() + box.informativeText()
    box.close()
    qtbot.waitUntil(lambda: boxes() == [])
    funnel.take(ValueError())
    assert len(boxes()) == 1


def test_what_is_expected_is_told_without_a_window(qtbot, funnel):
    with qtbot.waitSignal(funnel.refused) as caught:
        funnel.take(ReaderError("X", "It is so.", "Do this."))
    assert caught.args[0].code == "X"
    assert boxes() == []


def test_exceptions_of_slots_and_threads_end_in_the_funnel(qtbot, funnel):
    funnel.install()
    with qtbot.captureExceptions():
        pass
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(lambda: 1 / 0)
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("slot"), None)
    assert len(boxes()) == 1
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "2" in boxes()[0].text())


def run_main(*arguments, **environment):
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "main.py", *arguments],
        cwd=PROJECT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_program_can_end_with_its_first_frame(tmp_path):
    # How long it takes is measured by `benchmarks.scroll`; what it imports is tested below.
    own = {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = run_main("desktop", "--until-first-frame", **own)
    assert done.stdout == "first frame\n"
    assert done.returncode == 0


HEAVY_AT_FIRST_FRAME = """
import sys
from PySide6.QtCore import QTimer
from app.settings import Settings, SettingsFile
from viewers.shell.application import Application, Request, make_qt
from viewers.shell.live_settings import LiveSettings
qt = make_qt()
application = Application(LiveSettings(SettingsFile(), Settings()), None, Request())
def told():
    heavy = {"numpy", "scipy", "SimpleITK", "pydicom", "vtk", "vtkmodules", "pyqtgraph", "sqlite3"}
    print("HEAVY", *sorted(heavy & set(sys.modules)))
    sys.stdout.flush()
    application.window.close()
application.window.first_frame_painted.connect(told)
application.window.show()
qt.exec()
"""


def test_nothing_heavy_is_imported_before_the_first_frame(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", HEAVY_AT_FIRST_FRAME],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "HEAVY", done.stderr
