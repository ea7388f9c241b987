"""A disk that takes nothing more while a reader works: said in words, and nothing is lost."""

import resource
from contextlib import contextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton

from app.jobs.job import Job, Lane
from app.reading.state import LesionRole
from app.translation import set_language
from app.wording import sentence
from tests.gui.real_window import RealWindow
from tests.gui.small_archive import small_folders, small_proposal, write_reading
from viewers.panels.intake_sheet import IntakeSheetPanel
from viewers.shell.opening import PROPOSE


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return small_folders(tmp_path_factory.mktemp("patient"))


@pytest.fixture
def opened(tmp_path):
    """Opens windows on the archive below the test's folder and closes them."""
    running = []

    def start(language="en"):
        running.append(RealWindow(tmp_path / "archive", language))
        return running[-1]

    yield start
    for window in running:
        window.close()
    set_language("en")


@pytest.fixture
def reading(opened, folders, tmp_path):
    """A window with the small reading open."""
    write_reading(tmp_path / "archive" / "readings.sqlite", folders)
    window = opened()
    window.open_recent()
    return window


@contextmanager
def full_disk(window):
    """The database may not grow by another page: what SQLite says on a full disk."""
    database = window.application.desk._archive._db
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (most,) = database.execute("PRAGMA max_page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA max_page_count = {most}")


@contextmanager
def dead_disk():
    """No byte can be written anywhere any more: the writes of the process fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def decide(window, key):
    """The reader's verdict on L1, by its key."""
    window.pick("L1")
    window.list_key(key)


def type_comment(window, text):
    """Types a comment on the picked lesion and hands it in."""
    line = window.case.column.card.findChild(QLineEdit, "lesion_comment")
    line.setFocus()
    line.setText(text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    window.settle()


def words(code, window):
    """What the window should say: what is wrong and what to do, in the words of the program."""
    told = sentence("errors", code, {"file": str(window.file)})
    return f"{told} {sentence('advice', code, {})}"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_full_disk_is_said_and_the_reader_goes_on_once_there_is_room(
    opened, folders, tmp_path, language
):
    write_reading(tmp_path / "archive" / "readings.sqlite", folders)
    window = opened(language)
    window.open_recent()
    decide(window, Qt.Key.Key_P)
    before = window.saved()
    assert before.lesion("L1").role is LesionRole.PHYSIOLOGICAL
    long = "seen " * 2000  # more than what is left of the last page
    with full_disk(window):
        type_comment(window, long)
        assert window.message == words("ARCHIVE_FULL", window)
        assert window.saved() == before == window.case.derived.state
    window.window.messages.hide()
    type_comment(window, long)
    assert window.message == ""
    assert window.saved().lesion("L1").comment == long


def test_nothing_moves_while_no_byte_can_be_written(reading):
    decide(reading, Qt.Key.Key_P)
    before = reading.saved()
    acts = {
        "key": lambda: decide(reading, Qt.Key.Key_U),
        "undo": lambda: reading.trigger("undo"),
        "comment": lambda: type_comment(reading, "seen"),
    }
    with dead_disk():
        for name, act in acts.items():
            reading.window.messages.hide()
            act()
            reading.settle()
            assert str(reading.file) in reading.message, name
            assert reading.case.derived.state == before, name
            assert reading.shown_roles()["L1"] == "P", name
        assert reading.saved() == before
    reading.window.messages.hide()
    decide(reading, Qt.Key.Key_U)
    assert reading.message == ""
    assert reading.saved().lesion("L1").role is LesionRole.UNSURE


def test_a_verdict_that_was_not_saved_is_not_shown_as_one(reading):
    reading.pick("U1")
    card = reading.case.column.card
    card.findChild(QCheckBox, "ild_considered").click()
    verdict = card.findChild(QRadioButton, "class_unequivocal")
    with dead_disk():
        verdict.click()
        reading.settle()
        assert str(reading.file) in reading.message
        assert not verdict.isChecked()
        assert reading.saved().lesion("U1").new_class is None
    card.findChild(QCheckBox, "ild_considered").click()
    verdict.click()
    reading.settle()
    assert verdict.isChecked()
    assert reading.saved().lesion("U1").new_class is not None


def test_a_text_that_was_not_saved_stays_and_is_saved_later(reading):
    texts = reading.case.column.texts
    with dead_disk():
        texts.impression.setPlainText("Partial response.")
        texts.impression.finished.emit()  # as on leaving the field
        reading.settle()
        assert str(reading.file) in reading.message
        assert texts.impression.toPlainText() == "Partial response."
        assert reading.case.derived.state.impression == "" == reading.saved().impression
    texts.impression.finished.emit()
    reading.settle()
    assert reading.saved().impression == "Partial response."
    texts.impression.setPlainText("Stable.")
    texts.impression.finished.emit()
    reading.settle()
    reading.trigger("undo")
    reading.settle()
    assert texts.impression.toPlainText() == "Partial response."


def test_a_new_reading_the_disk_does_not_take_is_none_and_can_be_read_again(opened, folders):
    """The proposal is made, and there is no place for it in the archive."""
    window = opened()
    window.settle()
    masks = {"a mask": bytes(20_000)}  # more than what is left of the pages there are
    proposed = replace(small_proposal(folders), blobs=masks)
    job = Job(PROPOSE, lambda _: proposed, Lane.BACKGROUND, "PROPOSE")
    with full_disk(window):
        window.application.bridge.desk.submit(job)
        window.until(lambda: window.message)
        assert window.message == words("ARCHIVE_FULL", window)
        window.settle()
        assert window.case is None
        assert window.application.desk.recent() == ()
    window.application.bridge.desk.submit(job)
    window.until(lambda: window.case is not None)
    window.settle()
    assert window.saved() == proposed.state


def test_an_archive_that_cannot_be_opened_is_opened_once_it_can(opened, folders, tmp_path):
    (tmp_path / "archive").mkdir()
    hindrance = tmp_path / "archive" / "readings.sqlite"
    hindrance.mkdir()  # a folder where the file should be
    window = opened()
    window.until(lambda: window.message)
    assert str(window.file) in window.message
    window.window.messages.hide()
    window.trigger("open_demo")
    window.until(lambda: window.message)  # said again, and no wish is kept for later
    assert window.application.desk is None
    hindrance.rmdir()
    window.window.folders_dropped.emit(list(folders))
    window.until(lambda: window.window.findChild(IntakeSheetPanel))
    assert not (window.file.parent / "demo").exists()
