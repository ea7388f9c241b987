"""The automatic read end to end: torsos with planted lesions, the demo patient, a real patient."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from app.demo.phantom import demo_phantom
from app.domain.quantification import SuvQuantity
from app.domain.response import MetabolicCategory
from app.errors import ReaderError
from app.services.draft_read import draft_read
from app.services.measure_regions import measure_regions
from app.services.rule_sets import load_percist_rules
from segmentation.voi import SphereVoi
from tests.builders import shared_reads
from tests.builders.phantom_truth import lesion_truths
from tests.realdata.visit_copies import LaterVisit
from tests.unit.segmentation.anatomy.torso import Ball
from tests.unit.services.torso_visits import write_torso

NADIR, PUBLISHED = load_percist_rules("percist-nadir"), load_percist_rules("percist-1.0")
LUNG = Ball((-90.0, 10.0, 150.0), (15.0, 15.0, 15.0), 8.0)
SPINE = Ball((5.0, 70.0, -90.0), (14.0, 14.0, 14.0), 5.0)
OTHER_LUNG = Ball((85.0, 10.0, 140.0), (15.0, 15.0, 15.0), 7.0)
SHIFT = (12.0, -9.0, 40.0)
DAYS = [date(2025, 1, 10), date(2025, 3, 14), date(2025, 6, 20), date(2025, 9, 5)]


def read_of(*folders):
    return draft_read(folders, NADIR, PUBLISHED).read


def with_uptake(ball, sul):
    return dataclasses.replace(ball, sul=sul)


def tumours(point):
    return {lesion.lesion_id: lesion for lesion in point.tumour_lesions}


def nearest(point, lps_mm):
    """The lesion of a time point whose peak lies nearest to a place, and how far (mm)."""
    far = [
        (float(np.linalg.norm(np.subtract(item.peak_lps_mm, lps_mm))), item.lesion_id)
        for item in point.lesions
    ]
    distance, name = min(far)
    return next(item for item in point.lesions if item.lesion_id == name), distance


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Four visits of a torso, given in disorder: fall, rise from the nadir, all but gone."""
    top = tmp_path_factory.mktemp("course")
    lesions = [
        (LUNG, SPINE),
        (with_uptake(LUNG, 4.0), with_uptake(SPINE, 3.5)),
        (with_uptake(LUNG, 5.8), with_uptake(SPINE, 3.5), OTHER_LUNG),
        (),
    ]
    folders = [
        write_torso(top / str(n), day, balls, shift_mm=tuple(n * v for v in SHIFT))
        for n, (day, balls) in enumerate(zip(DAYS, lesions, strict=True))
    ]
    return read_of(folders[2], folders[0], folders[3], folders[1])


def test_visits_are_in_order_of_date_whichever_order_they_are_given(course):
    assert [point.scanned_at.date() for point in course.time_points] == DAYS
    assert [point.number for point in course.time_points] == [0, 1, 2, 3]
    assert course.baseline.response is None


def test_lesions_keep_their_ids_while_the_patient_lies_elsewhere(course):
    for number, point in enumerate(course.time_points):
        for lesion_id, ball in (("L1", LUNG), ("L2", SPINE)):
            place = np.add(ball.center, np.multiply(number, SHIFT))
            lesion = tumours(point)[lesion_id]
            limit = 10.0 if number < 3 else 25.0  # the peak of noise wanders within the place
            assert np.linalg.norm(np.subtract(lesion.peak_lps_mm, place)) < limit


def test_sul_peak_is_that_of_the_ball(course):
    for point, sul in zip(course.time_points[:3], (8.0, 4.0, 5.8), strict=True):
        assert tumours(point)["L1"].sul_peak == pytest.approx(sul, rel=0.04)


def test_the_nadir_decides_progression_and_the_baseline_response(course):
    second, third = course.time_points[1:3]
    assert second.response.category is MetabolicCategory.PMR
    assert third.response.category is MetabolicCategory.PMD
    nadir = tumours(second)["L1"].sul_peak
    assert third.response.reference_sul_peak_g_per_ml == pytest.approx(nadir)
    assert third.other_percist.overall is not MetabolicCategory.PMD
    assert third.other_percist.target.reference_sul_peak_g_per_ml == pytest.approx(
        tumours(course.baseline)["L1"].sul_peak
    )


def test_an_unmatched_focus_is_flagged_with_its_place_and_never_called_new(course):
    third = course.time_points[2]
    assert "UNMATCHED_FOCUS U1" in third.flags
    place = np.add(OTHER_LUNG.center, np.multiply(2, SHIFT))
    assert np.linalg.norm(np.subtract(tumours(third)["U1"].peak_lps_mm, place)) < 10.0
    assert (tumours(third)["U1"].site, tumours(third)["U1"].side) == ("chest", "left")
    assert third.response.target_id == "L1", "though the unmatched focus is hotter"
    assert tumours(third)["U1"].sul_peak > tumours(third)["L1"].sul_peak
    assert not any("NEW" in flag for point in course.time_points for flag in point.flags)


