"""Regions carried to another grid, and the foci that belong to them."""

import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.growing.carry import CARRY_MARGIN_MM, carried_labels, owners, union
from segmentation.mask import Mask
from segmentation.sampling.registration import IDENTITY, RigidTransform
from segmentation.voi import SphereVoi
from tests.unit.segmentation.sampling.orientations import _turned

HERE = Geometry.even((40, 40, 44), (3.3, 3.9, 3.9), (-80.0, -70.0, -60.0))
THERE = Geometry.even((50, 46, 50), (3.0, 3.5, 3.5), (-90.0, -60.0, -40.0))
ONE, TWO = (-20.0, 10.0, 0.0), (40.0, -10.0, 30.0)


def ball(center, diameter=24.0, geometry=HERE):
    return SphereVoi(center, diameter).mask(geometry)


def moved(angle_deg, axis, shift):
    matrix = np.eye(4)
    matrix[:3, :3] = _turned(angle_deg, axis)
    matrix[:3, 3] = shift
    return RigidTransform(matrix, 1.0)


def positions_of(labels, number, geometry):
    return geometry.lps_from_zyx(np.argwhere(labels == number))


def test_identity_keeps_every_voxel_and_adds_the_margin_around():
    region = ball(ONE)
    labels = carried_labels([region], HERE, IDENTITY)
    assert (labels[region.full()] == 1).all()
    away = np.linalg.norm(positions_of(labels, 1, HERE) - np.array(ONE), axis=1)
    assert away.max() <= 12.0 + CARRY_MARGIN_MM
    assert away.max() > 12.0 + CARRY_MARGIN_MM - 4.0


@pytest.mark.parametrize(
    "transform",
    [
        moved(0, (0, 0, 1), (-6.0, 9.0, 15.0)),
        moved(12, (1, 2, 0.5), (5.0, 4.0, 12.0)),
        moved(-20, (0, 0, 1), (0.0, 12.0, 8.0)),
    ],
    ids=["shift", "oblique", "turn"],
)
def test_a_region_arrives_where_the_transform_sends_it(transform):
    labels = carried_labels([ball(ONE), ball(TWO)], THERE, transform)
    for number, center in ((1, ONE), (2, TWO)):
        goal = np.array(transform.apply(center))
        found = positions_of(labels, number, THERE)
        assert np.linalg.norm(found.mean(axis=0) - goal) < 1.5
        away = np.linalg.norm(found - goal, axis=1)
        assert away.max() <= 12.0 + CARRY_MARGIN_MM + 3.5
        core = np.linalg.norm(THERE.lps_from_zyx(np.argwhere(labels != number)) - goal, axis=1)
        assert core.min() > 12.0 + CARRY_MARGIN_MM - 6.0


def test_between_two_regions_a_voxel_goes_to_the_nearer():
    a, b = (-10.0, 0.0, 0.0), (8.0, 0.0, 0.0)
    labels = carried_labels([ball(a, 10.0), ball(b, 10.0)], HERE, IDENTITY)
    assert positions_of(labels, 1, HERE)[:, 0].max() < 1.5
    assert positions_of(labels, 2, HERE)[:, 0].min() > -3.5


def test_beyond_the_scan_there_is_no_label():
    labels = carried_labels([ball(ONE), ball(TWO)], THERE, moved(0, (0, 0, 1), (0, 0, 500.0)))
    assert not labels.any()
    assert carried_labels([], THERE, IDENTITY).shape == THERE.shape_zyx


def test_a_region_at_the_rim_keeps_what_is_inside():
    edge = (*THERE.origin_lps_mm[:2], THERE.origin_lps_mm[2])
    region = ball((THERE.origin_lps_mm[0], 20.0, 10.0), 24.0)
    labels = carried_labels([region], THERE, IDENTITY)
    assert 0 < np.count_nonzero(labels) < 30000
    assert positions_of(labels, 1, THERE)[:, 0].min() >= edge[0]


def test_fragments_on_one_region_belong_to_it_and_others_to_none():
    labels = carried_labels([ball(ONE), ball(TWO)], HERE, IDENTITY)
    left = ball((ONE[0] + 8.0, ONE[1], ONE[2]), 10.0)
    right = ball((ONE[0] - 8.0, ONE[1], ONE[2]), 8.0)
    elsewhere = ball((-20.0, -50.0, 50.0), 10.0)
    assert owners([left, elsewhere, right], labels) == {0: 1, 2: 1}
    merged = union([left, right])
    assert np.array_equal(merged.full(), left.full() | right.full())


def test_one_focus_on_two_regions_goes_to_the_one_it_covers_more():
    labels = carried_labels([ball((-12.0, 0.0, 0.0)), ball((14.0, 0.0, 0.0))], HERE, IDENTITY)
    both = ball((6.0, 0.0, 0.0), 40.0)
    assert owners([both], labels) == {0: 2}


def test_owners_of_nothing():
    empty = Mask.from_array(np.zeros(HERE.shape_zyx, bool), HERE)
    labels = carried_labels([ball(ONE)], HERE, IDENTITY)
    assert owners([], labels) == {}
    assert owners([empty], labels) == {}
