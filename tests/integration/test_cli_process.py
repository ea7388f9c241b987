"""The command as a process: full disks, signals, closed descriptors, defects."""

import argparse
import json
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import inspect_command
from tests.builders.command_line import (
    PROJECT,
    Done,
    as_process,
    command,
    environment,
    inside,
    refused,
)
from tests.builders.dicom_copies import copied

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")

FORMER = {"report.pdf": b"%PDF-1.7 the former report", "reading.json": b'{"former": true}\n'}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds a former report."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in FORMER.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder for temporary files that must be empty in the end."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def few(demo_patient: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three PET slices: quick to inspect."""
    files = sorted((demo_patient[0] / "PT").glob("*.dcm"))[100:103]
    return copied(files, tmp_path_factory.mktemp("few"))


def assert_kept(folder: Path) -> None:
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == FORMER


def through_shell(text: str) -> Done:
    return as_process(line=["/bin/sh", "-c", text])


def inspect_line(folder: Path) -> str:
    return " ".join(command("inspect", folder, "--json"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("rest", ["--json", "--help"])
def test_a_full_disk_under_stdout(few: Path, rest: str) -> None:
    line = " ".join(command("inspect", few, rest))
    assert "No space left" in refused(through_shell(f"{line} > /dev/full"))


def test_a_closed_stdout(few: Path) -> None:
    line = inspect_line(few)
    assert "Bad file descriptor" in refused(through_shell(f"{line} >&-"))


def test_a_reader_that_went_away(few: Path) -> None:
    line = f"{{ {inspect_line(few)}; echo code $? >&2; }} | true"
    done = through_shell(line)
    assert done.err.splitlines()[-1] == "code 1"
    assert "Broken pipe" in done.err
    assert done.err.count("\n") == 2


def test_a_closed_or_full_stderr_costs_the_line_but_not_the_code(tmp_path: Path) -> None:
    for to in ("2>&-", "2>/dev/full"):
        done = through_shell(f"{inspect_line(tmp_path / 'missing')} {to}")
        assert (done.code, done.out, done.err) == (1, "", "")


def test_a_closed_stderr_does_not_spoil_the_result(few: Path) -> None:
    done = through_shell(f"{inspect_line(few)} 2>&- <&-")
    assert done.code == 0
    assert len(json.loads(done.out)["series"]) == 1


@pytest.mark.parametrize("coding", ["ascii", "utf-8"])
def test_any_terminal_can_print_the_result(few: Path, coding: str) -> None:
    done = as_process("inspect", few, PYTHONIOENCODING=coding)
    assert (done.code, done.err) == (0, "")
    assert "SUV ready" in done.out


def limit_files(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_file_limit_during_the_export_leaves_the_former_report(
    demo_patient: tuple[Path, Path], out: Path, scratch: Path
) -> None:
    done = as_process(
        *("assess", "--timepoint", demo_patient[0], "--out", out, "--json"),
        before=limit_files(400_000),
        TMPDIR=str(scratch),
    )
    assert "could not be written" in refused(done)
    assert_kept(out)


def wait_until_at_work(running: subprocess.Popen[Any], cpu_s: float = 1.5) -> None:
    """Waits until a process has spent processor time: past its imports, before its report."""
    spent = Path(f"/proc/{running.pid}/stat")
    until = time.monotonic() + 1.5
    while spent.exists() or time.monotonic() < until:
        if spent.exists():
            fields = spent.read_text().rpartition(")")[2].split()
            if (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") > cpu_s:
                break
        time.sleep(0.02)
    assert running.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_stopped_assessment_says_so_and_leaves_nothing(
    demo_patient: tuple[Path, Path], out: Path, scratch: Path, number: signal.Signals
) -> None:
    running = subprocess.Popen(
        command("assess", "--timepoint", demo_patient[0], "--out", out, "--json"),
        cwd=PROJECT,
        env=environment(TMPDIR=str(scratch)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until_at_work(running)
    running.send_signal(number)
    running.send_signal(number)  # once more: an impatient user
    told = time.monotonic()
    printed, line = running.communicate(timeout=60)
    assert time.monotonic() - told < 5.0
    assert refused(Done(running.returncode, printed, line), 128 + number) == "Stopped."
    assert_kept(out)


def test_a_killed_assessment_leaves_the_former_report(
    demo_patient: tuple[Path, Path], out: Path
) -> None:
    running = subprocess.Popen(
        command("assess", "--timepoint", demo_patient[0], "--out", out, "--json"),
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until_at_work(running)
    running.kill()
    running.wait()
    assert_kept(out)


def test_an_ignored_interrupt_stays_ignored(few: Path) -> None:
    """As under nohup or in the background of a script."""
    running = subprocess.Popen(
        command("inspect", few, "--json"),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    time.sleep(0.4)
    running.send_signal(signal.SIGINT)
    printed, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert json.loads(printed)


def test_a_defect_is_one_line_with_the_id_of_a_log_without_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(arguments: argparse.Namespace) -> str:
        patient = "DOE^JANE"
        try:
            raise KeyError(f"no entry for {patient}")
        except KeyError as cause:
            raise RuntimeError(f"{patient} in {arguments.folder}") from cause

    monkeypatch.setattr(inspect_command, "inspect_command", broken)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    line = refused(inside(capsys, "inspect", "DOE^JANE"), 70)
    assert "DOE" not in line
    (log,) = (tmp_path / "state").rglob("*.log")
    text = log.read_text()
    assert line.split("(")[1].split()[0] in text  # the id
    assert str(log) in line
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "test_cli_process.py" in text  # where it happened
    assert "DOE^JANE in" not in text
    assert "no entry for DOE" not in text


def test_a_defect_without_a_place_for_the_log_is_still_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: argparse.Namespace) -> str:
        raise RuntimeError

    (tmp_path / "file").touch()
    monkeypatch.setattr(inspect_command, "inspect_command", broken)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert "no log could be written" in refused(inside(capsys, "inspect", "x"), 70)
