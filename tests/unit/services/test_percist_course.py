"""What a reader says beside the numbers, in the overall PERCIST response."""

from dataclasses import replace

import pytest

from app.domain.quantification import LbmFormula
from app.domain.response import MetabolicCategory
from app.reading.edits import ClassifyNew, SetPlace, SetRole, TickProgressed, TickResolved
from app.reading.state import LesionRole, NewLesionClass
from app.services.percist_course import JudgedVisit, course_of, sensitivity
from app.services.rule_sets import load_percist_rules
from segmentation.metrics.peak import PeakMethod
from tests.unit.viewers.presenters.sample_reading import FACTS, complete, state

RULES = load_percist_rules("percist-nadir")


def latest(*edits):
    shown = state()
    for edit in edits:
        shown = edit.apply(shown)
    return complete(shown).read.latest.percist


def visits(shown):
    points = complete(shown).read.time_points
    return [JudgedVisit(point, FACTS, (), True) for point in points]


def test_a_draft_rests_on_its_numbers_alone():
    response = latest()
    assert response.overall is response.target.category is MetabolicCategory.PMR
    assert "NEW_FOCUS_UNCLASSIFIED U1" in response.flags


@pytest.mark.parametrize(
    ("verdict", "overall"),
    [
        (NewLesionClass.UNEQUIVOCAL, MetabolicCategory.PMD),
        (NewLesionClass.EQUIVOCAL, MetabolicCategory.PMR),
        (None, MetabolicCategory.PMR),
    ],
)
def test_only_an_unequivocal_new_lesion_is_progression(verdict, overall):
    response = latest(ClassifyNew("U1", verdict, ild_considered=True))
    assert response.overall is overall
    assert response.target.category is MetabolicCategory.PMR
    assert response.report_string.endswith("new: 1") is (overall is MetabolicCategory.PMD)


def test_a_new_focus_taken_for_an_organ_counts_no_more():
    said = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL, ild_considered=True)
    response = latest(said, SetRole("U1", LesionRole.PHYSIOLOGICAL))
    assert response.overall is MetabolicCategory.PMR


def test_unequivocal_progression_beside_the_target_is_progression():
    response = latest(TickProgressed("L2", 1, True))
    assert response.overall is response.non_target.category is MetabolicCategory.PMD
    assert latest(TickProgressed("L2", 1, True), TickProgressed("L2", 1, False)) == latest()


def test_ticks_of_resolution_count_only_together():
    shown = state()
    for name in ("L1", "L2"):
        shown = TickResolved(name, 1, True).apply(shown)
    course = course_of(shown, visits(shown), RULES)
    assert course.visits[1].resolved == frozenset()
    shown = TickResolved("L3", 1, True).apply(shown)
    assert course_of(shown, visits(shown), RULES).visits[1].resolved == {"L1", "L2", "L3"}


def test_what_is_not_aligned_is_compared_with_nothing():
    shown = state()
    apart = [replace(visit, aligned=visit.point.number == 0) for visit in visits(shown)]
    assert course_of(shown, apart, RULES).visits[1].blocked_against == {0}


def test_sensitivity_has_a_row_for_every_setting_and_the_own_one_agrees():
    shown = SetPlace("L2", "bone", "left").apply(state())
    rows = sensitivity(shown, visits(shown), RULES)
    settings = {(r.lbm_formula, r.peak_method, r.lesions, r.progression_reference) for r in rows}
    assert len(rows) == len(settings) == len(LbmFormula) * len(PeakMethod) * 2 * 2
    own = next(r for r in rows if r.lesions == 1 and r.progression_reference == "nadir"
               and r.lbm_formula == "LBMJANMA" and r.peak_method == "continuous")  # fmt: skip
    assert own.categories == (complete(shown).read.latest.percist.overall,)


def test_a_new_lesion_stays_one_until_it_is_ticked_resolved():
    shown = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL, ild_considered=True).apply(state())
    first, second = visits(shown)
    later = replace(second, point=replace(second.point, number=2))
    foci = course_of(shown, [first, second, later], RULES).visits[2].new_foci
    assert [focus.lesion_id for focus in foci] == ["U1"]  # without a region at that visit
    lesion = replace(shown.lesion("U1"), resolved_visits=(2,))
    course = course_of(shown.with_lesion(lesion), [first, second, later], RULES)
    assert course.visits[1].new_foci and not course.visits[2].new_foci
