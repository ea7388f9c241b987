"""House rules that neither ruff nor mypy knows."""

import ast
import subprocess
import sys

from tests.architecture.source_tree import FLOORS, PROJECT, python_files

LONGEST_FILE_LINES = 450
BANNED_FILES = {"utils", "util", "helpers", "helper", "common", "misc"}
BANNED_CLASS_ENDINGS = ("Manager", "Helper", "Handler")

ALL_FILES = [PROJECT / "main.py", *python_files(*FLOORS, "tests", "benchmarks", ".ci")]


def test_the_rules_see_the_source():
    assert len(ALL_FILES) > 20


def test_no_drawer_for_odds_and_ends():
    parts = {part for file in ALL_FILES for part in file.relative_to(PROJECT).with_suffix("").parts}
    assert not parts & BANNED_FILES


def test_files_stay_small():
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in ALL_FILES}
    assert {file: n for file, n in lengths.items() if n > LONGEST_FILE_LINES} == {}


def test_classes_are_named_for_what_they_are():
    names = [
        node.name
        for file in ALL_FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in names if name.endswith(BANNED_CLASS_ENDINGS)] == []


def test_import_contracts_are_kept():
    code = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-c", code, "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