def test_ids_are_never_given_twice(course):
    uids = {}
    for point in course.time_points:
        names = [lesion.lesion_id for lesion in point.lesions]
        assert len(names) == len(set(names))
        for lesion in point.lesions:
            assert uids.setdefault(lesion.lesion_id, lesion.tracking_uid) == lesion.tracking_uid
    assert len(set(uids.values())) == len(uids)


def test_resolved_lesions_are_measured_in_place_and_left_to_the_reader(course):
    last = course.time_points[3]
    assert set(tumours(last)) == {"L1", "L2"}
    assert all(lesion.volume_ml == 0.0 for lesion in last.tumour_lesions)
    assert last.response.sul_peak_g_per_ml < last.reference.mean_sul_g_per_ml
    assert last.response.category is MetabolicCategory.PMR
    assert "CMR_NEEDS_READER" in last.response.flags
    assert all(
        MetabolicCategory.CMR not in (answer.overall, answer.target.category)
        for point in course.time_points[1:]
        for answer in (point.percist, point.other_percist)
    )


def test_the_reference_is_carried_with_the_patient(course):
    first = np.array(course.baseline.reference.center_lps_mm)
    for number, point in enumerate(course.time_points[1:], start=1):
        moved = first + np.multiply(number, SHIFT)
        assert np.linalg.norm(np.array(point.reference.center_lps_mm) - moved) < 1.0
        assert point.reference.method.value == "carried_from_baseline"
        matrix = np.array(point.here_from_baseline)
        np.testing.assert_allclose(matrix[:3, 3], np.multiply(number, SHIFT), atol=1.5)


def test_a_lesion_beyond_the_scan_leaves_the_visit_unevaluable(tmp_path):
    folders = [
        write_torso(tmp_path / "1", DAYS[0], (LUNG, SPINE)),
        write_torso(tmp_path / "2", DAYS[1], (with_uptake(SPINE, 3.5),), slices=slice(0, 60)),
    ]
    point = read_of(*folders).latest
    assert "LESION_OUTSIDE_SCAN L1" in point.flags
    assert point.response.category is MetabolicCategory.NE


def test_a_healthy_baseline_has_nothing_to_measure(tmp_path):
    folders = [write_torso(tmp_path / str(n), day) for n, day in enumerate(DAYS[:2])]
    read = read_of(*folders)
    assert read.baseline.flags == ("NO_MEASURABLE_LESION",)
    assert read.latest.response.category is MetabolicCategory.NOT_MEASURABLE


def test_one_visit_is_a_read_without_a_response(tmp_path):
    read = read_of(write_torso(tmp_path / "1", DAYS[0], (LUNG,)))
    assert len(read.time_points) == 1
    assert read.baseline.response is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": DAYS[1], "patient_id": "ANOTHER"}, "OTHER_PATIENT"),
        ({"day": DAYS[0], "seed": 7}, "SAME_SCAN"),
        ({"day": DAYS[1], "organs": ()}, "LIVER_NOT_FOUND"),
    ],
)
def test_visits_that_make_no_read_are_refused(tmp_path, changes, code):
    first = write_torso(tmp_path / "1", DAYS[0], (LUNG,), seed=7)
    second = write_torso(tmp_path / "2", **changes)
    with pytest.raises(ReaderError) as refused:
        read_of(first, second)
    assert refused.value.code == code
    assert "ANOTHER" not in str(refused.value)


def test_a_third_patient_among_the_files_of_one_folder_is_refused(tmp_path):
    write_torso(tmp_path / "1" / "a", DAYS[0])
    write_torso(tmp_path / "1" / "b", DAYS[0], patient_id="ANOTHER")
    with pytest.raises(ReaderError) as refused:
        read_of(tmp_path / "1")
    assert refused.value.code == "OTHER_PATIENT"


@pytest.fixture
def demo(demo_read):
    return demo_read.draft.read


def demo_truths():
    phantom = demo_phantom()
    return [lesion_truths(phantom, visit) for visit in phantom.visits]


def test_the_demo_lesions_and_nothing_else_are_candidates(demo):
    ids = {}
    for name, truth in demo_truths()[0].items():
        lesion, distance = nearest(demo.baseline, truth.center_lps_mm)
        assert distance < 5.0
        assert lesion.physiological is None
        assert lesion.sul_peak == pytest.approx(truth.sul_peak, rel=0.015)
        ids[name] = lesion.lesion_id
    assert set(tumours(demo.baseline)) == set(ids.values()) == {"L1", "L2", "L3"}
    for name, truth in demo_truths()[1].items():
        lesion, distance = nearest(demo.latest, truth.center_lps_mm)
        assert distance < 5.0
        assert lesion.lesion_id == ids[name]
        assert lesion.sul_peak == pytest.approx(truth.sul_peak, rel=0.015)
    assert set(tumours(demo.latest)) == {"L1", "L2", "L3"}
    assert demo.latest.flags == ()


def test_the_demo_organs_are_marked(demo):
    for point in demo.time_points:
        marks = [item.physiological.organ for item in point.lesions if item.physiological]
        assert sorted(marks) == ["bladder", "brain", "heart", "kidney", "kidney"]


