"""Windows in tests: no display, the program's own look, and nothing left behind."""

import gc
import os
import threading
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from viewers.shell.theme import apply_theme


@pytest.fixture(scope="session", autouse=True)
def _look(qapp: QApplication) -> None:
    apply_theme(qapp)


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a thread, a running timer or a top-level widget.

    What was there before it is frozen: the collection looks at what the test made alone, where a
    look at every object takes longer than most tests.
    """
    threads, widgets = _threads(), _widgets()
    gc.freeze()
    yield
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    gc.collect()
    left = {
        "threads": [t.name for t in _threads() - threads],
        "timers": [repr(t.parent()) for t in _timers()],
        "widgets": [repr(w) for w in _widgets() - widgets],
    }
    assert not any(left.values()), left


def _threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def _timers() -> set[QTimer]:
    """The running timers made since the last freeze."""
    timers = (item for item in gc.get_objects() if isinstance(item, QTimer))
    return {timer for timer in timers if isValid(timer) and timer.isActive()}


def _widgets() -> set[object]:
    return set(QApplication.topLevelWidgets())
