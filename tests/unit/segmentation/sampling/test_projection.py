import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.sampling.projection import frame_right, project_maximum, turn
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import GEOMETRIES, point_volume, positions

ANGLES = (0.0, 35.0, 90.0, 180.0, 255.0)
UPRIGHT = [name for name in GEOMETRIES if name != "oblique"]


def noise_volume(geometry, seed=1):
    values = np.random.default_rng(seed).gamma(1.0, 1.0, geometry.shape_zyx)
    return Volume(values.astype(np.float32), geometry, Unit.SUL_G_PER_ML)


@pytest.mark.parametrize("name", UPRIGHT)
def test_each_pixel_is_the_hottest_voxel_that_projects_on_it(name):
    volume = noise_volume(GEOMETRIES[name])
    frames = project_maximum(volume, ANGLES)
    lps, values = positions(volume.geometry).reshape(-1, 3), volume.values.ravel()
    for k, angle in enumerate(ANGLES):
        u = (lps - np.array(frames.pivot_lps_mm)) @ np.array(frame_right(angle))
        column = np.floor(u / frames.pixel_mm + 0.5 + 1e-6).astype(int)
        column += frames.images.shape[2] // 2
        row = np.argmin(np.abs(lps[:, 2, None] - frames.z_mm), axis=1)
        truth = np.full(frames.images.shape[1:], values.min())
        np.maximum.at(truth, (row, column), values)
        # Ranks of 16 bits may prefer a voxel colder by a 65535th of the range.
        assert frames.images[k] == pytest.approx(truth, abs=float(np.ptp(values)) / 65000)


@pytest.mark.parametrize("name", GEOMETRIES)
def test_a_hot_voxel_is_found_and_placed_from_every_side(name):
    geometry = GEOMETRIES[name]
    volume, lps = point_volume(geometry, (12.0, -15.0, 20.0))
    frames = project_maximum(volume, turn(24), floor=0.1)
    # An oblique volume is seen through an upright grid, whose nearest voxel is half a diagonal off.
    half_mm = np.linalg.norm(geometry.spacing_zyx_mm) / 2 if name == "oblique" else 1e-6
    for k in range(24):
        row, column = np.unravel_index(np.argmax(frames.images[k]), frames.images[k].shape)
        expected = frames.pixel_from_lps(k, tuple(lps))
        assert abs(row - expected[0]) * geometry.slice_step_mm <= max(half_mm, 1e-5)
        assert abs(column - expected[1]) <= 0.5 + half_mm / frames.pixel_mm
        found = frames.lps_at(k, int(row), int(column))
        assert found is not None
        assert np.linalg.norm(found - lps) <= half_mm


def test_a_click_gives_the_centre_of_the_voxel_shown():
    volume = noise_volume(GEOMETRIES["feet_first_prone"])
    frames = project_maximum(volume, (0.0, 50.0))
    for row, column in ((0, 10), (11, 18), (23, 25)):
        lps = frames.lps_at(1, row, column)
        assert lps is not None
        index = tuple(np.rint(volume.geometry.zyx_from_lps(lps)).astype(int))
        assert volume.values[index] == frames.images[1, row, column]


def test_views_from_the_front_the_left_and_behind():
    left, front = (40.0, -7.0, 11.0), (5.0, -40.0, 11.0)
    for lps, angle, on_the_right in (
        (left, 0.0, True), (left, 180.0, False), (front, 90.0, False), (front, 270.0, True),
    ):  # fmt: skip
        volume, _ = point_volume(GEOMETRIES["feet_first_supine"], lps)
        frames = project_maximum(volume, (angle,))
        column = int(np.argmax(frames.images[0].max(axis=0)))
        assert (column > frames.images.shape[2] // 2) is on_the_right


def test_every_frame_keeps_the_maximum_of_the_volume():
    volume = noise_volume(GEOMETRIES["head_first_supine"], seed=7)
    frames = project_maximum(volume, turn(36))
    assert (frames.images.max(axis=(1, 2)) == volume.values.max()).all()


def test_more_columns_than_16_bits_can_number():
    geometry = Geometry.even((2, 300, 300), (3.0, 1.0, 1.0))
    volume = noise_volume(geometry)
    frames = project_maximum(volume, (0.0,))
    half = frames.images.shape[2] // 2
    seen = frames.images[0, ::-1, half - 150 : half + 150]  # rows run from the head
    assert np.array_equal(seen, volume.values.max(axis=1))


def test_left_out_columns_are_empty():
    volume, lps = point_volume(GEOMETRIES["head_first_supine"], (12.0, -15.0, 20.0))
    frames = project_maximum(volume, (0.0,), floor=0.5)
    row, column = np.unravel_index(np.argmax(frames.images[0]), frames.images[0].shape)
    assert frames.lps_at(0, int(row), int(column)) == pytest.approx(lps)
    assert sum(frames.lps_at(0, int(row), c) is None for c in range(frames.images.shape[2])) > 0


def test_a_flat_volume_projects_to_itself():
    geometry = GEOMETRIES["head_first_supine"]
    flat = Volume(np.full(geometry.shape_zyx, 2.0, np.float32), geometry, Unit.SUL_G_PER_ML)
    frames = project_maximum(flat, (0.0, 45.0))
    assert (frames.images == 2.0).all()


def test_the_checkpoint_cancels():
    class CancelledError(Exception):
        pass

    def stop():
        raise CancelledError

    with pytest.raises(CancelledError):
        project_maximum(noise_volume(GEOMETRIES["decubitus"]), turn(), checkpoint=stop)


def test_a_plane_shows_a_frame_at_true_scale():
    volume, lps = point_volume(GEOMETRIES["uneven_steps"], (12.0, -15.0, 20.0))
    frames = project_maximum(volume, (0.0, 90.0))
    for k in range(2):
        plane = frames.plane(k, 0.5)
        picture = frames.sample(k, plane, outside=0.0)
        seen = np.unravel_index(np.argmax(picture), picture.shape)
        assert np.abs(seen - plane.pixel_from_lps(lps)).max() * plane.pixel_mm <= 1.5


def test_a_plane_that_faces_elsewhere_is_refused():
    frames = project_maximum(noise_volume(GEOMETRIES["decubitus"]), (0.0, 90.0))
    with pytest.raises(ValueError, match="face"):
        frames.sample(1, frames.plane(0, 1.0), outside=0.0)
