"""How long work tells where it stands and asks whether to go on: in a console, or silent."""

import sys
from typing import Protocol, TextIO

from app.wording import sentence


class Progress(Protocol):
    """Told about each step; the text comes from `[progress]` in the wording."""

    def step(self, code: str, **params: str | int) -> None:
        """A new step begins."""

    def checkpoint(self) -> None:
        """Asked many times within a step; raises where the work is not wanted any more."""


class Silent:
    """Says nothing and never stops."""

    def step(self, code: str, **params: str | int) -> None:
        """A new step begins."""

    def checkpoint(self) -> None:
        """Goes on."""


class Console:
    """One line per step, on standard error so that standard output stays clean."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    def step(self, code: str, **params: str | int) -> None:
        """A new step begins."""
        print(sentence("progress", code, params), file=self._stream, flush=True)

    def checkpoint(self) -> None:
        """Goes on."""


SILENT = Silent()
