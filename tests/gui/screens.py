"""Pictures of every layout, panel and sheet: `make screens` or `python -m tests.gui.screens OUT`.

`python -m tests.gui.screens OUT FOLDER FOLDER ...` reads those visits instead of the demo patient.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication, QDialog, QTabWidget, QWidget

from app.settings import Settings, SettingsFile
from app.translation import LANGUAGES
from viewers.shell.actions import ACTIONS
from viewers.shell.application import Application, Request, make_qt
from viewers.shell.live_settings import LiveSettings
from viewers.shell.reading_desk import ReadingDesk

SIZES_PX = ((1920, 1080), (1366, 768))
QUIET_S = 0.8
LONGEST_WAIT_S = 300.0
SWITCHES = ("invert", "suv_quantity", "fusion")


def main() -> None:
    """Takes all pictures; exits with 1 where one could not be taken."""
    out, *folders = map(Path, sys.argv[1:] or ["build/screens"])
    out.mkdir(parents=True, exist_ok=True)
    make_qt()
    taken = 0
    for language in LANGUAGES:
        for width, height in SIZES_PX:
            stage = Stage(out, language, (width, height), tuple(folders))
            try:
                for name, picture in stage.pictures():
                    file = out / f"{name}-{language}-{width}x{height}.png"
                    taken += picture.grab().save(str(file))
            finally:
                stage.close()
    taken += report_pages(out)
    sys.stdout.write(f"{taken} pictures in {out}\n")


class Stage:
    """One window of a size in a language, with the reading open."""

    def __init__(
        self, out: Path, language: str, size_px: tuple[int, int], folders: tuple[Path, ...]
    ) -> None:
        settings = Settings(language=language, archive_folder=str(out / "archive"))
        live = LiveSettings(SettingsFile(out / "archive" / "settings.json"), settings)
        self._application = Application(live, ReadingDesk, Request(size_px=size_px))
        self._folders = folders

    def pictures(self) -> Iterator[tuple[str, QWidget]]:
        """Names and widgets, one after the other, each as it is to be grabbed."""
        application = self._application
        application.show()
        self._settle(lambda: application.desk is not None)
        window = application.window
        yield "welcome", window
        assert application.desk is not None
        if self._folders:
            application.desk.open_folders(self._folders)
            self._settle()
            yield "intake", window
            return
        application.desk.open_demo()
        self._settle(lambda: bool(application.desk and application.desk.open_reading_id()))
        actions = window.actions_of_table
        for spec in ACTIONS:
            if spec.group == "layout" and actions.action(spec.id).isEnabled():
                actions.action(spec.id).trigger()
                self._settle()
                yield spec.id, window
        for switch in SWITCHES:
            actions.action(switch).trigger()
            self._settle()
            yield f"switch_{switch}", window
            actions.action(switch).trigger()
        self._settle()
        for tabs in window.findChildren(QTabWidget):
            for index in range(tabs.count()):
                tabs.setCurrentIndex(index)
                self._settle()
                yield f"tab_{index}_{tabs.objectName() or 'reading'}", window
        for top in window.menuBar().actions():
            yield f"{top.menu().objectName()}", top.menu()
        for sheet in ("shortcuts", "settings", "about"):
            actions.action(sheet).trigger()
            self._settle()
            (dialog,) = (item for item in window.findChildren(QDialog) if item.isVisible())
            tabs = dialog.findChild(QTabWidget)
            for index in range(1 if tabs is None else tabs.count()):
                if tabs is not None:
                    tabs.setCurrentIndex(index)
                yield f"sheet_{sheet}_{index}", dialog
            dialog.close()
            self._settle()

    def close(self) -> None:
        """Closes the window and all it started."""
        self._application.window.close()
        self._application.window.deleteLater()
        QApplication.processEvents()

    def _settle(self, ready: Callable[[], bool] = lambda: True) -> None:
        began = quiet_since = time.perf_counter()
        while not ready() or time.perf_counter() - quiet_since < QUIET_S:
            QApplication.processEvents()
            time.sleep(0.01)
            desk = self._application.desk
            if desk is None or desk.is_busy():
                quiet_since = time.perf_counter()
            if time.perf_counter() - began > LONGEST_WAIT_S:
                sys.exit("The window did not come to rest.")


def report_pages(out: Path) -> int:
    """Pictures of the pages of the demo patient's report."""
    command = [sys.executable, "main.py", "demo", "--out", str(out / "report")]
    subprocess.run(command, check=True, capture_output=True)
    pages = ["pdftoppm", "-r", "80", "-png", str(out / "report/report.pdf"), str(out / "report")]
    subprocess.run(pages, check=True)
    return len(list(out.glob("report-*.png")))


if __name__ == "__main__":
    main()
