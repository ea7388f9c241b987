"""The program's commands run by tests: as processes of their own, or inside for speed."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import run

PROJECT = Path(__file__).parents[2]

# What stands in the way of a script that has no window: importing any of it fails the run.
WITHOUT_QT = """
import runpy, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph", "vtk", "vtkmodules"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Absent())
sys.argv[0] = "main.py"
runpy.run_path("main.py", run_name="__main__")
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def command(*arguments: object) -> list[str]:
    """The command line of a command of the program."""
    return [sys.executable, "main.py", *map(str, arguments)]


def environment(**changes: str) -> dict[str, str]:
    """The environment of a process, with changes."""
    return {**os.environ, **changes}


def as_process(
    *arguments: object,
    before: Callable[[], None] | None = None,
    line: Sequence[str] | None = None,
    **changes: str,
) -> Done:
    """A command run in a process of its own; `before` runs in it first, `changes` are variables."""
    done = subprocess.run(
        line or command(*arguments),
        cwd=PROJECT,
        env=environment(**changes),
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def inside(capsys: pytest.CaptureFixture[str], *arguments: object) -> Done:
    """A command run in this process."""
    capsys.readouterr()
    code = run([str(argument) for argument in arguments], _no_window)
    captured = capsys.readouterr()
    return Done(code, captured.out, captured.err)


def _no_window(_: argparse.Namespace) -> int:
    raise AssertionError("a headless command asked for the window")


def refused(done: Done, code: int = 1) -> str:
    """The one line of a command that failed as it should."""
    assert done.code == code, done
    assert done.out == ""
    assert done.err.endswith("\n")
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    assert done.err.strip()
    return done.err.strip()
