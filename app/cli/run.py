"""Runs one command: output on stdout, one clear line on stderr and an exit code on failure."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from app.cli.arguments import parse
from app.errors import InputError, ReaderError
from app.log import record_defect

Desktop = Callable[[argparse.Namespace], int]

EXIT_OK = 0
EXIT_EXPECTED = 1  # something about the data or the request
EXIT_USAGE = 2  # bad arguments, as argparse has it, or an input file that breaks its schema
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits: a fault of the program
EXIT_SIGNAL = 128  # plus the number of the signal, as shells have it: 130 is Ctrl-C


class Stopped(KeyboardInterrupt):
    """The process was told to stop by a signal."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = number


def run(argv: Sequence[str], desktop: Desktop) -> int:
    """The exit code of a command; never lets a traceback reach the user.

    `desktop` shows the window until it is closed; this floor knows nothing of it.
    """
    try:
        return _finished(argv, desktop)
    except InputError as malformed:
        return _fail(str(malformed), EXIT_USAGE)
    except ReaderError as expected:
        return _fail(str(expected), EXIT_EXPECTED)
    except KeyboardInterrupt as stop:
        number = stop.number if isinstance(stop, Stopped) else signal.SIGINT
        return _fail("Stopped.", EXIT_SIGNAL + number)
    except OSError as fault:
        what = fault.strerror or type(fault).__name__
        where = f" ({fault.filename})" if fault.filename else ""
        return _fail(f"The system refused: {what}{where}. Check disk and folder.", EXIT_EXPECTED)
    except MemoryError:
        line = "The memory does not suffice for these images. Close other programs."
        return _fail(line, EXIT_EXPECTED)
    # The one funnel for what nobody expected; native libraries panic outside of Exception.
    except BaseException as defect:  # noqa: BLE001
        entry = record_defect(defect)
        return _fail(f"The program failed ({entry}). Please report it with that log.", EXIT_DEFECT)


def _finished(argv: Sequence[str], desktop: Desktop) -> int:
    code, output = EXIT_OK, ""
    try:
        arguments = parse(argv)
        if arguments.command is None:
            return desktop(arguments)
        output = arguments.command(arguments)
    except SystemExit as end:  # argparse said it all: help, version or a bad argument
        code = end.code if isinstance(end.code, int) else EXIT_USAGE
    try:
        sys.stdout.write(_printable(output))
        sys.stdout.flush()
    except OSError:
        _abandon(sys.stdout)
        raise
    return code


def _fail(line: str, code: int) -> int:
    try:
        sys.stderr.write(_printable(" ".join(line.split())) + "\n")
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)  # nowhere left to say it: the exit code must do
    return code


def _printable(text: str) -> str:
    """The text without control characters: header values must not steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def _abandon(stream: TextIO) -> None:
    """Python flushes its streams once more at exit; on a full disk that would be a traceback."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), stream.fileno())
