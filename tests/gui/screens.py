"""Pictures of every layout, panel, sheet and report page, in all languages and two sizes.

`make screens` or `python -m tests.gui.screens OUT`: the demo patient and, where the shared data
lie beside the checkout, the real patient. `python -m tests.gui.screens OUT FOLDER FOLDER ...`
reads those visits alone. `--language fr` and `--size 1366x768` take a part of the pictures.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QTabWidget, QWidget

from app.domain.caliper import Caliper
from app.reading.edits import PlaceCaliper
from app.reading.state import LesionRole
from app.services.export_report import report_path
from app.settings import Settings, SettingsFile
from app.translation import LANGUAGES
from benchmarks.gestures import move
from tests.conftest import PROJECT
from viewers.shell.actions import ACTIONS
from viewers.shell.application import Application, Request, make_qt
from viewers.shell.live_settings import LiveSettings
from viewers.shell.look_page import LookPage
from viewers.shell.open_case import OpenCase
from viewers.shell.reading_desk import ReadingDesk

SIZES_PX = ((1920, 1080), (1366, 768))
QUIET_S = 0.8
LONGEST_WAIT_S = 300.0
SWITCHES = ("invert", "suv_quantity", "fusion")
DEMO = "demo"
REAL_PATIENT = PROJECT.parent / "shared" / "data" / "acrin042"
VISITS = ("baseline", "followup")
DRAWN = 3  # lesions with calipers


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose pictures: a name for the files and the folders of the visits, none for the demo."""

    name: str
    folders: tuple[Path, ...] = ()


