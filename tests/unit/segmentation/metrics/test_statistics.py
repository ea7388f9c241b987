"""Statistics of a region: float64, non-finite voxels apart, the place of the maximum."""

import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.metrics.statistics import region_statistics
from segmentation.volume import Unit, Volume

GEOMETRY = Geometry.even((2, 3, 4), (3.0, 2.0, 1.0), origin_lps_mm=(10.0, 20.0, 30.0))


def _volume(values) -> Volume:
    return Volume(np.asarray(values, dtype=np.float32).reshape(2, 3, 4), GEOMETRY, Unit.HOUNSFIELD)


def test_known_numbers():
    everything = Mask.from_array(np.ones((2, 3, 4), bool), GEOMETRY)
    found = region_statistics(_volume(np.arange(24)), everything)
    assert found is not None
    assert (found.voxels, found.non_finite_voxels) == (24, 0)
    assert found.volume_ml == pytest.approx(24 * 6.0 / 1000.0)
    assert (found.minimum, found.mean, found.median, found.maximum) == (0.0, 11.5, 11.5, 23.0)
    assert found.sd == pytest.approx(np.sqrt(50.0))
    assert found.maximum_zyx == (1, 2, 3)
    assert found.maximum_lps_mm == pytest.approx((13.0, 24.0, 33.0))
    assert found.unit is Unit.HOUNSFIELD
    assert found.lesion_glycolysis_g == pytest.approx(11.5 * 0.144)


def test_population_sd():
    everything = Mask.from_array(np.ones((2, 3, 4), bool), GEOMETRY)
    found = region_statistics(_volume(np.arange(24)), everything, ddof=0)
    assert found is not None
    assert found.sd == pytest.approx(np.sqrt(575.0 / 12.0))


def test_position_counts_voxels_of_the_whole_array():
    inside = np.zeros((2, 3, 4), bool)
    inside[1, 1:, 1:3] = True
    values = np.zeros((2, 3, 4))
    values[1, 2, 1], values[0, 0, 0] = 7.0, 99.0
    found = region_statistics(_volume(values), Mask.from_array(inside, GEOMETRY))
    assert found is not None
    assert (found.maximum, found.maximum_zyx) == (7.0, (1, 2, 1))


def test_first_of_equal_maxima():
    everything = Mask.from_array(np.ones((2, 3, 4), bool), GEOMETRY)
    found = region_statistics(_volume(np.ones(24)), everything)
    assert found is not None
    assert found.maximum_zyx == (0, 0, 0)


def test_non_finite_voxels_are_left_out_and_counted():
    values = np.arange(24.0)
    values[[0, 23]] = np.nan, np.inf
    everything = Mask.from_array(np.ones((2, 3, 4), bool), GEOMETRY)
    found = region_statistics(_volume(values), everything)
    assert found is not None
    assert (found.voxels, found.non_finite_voxels) == (24, 2)
    assert (found.minimum, found.maximum, found.mean) == (1.0, 22.0, 11.5)
    assert found.maximum_zyx == (1, 2, 2)


def test_one_voxel_has_no_sd():
    inside = np.zeros((2, 3, 4), bool)
    inside[0, 1, 1] = True
    found = region_statistics(_volume(np.arange(24)), Mask.from_array(inside, GEOMETRY))
    assert found is not None
    assert found.sd is None
    assert found.coefficient_of_variation is None
    assert found.mean == 5.0


def test_nothing_to_measure_is_none():
    empty = Mask.from_array(np.zeros((2, 3, 4), bool), GEOMETRY)
    everything = Mask.from_array(np.ones((2, 3, 4), bool), GEOMETRY)
    assert region_statistics(_volume(np.arange(24)), empty) is None
    assert region_statistics(_volume(np.full(24, np.nan)), everything) is None


def test_sum_in_double_precision():
    geometry = Geometry.even((64, 64, 64), (1.0, 1.0, 1.0))
    values = np.full((64, 64, 64), 16777.217, dtype=np.float32)
    everything = Mask.from_array(np.ones(values.shape, bool), geometry)
    found = region_statistics(Volume(values, geometry, Unit.COUNTS), everything)
    assert found is not None
    assert found.mean == pytest.approx(float(np.float32(16777.217)), rel=1e-12)


def test_another_grid_is_refused():
    other = Geometry.even((2, 2, 2), (1.0, 1.0, 1.0))
    mask = Mask.from_array(np.ones((2, 2, 2), bool), other)
    with pytest.raises(ValueError, match="grid"):
        region_statistics(_volume(np.arange(24)), mask)
