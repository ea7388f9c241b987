"""Rendered images: activity conserved, blur as specified, noise as specified, same every time."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.special import erf

from app.demo.phantom import demo_phantom
from app.demo.render import (
    band_noise,
    ct_geometry,
    pet_geometry,
    render_hounsfield,
    render_suv,
)
from tests.builders.demo_patient import small_phantom
from tests.builders.phantom_truth import lesion_truths

PHANTOM = demo_phantom()
BASELINE, MONTH3 = PHANTOM.visits


@pytest.fixture(scope="module")
def clean():
    return render_suv(PHANTOM, BASELINE, noise=False)


def test_a_lesion_adds_its_volume_times_its_contrast(clean):
    without = render_suv(PHANTOM, dataclasses.replace(BASELINE, lesions=()), noise=False)
    voxel_ml = pet_geometry(PHANTOM.scanner, BASELINE).voxel_volume_ml
    added = (clean - without).sum(dtype=float) * voxel_ml
    truths = lesion_truths(PHANTOM, BASELINE)
    expected = sum(
        truths[v.name].volume_ml * (v.suv - truths[v.name].background_suv) for v in BASELINE.lesions
    )
    assert added == pytest.approx(expected, rel=0.01)


def test_the_centre_of_a_ball_has_the_analytic_blurred_value(clean):
    geometry = pet_geometry(PHANTOM.scanner, BASELINE)
    lesion = next(v for v in BASELINE.lesions if v.name == "liver metastasis")
    truth = lesion_truths(PHANTOM, BASELINE)[lesion.name]
    near = np.round(geometry.zyx_from_lps(truth.center_lps_mm)).astype(int)
    away = math.dist(geometry.lps_from_zyx(near), truth.center_lps_mm)
    radius, sigma = lesion.body.half_mm[0], PHANTOM.scanner.psf_fwhm_mm / 2.354820045
    s = math.sqrt(2) * sigma
    share = 0.5 * (erf((radius - away) / s) + erf((radius + away) / s)) - sigma / (
        away * math.sqrt(2 * math.pi)
    ) * (math.exp(-(((away - radius) / s) ** 2)) - math.exp(-(((away + radius) / s) ** 2)))
    expected = truth.background_suv + (lesion.suv - truth.background_suv) * share
    assert clean[tuple(near)] == pytest.approx(expected, rel=0.005)


def test_organs_are_where_a_reader_looks_for_them(clean):
    geometry = pet_geometry(PHANTOM.scanner, BASELINE)

    def suv_at(x, y, z):
        lps = np.array([x, y, z]) + np.array(BASELINE.shift_mm)
        return clean[tuple(np.round(geometry.zyx_from_lps(lps)).astype(int))]

    hottest = np.unravel_index(np.argmax(clean.max(axis=(1, 2))), (clean.shape[0],))[0]
    assert geometry.lps_from_zyx((hottest, 0, 0))[2] - BASELINE.shift_mm[2] < 110, "the bladder"
    assert suv_at(-70, 0, 380) == pytest.approx(2.6, rel=0.01)  # right lobe: her right, smaller x
    assert suv_at(70, 0, 415) < 1.5  # no liver on the left
    assert suv_at(29, 37, 480) == pytest.approx(2.1, rel=0.1)  # descending aorta
    assert suv_at(57, 12, 800) > 6  # brain
    assert max(suv_at(55, 46, 304), suv_at(-55, 48, 286)) > 8  # both kidneys
    assert suv_at(-75, 0, 520) < 0.6  # lung


def test_noise_has_unit_spread_and_no_mean_and_depends_on_the_seed():
    first, same, other = (band_noise((24, 48, 48), seed) for seed in (1, 1, 2))
    assert first.std() == pytest.approx(1.0, abs=1e-3)
    assert abs(first.mean()) < 0.01
    np.testing.assert_array_equal(first, same)
    assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 0.02
    assert BASELINE.noise_seed != MONTH3.noise_seed


def test_neighbouring_voxels_share_noise():
    noise = band_noise((24, 48, 48), 7)
    assert np.corrcoef(noise[:, :, 1:].ravel(), noise[:, :, :-1].ravel())[0, 1] > 0.1


def test_ct_shows_air_soft_tissue_marrow_and_cortex():
    phantom = small_phantom()
    visit = phantom.visits[0]
    ct, geometry = (
        render_hounsfield(phantom, visit, noise=False),
        ct_geometry(phantom.scanner, visit),
    )

    def hu_at(x, y):
        lps = np.array([x, y, 260.0]) + np.array(visit.shift_mm)
        return int(ct[tuple(np.round(geometry.zyx_from_lps(lps)).astype(int))])

    assert ct.dtype == np.int16
    assert hu_at(-230, -150) == -1000
    assert hu_at(0, 38) == 70  # the metastasis
    assert hu_at(16, 38) == 190  # marrow beside it
    assert hu_at(0, 106) == -100  # fat under the skin
    assert 60 > hu_at(44, 40) > 40  # psoas
