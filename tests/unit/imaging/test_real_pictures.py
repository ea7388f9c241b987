"""Pictures of a real PET-CT: the hot hilar mass is right, and shown where it lies."""

from pathlib import Path

import numpy as np
import pytest

from app.dicom.scan import scan_folder
from app.dicom.volume_reader import read_volume
from app.imaging.frames import PET_INVERTED, FusionStyle, fusion_picture, mip_picture
from segmentation.sampling.projection import project_maximum
from segmentation.sampling.reslice import Orientation, plane_across, plane_around
from segmentation.volume import Unit, Volume

pytestmark = pytest.mark.realdata
SUL_FACTOR = 3.1889e-4  # of this scan (issue 2), so that the window of the house applies
MASS_LPS_MM = (-42.3, -14.8, -121.5)  # centroid of the connected voxels above SUL 4.5


@pytest.fixture(scope="module")
def pair(review_data: Path) -> tuple[Volume, Volume]:
    folder = review_data / "acrin042" / "baseline"
    ct = read_volume(scan_folder(folder / "CT").series[0])
    pet = read_volume(scan_folder(folder / "PET_AC").series[0])
    return ct, pet.scaled(SUL_FACTOR, Unit.SUL_G_PER_ML)


def test_the_hilar_mass_is_hot_in_the_fused_slices_and_the_lung_beside_it_black(pair):
    ct, pet = pair
    for orientation in Orientation:
        plane = plane_around(orientation, MASS_LPS_MM, (300.0, 240.0), 1.0)
        picture = fusion_picture(ct, pet, plane, FusionStyle())
        row, column = np.rint(plane.pixel_from_lps(MASS_LPS_MM)).astype(int)
        assert picture.rgba[row, column, :3].min() > 150  # white-hot over soft tissue
        lung = plane.pixel_from_lps((-90.0, -14.8, -121.5))
        if orientation is not Orientation.SAGITTAL:
            row, column = np.rint(lung).astype(int)
            assert picture.rgba[row, column, :3].max() < 60


def test_the_mip_from_the_front_shows_the_mass_left_of_the_middle(pair):
    _, pet = pair
    frames = project_maximum(pet, (0.0, 180.0))
    for frame, beyond in ((0, -1), (1, 1)):  # patient right: left from the front, right behind
        plane = frames.plane(frame, 1.0)
        picture = mip_picture(frames, frame, plane, PET_INVERTED)
        row, column = plane.pixel_from_lps(MASS_LPS_MM)
        assert picture.rgba[round(row), round(column), 0] < 10
        spine = plane.pixel_from_lps((0.0, 0.0, MASS_LPS_MM[2]))[1]
        assert (column - spine) * beyond > 30


def test_a_click_on_the_mass_finds_it_in_depth(pair):
    _, pet = pair
    frames = project_maximum(pet, (0.0,))
    row, column = frames.pixel_from_lps(0, MASS_LPS_MM)
    found = frames.lps_at(0, round(row), round(column))
    assert found is not None
    assert np.linalg.norm(np.subtract(found, MASS_LPS_MM)) < 25.0


def test_a_plane_across_shows_the_whole_ct(pair):
    ct, _ = pair
    plane = plane_across(ct.geometry, Orientation.CORONAL, MASS_LPS_MM, 1.0)
    assert plane.columns == pytest.approx(500, abs=1)
    assert plane.rows == pytest.approx(135 * 3.27, abs=1)
