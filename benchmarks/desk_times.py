"""What is timed on a canvas that shows one or two visits with their MIPs."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from benchmarks.gestures import drag, path, turn_wheel
from benchmarks.timing import Times
from segmentation.sampling.reslice import Orientation
from viewers.canvas.grid import CanvasGrid
from viewers.scene.state import LayoutId, SceneState, ToolId

_ONE = {o: f"0.pet.{o}" for o in Orientation}


def canvas_times(grid: CanvasGrid, visits: tuple[int, ...], steps: int) -> dict[str, Any]:
    """The gestures of the target in the layouts of one visit and, where there are two, of both."""
    start = grid.state
    one = replace(
        start, layout=LayoutId.ONE_VISIT, visits=visits[:1], maximised=None, tool=ToolId.NAVIGATE
    )
    found: dict[str, Any] = {}
    _warm(grid, one)
    axial = _ONE[Orientation.AXIAL]
    found["axial_step_ms"] = turn_wheel(grid, "0.ct.axial", steps).summary()
    found["crosshair_drag_ms"] = drag(grid, axial, path(grid, axial, steps)).summary()
    right = Qt.MouseButton.RightButton
    found["window_drag_ms"] = drag(grid, axial, path(grid, axial, steps), right).summary()
    ct = "0.ct.axial"
    found["ct_window_drag_ms"] = drag(grid, ct, path(grid, ct, steps), right).summary()
    found["mip_fps"] = _turning(grid, steps)
    if len(visits) > 1:
        both = replace(one, layout=LayoutId.TWO_VISITS, visits=(visits[0], visits[-1]))
        for orientation in Orientation:
            _warm(grid, replace(both, orientation=orientation))
            name = "" if orientation is Orientation.AXIAL else f"_{orientation}"
            found[f"two_timepoint_step{name}_ms"] = turn_wheel(grid, "0.ct.any", steps).summary()
    grid.set_scene(start)
    Times().take(grid.refresh)
    return found


def _warm(grid: CanvasGrid, state: SceneState) -> None:
    grid.set_scene(state)
    Times().take(grid.refresh)


def _turning(grid: CanvasGrid, steps: int) -> float:
    """Frames a second of the turning MIP, one after another without pause."""
    times = Times()
    for _ in range(steps):
        times.take(lambda: grid.turn_mip(1))
    return round(1e3 * len(times.wall_ms) / sum(times.wall_ms), 1)
