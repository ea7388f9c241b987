"""The window as the program builds it, with its own settings and archive, on opened folders."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.jobs.desk import JobEvent, JobFinished, JobStarted
from app.settings import Settings, SettingsFile
from benchmarks.gestures import move, press, release
from benchmarks.timing import Heartbeat, Times, run_until
from viewers.canvas.grid import CanvasGrid
from viewers.scene.state import LayoutId, ToolId
from viewers.shell.application import Application, Request, make_qt
from viewers.shell.case_jobs import MIP_SLOT
from viewers.shell.live_settings import LiveSettings
from viewers.shell.main_window import MainWindow, WindowParts
from viewers.shell.open_case import OpenCase
from viewers.shell.reading_desk import ReadingDesk

SIZE_PX = (1920, 1080)
_OPENING_S = 600.0


@dataclass(frozen=True, slots=True)
class RealWindow:
    """A running window with an open case, and what its opening took."""

    application: Application
    case: OpenCase
    mip_prepare_s: float


@contextmanager
def real_window(
    folders: Sequence[Path], own_folder: Path, heartbeat: Heartbeat
) -> Iterator[RealWindow]:
    """Opens the folders and accepts the sheet; ends with all numbers and MIPs there."""
    make_qt()
    settings = replace(Settings(language="en"), archive_folder=str(own_folder))
    live = LiveSettings(SettingsFile(own_folder / "settings.json"), settings)
    request = Request(folders=tuple(folders), size_px=SIZE_PX)
    application = Application(live, ReadingDesk, request)
    mips = _MipTimes()
    application.bridge.arrived.connect(mips.take)
    heartbeat.begin("opening")
    application.show()
    try:
        run_until(lambda: _sheet_button(application.window) is not None, _OPENING_S)
        button = _sheet_button(application.window)
        assert button is not None
        button.click()
        run_until(lambda: _is_open(application, mips), _OPENING_S)
        desk = application.desk
        assert isinstance(desk, ReadingDesk) and desk.case is not None
        yield RealWindow(application, desk.case, mips.longest_s)
    finally:
        heartbeat.end()
        application.window.close()
        application.close()


@contextmanager
def bare_window(grid: CanvasGrid) -> Iterator[MainWindow]:
    """The window with viewports but nothing else in its places."""
    make_qt()
    window = MainWindow(Settings(language="en"))
    window.resize(*SIZE_PX)
    window.show()
    empty = [QWidget() for _ in range(5)]
    window.place(WindowParts(empty[0], grid, *empty[1:]))
    QApplication.processEvents()
    try:
        yield window
    finally:
        window.close()


def sphere_times(window: RealWindow, steps: int) -> Times:
    """From each move of a dragged sphere (10 to 40 mm, at a lesion) to its number on the screen."""
    grid, bridge = window.case.canvas, window.application.bridge
    lesions = window.case.derived.state.lesions
    if lesions:
        window.case.pick(lesions[0].lesion_id)
    state = grid.state
    key = "0.pet.axial"
    grid.set_scene(
        replace(state, layout=LayoutId.ONE_VISIT, visits=state.visits[:1], tool=ToolId.SPHERE)
    )
    Times().take(grid.refresh)
    began: list[float] = []
    times = Times()

    def drawn(preview: object) -> None:
        if preview is not None:
            began.append(time.perf_counter())

    def arrived(event: JobEvent) -> None:
        if isinstance(event, JobFinished) and event.job.slot == "preview" and began:
            times.wall_ms.append((time.perf_counter() - began[-1]) * 1e3)
            began.clear()

    grid.preview_changed.connect(drawn)
    bridge.arrived.connect(arrived)
    target: QWidget = grid.viewport(key).viewport()
    plane = grid.frames[key].plane
    row, column = plane.pixel_from_lps(dict(state.crosshairs)[state.visits[0]])
    middle = QPoint(round(float(column)), round(float(row)))
    press(target, middle)
    for k in range(steps):
        diameter_mm = 10.0 + 30.0 * abs(2.0 * k / steps - 1.0)
        at = middle + QPoint(round(diameter_mm / 2 / plane.pixel_mm), k % 2)
        move(target, at)
        _wait(lambda: not began, 1.0)
    window.case.canvas.set_scene(state)  # drops the gesture: nothing becomes an edit
    release(target, middle)
    grid.preview_changed.disconnect(drawn)
    bridge.arrived.disconnect(arrived)
    Times().take(grid.refresh)
    return times


class _MipTimes:
    """How long the preparation of a MIP runs."""

    def __init__(self) -> None:
        self._began: dict[int, float] = {}
        self.longest_s = 0.0

    def take(self, event: JobEvent) -> None:
        if not event.job.slot.startswith(MIP_SLOT):
            return
        if isinstance(event, JobStarted):
            self._began[event.number] = time.perf_counter()
        elif isinstance(event, JobFinished):
            taken = time.perf_counter() - self._began[event.number]
            self.longest_s = max(self.longest_s, taken)


def _sheet_button(window: MainWindow) -> QPushButton | None:
    found = window.findChild(QPushButton, "accept_intake")
    return found if isinstance(found, QPushButton) and found.isEnabled() else None


def _is_open(application: Application, mips: _MipTimes) -> bool:
    desk = application.desk
    return (
        isinstance(desk, ReadingDesk)
        and desk.case is not None
        and not desk.is_busy()
        and mips.longest_s > 0
    )


def _wait(done: Callable[[], bool], timeout_s: float) -> None:
    """Looks again without pause: the wait itself is what is timed."""
    end = time.monotonic() + timeout_s
    while not done() and time.monotonic() < end:
        QApplication.processEvents()
