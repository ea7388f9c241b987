"""A command as a process of its own: signals, and output streams that only we write to."""

import logging
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import TextIO

from app.cli.run import Desktop, Stopped, run

STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # by name: Windows lacks the last
STDIN, STDOUT, STDERR = 0, 1, 2


def run_process(argv: Sequence[str], desktop: Desktop) -> int:
    """The exit code of a command run as this process."""
    for name in STOP_SIGNALS:
        number = getattr(signal, name, None)
        # What the parent told us to ignore (nohup) stays ignored.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    _reopen_closed()
    sys.stdout = _own_stream(STDOUT)
    sys.stderr = _own_stream(STDERR)
    _silence_libraries()
    return run(argv, desktop)


def _stop(number: int, _: FrameType | None) -> None:
    """Unwinds the command once, so that half-written files go; later signals change nothing."""
    for name in STOP_SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise Stopped(number)


def _reopen_closed() -> None:
    """Takes the standard descriptors that came closed, before a file of ours gets their number.

    Nobody hears what is said to a closed stderr; a result for a closed stdout is an error.
    """
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if descriptor == STDERR else os.O_RDONLY)


def _silence_libraries() -> None:
    """Libraries warn in lines of their own, some with header values in them; findings say it."""
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _own_stream(descriptor: int) -> TextIO:
    """A stream where a descriptor led; the descriptor itself then leads nowhere.

    JPEG decoders print to the descriptors directly, past `sys.stderr`: one clear line and pure
    JSON cannot be promised otherwise.
    """
    former = sys.stdout if descriptor == STDOUT else sys.stderr
    encoding = getattr(former, "encoding", None)  # a stream that came closed is None
    copy = os.dup(descriptor)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return open(copy, "w", encoding=encoding, errors="backslashreplace")  # noqa: PTH123
