"""What the shell needs of the reading desk, and what it gives to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from viewers.shell.action_set import ActionSet
from viewers.shell.defect_funnel import DefectFunnel
from viewers.shell.job_bridge import JobBridge
from viewers.shell.live_settings import LiveSettings
from viewers.shell.main_window import MainWindow
from viewers.shell.welcome_page import RecentReading


@dataclass(frozen=True, slots=True)
class Shell:
    """The parts of the window that a reading works with."""

    window: MainWindow
    actions: ActionSet
    bridge: JobBridge
    funnel: DefectFunnel
    settings: LiveSettings


class Desk(Protocol):
    """The open reading and the archive behind it; made after the first painted frame.

    It connects to `shell.actions.triggered`, places its widgets with `shell.window.place` and
    reports facts with `shell.actions.show_facts`.
    """

    def recent(self) -> Sequence[RecentReading]:
        """The readings of the archive, the last changed first."""

    def open_folders(self, folders: Sequence[Path]) -> None:
        """Shows the intake sheet of folders, then reads them."""

    def open_reading(self, reading_id: str) -> None:
        """Opens a reading as it stood."""

    def open_demo(self) -> None:
        """Opens the demo patient."""

    def open_reading_id(self) -> str:
        """The id of the open reading, empty where none is."""

    def is_busy(self) -> bool:
        """Whether something is still being loaded, computed or painted."""

    def close(self) -> None:
        """Lets everything go: files, timers, widgets."""
