"""The benchmark runs on a thinned study and reports every figure; no time is asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.scroll import visit_folders

ROOT = Path(__file__).resolve().parents[3]


def test_the_phantom_gives_every_figure():
    command = [sys.executable, "-m", "benchmarks.scroll", "--phantom", "--json"]
    done = subprocess.run(
        [*command, "--thin", "8", "--steps", "4"],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = json.loads(done.stdout)
    for name in (
        "axial_step_ms",
        "crosshair_drag_ms",
        "window_drag_ms",
        "two_timepoint_step_ms",
    ):
        assert 0 < found[name]["p50"] <= found[name]["p95"] <= found[name]["max"]
    for name in ("start_to_first_frame_s", "mip_fps", "longest_event_loop_stall_ms"):
        assert found[name] > 0
    assert found["mip_prepare_s"] >= 0
    assert found["sphere_drag_to_number_ms"] is None


def test_a_step_is_timed_until_every_changed_viewport_is_painted():
    script = """
from PySide6.QtCore import QEvent, QObject
from benchmarks.gestures import turn_wheel
from benchmarks.phantom_study import phantom_images
from benchmarks.real_window import bare_window
from benchmarks.timing import Times
from viewers.canvas.grid import CanvasGrid
from viewers.shell.application import make_qt

class Paints(QObject):
    seen = set()
    def eventFilter(self, target, event):
        if event.type() is QEvent.Type.Paint:
            self.seen.add(target)
        return False

make_qt()
grid = CanvasGrid()
with bare_window(grid):
    Times().take(lambda: grid.show_images(phantom_images(8)))
    before, paints = grid.frames, Paints()
    surfaces = {grid.viewport(key).viewport(): key for key in grid.frames}
    for surface in surfaces:
        surface.installEventFilter(paints)
    turn_wheel(grid, "0.ct.axial", 1)
    changed = {key for key in before if grid.frames[key] != before[key]}
    print(len(changed), changed <= {surfaces[s] for s in paints.seen})
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    count, painted = done.stdout.split()
    assert int(count) >= 9
    assert painted == "True"


def test_a_folder_of_visits_and_a_visit_are_told_apart(tmp_path):
    for visit in ("baseline", "followup"):
        (tmp_path / visit / "PET").mkdir(parents=True)
    assert visit_folders(tmp_path) == (tmp_path / "baseline", tmp_path / "followup")
    assert visit_folders(tmp_path / "baseline") == (tmp_path / "baseline",)
