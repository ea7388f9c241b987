"""Bad arguments: one line, exit code 2, nothing on stdout; positions may be negative."""

import pytest

from app.cli.arguments import parse
from tests.builders.command_line import as_process, inside, refused

MEASURE = ("measure", "folder")
ASSESS = ("assess", "--timepoint", "a", "--timepoint", "b")

BAD = [
    ("foo",),
    ("inspect",),
    ("inspect", "a", "b"),
    ("inspect", "--frob", "a"),
    ("inspect", "a", "--js"),  # an abbreviation would break when an option is added
    MEASURE,
    (*MEASURE, "--sphere"),
    (*MEASURE, "--sphere", "1,2,3"),
    (*MEASURE, "--sphere", "1,2,3,x"),
    (*MEASURE, "--sphere", "1,2,3,4,5"),
    (*MEASURE, "--sphere", "1,2,3,0"),
    (*MEASURE, "--sphere", "1,2,3,-4"),
    (*MEASURE, "--sphere", "nan,2,3,4"),
    (*MEASURE, "--sphere", "1,2,3,inf"),
    (*MEASURE, "--sphere", "1,2,3\n,"),
    (*MEASURE, "--above", "x"),
    (*MEASURE, "--above", "nan"),
    (*MEASURE, "--above", "-inf"),
    (*MEASURE, "--above", "1", "--below", "inf"),
    (*MEASURE, "--below", "1"),
    (*MEASURE, "--sphere", "1,2,3,4", "--below", "1"),
    (*MEASURE, "--sphere", "1,2,3,4", "--above", "1"),
    (*MEASURE, "--above", "1", "--unit", "bqml"),
    (*MEASURE, "--above", "1", "--lbm", "james"),
    (*MEASURE, "--segmentation"),
    ("assess", "--out", "x"),
    ASSESS,
    (*ASSESS, "--out", "x", "--rules", "recist"),
    ("demo", "extra"),
]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_arguments_are_one_line_and_code_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    line = refused(inside(capsys, *arguments), code=2)
    assert line.startswith("main.py")
    assert "--help" in line


def test_the_process_ends_with_that_code_too() -> None:
    assert "COMMAND" in refused(as_process("frobnicate"), code=2)


@pytest.mark.parametrize("arguments", [("--help",), ("measure", "--help"), ("--version",)])
def test_help_and_version_are_no_failure(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    done = inside(capsys, *arguments)
    assert (done.code, done.err) == (0, "")
    assert len(done.out) > 10


@pytest.mark.parametrize(
    "sphere", [("--sphere", "-43,-11,-82.5,30"), ("--sphere=-43,-11,-82.5,30",)]
)
def test_a_position_may_start_with_a_minus(sphere: tuple[str, ...]) -> None:
    assert parse([*MEASURE, *sphere]).sphere == (-43.0, -11.0, -82.5, 30.0)


def test_limits_may_be_negative() -> None:
    arguments = parse([*MEASURE, "--above", "-500", "--below", "-1.5e1"])
    assert (arguments.above, arguments.below) == (-500.0, -15.0)
