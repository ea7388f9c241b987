"""Entry point: `python main.py COMMAND ...`; see `python main.py --help`."""

import sys

from app.cli import run_process

if __name__ == "__main__":
    sys.exit(run_process(sys.argv[1:]))
