"""Times what a reader waits for on the real window: `python -m benchmarks.scroll FOLDER --json`.

FOLDER is a visit or holds one folder per visit. `--phantom` measures the viewports on a whole-body
study made in memory instead. Times are milliseconds of wall time; `cpu_` is the home thread's own.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Prints the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scroll", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--phantom", action="store_true", help="the study of the target's size")
    parser.add_argument("--thin", type=int, default=1, help="leave out voxels of the phantom")
    parser.add_argument("--steps", type=int, default=60, help="steps of each gesture")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args(arguments)
    if (wanted.folder is None) != wanted.phantom:
        parser.error("give a folder or --phantom")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found: dict[str, Any] = {"start_to_first_frame_s": start_to_first_frame_s()}
    if wanted.phantom:
        found |= phantom_times(wanted.steps, wanted.thin)
    else:
        found |= folder_times(wanted.folder, wanted.steps)
    found["load_average"] = round(os.getloadavg()[0], 2)
    text = json.dumps(found, indent=1) if wanted.json else _lines(found)
    sys.stdout.write(text + "\n")
    return 0


def start_to_first_frame_s(times: int = 3) -> float:
    """From the command to the first painted frame, warm: the median after one trial."""
    taken = []
    with tempfile.TemporaryDirectory() as own:
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": own,
            "XDG_DATA_HOME": own,
        }
        for _ in range(times + 1):
            start = time.perf_counter()
            with subprocess.Popen(
                [sys.executable, str(_ROOT / "main.py"), "desktop", "--until-first-frame"],
                stdout=subprocess.PIPE, text=True, cwd=own, env=environment,
            ) as process:  # fmt: skip
                assert process.stdout is not None
                for line in process.stdout:
                    if line.strip() == "first frame":
                        taken.append(time.perf_counter() - start)
                        break
                process.communicate()
    return round(statistics.median(taken[1:]), 3)


def visit_folders(folder: Path) -> tuple[Path, ...]:
    """The folder's visits: each folder that holds series folders, else the folder itself."""
    inner = sorted(p for p in folder.iterdir() if p.is_dir())
    if any(q.is_dir() for p in inner for q in p.iterdir()):
        return tuple(inner)
    return (folder,)


def folder_times(folder: Path, steps: int) -> dict[str, Any]:
    """All times on the window that opened the visits of a folder."""
    from benchmarks.desk_times import canvas_times
    from benchmarks.real_window import real_window, sphere_times
    from benchmarks.timing import Heartbeat
    from viewers.shell.application import make_qt

    make_qt()
    heartbeat = Heartbeat()
    with (
        tempfile.TemporaryDirectory() as own,
        real_window(visit_folders(folder), Path(own), heartbeat) as window,
    ):
        heartbeat.begin("gestures")
        found = canvas_times(window.case.canvas, tuple(window.case.visits), steps)
        heartbeat.begin("sphere")
        found["mip_prepare_s"] = round(window.mip_prepare_s, 2)
        found["sphere_drag_to_number_ms"] = sphere_times(window, steps).summary()
    return found | _stalls(heartbeat.longest_ms)


def phantom_times(steps: int, thin: int = 1) -> dict[str, Any]:
    """The times of the viewports on the whole-body study; there is no reading to measure in."""
    from benchmarks.desk_times import canvas_times
    from benchmarks.phantom_study import phantom_images, phantom_mip
    from benchmarks.real_window import bare_window
    from benchmarks.timing import Heartbeat, Times
    from viewers.canvas.grid import CanvasGrid
    from viewers.scene.extent import body_box
    from viewers.scene.images import SceneImages
    from viewers.shell.application import make_qt

    make_qt()
    images = phantom_images(thin)
    gc.collect()
    start = time.perf_counter()
    mips = [phantom_mip(visit) for visit in images.visits]
    prepared = (time.perf_counter() - start) / len(mips)
    for visit in images.visits:
        body_box(visit.sul, visit.ct)  # the job that loads a visit has it ready, too
    heartbeat = Heartbeat()
    grid = CanvasGrid()
    arrivals = Times()
    with bare_window(grid):
        heartbeat.begin("opening")
        arrivals.take(lambda: grid.show_images(images))
        visits = images.visits
        for number, mip in enumerate(mips):
            visits = tuple(replace(v, mip=mip) if v.number == number else v for v in visits)
            arrivals.take(partial(grid.show_images, SceneImages(visits)))
        heartbeat.begin("gestures")
        found = canvas_times(grid, (0, 1), steps)
        heartbeat.end()
    found["images_shown_ms"] = [round(t, 1) for t in arrivals.wall_ms]
    found["mip_prepare_s"] = round(prepared, 2)
    found["sphere_drag_to_number_ms"] = None
    return found | _stalls(heartbeat.longest_ms)


def _stalls(longest_ms: dict[str, float]) -> dict[str, Any]:
    return {
        "longest_event_loop_stall_ms": round(max(longest_ms.values()), 1),
        "stalls_ms": {phase: round(value, 1) for phase, value in longest_ms.items()},
    }


def _lines(found: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in found.items())


if __name__ == "__main__":
    sys.exit(main())
