"""Letters in the patient and hot points, read back from the screen."""

import numpy as np
import pytest
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.sampling.orientation import canonical
from segmentation.sampling.projection import project_maximum, turn
from segmentation.volume import Unit, Volume
from tests.gui.canvases import click, luminance, shown
from tests.gui.letters import letters_at, letters_read
from tests.unit.viewers.scene.scenes import CT_GRID, images, point_pet, visit
from viewers.scene.images import VisitScene
from viewers.scene.state import LayoutId, Pose, SceneState, View

TILT = np.deg2rad(12)
STORED = {
    "head_first_supine": ((1, 0, 0), (0, 1, 0)),
    "head_first_prone": ((-1, 0, 0), (0, -1, 0)),
    "feet_first_supine": ((-1, 0, 0), (0, 1, 0)),
    "feet_first_prone": ((1, 0, 0), (0, -1, 0)),
    "decubitus": ((0, 1, 0), (-1, 0, 0)),
    "oblique": ((np.cos(TILT), np.sin(TILT), 0), (-np.sin(TILT), np.cos(TILT), 0)),
}
# Voxel centres lie at even, the letters' edges at odd millimetres: no edge hits a centre.
SHAPE = (127, 127, 127)
# The slice's position, and where on it each letter lies: (right, down) of the middle in mm.
PLANES = {
    "0.{}.axial": ((0.0, 0.0, 0.0), {"R": (-60, 0), "L": (60, 0), "A": (0, -60), "P": (0, 60)}),
    "0.{}.coronal": ((0.0, 0.0, 60.0), {"R": (-60, -60), "L": (60, -60), "H": (0, -90)}),
    "0.{}.sagittal": ((0.0, 0.0, -60.0), {"A": (-60, 60), "P": (60, 60)}),
}
SIZE_PX, PIXEL_MM, VOXEL_MM = 640, 0.42, 2.0


def grid_of(row, column):
    normal = np.cross(row, column)
    middle = (np.array(SHAPE) - 1) / 2 * VOXEL_MM
    origin = -(normal * middle[0] + np.multiply(column, middle[1]) + np.multiply(row, middle[2]))
    vectors = [tuple(float(c) for c in v) for v in (origin, row, column)]
    return Geometry.even(SHAPE, (VOXEL_MM, VOXEL_MM, VOXEL_MM), *vectors)


def stored(geometry, ink, paper, dtype, unit):
    index = np.moveaxis(np.indices(geometry.shape_zyx), 0, -1)
    values = np.where(letters_at(geometry.lps_from_zyx(index)), ink, paper).astype(dtype)
    return canonical(Volume(values, geometry, unit))


@pytest.fixture(scope="module", params=STORED)
def letters(request):
    row, column = STORED[request.param]
    pet = stored(grid_of(row, column), 9.0, 0.1, np.float32, Unit.SUL_G_PER_ML)
    ct = stored(grid_of(row, column), 900, -1000, np.int16, Unit.HOUNSFIELD)
    mip = project_maximum(pet, turn(4), threads=1)
    return images(VisitScene(0, "", pet, ct, mip=mip))


def middles(found):
    """Where the letters were read: name -> (right, down) in mm from the picture's middle."""
    scale = SIZE_PX * PIXEL_MM
    return {n: ((c - 0.5) * scale, (r - 0.5) * scale) for n, r, c in found if n != "?"}


def check(found, expected):
    assert found.keys() == expected.keys()
    for name, place in expected.items():
        assert found[name] == pytest.approx(place, abs=VOXEL_MM), name


def scene(at, key, **fields):
    pose = tuple((view, Pose(PIXEL_MM)) for view in View)
    return SceneState(
        crosshairs=((0, at),), crosshair_shown=False, maximised=key, poses=pose, **fields
    )


@pytest.mark.parametrize("content", ["ct", "pet", "fusion"])
@pytest.mark.parametrize("key", PLANES)
def test_letters_read_correctly_on_every_slice(qtbot, letters, key, content):
    at, expected = PLANES[key]
    key = key.format(content)
    grid = shown(qtbot, letters, scene(at, key), size=(SIZE_PX, SIZE_PX))
    found = letters_read(luminance(grid, key), bright=content != "pet")
    assert "?" not in [name for name, *_ in found]
    check(middles(found), expected)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (0, {"R": (-60, -60), "L": (60, -60), "H": (0, -90)}),
        (1, {"A": (-60, 60), "P": (60, 60)}),
    ],
)
def test_letters_read_correctly_on_the_mip(qtbot, letters, frame, expected):
    key = "0.mip.any"
    grid = shown(
        qtbot, letters, scene((0.0, 0.0, 0.0), key, mip_frame=frame), size=(SIZE_PX, SIZE_PX)
    )
    check(middles(letters_read(luminance(grid, key), bright=False)), expected)


