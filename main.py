"""Entry point: `python main.py` opens the window; `python main.py COMMAND ...` does without."""

import argparse
import sys

from app.cli import run_process


def desktop(arguments: argparse.Namespace) -> int:
    """Opens the window; Qt is imported only now."""
    from viewers.shell.start import desktop as open_desktop

    return open_desktop(arguments)


if __name__ == "__main__":
    sys.exit(run_process(sys.argv[1:], desktop))
