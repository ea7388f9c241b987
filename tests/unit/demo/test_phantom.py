"""The demo patient's parameters: the story they tell and what makes their truth exact."""

import math

import numpy as np
import pytest

from app.demo.phantom import demo_phantom
from tests.builders.phantom_truth import PEAK_RADIUS_MM, clearance_mm, lesion_truths

NODE, LIVER, BONE = "axillary node", "liver metastasis", "vertebral metastasis"
PHANTOM = demo_phantom()
BASELINE, MONTH3 = PHANTOM.visits
AT_BASELINE, AT_MONTH3 = lesion_truths(PHANTOM, BASELINE), lesion_truths(PHANTOM, MONTH3)


def liver_sul(visit):
    suv = next(s.suv for s in visit.structures if s.name == "liver")
    return suv * 9270.0 / (8780.0 + 244.0 * visit.weight_kg / PHANTOM.size_m**2)


def test_one_lesion_shrinks_one_vanishes_one_grows():
    assert set(AT_BASELINE) == {NODE, LIVER, BONE}
    assert set(AT_MONTH3) == {NODE, BONE}
    assert AT_MONTH3[NODE].volume_ml < 0.7 * AT_BASELINE[NODE].volume_ml
    assert AT_MONTH3[BONE].volume_ml > 1.5 * AT_BASELINE[BONE].volume_ml
    assert AT_MONTH3[BONE].sul_peak > AT_BASELINE[BONE].sul_peak


def test_every_baseline_lesion_is_measurable_even_with_a_noisy_liver():
    threshold = 1.5 * liver_sul(BASELINE) + 2 * 0.10 * liver_sul(BASELINE)
    assert all(t.sul_peak > 1.2 * threshold for t in AT_BASELINE.values())


def test_the_hottest_lesion_falls_well_beyond_both_limits_and_stays_the_hottest():
    before, after = AT_BASELINE[NODE].sul_peak, AT_MONTH3[NODE].sul_peak
    assert before == max(t.sul_peak for t in AT_BASELINE.values())
    assert after == max(t.sul_peak for t in AT_MONTH3.values())
    assert after / before < 0.65
    assert before - after > 2.0
    assert after > 2 * liver_sul(MONTH3), "not near a complete response"


def test_the_growing_lesion_stays_below_both_progression_limits():
    before, after = AT_BASELINE[BONE].sul_peak, AT_MONTH3[BONE].sul_peak
    assert 1.1 < after / before < 1.25
    assert after - before < 0.75


def test_the_two_scans_are_comparable():
    assert abs(liver_sul(BASELINE) - liver_sul(MONTH3)) < 0.15
    assert abs(BASELINE.uptake_s - MONTH3.uptake_s) <= 5 * 60
    assert abs(BASELINE.dose_bq / MONTH3.dose_bq - 1) < 0.1
    assert (MONTH3.injection.date() - BASELINE.injection.date()).days == 91


def test_lesions_lie_in_surroundings_uniform_beyond_the_reach_of_ball_and_blur():
    sigma = PHANTOM.scanner.psf_fwhm_mm / math.sqrt(8 * math.log(2))
    for visit in PHANTOM.visits:
        for lesion in visit.lesions:
            assert clearance_mm(visit, lesion) > PEAK_RADIUS_MM + 5 * sigma, lesion.name
            assert clearance_mm(visit, lesion) > max(lesion.body.half_mm) + 3 * sigma, lesion.name


def test_a_3_cm_reference_sphere_fits_the_right_lobe_far_from_the_metastasis_and_the_edge():
    liver = next(s for s in BASELINE.structures if s.name == "liver").parts[0]
    lesion = next(v for v in BASELINE.lesions if v.name == LIVER)
    centers = np.random.default_rng(5).uniform(*map(np.array, liver.bounds()), (4000, 3))
    depth = -liver.distance_mm(*centers.T)
    away = np.linalg.norm(centers - np.array(lesion.body.center), axis=1)
    assert np.any((depth > 15 + 12) & (away > 15 + 12 + 15))
    assert np.all(centers[depth > 27][:, 0] < 0), "the right lobe lies at smaller x"


@pytest.mark.parametrize("half_mm", [(10, 10, 10), (14, 10, 12), (11, 8.5, 10)])
def test_the_analytic_peak_agrees_with_brute_force_on_a_fine_grid(half_mm):
    """Ellipsoid and Gaussian ball kernel summed over a 0.75 mm grid about the centre."""
    from tests.builders.phantom_truth import blurred_ball, peak_recovery

    h, sigma = 0.75, PHANTOM.scanner.psf_fwhm_mm / math.sqrt(8 * math.log(2))
    axis = np.arange(-24.0 + h / 2, 24.0, h)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    kernel = blurred_ball(np.sqrt(x**2 + y**2 + z**2), PEAK_RADIUS_MM, sigma)
    inside = (x / half_mm[0]) ** 2 + (y / half_mm[1]) ** 2 + (z / half_mm[2]) ** 2 <= 1
    assert peak_recovery(half_mm, sigma) == pytest.approx(
        kernel[inside].sum() / kernel.sum(), abs=0.002
    )