def main() -> None:
    """Takes all pictures; exits with 1 where one could not be taken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", type=Path, nargs="?", default=Path("build/screens"))
    asked.add_argument("folders", type=Path, nargs="*")
    asked.add_argument("--language", choices=[*LANGUAGES])
    asked.add_argument("--size", choices=[f"{w}x{h}" for w, h in SIZES_PX])
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    make_qt()
    taken = 0
    for patient in patients(given.folders):
        for language in (given.language,) if given.language else LANGUAGES:
            for width, height in SIZES_PX:
                if given.size not in (None, f"{width}x{height}"):
                    continue
                stage = Stage(given.out, language, (width, height), patient)
                try:
                    for name, picture in stage.pictures():
                        file = f"{patient.name}-{name}-{language}-{width}x{height}.png"
                        taken += picture.grab().save(str(given.out / file))
                finally:
                    stage.close()
            taken += report_pages(given.out, patient, language)
    sys.stdout.write(f"{taken} pictures in {given.out}\n")


def patients(folders: list[Path]) -> tuple[Patient, ...]:
    """The patient of the folders; without any the demo and, where it is there, the real one."""
    if folders:
        return (Patient(Path(os.path.commonpath(folders)).name, tuple(folders)),)
    real = tuple(REAL_PATIENT / visit for visit in VISITS)
    known = (Patient(REAL_PATIENT.name, real),) if all(f.is_dir() for f in real) else ()
    return (Patient(DEMO), *known)


class Stage:
    """One window of a size in a language, with the reading open."""

    def __init__(
        self, out: Path, language: str, size_px: tuple[int, int], patient: Patient
    ) -> None:
        settings = Settings(language=language, archive_folder=str(out / "archive"))
        live = LiveSettings(SettingsFile(out / "archive" / "settings.json"), settings)
        self._application = Application(live, ReadingDesk, Request(size_px=size_px))
        self._folders = patient.folders
        self._report = report_folder(out, patient, language)

    def pictures(self) -> Iterator[tuple[str, QWidget]]:
        """Names and widgets, one after the other, each as it is to be grabbed."""
        application = self._application
        application.show()
        self._settle(lambda: application.desk is not None)
        window = application.window
        yield "welcome", window
        desk = application.desk
        assert isinstance(desk, ReadingDesk)
        if self._folders:
            desk.open_folders(self._folders)
            self._settle(lambda: _accept_button(window) is not None)
            yield "intake", window
            looks = [b for b in window.findChildren(QPushButton) if "look_" in b.objectName()]
            for button in looks[:1]:
                button.click()
                self._settle(lambda: window.findChild(LookPage) is not None)
                yield "refused", window
                window.findChildren(QPushButton, "close_look")[-1].click()
                self._settle(lambda: _accept_button(window) is not None)
            button = _accept_button(window)
            assert button is not None
            button.click()
        else:
            desk.open_demo()
        self._settle(lambda: bool(desk.open_reading_id()))
        assert desk.case is not None
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
        self._draw_calipers(desk.case)
        actions.action("layout_ct_compare").trigger()
        (tabs,) = (t for t in window.findChildren(QTabWidget) if t.objectName() == "reading_tabs")
        tabs.setCurrentWidget(desk.case.column.recist)
        self._settle()
        yield "recist", window
        actions.action("layout_two_visits").trigger()
        self._settle()
        grid = desk.case.canvas
        hovered = grid.viewport("0.pet.any")
        move(hovered.viewport(), hovered.viewport().rect().center(), Qt.MouseButton.NoButton)
        self._settle()
        yield "cursor", window
        for top in window.menuBar().actions():
            menu = top.menu()
            assert isinstance(menu, QMenu)
            yield menu.objectName(), menu
        for sheet in ("shortcuts", "settings", "about"):
            actions.action(sheet).trigger()
            self._settle()
            (dialog,) = (item for item in window.findChildren(QDialog) if item.isVisible())
            pages = dialog.findChild(QTabWidget)
            for index in range(pages.count() if isinstance(pages, QTabWidget) else 1):
                if isinstance(pages, QTabWidget):
                    pages.setCurrentIndex(index)
                yield f"sheet_{sheet}_{index}", dialog
            dialog.close()
            self._settle()
        report_path(self._report).unlink(missing_ok=True)
        desk.case.export(self._report)
        self._settle(lambda: report_path(self._report).exists())
        yield "report_written", window

    def close(self) -> None:
        """Closes the window and all it started."""
        self._application.window.close()
        self._application.window.deleteLater()
        QApplication.processEvents()

    def _draw_calipers(self, case: OpenCase) -> None:
        """A caliper on each of the hottest lesions at each visit, so that RECIST has something."""
        derived = case.derived
        tumours = [i for i in derived.state.lesions if i.role is LesionRole.TUMOUR]
        for lesion in tumours[:DRAWN]:
            for number, visit in case.visits.items():
                found = derived.measurements.get((lesion.lesion_id, number))
                if found is None or visit.ct_series is None:
                    continue
                x, y, z = found.peak_lps_mm
                half = max((found.longest_diameter_mm or 0.0) / 2, 6.0)
                caliper = Caliper(
                    f"screen {lesion.lesion_id} {number}",
                    lesion.lesion_id,
                    number,
                    visit.ct_series.identity.series_uid,
                    ((x - half, y, z), (x + half, y, z)),
                    ((x, y - 0.8 * half, z), (x, y + 0.8 * half, z)),
                )
                case.accept(PlaceCaliper(caliper))
        self._settle()

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


def _accept_button(window: QWidget) -> QPushButton | None:
    button = window.findChild(QPushButton, "accept_intake")
    return button if isinstance(button, QPushButton) and button.isVisible() else None


def report_folder(out: Path, patient: Patient, language: str) -> Path:
    """Where the window writes a patient's report in a language."""
    return out / f"report-{patient.name}-{language}"


def report_pages(out: Path, patient: Patient, language: str) -> int:
    """Pictures of the pages of a report the window has written."""
    folder = report_folder(out, patient, language)
    for former in out.glob(f"{folder.name}-*.png"):
        former.unlink()
    pages = ["pdftoppm", "-r", "80", "-png", str(report_path(folder)), str(folder)]
    subprocess.run(pages, check=True)
    return len(list(out.glob(f"{folder.name}-*.png")))


if __name__ == "__main__":
    main()
