"""A known rigid motion is found again, between scans of different length, to the bit each time."""

import numpy as np
import pytest
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.sampling.registration import IDENTITY, RigidTransform, register_rigid
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.sampling.orientations import _turned

SPACING = (5.0, 5.0, 5.0)
RANGE = (0.0, 1.5)
# Soft ellipsoids (LPS centre, half axes, SUL) that no rigid motion maps onto each other.
PARTS = (
    ((0, 0, 0), (150, 95, 290), 0.5),
    ((-75, 0, 20), (60, 70, 65), 1.0),
    ((-70, 0, 150), (55, 70, 70), -0.3),
    ((70, 5, 140), (50, 70, 80), -0.3),
    ((40, -20, 95), (45, 40, 40), 1.2),
    ((-65, 45, -70), (22, 20, 45), 2.5),
    ((65, 45, -60), (22, 20, 45), 2.5),
    ((0, -10, -215), (35, 30, 30), 3.5),
    ((0, 10, 270), (50, 60, 60), 2.0),
)


def body_at(lps):
    """The body's value at positions [..., 3]."""
    total = np.zeros(lps.shape[:-1])
    for center, half, value in PARTS:
        reach = np.sqrt((((lps - np.asarray(center)) / half) ** 2).sum(axis=-1))
        total += value / (1.0 + np.exp((reach - 1.0) * 12.0))
    return total


def scan(matrix, low_z, high_z, *, table=(0.0, 0.0, 0.0), seed=0, tumour_sul=0.0):
    """The body moved by `matrix` as seen between two heights (mm), the grid at `table`."""
    shape = (int((high_z - low_z) / SPACING[0]), 48, 70)
    origin = np.add(table, (-172.5, -117.5, low_z))
    geometry = Geometry.even(shape, SPACING, tuple(float(v) for v in origin))
    lps = geometry.lps_from_zyx(np.moveaxis(np.indices(shape), 0, -1))
    inverse = np.linalg.inv(matrix)
    own = lps @ inverse[:3, :3].T + inverse[:3, 3]
    values = body_at(own)
    values += tumour_sul * (((own - np.array((-40.0, -10.0, 110.0))) ** 2).sum(axis=-1) <= 25.0**2)
    rough = np.random.default_rng(seed).standard_normal(shape)
    values = ndimage.gaussian_filter(values, 0.6) * (1.0 + 0.1 * rough)
    return Volume(values.astype(np.float32), geometry, Unit.SUL_G_PER_ML)


def motion(angle_deg, axis, shift):
    matrix = np.eye(4)
    matrix[:3, :3] = _turned(angle_deg, axis)
    matrix[:3, 3] = shift
    return matrix


