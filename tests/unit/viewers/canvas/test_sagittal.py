import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.sampling.reslice import Orientation, plane_around, sample_plane
from segmentation.volume import Unit, Volume
from viewers.canvas.sagittal import SagittalBlocks

SHAPE = (22, 30, 70)


def volume(geometry):
    rng = np.random.default_rng(4)
    return Volume(rng.normal(size=SHAPE).astype(np.float32), geometry, Unit.SUL_G_PER_ML)


EVEN = Geometry.even(SHAPE, (3.3, 2.0, 1.5), (-50.0, -30.0, -400.0))
UNEVEN = Geometry(
    SHAPE, (2.0, 1.5), (-50.0, -30.0, -400.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0),
    tuple(3.3 * k + 0.3 * (k % 2) for k in range(SHAPE[0])),
)  # fmt: skip


def plane(x, orientation=Orientation.SAGITTAL):
    return plane_around(orientation, (x, 2.0, -370.0), (70.0, 80.0), 1.1)


# first and last voxel, the joints between blocks (31.., 63..), between voxels, beyond the volume
@pytest.mark.parametrize("index", [0, 5.5, 31, 31.4, 32, 63.9, 69, -0.4, 69.4, -3, 75])
def test_a_block_gives_what_the_volume_gives(index):
    whole = volume(EVEN)
    at = plane(-50.0 + 1.5 * index)
    near = SagittalBlocks().near(whole, at)
    assert sample_plane(near, at, outside=-9.0) == pytest.approx(
        sample_plane(whole, at, outside=-9.0), abs=1e-5
    )


def test_a_block_is_turned_once():
    whole, blocks = volume(EVEN), SagittalBlocks()
    first = blocks.near(whole, plane(-44.0))
    assert first is not whole
    assert blocks.near(whole, plane(-40.0)) is first


@pytest.mark.parametrize("orientation", [Orientation.AXIAL, Orientation.CORONAL])
def test_other_planes_use_the_volume(orientation):
    whole = volume(EVEN)
    assert SagittalBlocks().near(whole, plane(-44.0, orientation)) is whole


def test_uneven_stacks_keep_their_true_positions():
    whole = volume(UNEVEN)
    assert SagittalBlocks().near(whole, plane(-44.0)) is whole
