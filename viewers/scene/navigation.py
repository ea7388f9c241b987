"""What moves the view: scrolling, zoom, pan, fit, turning and windows, as pure functions."""

from dataclasses import replace

import numpy as np

from app.imaging.overlay import Pixel
from segmentation.geometry import Vector
from segmentation.sampling.reslice import Orientation
from segmentation.volume import Volume
from viewers.scene.hanging import Content
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.linking import moved_to
from viewers.scene.resolve import FrameSpec
from viewers.scene.state import FIT, Pose, SceneState, View
from viewers.scene.windows import ct_window_dragged, pet_window_dragged

_SHOWS_FROM = {Orientation.AXIAL: 2, Orientation.CORONAL: 1, Orientation.SAGITTAL: 0}
ZOOM_PER_NOTCH = 1.15
_ZOOM_RANGE_MM = (0.05, 20.0)


def scrolled(state: SceneState, images: SceneImages, frame: FrameSpec, steps: int) -> SceneState:
    """The state some slices further (towards the feet, the back, the left); a MIP turns.

    The crosshair lands on the next slice centre: on an axial picture with CT those of the CT,
    else those of the PET.
    """
    visit = images.visit(frame.visit)
    if visit is None:
        return state
    if frame.orientation is None:
        return turned(state, steps, visit)
    at = state.crosshair(frame.visit) or images.middle_of(frame.visit)
    axis = _SHOWS_FROM[frame.orientation]
    # Towards the feet is down in z, towards back and left is up in y and x.
    way = -steps if frame.orientation is Orientation.AXIAL else steps
    target = list(at)
    target[axis] = _next_center(_scrolled_volume(visit, frame), at, axis, way)
    return moved_to(state, images, frame.visit, (target[0], target[1], target[2]))


def turned(state: SceneState, steps: int, visit: VisitScene) -> SceneState:
    """The state with the MIP turned by some frames."""
    if visit.mip is None:
        return state
    return replace(state, mip_frame=(state.mip_frame + steps) % len(visit.mip.angles_deg))


def zoomed(state: SceneState, frame: FrameSpec, factor: float, at_pixel: Pixel) -> SceneState:
    """The state magnified by a factor about a pixel (row, column), which stays where it is."""
    view = View.of(frame.orientation)
    pose = state.pose(view)
    old = frame.plane.pixel_mm
    new = float(np.clip(old / factor, *_ZOOM_RANGE_MM))
    row = at_pixel[0] - (frame.plane.rows - 1) / 2
    column = at_pixel[1] - (frame.plane.columns - 1) / 2
    pan = (pose.pan_mm[0] + column * (old - new), pose.pan_mm[1] + row * (old - new))
    return state.with_pose(view, Pose(new, pan))


def panned(state: SceneState, frame: FrameSpec, right_px: float, down_px: float) -> SceneState:
    """The state with the picture dragged by some pixels."""
    view = View.of(frame.orientation)
    pose, mm = state.pose(view), frame.plane.pixel_mm
    pan = (pose.pan_mm[0] - right_px * mm, pose.pan_mm[1] - down_px * mm)
    return state.with_pose(view, Pose(pose.mm_per_pixel, pan))


def fitted(state: SceneState, view: View | None = None) -> SceneState:
    """The state with a view (None: all) fitted to the body."""
    return replace(state, poses=()) if view is None else state.with_pose(view, FIT)


def window_dragged(
    state: SceneState, images: SceneImages, frame: FrameSpec, right_px: float, down_px: float
) -> SceneState:
    """The state after a window drag on a viewport: CT's on CT, else PET's upper end."""
    if frame.content is Content.CT:
        return replace(state, ct_window=ct_window_dragged(state.ct_window, right_px, down_px))
    visit = images.visit(frame.visit)
    return state if visit is None else pet_window_dragged(state, visit, right_px, down_px)


def maximised(state: SceneState, key: str) -> SceneState:
    """The state with one viewport alone, or all again where it already was."""
    return replace(state, maximised=None if state.maximised == key else key)


def _scrolled_volume(visit: VisitScene, frame: FrameSpec) -> Volume:
    shows_ct = frame.content in (Content.CT, Content.FUSION)
    if visit.ct is not None and shows_ct and frame.orientation is Orientation.AXIAL:
        return visit.ct
    return visit.sul


def _next_center(volume: Volume, at: Vector, component: int, steps: int) -> float:
    """The LPS coordinate of the voxel centre some steps along an axis of a canonical volume."""
    array_axis = 2 - component
    index = volume.geometry.zyx_from_lps(at)
    nearest = float(np.rint(index[array_axis]))
    last = volume.geometry.shape_zyx[array_axis] - 1
    index[array_axis] = np.clip(nearest + steps, 0, last)
    return float(volume.geometry.lps_from_zyx(index)[component])