POINT = (6.0, -9.0, -226.0)


@pytest.fixture(scope="module")
def point():
    pet, center = point_pet(POINT)
    values = np.full(CT_GRID.shape_zyx, -1000, np.int16)
    # The PET voxel's centre lies midway between CT voxels: its eight neighbours are the point.
    z, y, x = np.floor(CT_GRID.zyx_from_lps(center)).astype(int)
    values[z : z + 2, y : y + 2, x : x + 2] = 3000
    ct = Volume(values, CT_GRID, Unit.HOUNSFIELD)
    shown_visit = visit(sul=pet, ct=ct, mip=project_maximum(pet, turn(8), threads=1))
    return images(shown_visit), center


KEYS = [f"0.{c}.{o}" for c in ("ct", "pet", "fusion") for o in ("axial", "coronal", "sagittal")]


@pytest.mark.parametrize(
    ("key", "frame"), [*((key, 0) for key in KEYS), ("0.mip.any", 0), ("0.mip.any", 3)]
)
@pytest.mark.parametrize("pose", [Pose(), Pose(0.7, (11.0, -6.5)), Pose(0.31, (-9.0, 17.0))])
def test_a_click_on_a_hot_point_gives_its_position(qtbot, point, key, pose, frame):
    """Screen pixel -> mouse -> patient, against the voxel that was made hot."""
    scene_images, center = point
    near = tuple(float(c + d) for c, d in zip(center, (0.4, -0.5, 0.3), strict=True))
    state = SceneState(crosshairs=((0, near),), crosshair_shown=False, mip_frame=frame,
                       poses=tuple((view, pose) for view in View))  # fmt: skip
    grid = shown(qtbot, scene_images, state)
    plane = grid.frames[key].plane
    heat = luminance(grid, key)
    heat = 255 - heat if key.startswith(("0.pet", "0.mip")) else heat
    heat[: heat.shape[0] // 5] = 0  # corner texts stand there
    heat[-heat.shape[0] // 5 :] = 0
    heat[:, : heat.shape[1] // 12] = 0
    heat[:, -heat.shape[1] // 6 :] = 0
    spot = heat > 0.8 * heat.max()
    row, column = ndimage.center_of_mass(heat * spot)
    with qtbot.waitSignal(grid.crosshair_moved) as moved:
        click(grid, key, row, column)
    _, lps = moved.args
    off = np.abs(np.subtract(lps, center))
    voxel = np.array([3.6, 3.6, 4.0])
    if not key.startswith("0.mip"):
        across = np.abs(np.asarray(plane.away)) < 0.5
        assert (off[across] <= voxel[across] / 2 + 1e-6).all()
    else:
        assert off.max() < 1e-3


def test_the_same_place_is_clicked_in_all_viewports(qtbot, point):
    """Zoomed pictures of CT, PET and fusion agree pixel by pixel on where the point is."""
    scene_images, center = point
    grid = shown(qtbot, scene_images, SceneState(crosshairs=((0, center),)))
    largest = max(grid.frames[key].plane.pixel_mm for key in KEYS)
    for key in KEYS:
        row, column = grid.frames[key].plane.pixel_from_lps(center)
        click(grid, key, row, column)
        off = np.abs(np.subtract(grid.state.crosshair(0), center))
        assert off.max() <= largest / 2 + 1e-6


def test_the_second_visit_is_clicked_in_its_own_patient_space(qtbot):
    matrix = np.eye(4)
    matrix[:3, 3] = (4.0, -6.0, 9.0)
    pair = images(visit(0), visit(1, here_from_baseline=matrix))
    state = SceneState(layout=LayoutId.TWO_VISITS, visits=(0, 1))
    grid = shown(qtbot, pair, state)
    with qtbot.waitSignal(grid.crosshair_moved) as moved:
        click(grid, "1.pet.any", 120, 90)
    number, lps = moved.args
    assert number == 1
    expected = grid.frames["1.pet.any"].plane.lps_from_pixel((120, 90))
    assert lps == pytest.approx(tuple(expected))
    assert np.add(grid.state.crosshair(0), (4, -6, 9)) == pytest.approx(lps)
