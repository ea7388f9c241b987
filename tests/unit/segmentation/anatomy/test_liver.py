"""The right lobe where there is one, no other organ in its stead, and a sphere well inside it."""

import dataclasses

import numpy as np
import pytest

from segmentation.anatomy.body import find_body
from segmentation.anatomy.liver import find_liver, propose_reference_sphere, sphere_fits
from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.anatomy.torso import (
    DOME_MM,
    KIDNEYS,
    LIVER,
    LUNGS,
    ORGANS,
    ORIGIN,
    SHAPE,
    SPACING_MM,
    SPLEEN,
    Ball,
    mirrored,
    positions,
    torso,
)

TUMOURS = (
    Ball((-95.0, 5.0, -10.0), (16.0, 16.0, 16.0), 6.0),
    Ball((-60.0, -25.0, 15.0), (14.0, 14.0, 14.0), 0.5),
)


def liver_of(volume):
    return find_liver(volume, find_body(volume))


def with_liver(**changes):
    changed = dataclasses.replace(LIVER, **changes)
    return [changed if organ is LIVER else organ for organ in ORGANS]


@pytest.fixture(scope="module")
def healthy():
    volume = torso()
    return volume, liver_of(volume)


def test_the_region_is_the_true_right_lobe(healthy):
    volume, liver = healthy
    lps, found = positions(volume.geometry), liver.region.full()
    kept_clear = sum(organ.holds(lps, 12.0) for organ in KIDNEYS) > 0
    truth = LIVER.holds(lps) & (lps[..., 0] < -15.0) & ~kept_clear
    assert found[truth].mean() > 0.9
    assert LIVER.holds(lps[found], 6.0).all()


def test_the_dome_and_the_foot_are_its_ends(healthy):
    volume, liver = healthy
    z0 = volume.geometry.origin_lps_mm[2]
    assert z0 + liver.dome_mm == pytest.approx(DOME_MM, abs=12.0)
    assert z0 + liver.foot_mm == pytest.approx(LIVER.center[2] - LIVER.half[2], abs=12.0)


@pytest.mark.parametrize("lean", [-0.06, 0.06])
def test_it_is_found_in_a_patient_who_lies_askew(lean):
    assert liver_of(torso(lean=lean)) is not None


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.4])
def test_it_is_found_over_the_normal_range_of_uptake(factor):
    volume = torso().scaled(factor, Unit.SUL_G_PER_ML)
    inside = propose_reference_sphere(volume, liver_of(volume)).mask(volume.geometry)
    mean = volume.values[inside.box][inside.inside].mean()
    assert mean == pytest.approx(factor * LIVER.sul, rel=0.03)


@pytest.mark.parametrize(
    "volume",
    [
        torso((*LUNGS, *KIDNEYS)),
        torso((*LUNGS, SPLEEN, *KIDNEYS)),
        torso(with_liver(sul=0.5)),
        torso(with_liver(sul=4.0)),
        mirrored(torso()),
        torso((*LUNGS, *KIDNEYS), muscle_sul=1.2),
        torso().scaled(2.2, Unit.SUL_G_PER_ML),
        torso(slices=slice(55, None)),
        torso(slices=slice(0, 22)),
    ],
    ids=[
        "no_liver",
        "spleen_only",
        "cold_liver",
        "liver_full_of_tumour",
        "liver_on_the_left",
        "warm_muscle",
        "weight_in_pounds",
        "chest_only",
        "pelvis_only",
    ],
)
def test_nothing_else_is_taken_for_the_liver(volume):
    assert liver_of(volume) is None


def test_a_scan_that_starts_below_the_dome_still_places_it():
    top = round((LIVER.center[2] + 20.0 - ORIGIN[2]) / SPACING_MM)
    volume = torso(slices=slice(0, top))
    z0 = volume.geometry.origin_lps_mm[2]
    assert z0 + liver_of(volume).dome_mm == pytest.approx(DOME_MM, abs=20.0)


@pytest.mark.parametrize("seed", range(4))
def test_the_sphere_lies_in_the_lobe_clear_of_its_edge(seed):
    volume = torso(seed=seed, noise=0.2)
    sphere = propose_reference_sphere(volume, liver_of(volume))
    assert sphere.diameter_mm == 30.0
    lps = positions(volume.geometry)[sphere.mask(volume.geometry).full()]
    assert LIVER.holds(lps, -5.0).all()
    assert (lps[:, 0] < -10.0).all()
    assert sphere_fits(liver_of(volume), volume, sphere.center_lps_mm)


@pytest.mark.parametrize("seed", range(4))
def test_the_sphere_keeps_clear_of_hot_and_cold_lesions(seed):
    volume = torso((*ORGANS, *TUMOURS), seed=seed)
    sphere = propose_reference_sphere(volume, liver_of(volume))
    for tumour in TUMOURS:
        gap = np.linalg.norm(np.subtract(sphere.center_lps_mm, tumour.center))
        assert gap - tumour.half[0] - 15.0 > 3.0
    inside = sphere.mask(volume.geometry)
    assert volume.values[inside.box][inside.inside].mean() == pytest.approx(LIVER.sul, rel=0.03)


def test_the_sphere_prefers_the_even_half_of_the_lobe():
    """Beside a chequered half; the smoothing must not hide variation of the organ itself."""
    speckle = [
        Ball((-100.0 + 25 * i, -30.0 + 25 * j, 5.0 + 25 * k), (7.0, 7.0, 7.0), 1.9)
        for i in range(3)
        for j in range(4)
        for k in range(2)
    ]
    volume = torso((*ORGANS, *speckle), noise=0.03)
    z = propose_reference_sphere(volume, liver_of(volume)).center_lps_mm[2]
    assert z < 0.0


def test_the_proposal_is_the_same_every_time(healthy):
    volume, liver = healthy
    again = torso()
    assert propose_reference_sphere(volume, liver) == propose_reference_sphere(
        again, liver_of(again)
    )


def test_the_sphere_lies_wholly_in_a_scan_that_cuts_the_liver():
    cut = round((LIVER.center[2] - ORIGIN[2]) / SPACING_MM)
    for slices in (slice(cut, None), slice(0, cut)):
        volume = torso(slices=slices)
        liver = liver_of(volume)
        z = propose_reference_sphere(volume, liver).center_lps_mm[2]
        low = volume.geometry.origin_lps_mm[2]
        high = low + volume.geometry.slice_offsets_mm[-1]
        assert low + 15.0 <= z <= high - 15.0
        at_the_cut = (LIVER.center[0], LIVER.center[1], low if slices.start else high)
        assert not sphere_fits(liver, volume, at_the_cut)


def test_a_place_off_the_lobe_or_on_a_lesion_does_not_fit():
    volume = torso((*ORGANS, *TUMOURS))
    liver = liver_of(volume)
    for place in (
        SPLEEN.center,
        (0.0, 0.0, 0.0),
        (LIVER.center[0] - LIVER.half[0] + 8.0, 0.0, -10.0),
        (1000.0, 0.0, 0.0),
        TUMOURS[0].center,
    ):
        assert not sphere_fits(liver, volume, place)
    assert sphere_fits(liver, volume, (-85.0, 20.0, -45.0))


def test_an_empty_scan_has_no_liver():
    geometry = Geometry.even(SHAPE, (SPACING_MM,) * 3, ORIGIN)
    values = np.full(SHAPE, 0.3, np.float32)
    volume = Volume(values, geometry, Unit.SUL_G_PER_ML)
    assert liver_of(volume) is None
