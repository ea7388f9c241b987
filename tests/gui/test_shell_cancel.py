"""Cancel in the running window: the job ends, leaves nothing, and the next one runs."""

import pytest
from PySide6.QtWidgets import QPushButton

from app.jobs.desk import JobCancelled, JobFailed, JobFinished
from app.persistence.archive import Archive
from app.services.export_report import READING_NAME, REPORT_NAME
from app.translation import set_language
from tests.gui.real_window import RealWindow
from tests.gui.small_archive import small_folders, utc_now, write_reading
from viewers.panels.intake_sheet import IntakeSheetPanel
from viewers.shell.case_jobs import EXPORT_SLOT
from viewers.shell.opening import DEMO, INTAKE, LOAD, PROPOSE


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return small_folders(tmp_path_factory.mktemp("patient"))


@pytest.fixture
def window(tmp_path):
    """The window on an archive that is empty unless the test put something there."""
    made = []

    def start():
        made.append(RealWindow(tmp_path / "archive"))
        made[-1].settle()
        return made[-1]

    yield start
    for window in made:
        window.close()
    set_language("en")


class Watch:
    """How a job of one slot ends, as the window hears of it; acts once, so far into it."""

    def __init__(self, window, slot, share=0.0, act=lambda: None):
        self.slot, self.ended, self.shares = slot, [], []
        self._share, self._act = share, act
        window.application.bridge.arrived.connect(self._take)

    def _take(self, event):
        if event.job.slot == self.slot:
            if isinstance(event, (JobCancelled, JobFailed, JobFinished)):
                self.ended.append(type(event))
            else:
                self.shares.append(getattr(event, "share", 0.0))
                if self.shares[-1] >= self._share:
                    act, self._act = self._act, lambda: None
                    act()


def cancel_button(window):
    found = window.window.findChildren(QPushButton, "cancel_job")
    return next((button for button in found if button.isVisible()), None)


def cancelled(window, slot, begin, share=0.0):
    """Begins a job, cancels it by its button once it is so far, and waits for its end."""
    # At once, while the event is being told: the job may be short.
    watch = Watch(window, slot, share, lambda: cancel_button(window).click())
    begin()
    window.until(lambda: watch.ended)
    assert watch.ended == [JobCancelled]
    window.settle()
    assert cancel_button(window) is None
    assert window.message == ""


def opens(window, folders):
    """Whether the next folders are looked into and their sheet is shown."""
    window.application.desk.open_folders(folders)
    return window.until(lambda: window.window.findChild(IntakeSheetPanel))


def readings(window):
    archive = Archive(window.file, utc_now)
    try:
        return archive.readings()
    finally:
        archive.close()


def test_looking_into_folders(window, demo_patient, folders):
    shown = window()
    cancelled(shown, INTAKE, lambda: shown.application.desk.open_folders(demo_patient))
    assert shown.window.findChild(IntakeSheetPanel) is None
    assert shown.window.welcome.isVisible()
    assert opens(shown, folders)


@pytest.mark.parametrize(("slot", "share"), [(LOAD, 0.5), (PROPOSE, 0.3)])
def test_the_automatic_read(window, demo_patient, folders, slot, share):
    shown = window()
    opens(shown, demo_patient)
    cancelled(shown, slot, lambda: shown.push("accept_intake"), share)
    assert shown.case is None
    assert shown.window.welcome.isVisible()
    assert readings(shown) == ()
    assert opens(shown, folders)


def test_writing_the_demo_patient(window, folders):
    shown = window()
    cancelled(shown, DEMO, lambda: shown.trigger("open_demo"), 0.1)
    left = {path.name for path in (shown.file.parent / "demo").iterdir()}
    assert left <= {"demo_patient.json"}  # the mark that the folder is the program's
    assert opens(shown, folders)


def test_the_export_leaves_the_former_report(window, folders, tmp_path):
    write_reading(tmp_path / "archive" / "readings.sqlite", folders)
    out = tmp_path / "out"
    out.mkdir()
    former = {REPORT_NAME: b"the former report", READING_NAME: b"the former reading"}
    for name, data in former.items():
        (out / name).write_bytes(data)
    shown = window()
    shown.open_recent()
    cancelled(shown, EXPORT_SLOT, lambda: shown.case.export(out))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == former
    shown.case.export(out)
    shown.until(lambda: str(out) in shown.message)
    assert (out / REPORT_NAME).read_bytes().startswith(b"%PDF")


def test_what_waits_behind_another_job_is_cancelled_too(window, demo_patient, folders):
    """By the command: the bar shows only what has begun."""
    shown = window()
    desk = shown.application.desk
    desk.open_folders(demo_patient)
    desk.open_demo()  # waits: one lane
    watches = [Watch(shown, INTAKE), Watch(shown, DEMO)]
    shown.until(lambda: watches[0].shares)
    shown.trigger("cancel_jobs")
    shown.until(lambda: all(watch.ended for watch in watches))
    assert [watch.ended for watch in watches] == [[JobCancelled], [JobCancelled]]
    assert not (shown.file.parent / "demo").exists()
    assert opens(shown, folders)
