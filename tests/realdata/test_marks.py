"""Liver, lesions and organs of three real PETs, and of their cropped and reversed copies."""

import numpy as np
import pytest

from tests.realdata.marks import changed_marks, marked, marked_visit, organ_of
from tests.realdata.visit_copies import backwards, cropped

pytestmark = pytest.mark.realdata

# LPS mm at baseline; the patient of the follow-up lies at SHIFT from there.
HILAR_MASS = (-38.0, -26.0, -96.0)
UPPER_MEDIASTINUM = (-14.0, -44.0, 22.0)
KIDNEYS = [(-60.0, -4.0, -330.0), (42.0, -14.0, -330.0)]
SHIFT = {"acrin042/baseline": (0.0, 0.0, 0.0), "acrin042/followup": (-6.0, 9.0, 15.0)}
SARCOMA = (60.0, 22.0, -790.0)
PET = {
    "acrin042/baseline": ("acrin042/baseline/PET_AC", "acrin042/baseline/CT"),
    "acrin042/followup": ("acrin042/followup/PET_AC", "acrin042/followup/CT"),
    "sts001": ("sts001/FDG_PET/image",),
}


@pytest.fixture(scope="module")
def whole(review_data, real_visits):
    found = {name: marked_visit(visit) for name, visit in zip(SHIFT, real_visits, strict=True)}
    return found | {"sts001": marked(review_data / "sts001")}


def at(visit, lps_mm):
    """The focus whose peak lies nearest to a place, at most 8 mm away."""
    away = [
        np.linalg.norm(np.subtract(f.peaks.continuous.position_lps_mm, lps_mm)) for f in visit.foci
    ]
    assert min(away) < 8.0
    return visit.foci[int(np.argmin(away))]


@pytest.mark.parametrize("name", SHIFT)
def test_the_liver_is_the_right_lobe(whole, name):
    visit = whole[name]
    place = visit.anatomy.frame.place(visit.center_lps_mm)
    assert place.left_mm < -50.0
    assert -100.0 < place.above_dome_mm < -20.0
    assert 1.3 <= visit.reference.mean_sul_g_per_ml <= 1.45
    assert 800.0 < visit.anatomy.liver.region.volume_ml < 2000.0


@pytest.mark.parametrize("name", SHIFT)
def test_the_hilar_mass_is_the_hottest_lesion_and_the_mediastinal_focus_is_kept(whole, name):
    visit, shift = whole[name], SHIFT[name]
    mass = at(visit, np.add(HILAR_MASS, shift))
    assert visit.tumours[0] is mass
    assert (mass.site.value, mass.side.value) == ("hilum", "right")
    focus = at(visit, np.add(UPPER_MEDIASTINUM, shift))
    assert (organ_of(focus), focus.site.value) == ("none", "mediastinum")


@pytest.mark.parametrize("name", SHIFT)
def test_the_kidneys_are_marked_and_few_candidates_are_left(whole, name):
    visit = whole[name]
    for kidney in KIDNEYS:
        assert organ_of(at(visit, np.add(kidney, SHIFT[name]))) == "kidney"
    assert len([f for f in visit.tumours if f.region.volume_ml >= 0.5]) <= 8


def test_a_pet_without_ct_is_read_and_its_organs_are_marked(whole):
    visit = whole["sts001"]
    assert visit.visit.ct is None
    marks = {organ_of(focus) for focus in visit.foci}
    assert {"brain", "heart", "kidney", "bladder"} <= marks
    sides = {focus.side.value for focus in visit.foci if organ_of(focus) == "kidney"}
    assert sides == {"left", "right"}
    assert 1.2 < visit.reference.mean_sul_g_per_ml < 1.8


def test_the_thigh_sarcoma_is_not_marked_and_is_all_that_is_left(whole):
    tumours = whole["sts001"].tumours
    assert sum(focus.region.volume_ml for focus in tumours) > 80.0
    for focus in tumours:
        assert focus.site.value == "thigh"
        assert np.linalg.norm(np.subtract(focus.region.centroid_lps_mm(), SARCOMA)) < 90.0


@pytest.mark.parametrize("name", PET)
@pytest.mark.parametrize("end", ["feet", "head"])
def test_the_marks_stay_when_a_fifth_of_the_slices_is_cropped(
    whole, review_data, tmp_path, name, end
):
    folder = cropped([review_data / PET[name][0]], tmp_path / "cropped", **{end: 0.2})
    part = marked(folder)
    assert len(part.visit.sul.values) == pytest.approx(
        0.8 * len(whole[name].visit.sul.values), abs=1
    )
    assert len(changed_marks(whole[name], part)) <= 1
    assert part.reference.mean_sul_g_per_ml == pytest.approx(
        whole[name].reference.mean_sul_g_per_ml, rel=0.02
    )


@pytest.mark.parametrize("name", PET)
def test_nothing_depends_on_the_order_of_names_and_instance_numbers(
    whole, review_data, tmp_path, name
):
    folder = backwards([review_data / PET[name][0]], tmp_path / "backwards")
    turned = marked(folder)
    assert np.array_equal(turned.visit.sul.values, whole[name].visit.sul.values)
    assert turned.center_lps_mm == whole[name].center_lps_mm
    assert [organ_of(f) for f in turned.foci] == [organ_of(f) for f in whole[name].foci]
