"""Where voxels lie: round trips, uneven stacks, oblique axes, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.geometry import Geometry

OBLIQUE = Geometry(
    (5, 20, 30),
    (0.9, 0.7),
    (-100.0, 50.0, 12.5),
    (0.8, 0.6, 0.0),
    (-0.48, 0.64, 0.6),
    (0.0, 2.0, 4.5, 9.5, 12.0),
)
INDEX = st.tuples(*[st.floats(-10.0, 40.0)] * 3)


@given(INDEX)
def test_index_and_patient_position_are_inverse(zyx):
    assert OBLIQUE.zyx_from_lps(OBLIQUE.lps_from_zyx(zyx)) == pytest.approx(zyx, abs=1e-9)
    assert OBLIQUE.zyx_from_mm(OBLIQUE.mm_from_zyx(zyx)) == pytest.approx(zyx, abs=1e-9)


@given(INDEX, INDEX)
def test_distances_along_the_axes_are_distances_in_the_patient(one, other):
    along = OBLIQUE.mm_from_zyx(one) - OBLIQUE.mm_from_zyx(other)
    patient = OBLIQUE.lps_from_zyx(one) - OBLIQUE.lps_from_zyx(other)
    assert np.linalg.norm(along) == pytest.approx(np.linalg.norm(patient), abs=1e-9)


def test_the_first_voxel_is_the_origin_and_steps_follow_the_directions():
    assert OBLIQUE.lps_from_zyx((0, 0, 0)) == pytest.approx((-100.0, 50.0, 12.5))
    right = OBLIQUE.lps_from_zyx((0, 0, 10)) - OBLIQUE.lps_from_zyx((0, 0, 0))
    down = OBLIQUE.lps_from_zyx((0, 10, 0)) - OBLIQUE.lps_from_zyx((0, 0, 0))
    assert right == pytest.approx(7.0 * np.array([0.8, 0.6, 0.0]))
    assert down == pytest.approx(9.0 * np.array([-0.48, 0.64, 0.6]))


def test_slices_lie_at_their_true_offsets_along_the_normal():
    normal = np.cross(OBLIQUE.row_direction, OBLIQUE.column_direction)
    for k, offset in enumerate(OBLIQUE.slice_offsets_mm):
        step = OBLIQUE.lps_from_zyx((k, 0, 0)) - OBLIQUE.lps_from_zyx((0, 0, 0))
        assert step == pytest.approx(offset * normal)


def test_between_and_beyond_slices():
    z = OBLIQUE.mm_from_zyx([[2.5, 0, 0], [-1, 0, 0], [5, 0, 0]])[:, 0]
    assert OBLIQUE.slice_step_mm == 2.5
    assert z == pytest.approx((7.0, -2.5, 14.5))


def test_even_stack():
    geometry = Geometry.even((4, 5, 6), (3.0, 2.0, 1.0))
    assert geometry.is_even
    assert geometry.spacing_zyx_mm == (3.0, 2.0, 1.0)
    assert geometry.voxel_volume_ml == pytest.approx(0.006)
    assert geometry.lps_from_zyx((1, 1, 1)) == pytest.approx((1.0, 2.0, 3.0))


def test_evenness_tolerates_one_percent():
    def stack(last):
        return Geometry(
            (4, 2, 2),
            (1.0, 1.0),
            (0.0, 0.0, 0.0),
            (1.0, 0.0, 0.0),
            (0.0, 1.0, 0.0),
            (0.0, 3.0, 6.0, last),
        )

    assert stack(9.029).is_even
    assert not stack(9.04).is_even
    assert not OBLIQUE.is_even


def test_a_single_slice_counts_one_millimetre():
    geometry = Geometry.even((1, 4, 4), (5.0, 1.0, 1.0))
    assert geometry.slice_step_mm == 1.0
    assert geometry.is_even
    assert geometry.zyx_from_lps(geometry.lps_from_zyx((0.3, 1, 2))) == pytest.approx((0.3, 1, 2))


def test_the_volume_is_the_union_of_its_boxes():
    geometry = Geometry.even((4, 5, 6), (3.0, 2.0, 1.0))
    points = [(-0.5, 0, 0), (3.5, 4.5, 5.5), (-0.51, 0, 0), (0, 4.51, 0), (0, 0, 5.51)]
    assert geometry.contains_zyx(points).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shape_zyx": (0, 2, 2)}, "disagree"),
        ({"shape_zyx": (3, 2, 2)}, "disagree"),
        ({"spacing_yx_mm": (0.0, 1.0)}, "positive"),
        ({"slice_offsets_mm": (1.0, 3.0)}, "start at 0"),
        ({"slice_offsets_mm": (0.0, 0.0)}, "increase"),
    ],
)
def test_impossible_stacks_are_refused(change, words):
    good = {
        "shape_zyx": (2, 2, 2),
        "spacing_yx_mm": (1.0, 1.0),
        "origin_lps_mm": (0.0, 0.0, 0.0),
        "row_direction": (1.0, 0.0, 0.0),
        "column_direction": (0.0, 1.0, 0.0),
        "slice_offsets_mm": (0.0, 3.0),
    }
    assert Geometry(**good).shape_zyx == (2, 2, 2)
    with pytest.raises(ValueError, match=words):
        Geometry(**(good | change))
