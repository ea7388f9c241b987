import numpy as np
import pytest

from segmentation.volume import Unit, Volume
from tests.unit.viewers.scene.scenes import PET_GRID, pet_volume, visit
from viewers.scene.cursor import read_cursor

INSIDE = (-110.0 + 32 * 3.6, -90.0 + 24 * 3.6, -300.0 + 20 * 4.0)


def test_all_numbers_of_a_quantified_position():
    shown = visit(suvbw_over_sul=1.3, bq_per_ml_over_sul=4000.0, liver_mean=2.0)
    reading = read_cursor(shown, INSIDE)
    assert reading.sul_g_per_ml == pytest.approx(1.0)
    assert reading.suvbw_g_per_ml == pytest.approx(1.3)
    assert reading.bq_per_ml == pytest.approx(4000.0)
    assert reading.liver_ratio == pytest.approx(0.5)
    assert reading.hounsfield == 40.0


def test_what_is_not_known_is_none():
    reading = read_cursor(visit(ct=None), INSIDE)
    assert reading.sul_g_per_ml == pytest.approx(1.0)
    assert reading.suvbw_g_per_ml is None
    assert reading.bq_per_ml is None
    assert reading.liver_ratio is None
    assert reading.hounsfield is None


def test_a_refused_series_gives_its_stored_value_and_no_suv():
    volume = pet_volume(Unit.BQ_PER_ML).scaled(700.0, Unit.BQ_PER_ML)
    reading = read_cursor(visit(sul=volume, refusal="dose missing", suvbw_over_sul=1.3), INSIDE)
    assert reading.stored == pytest.approx(700.0)
    assert reading.bq_per_ml == pytest.approx(700.0)
    assert reading.sul_g_per_ml is None
    assert reading.suvbw_g_per_ml is None


def test_outside_there_is_no_value():
    reading = read_cursor(visit(suvbw_over_sul=1.3), (900.0, 0.0, 0.0))
    assert reading.sul_g_per_ml is None
    assert reading.hounsfield is None
    assert reading.suvbw_g_per_ml is None


def test_the_value_is_that_of_the_voxel_not_a_blend():
    values = np.zeros(PET_GRID.shape_zyx, np.float32)
    values[20, 24, 32] = 8.0
    shown = visit(sul=Volume(values, PET_GRID, Unit.SUL_G_PER_ML))
    near = (INSIDE[0] + 1.7, INSIDE[1] - 1.7, INSIDE[2] + 1.9)
    assert read_cursor(shown, near).sul_g_per_ml == 8.0
    beyond = (INSIDE[0] + 1.9, INSIDE[1], INSIDE[2])
    assert read_cursor(shown, beyond).sul_g_per_ml == 0.0
