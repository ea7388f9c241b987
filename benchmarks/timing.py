"""Times of steps on the home thread, and how long its event loop stood still."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

_PASSES = 4  # timer, scene change, update request, paint: each may need a turn of the loop
_BEAT_MS = 2


@dataclass(slots=True)
class Times:
    """Wall and own CPU time of repeated steps (ms). CPU time leaves out what others computed."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def take(self, step: Callable[[], object]) -> None:
        """Does a step and all that follows from it up to the painted window."""
        wall, cpu = time.perf_counter(), time.thread_time()
        step()
        for _ in range(_PASSES):
            QApplication.processEvents()
        self.wall_ms.append((time.perf_counter() - wall) * 1e3)
        self.cpu_ms.append((time.thread_time() - cpu) * 1e3)

    def summary(self) -> dict[str, float] | None:
        """Median, 95th percentile and largest of both; None where nothing was timed."""
        if not self.wall_ms:
            return None
        cpu = _spread(self.cpu_ms) if self.cpu_ms else {}
        return _spread(self.wall_ms) | {f"cpu_{name}": value for name, value in cpu.items()}


class Heartbeat(QObject):
    """Notes the longest time between two beats of the event loop, and what was going on."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = ""
        self.longest_ms: dict[str, float] = {}
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def begin(self, phase: str) -> None:
        """What goes on from now on counts as `phase`."""
        self.phase, self._last = phase, time.perf_counter()
        self._timer.start()

    def end(self) -> None:
        """Nothing counts any more."""
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1e3 - _BEAT_MS
        self._last = now
        self.longest_ms[self.phase] = max(gap, self.longest_ms.get(self.phase, 0.0))


def run_until(done: Callable[[], bool], timeout_s: float) -> None:
    """Runs the event loop until something is so. Raises TimeoutError."""
    end = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not done after {timeout_s:.0f} s")
        QApplication.processEvents()
        time.sleep(0.001)


def _spread(values: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, (50, 95))
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "max": round(max(values), 2)}
