"""The lock files: hashed, one version per package, no addresses, in step with pyproject.toml."""

import importlib.util
from pathlib import Path

import pytest

from tests.architecture.source_tree import PROJECT

SPEC = importlib.util.spec_from_file_location("check_locks", PROJECT / ".ci/check_locks.py")
check_locks = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check_locks)

HASH = f"--hash=sha256:{'0' * 64}"


def faults_of(tmp_path: Path, text: str) -> list[str]:
    lock = tmp_path / "some.lock"
    lock.write_text(text, encoding="utf-8")
    return check_locks.read_lock(lock)[1]


def test_the_lock_files_are_sound(capsys):
    assert check_locks.main() == 0, capsys.readouterr().out


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock"])
def test_no_line_of_a_lock_file_names_an_address(file):
    text = (PROJECT / file).read_text(encoding="utf-8").lower()
    assert not [mark for mark in ("://", "www.", "index", "find-links", " @ ") if mark in text]


def test_a_sound_entry_has_no_fault(tmp_path):
    assert faults_of(tmp_path, f"numpy==2.4.6 \\\n    {HASH}\n") == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"numpy>=2.4 {HASH}\n", "not pinned"),
        ("numpy==2.4.6\n", "no hash"),
        (f"numpy==2.4.6 --hash=sha256:{'0' * 63}\n", "no hash"),
        (f"numpy==2.4.6 {HASH} # https://example.invalid/numpy\n", "names an address"),
        (f"numpy @ file:///numpy.whl {HASH}\n", "not pinned"),
        (f"--index-url https://example.invalid\nnumpy==2.4.6 {HASH}\n", "not pinned"),
        (f"NumPy==2.4.6 {HASH}\nnumpy==2.3.0 ; python_version < '3.12' {HASH}\n", "twice"),
        (f"pylibjpeg-libjpeg==2.3.0 {HASH}\n", "GPL"),
    ],
)
def test_a_faulty_entry_is_named(tmp_path, text, fault):
    assert [line for line in faults_of(tmp_path, text) if fault in line]


@pytest.mark.parametrize(("needed", "met"), [("numpy>=2.4", True), ("numpy>=2.5", False)])
def test_pyproject_and_lock_are_compared_by_version(needed, met):
    assert (
        check_locks.unmet([needed], {"numpy": f"numpy==2.4.6 {HASH}"}, "some.lock") == []
    ) is met


def test_a_package_missing_from_the_lock_is_named():
    assert check_locks.unmet(["scipy>=1.17"], {}, "some.lock")
