"""Small visits with known positions for tests of the scene and the canvas."""

import numpy as np

from segmentation.geometry import Geometry
from segmentation.sampling.projection import project_maximum, turn
from segmentation.volume import Unit, Volume
from viewers.scene.images import SceneImages, VisitScene

PET_GRID = Geometry.even((40, 48, 64), (4.0, 3.6, 3.6), (-110.0, -90.0, -300.0))
CT_GRID = Geometry.even((80, 96, 128), (2.0, 1.8, 1.8), (-110.9, -90.9, -301.0))


def pet_volume(unit=Unit.SUL_G_PER_ML):
    """An elliptic body of SUL 1 in the middle of the grid."""
    return Volume(_body(PET_GRID, 1.0, 0.0).astype(np.float32), PET_GRID, unit)


def ct_volume():
    """The same body as soft tissue in air."""
    return Volume(_body(CT_GRID, 40.0, -1000.0).astype(np.int16), CT_GRID, Unit.HOUNSFIELD)


def point_pet(lps):
    """A PET with one hot voxel, the nearest to a position; and that voxel's centre."""
    values = _body(PET_GRID, 0.5, 0.0).astype(np.float32)
    index = np.rint(PET_GRID.zyx_from_lps(lps)).astype(int)
    values[tuple(index)] = 20.0
    center = PET_GRID.lps_from_zyx(index)
    return Volume(values, PET_GRID, Unit.SUL_G_PER_ML), tuple(float(c) for c in center)


def visit(number=0, with_mip=False, **fields):
    fields = {"sul": pet_volume(), "ct": ct_volume()} | fields
    if with_mip:
        fields["mip"] = project_maximum(fields["sul"], turn(8), threads=1)
    return VisitScene(number, f"Visit {number}", **fields)


def images(*visits):
    return SceneImages(visits or (visit(),))


def shifted(x, y, z):
    """A rigid matrix that moves positions."""
    matrix = np.eye(4)
    matrix[:3, 3] = (x, y, z)
    return matrix


def _body(grid, inside, outside):
    z, y, x = np.indices(grid.shape_zyx)
    middle = (np.array(grid.shape_zyx) - 1) / 2
    reach = middle * (2.0, 0.7, 0.8)
    squares = ((y - middle[1]) / reach[1]) ** 2 + ((x - middle[2]) / reach[2]) ** 2
    return np.where((squares <= 1) & (z >= 0), inside, outside)
