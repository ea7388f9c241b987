"""Work of the home thread in steps, with input taken in between."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

LONGEST_S = 0.01  # steps that take less together are done in one turn


class Turns(QObject):
    """Does one piece of work in turns of the event loop; newer work replaces what is not done.

    A step is what an iterator does up to its next `yield`. What a step raises ends its work and
    goes where the faults of slots go.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] | None = None
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._turn)

    @property
    def active(self) -> bool:
        """Whether something is still to be done."""
        return self._steps is not None

    def run(self, steps: Iterator[None]) -> None:
        """Begins with the next turn of the event loop."""
        self.stop()
        self._steps = steps
        self._due.start()

    def stop(self) -> None:
        """Leaves undone what is not done yet."""
        self._due.stop()
        self._steps = None

    def _turn(self) -> None:
        steps = self._steps
        if steps is None:
            return
        began, done = time.perf_counter(), object()
        try:
            # A step may have begun other work, or stopped its own.
            while self._steps is steps and time.perf_counter() - began < LONGEST_S:
                if next(steps, done) is done:
                    self._end(steps)
                    return
        except BaseException:
            self._end(steps)
            raise
        if self._steps is steps:
            self._due.start()

    def _end(self, steps: Iterator[None]) -> None:
        if self._steps is steps:
            self._steps = None