def test_the_demo_liver_lesion_that_vanished_is_measured_where_it_was(demo):
    gone = demo_truths()[0].keys() - demo_truths()[1].keys()
    (name,) = gone
    before = demo_truths()[0][name].center_lps_mm
    shifts = [visit.shift_mm for visit in demo_phantom().visits]
    place = np.add(before, np.subtract(shifts[1], shifts[0]))
    lesion, distance = nearest(demo.latest, place)
    assert distance < 20.0
    assert (lesion.site, lesion.volume_ml) == ("liver", 0.0)
    assert lesion.sul_peak == pytest.approx(demo.latest.reference.mean_sul_g_per_ml, rel=0.15)


def test_the_demo_response_is_that_of_its_truth(demo):
    hottest = [max(t.sul_peak for t in truths.values()) for truths in demo_truths()]
    response = demo.latest.response
    assert response.category is MetabolicCategory.PMR
    change = hottest[1] / hottest[0] - 1.0
    assert change < -0.3
    assert response.change_from_baseline_fraction == pytest.approx(change, abs=0.02)


@pytest.mark.parametrize("number", [0, 1])
def test_measure_gives_the_demo_truth_within_1_5_percent(demo_patient, number):
    truth = max(demo_truths()[number].values(), key=lambda t: t.sul_peak)
    request = SphereVoi(truth.center_lps_mm, 36.0)
    (region,) = measure_regions(demo_patient[number], request, None, SuvQuantity.SUL_JANMA).regions
    assert region.sul.peaks.continuous.value == pytest.approx(truth.sul_peak, rel=0.015)
    assert region.suvbw.peaks.continuous.value == pytest.approx(truth.suv_peak, rel=0.015)


# Bq/mL per SUL of both scans of this patient (spec 1.1): 1 / 3.1889e-4.
BQ_PER_SUL = 3135.9
MASS_AT_FOLLOW_UP = (-43.9, -17.5, -81.3)
LEFT_LUNG = (75.0, 5.0, -10.0)


@pytest.fixture(scope="module")
def real_course(review_data, real_visits, tmp_path_factory):
    """The real patient with a third visit: the mass hotter again, a sphere planted in a lung."""
    folder = review_data / "acrin042"
    later = LaterVisit(
        80,
        hotter=[(MASS_AT_FOLLOW_UP, 35.0, 1.6)],
        planted=[(LEFT_LUNG, 12.0, 8.0 * BQ_PER_SUL)],
        above=2.67 * BQ_PER_SUL,
    )
    # Without its CT, which also aligns this visit PET on PET.
    third = later.write(
        [folder / "followup" / "PET_AC"], tmp_path_factory.mktemp("third") / "visit"
    )
    return shared_reads.read_of(*real_visits, *shared_reads.visits_of(third)).draft.read


@pytest.mark.realdata
def test_the_real_patient_responds_and_progresses_from_the_nadir(real_course):
    _, second, third = real_course.time_points
    assert (third.scanned_at - second.scanned_at).days == 80
    assert second.response.category is MetabolicCategory.PMR
    assert second.response.target_id == third.response.target_id == "L1"
    assert second.response.change_from_baseline_fraction == pytest.approx(-0.633, abs=0.005)
    assert third.response.category is MetabolicCategory.PMD
    assert third.other_percist.overall is MetabolicCategory.PMR
    assert third.response.sul_peak_g_per_ml == pytest.approx(
        1.6 * second.response.sul_peak_g_per_ml, rel=0.02
    )
    for point in (second, third):
        assert 1.3 <= point.reference.mean_sul_g_per_ml <= 1.45
        assert point.registration_correlation > 0.99


@pytest.mark.realdata
def test_the_real_patient_s_visits_are_aligned_to_the_millimetre(real_course):
    for point in real_course.time_points[1:]:
        matrix = np.array(point.here_from_baseline)
        np.testing.assert_allclose(matrix[:3, 3], (-6.0, 9.0, 15.0), atol=0.5)
        np.testing.assert_allclose(matrix[:3, :3], np.eye(3), atol=0.005)


@pytest.mark.realdata
def test_the_real_patient_s_planted_focus_is_the_only_unmatched_one(real_course):
    _, second, third = real_course.time_points
    assert not any("UNMATCHED" in flag for flag in second.flags)
    assert [flag for flag in third.flags if "UNMATCHED" in flag] == ["UNMATCHED_FOCUS U1"]
    planted, distance = nearest(third, LEFT_LUNG)
    assert distance < 8.0
    assert planted.lesion_id == "U1"
    # The spline of the continuous peak overshoots at edges as sharp as these.
    assert planted.sul_peak == pytest.approx(8.0, rel=0.05)


@pytest.mark.realdata
def test_the_real_patient_has_few_candidates_at_every_visit(real_course):
    for point in real_course.time_points:
        large = [item for item in point.tumour_lesions if item.volume_ml >= 0.5]
        assert len(large) <= 8
        assert large[0].site == "hilum"
        assert large[0].side == "right"
