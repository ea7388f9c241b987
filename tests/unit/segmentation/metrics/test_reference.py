"""Reference regions: known numbers and each quality flag."""

import numpy as np
import pytest

from segmentation.geometry import Geometry
from segmentation.metrics.reference import ReferenceFlag, measure_reference
from segmentation.voi import CylinderVoi, SphereVoi
from segmentation.volume import Unit, Volume

PET = Geometry.even((40, 40, 40), (3.0, 4.07283, 4.07283), (-80.0, -80.0, -60.0))
CENTRE = tuple(float(c) for c in PET.lps_from_zyx((20, 20, 20)))
LIVER = SphereVoi(CENTRE, 30.0)
AORTA = CylinderVoi(CENTRE, 10.0, 20.0)


def _pet(values) -> Volume:
    return Volume(np.asarray(values, dtype=np.float32), PET, Unit.SUL_G_PER_ML)


def _ct(values_of_z) -> Volume:
    geometry = Geometry.even((100, 160, 160), (1.5, 1.0, 1.0), (-80.0, -80.0, -70.0))
    values = np.broadcast_to(values_of_z(np.arange(100.0))[:, None, None], (100, 160, 160))
    return Volume(values.astype(np.float32), geometry, Unit.HOUNSFIELD)


def test_a_quiet_liver_has_no_flags():
    rng = np.random.default_rng(1)
    found = measure_reference(_pet(rng.normal(2.0, 0.2, PET.shape_zyx)), LIVER)
    assert found is not None
    assert found.statistics.voxels == 287
    assert found.statistics.volume_ml == pytest.approx(14.2822, abs=1e-4)
    assert found.statistics.mean == pytest.approx(2.0, abs=0.05)
    assert found.statistics.sd == pytest.approx(0.2, abs=0.03)
    assert found.flags == frozenset()
    assert found.lowest_ct_hu is None


def test_blood_pool_cylinder():
    z = np.indices(PET.shape_zyx)[0].astype(float)
    found = measure_reference(_pet(z), AORTA)
    assert found is not None
    assert found.statistics.voxels == 7 * 5
    assert (found.statistics.minimum, found.statistics.maximum) == (17.0, 23.0)


def test_sample_sd():
    z = np.indices(PET.shape_zyx)[0].astype(float)
    found = measure_reference(_pet(z), AORTA)
    assert found is not None
    values = np.repeat(np.arange(17.0, 24.0), 5)
    assert found.statistics.sd == pytest.approx(np.std(values, ddof=1))


def test_inhomogeneous():
    rng = np.random.default_rng(2)
    found = measure_reference(_pet(rng.normal(2.0, 0.7, PET.shape_zyx)), LIVER)
    assert found is not None
    assert found.flags == {ReferenceFlag.INHOMOGENEOUS}


def test_hot_voxel():
    rng = np.random.default_rng(3)
    values = rng.normal(2.0, 0.1, PET.shape_zyx)
    values[20, 21, 20] = 3.0
    found = measure_reference(_pet(values), LIVER)
    assert found is not None
    assert found.flags == {ReferenceFlag.HOT_VOXEL}


def test_fat_or_lung_on_the_ct():
    pet = _pet(np.random.default_rng(4).normal(2.0, 0.1, PET.shape_zyx))
    liver = measure_reference(pet, LIVER, _ct(lambda z: np.full_like(z, 55.0)))
    dome = measure_reference(pet, LIVER, _ct(lambda z: np.where(z < 55, 55.0, -700.0)))
    elsewhere = measure_reference(pet, LIVER, _ct(lambda z: np.where(z < 90, 55.0, -700.0)))
    assert liver is not None and dome is not None and elsewhere is not None
    assert liver.lowest_ct_hu == pytest.approx(55.0)
    assert liver.flags == elsewhere.flags == frozenset()
    assert dome.lowest_ct_hu is not None and dome.lowest_ct_hu < -500
    assert dome.flags == {ReferenceFlag.NOT_SOFT_TISSUE}


def test_noise_of_single_ct_voxels_is_no_fat():
    ct = _ct(lambda z: np.full_like(z, 55.0))
    noisy = np.random.default_rng(5).normal(55.0, 25.0, ct.values.shape).astype(np.float32)
    assert noisy.min() < -20
    pet = _pet(np.random.default_rng(4).normal(2.0, 0.1, PET.shape_zyx))
    found = measure_reference(pet, LIVER, Volume(noisy, ct.geometry, Unit.HOUNSFIELD))
    assert found is not None
    assert found.flags == frozenset()


def test_a_ct_elsewhere_says_nothing():
    away = Geometry.even((10, 10, 10), (1.0, 1.0, 1.0), (900.0, 900.0, 900.0))
    ct = Volume(np.full((10, 10, 10), -900.0), away, Unit.HOUNSFIELD)
    found = measure_reference(_pet(np.ones(PET.shape_zyx)), LIVER, ct)
    assert found is not None
    assert found.lowest_ct_hu is None
    assert found.flags == frozenset()


def test_non_finite_voxels_are_flagged():
    values = np.random.default_rng(6).normal(2.0, 0.1, PET.shape_zyx)
    values[20, 20, 20] = np.nan
    found = measure_reference(_pet(values), LIVER)
    assert found is not None
    assert found.flags == {ReferenceFlag.NON_FINITE}


def test_outside_the_scan_there_is_no_region():
    assert (
        measure_reference(_pet(np.ones(PET.shape_zyx)), SphereVoi((999.0, 0.0, 0.0), 30.0)) is None
    )
