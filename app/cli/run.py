"""Runs one command: output on stdout, one clear line on stderr and an exit code on failure."""

import os
import sys
from collections.abc import Sequence

from app.cli.arguments import parse
from app.errors import ReaderError
from app.log import record_defect

EXIT_OK = 0
EXIT_EXPECTED = 1  # something about the data or the request; argparse uses 2
EXIT_DEFECT = 70  # EX_SOFTWARE of sysexits: a fault of the program
EXIT_INTERRUPTED = 130


def run(argv: Sequence[str]) -> int:
    """The exit code of a command; never lets a traceback reach the user."""
    try:
        arguments = parse(argv)
        output = arguments.command(arguments)
        sys.stdout.write(output)
        sys.stdout.flush()
    except ReaderError as expected:
        return _fail(str(expected), EXIT_EXPECTED)
    except KeyboardInterrupt:
        return _fail("Stopped.", EXIT_INTERRUPTED)
    except OSError as fault:
        _abandon_stdout()
        what = fault.strerror or type(fault).__name__
        where = f" ({fault.filename})" if fault.filename else ""
        return _fail(f"The system refused: {what}{where}. Check disk and folder.", EXIT_EXPECTED)
    except Exception as defect:  # noqa: BLE001 - the one funnel for what nobody expected
        entry = record_defect(defect)
        return _fail(f"The program failed ({entry}). Please report it with that log.", EXIT_DEFECT)
    return EXIT_OK


def _fail(line: str, code: int) -> int:
    sys.stderr.write(" ".join(line.split()) + "\n")
    return code


def _abandon_stdout() -> None:
    """Python flushes stdout once more at exit; on a full disk that would print a traceback."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
