"""A piece of work for a worker thread: a function of frozen values that returns a value."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Cancelled(Exception):  # noqa: N818 - not an error: the wish was granted
    """Raised inside a job at a checkpoint after it was cancelled."""


class Lane(StrEnum):
    """Which worker takes a job, so that a long one never holds up a short one."""

    COMPUTE = "compute"  # measurements: short
    BACKGROUND = "background"  # loading, registration, MIP: long


class JobToken:
    """What a running job holds: it asks whether to go on and tells how far it is."""

    def __init__(self, on_progress: Callable[[float], None]) -> None:
        self._cancelled = threading.Event()
        self._on_progress = on_progress
        self._told: float | None = None

    def cancel(self) -> None:
        """Asks the job to stop; it does at its next checkpoint."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._cancelled.is_set()

    def checkpoint(self) -> None:
        """Raises Cancelled once the job was asked to stop; call it at least every 50 ms."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, share: float) -> None:
        """Tells the share done, 0 to 1, where it is another, and is a checkpoint."""
        self.checkpoint()
        if share != self._told:
            self._told = share
            self._on_progress(share)


@dataclass(frozen=True, slots=True)
class Job:
    """What to do, under which slot and name.

    A newer job of the same slot replaces an older one: the older is cancelled and whatever it
    returns is dropped. `title` is a code of `[jobs]` in the wording, `subject` its parameter.
    """

    slot: str
    work: Callable[[JobToken], Any]
    lane: Lane = Lane.COMPUTE
    title: str = ""
    subject: str = ""
