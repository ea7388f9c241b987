import numpy as np
import pytest

from tests.unit.viewers.scene.scenes import images, shifted, visit
from viewers.scene.linking import carried, moved_to
from viewers.scene.state import SceneState


def turned_about_z(degrees):
    a = np.deg2rad(degrees)
    matrix = shifted(4.0, -6.0, 9.0)
    matrix[:2, :2] = [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]
    return matrix


def test_a_position_of_the_baseline_is_carried_by_the_matrix():
    pair = images(visit(0), visit(1, here_from_baseline=shifted(4, -6, 9)))
    assert carried(pair, 0, 1, (1.0, 2.0, 3.0)) == pytest.approx((5.0, -4.0, 12.0))


def test_there_and_back_between_two_follow_ups_is_the_same_place():
    three = images(
        visit(0),
        visit(1, here_from_baseline=turned_about_z(7)),
        visit(2, here_from_baseline=turned_about_z(-11)),
    )
    place = (12.0, -31.0, -250.0)
    there = carried(three, 1, 2, place)
    assert there != pytest.approx(place)
    assert carried(three, 2, 1, there) == pytest.approx(place)


def test_linked_visits_follow_the_crosshair_to_the_same_anatomy():
    pair = images(visit(0), visit(1, here_from_baseline=shifted(4, -6, 9)))
    state = moved_to(SceneState(visits=(0, 1)), pair, 1, (5.0, -4.0, 12.0))
    assert state.crosshair(0) == pytest.approx((1.0, 2.0, 3.0))


def test_visits_without_registration_move_by_the_same_distance():
    pair = images(visit(0), visit(1))
    start = SceneState(crosshairs=((0, (0.0, 0.0, 0.0)), (1, (50.0, 0.0, 0.0))))
    assert moved_to(start, pair, 0, (1.0, 2.0, 3.0)).crosshair(1) == (51.0, 2.0, 3.0)


def test_unlinked_visits_stay():
    pair = images(visit(0), visit(1, here_from_baseline=shifted(4, -6, 9)))
    start = SceneState(linked=False, crosshairs=((1, (50.0, 0.0, 0.0)),))
    assert moved_to(start, pair, 0, (1.0, 2.0, 3.0)).crosshair(1) == (50.0, 0.0, 0.0)
