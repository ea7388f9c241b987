"""The program does without Qt and VTK, and starts without its heavy libraries."""

import json
import subprocess
import sys

import pytest

from tests.architecture.source_tree import PROJECT, modules_without_qt

IMPORT_ALL_WITHOUT_QT = """
import importlib, json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph", "vtk", "vtkmodules"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Absent())
failures = {}
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
    except Exception as error:
        failures[name] = repr(error)
print(json.dumps(failures))
"""

HEAVY = ["PIL", "SimpleITK", "highdicom", "numpy", "pydicom", "scipy", "typst", "PySide6", "vtk"]

START = """
import runpy, sys
arguments = sys.argv[1:]
if arguments:
    sys.argv = ["main.py", *arguments]
    try:
        runpy.run_path("main.py", run_name="__main__")
    except SystemExit as end:
        assert not end.code, end.code
else:
    import main
print("LOADED", *sorted(name for name in sys.modules if "." not in name))
"""


def run_python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def failed_imports(names: list[str]) -> dict[str, str]:
    return json.loads(run_python(IMPORT_ALL_WITHOUT_QT, json.dumps(names)).splitlines()[-1])


def test_everything_outside_the_qt_rooms_imports_without_qt_and_vtk():
    assert failed_imports(modules_without_qt()) == {}


@pytest.mark.parametrize("library", ["PySide6.QtCore", "pyqtgraph", "vtk", "vtkmodules.all"])
def test_the_libraries_are_unimportable_in_that_run(library):
    assert library in failed_imports([library])


@pytest.mark.parametrize("arguments", [[], ["--help"], ["assess", "--help"]])
def test_starting_loads_nothing_heavy(arguments):
    loaded = run_python(START, *arguments).splitlines()[-1].split()
    assert loaded[0] == "LOADED"
    assert not set(HEAVY) & set(loaded)