def error(found, truth):
    """(degrees, largest mm over the trunk) between a transform and the truth."""
    turn = found.target_from_source[:3, :3] @ truth[:3, :3].T
    angle = np.degrees(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    trunk = [(x, y, z) for x in (-80, 80) for y in (-50, 50) for z in (-60, 120)]
    off = [np.subtract(found.apply(p), (truth @ [*p, 1.0])[:3]) for p in trunk]
    return angle, np.linalg.norm(off, axis=1).max()


@pytest.mark.parametrize(
    ("truth", "span", "table"),
    [
        (motion(0, (0, 0, 1), (-6.0, 9.0, 15.0)), (-300.0, 300.0), (0.0, 0.0, 0.0)),
        (motion(4, (1, 1, 0.5), (-12.0, 8.0, 20.0)), (-300.0, 300.0), (0.0, 0.0, 0.0)),
        (motion(5, (0, 0, 1), (10.0, 15.0, -20.0)), (-130.0, 200.0), (0.0, 0.0, 0.0)),
        (motion(-3, (0, 1, 0), (5.0, 0.0, 0.0)), (-60.0, 300.0), (20.0, 10.0, 0.0)),
    ],
    ids=["shift", "same_coverage", "trunk_only", "upper_half"],
)
def test_the_motion_is_recovered_within_1_mm_and_half_a_degree(truth, span, table):
    source = scan(np.eye(4), -300.0, 300.0)
    target = scan(truth, *span, table=table, seed=1)
    start = tuple((truth @ [0.0, 0.0, 85.0, 1.0])[:3] - [0.0, 0.0, 85.0] + [4.0, -5.0, 9.0])
    found = register_rigid(target, source, RANGE, [start])
    angle, off = error(found, truth)
    assert angle < 0.5
    assert off < 1.0
    assert found.trusted


def test_scans_far_apart_on_the_table_need_the_start_of_their_landmarks():
    truth = motion(2, (0, 0, 1), (30.0, -20.0, 640.0))
    source, target = scan(np.eye(4), -300.0, 60.0), scan(truth, 600.0, 940.0, seed=2)
    lost = register_rigid(target, source, RANGE)
    assert error(lost, truth)[1] > 50.0
    assert not lost.trusted
    found = register_rigid(target, source, RANGE, [(25.0, -15.0, 630.0)])
    angle, off = error(found, truth)
    assert angle < 0.5
    assert off < 2.0  # only 100 mm of the body is in both
    assert found.trusted


def test_noise_alone_costs_no_trust():
    clean = scan(np.eye(4), -130.0, 200.0)
    rough = np.random.default_rng(6).standard_normal((2, *clean.values.shape)) * 0.4
    one, two = (
        Volume((clean.values + r).astype(np.float32), clean.geometry, clean.unit) for r in rough
    )
    found = register_rigid(one, two, (-1.0, 3.0))
    assert found.trusted
    assert error(found, np.eye(4))[1] < 1.0


def test_it_is_a_rotation_and_repeats_to_the_bit():
    truth = motion(3, (1, 0, 1), (4.0, 6.0, -8.0))
    source, target = scan(np.eye(4), -150.0, 200.0), scan(truth, -150.0, 200.0, seed=3)
    first = register_rigid(target, source, RANGE)
    again = register_rigid(target, source, RANGE)
    assert np.array_equal(first.target_from_source, again.target_from_source)
    assert first.correlation == again.correlation
    turn = first.target_from_source[:3, :3]
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(turn) == pytest.approx(1.0)


def test_a_tumour_of_5_cm_that_vanished_moves_the_result_by_less_than_2_mm():
    truth = motion(3, (0, 0, 1), (10.0, 15.0, -20.0))
    source = scan(np.eye(4), -300.0, 300.0, tumour_sul=8.0)
    found = register_rigid(scan(truth, -130.0, 200.0, seed=1), source, RANGE, [(9.0, 14.0, -15.0)])
    angle, off = error(found, truth)
    assert angle < 0.5
    assert off < 2.0


def test_the_correlation_is_1_for_a_scan_with_itself_and_that_of_the_voxels_for_a_mixture():
    source = scan(np.eye(4), -100.0, 150.0)
    assert register_rigid(source, source, RANGE).correlation == pytest.approx(1.0, abs=1e-3)
    # Smooth everywhere, so that the registration's own smoothing takes nothing away.
    own = ndimage.gaussian_filter(source.values, 2.0)
    rough = ndimage.gaussian_filter(
        np.random.default_rng(5).standard_normal(own.shape), 2.0, mode="wrap"
    )
    mixed = own + 0.6 * rough * own.std() / rough.std()
    smooth = Volume(own, source.geometry, source.unit)
    noisy = Volume(mixed.astype(np.float32), source.geometry, source.unit)
    found = register_rigid(smooth, noisy, (-100.0, 100.0))
    expected = np.corrcoef(own.ravel(), mixed.ravel())[0, 1]
    assert found.correlation == pytest.approx(expected, abs=0.05)


def test_scans_that_do_not_meet_or_do_not_agree_are_not_trusted():
    source = scan(np.eye(4), -300.0, -100.0)
    noise = np.random.default_rng(4).uniform(0, 3, source.values.shape).astype(np.float32)
    other = Volume(noise, source.geometry, source.unit)
    assert not register_rigid(other, source, RANGE).trusted
    head = scan(np.eye(4), 200.0, 330.0)
    assert not register_rigid(head, source, RANGE).trusted


def test_a_transform_maps_positions_and_knows_when_to_be_trusted():
    matrix = motion(90, (0, 0, 1), (1.0, 2.0, 3.0))
    assert RigidTransform(matrix).apply((10.0, 0.0, 0.0)) == pytest.approx((1.0, 12.0, 3.0))
    assert IDENTITY.trusted
    assert IDENTITY.apply((4.0, 5.0, 6.0)) == (4.0, 5.0, 6.0)
    assert RigidTransform(matrix, 0.89).trusted
    assert not RigidTransform(matrix, 0.86).trusted


class UnwantedError(Exception):
    pass


@pytest.mark.parametrize("looks", [0, 3, 5, 12])
def test_it_is_given_up_at_any_moment_by_the_caller_s_own_exception(looks):
    left = iter(range(looks))

    def checkpoint():
        if next(left, None) is None:
            raise UnwantedError

    here, there = (
        scan(np.eye(4), -300, 300),
        scan(motion(3.0, (0, 0, 1), (8, -5, 12)), -300, 300, seed=1),
    )
    with pytest.raises(UnwantedError):
        register_rigid(there, here, RANGE, checkpoint=checkpoint)


def test_looking_changes_nothing():
    here, there = (
        scan(np.eye(4), -300, 300),
        scan(motion(3.0, (0, 0, 1), (8, -5, 12)), -300, 300, seed=1),
    )
    looks = []
    watched = register_rigid(there, here, RANGE, checkpoint=lambda: looks.append(1))
    alone = register_rigid(there, here, RANGE)
    assert np.array_equal(watched.target_from_source, alone.target_from_source)
    assert watched.correlation == alone.correlation
    assert len(looks) > 20
