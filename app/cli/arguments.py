"""The command line. Nothing heavy is imported before a command is known."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from app.services.rule_sets import PERCIST_SETS
from app.version import VERSION

# Values of these options may begin with a minus sign (LPS positions, HU).
SIGNED_OPTIONS = ("--sphere", "--above", "--below")

Sphere = tuple[float, float, float, float]


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that complains in one line and takes no abbreviations.

    A script that relied on an abbreviation would break when an option is added.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Exit code 2 with one line on stderr."""
        line = " ".join(f"{self.prog}: {message}. See {self.prog} --help.".split())
        self.exit(2, f"{line}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The parsed arguments; `.command` is the function that performs them, None the window."""
    parser = _parser()
    arguments = parser.parse_args(_joined(argv))
    if getattr(arguments, "below", None) is not None and arguments.above is None:
        parser.error("argument --below: needs --above")
    return arguments


def finite_number(text: str) -> float:
    """A number that is one: neither NaN nor infinite."""
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def sphere(text: str) -> Sphere:
    """X, Y, Z and diameter in mm."""
    try:
        x, y, z, diameter = (float(part) for part in text.split(","))
    except ValueError:
        x = y = z = diameter = math.nan
    if not all(map(math.isfinite, (x, y, z, diameter))) or diameter <= 0:
        raise argparse.ArgumentTypeError(
            f"X,Y,Z,DIAMETER in mm with a positive diameter expected, not {text!r}"
        )
    return x, y, z, diameter


def _joined(argv: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for argument in argv:
        if joined and joined[-1] in SIGNED_OPTIONS:
            joined[-1] = f"{joined[-1]}={argument}"
        else:
            joined.append(argument)
    return joined


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog="main.py",
        description="OncoRead reads oncology response on PET-CT. Investigational use in trials.",
    )
    parser.add_argument("--version", action="version", version=f"OncoRead {VERSION}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    # Without a command the window opens. `command` is None for what `app` cannot do itself.
    parser.set_defaults(command=None, folders=[], demo=False, picture=None, until_first_frame=False)

    desktop = commands.add_parser(
        "desktop", help="open the reading window (the same as no command)"
    )
    desktop.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", help="visits to open")
    desktop.add_argument(
        "--demo", action="store_true", help="open the demo patient where nothing was read yet"
    )
    desktop.add_argument("--picture", type=Path, metavar="PNG", help="save a picture and end")
    desktop.add_argument("--until-first-frame", action="store_true", help=argparse.SUPPRESS)

    inspect = commands.add_parser("inspect", help="list the series of a folder and what they allow")
    inspect.add_argument("folder", type=Path)
    inspect.set_defaults(command=_inspect)

    measure = commands.add_parser("measure", help="measure regions on a PET or CT series")
    measure.add_argument("folder", type=Path)
    measure.add_argument("--series", metavar="UID", help="the series to measure")
    region = measure.add_mutually_exclusive_group(required=True)
    region.add_argument(
        "--sphere", type=sphere, metavar="X,Y,Z,DIAMETER_MM", help="centre (LPS, mm) and diameter"
    )
    region.add_argument(
        "--above", type=finite_number, metavar="V", help="all voxels with value >= V"
    )
    region.add_argument("--segmentation", type=Path, metavar="FILE", help="a DICOM SEG or RTSTRUCT")
    measure.add_argument(
        "--below", type=finite_number, metavar="V", help="with --above: and value <= V"
    )
    measure.add_argument("--unit", choices=("suvbw", "sul", "hu"), help="unit of --above, --below")
    measure.add_argument("--lbm", choices=("janma", "james128"), default="janma")
    measure.set_defaults(command=_measure)

    assess = commands.add_parser("assess", help="draft a PERCIST read of two or more visits")
    assess.add_argument(
        "--timepoint", type=Path, action="append", required=True, metavar="DIR", dest="timepoints"
    )
    assess.add_argument("--out", type=Path, required=True, metavar="DIR")
    assess.add_argument("--rules", choices=PERCIST_SETS, default=PERCIST_SETS[0])
    assess.set_defaults(command=_assess)

    demo = commands.add_parser("demo", help="the same on the demo patient")
    demo.add_argument("--out", type=Path, metavar="DIR", help="where the report goes")
    demo.add_argument("--rules", choices=PERCIST_SETS, default=PERCIST_SETS[0])
    demo.set_defaults(command=_demo)

    criteria = commands.add_parser("criteria", help="responses from measurements in a JSON file")
    criteria.add_argument("--input", type=Path, required=True, metavar="FILE", dest="file")
    criteria.set_defaults(command=_criteria)

    for command in (inspect, measure, assess, demo, criteria):
        command.add_argument("--json", action="store_true", help="print only JSON on stdout")
    return parser


def _inspect(arguments: argparse.Namespace) -> str:
    from app.cli.inspect_command import inspect_command

    return inspect_command(arguments)


def _measure(arguments: argparse.Namespace) -> str:
    from app.cli.measure_command import measure_command

    return measure_command(arguments)


def _assess(arguments: argparse.Namespace) -> str:
    from app.cli.assess_command import assess_command

    return assess_command(arguments)


def _demo(arguments: argparse.Namespace) -> str:
    from app.cli.demo_command import demo_command

    return demo_command(arguments)


def _criteria(arguments: argparse.Namespace) -> str:
    from app.cli.criteria_command import criteria_command

    return criteria_command(arguments)
