"""The window with its real desk in the test's own process, and a reader's hands on it."""

import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QPushButton

from app.persistence.archive import Archive
from app.settings import Settings, SettingsFile, archive_file
from tests.gui.small_archive import utc_now
from viewers.panels.lesion_model import LESION
from viewers.shell.application import Application, Request
from viewers.shell.live_settings import LiveSettings
from viewers.shell.reading_desk import ReadingDesk

PATIENCE_S = 60.0
LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


class RealWindow:
    """The program on an archive in `folder`; `close` ends it."""

    def __init__(self, folder, language="en", request=Request()):  # noqa: B008 - frozen
        folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(language=language, archive_folder=str(folder))
        self.file = archive_file(settings)
        live = LiveSettings(SettingsFile(folder / "settings.json"), settings)
        self.application = Application(live, ReadingDesk, request)
        self.application.show()

    @property
    def window(self):
        return self.application.window

    @property
    def case(self):
        return self.application.desk.case

    @property
    def message(self):
        """What the window says above the pictures, "" where it says nothing."""
        bar = self.window.messages
        return bar.text if bar.isVisible() else ""

    def until(self, ready):
        """Lets the window work until something is so; returns it."""
        began = time.perf_counter()
        while not (found := ready()):
            QApplication.processEvents()
            time.sleep(0.002)
            assert time.perf_counter() - began < PATIENCE_S, "it never came to be"
        return found

    def settle(self):
        """Waits until nothing is being loaded, computed or shown."""
        self.until(lambda: self.application.desk is not None)
        self.until(lambda: not self.application.desk.is_busy())

    def open_recent(self):
        """Clicks the first reading of the list."""
        self.settle()
        readings = self.window.welcome.findChild(QListWidget)
        place = readings.visualItemRect(readings.item(0)).center()
        QTest.mouseClick(readings.viewport(), LEFT, PLAIN, place)
        self.until(lambda: self.case is not None)
        self.settle()

    def trigger(self, action_id):
        """Uses an action that is on offer."""
        action = self.window.actions_of_table.action(action_id)
        assert action.isEnabled(), action_id
        action.trigger()

    def push(self, name):
        """Pushes a button once it can be."""
        button = self.until(lambda: self._button(name))
        QTest.mouseClick(button, LEFT)

    def _button(self, name):
        found = self.window.findChildren(QPushButton, name)
        return next((b for b in found if b.isVisible() and b.isEnabled()), None)

    def pick(self, lesion_id):
        """Clicks the name of a lesion in the list."""
        table = self.case.column.lesions.table
        place = next(i for i, row in enumerate(self.rows()) if row.lesion_id == lesion_id)
        index = table.model().index(place, LESION)
        table.scrollTo(index)
        QTest.mouseClick(table.viewport(), LEFT, PLAIN, table.visualRect(index).center())
        self.settle()

    def list_key(self, key):
        """A key on the lesion list; what comes of it is shown."""
        table = self.case.column.lesions.table
        table.setFocus()
        QTest.keyClick(table, key)
        self.settle()

    def rows(self):
        """The rows of the lesion list."""
        return self.case.column.lesions.table.model().rows

    def shown_roles(self):
        """Role letters of the list by lesion; "?" where it is not confirmed."""
        return {row.lesion_id: row.role_letter for row in self.rows()}

    def saved(self):
        """The state of the one reading as another process would find it."""
        archive = Archive(self.file, utc_now)
        try:
            (summary,) = archive.readings()
            return summary.state
        finally:
            archive.close()

    def close(self):
        """Closes the window and all it started."""
        self.window.close()
        self.application.close()
        self.window.deleteLater()
        QApplication.processEvents()
