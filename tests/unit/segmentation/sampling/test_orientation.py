"""Turning a stack to the patient's own axes moves no voxel in the patient."""

import itertools

import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.sampling.orientation import canonical
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import _turned, positions

SHAPE = (5, 6, 7)
UNEVEN = (0.0, 3.0, 6.4, 9.0, 12.3)
IN_PLANE = [
    (row, column)
    for row, column in itertools.permutations([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)], 2)
    if np.dot(row, column) == 0
]


def numbered(geometry):
    """A volume whose every voxel has its own value."""
    values = np.arange(np.prod(geometry.shape_zyx), dtype=np.int16).reshape(geometry.shape_zyx)
    return Volume(values, geometry, Unit.HOUNSFIELD)


def where_by_value(volume):
    """LPS position of each value, in order of the value."""
    order = np.argsort(volume.values, axis=None)
    return positions(volume.geometry).reshape(-1, 3)[order]


def stack(row, column, offsets=UNEVEN, turn=None):
    turn = np.eye(3) if turn is None else turn
    as_tuple = lambda v: tuple(float(c) for c in turn @ v)  # noqa: E731
    origin = (11.0, -13.0, 17.0)
    return Geometry(SHAPE, (2.0, 1.5), origin, as_tuple(row), as_tuple(column), offsets)


@pytest.mark.parametrize(("row", "column"), IN_PLANE)
@pytest.mark.parametrize("turn", [None, _turned(12, (1, 2, 0.5))], ids=["straight", "oblique"])
def test_every_value_stays_at_its_place_and_the_axes_are_the_patients(row, column, turn):
    volume = numbered(stack(row, column, turn=turn))
    turned = canonical(volume)
    assert turned.values.dtype == volume.values.dtype
    assert turned.unit is volume.unit
    assert sorted(turned.values.ravel()) == sorted(volume.values.ravel())
    np.testing.assert_allclose(where_by_value(turned), where_by_value(volume), atol=1e-9)
    axes = turned.geometry.axes
    assert axes[2, 0] > 0.9  # z up
    assert axes[1, 1] > 0.9  # y to the back
    assert axes[0, 2] > 0.9  # x to the left
    assert turned.geometry.voxel_volume_ml == pytest.approx(volume.geometry.voxel_volume_ml)


@pytest.mark.parametrize(("row", "column"), IN_PLANE)
def test_a_turned_stack_is_not_turned_again(row, column):
    once = canonical(numbered(stack(row, column)))
    twice = canonical(once)
    assert twice.geometry == once.geometry
    assert np.array_equal(twice.values, once.values)


def test_uneven_steps_keep_their_positions_when_the_stack_runs_down():
    offsets = canonical(numbered(stack((1, 0, 0), (0, -1, 0)))).geometry.slice_offsets_mm
    np.testing.assert_allclose(offsets, (0.0, 3.3, 5.9, 9.3, 12.3))


@pytest.mark.parametrize(
    ("row", "column"),
    [((1, 0, 0), (0, 0, -1)), ((0, 1, 0), (0, 0, -1)), ((0, 0, 1), (1, 0, 0))],
    ids=["coronal", "sagittal", "upside_down"],
)
def test_a_stack_that_is_not_axial_is_refused(row, column):
    with pytest.raises(ValueError, match="not axial"):
        canonical(numbered(stack(row, column)))


def test_the_limit_of_obliquity_lies_at_about_25_degrees():
    for angle, fits in ((24.0, True), (27.0, False)):
        for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
            volume = numbered(stack((1, 0, 0), (0, 1, 0), turn=_turned(angle, axis)))
            if fits:
                canonical(volume)
            else:
                with pytest.raises(ValueError, match="not axial"):
                    canonical(volume)
