"""Entry point: `python main.py COMMAND ...`; see `python main.py --help`."""

import sys

from app.cli import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
