"""A whole course: components put together, visit by visit (spec 2.5-2.11)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.criteria.percist.course import PercistCourse, VisitRecord, blocked_pairs
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import (
    ComparabilityFailureAction,
    NonmeasurablePolicy,
    PmdConfirmation,
    TlgSegmentation,
)
from app.criteria.percist.selection import BaselineLesion, Unsuitable
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import FirstProgression, NonTargetStatus
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.rule_sets import NADIR, PUBLISHED
from tests.unit.criteria.percist.sound_scan import SOUND

CMR, PMR, SMD, PMD, NE = Category.CMR, Category.PMR, Category.SMD, Category.PMD, Category.NE
DAY = date(2026, 1, 5)
TICKED = frozenset({"L1"})
NEW = NewFocus("U1", NewLesionClass.UNEQUIVOCAL)
MAYBE = NewFocus("U1", NewLesionClass.EQUIVOCAL)
WARN = replace(NADIR, comparability_failure_action=ComparabilityFailureAction.WARN)
VISUAL = replace(NADIR, comparability_failure_action=ComparabilityFailureAction.VISUAL)
WAHL = replace(NADIR, pmd_confirmation=PmdConfirmation.PER_WAHL)
FIVE = replace(NADIR, percist_lesions=5)


def visit(number, peaks, **more):
    found = peaks if isinstance(peaks, dict) else {"L1": peaks}
    return VisitRecord(
        number,
        DAY + timedelta(days=91 * number),
        found,
        **{"reference_mean": 1.9, "threshold": 3.25, **more},
    )


def course(*rows, **more):
    """Rows are SULpeaks, or (SULpeaks, what else the visit records)."""
    visits = [
        visit(number, row[0], **row[1]) if isinstance(row, tuple) else visit(number, row)
        for number, row in enumerate(rows)
    ]
    return PercistCourse(tuple(visits), **more)


def overall(found, rules=NADIR):
    return [item.overall for item in derive_course(found, rules).responses]


def last(found, rules=NADIR):
    return derive_course(found, rules).responses[-1]


BLOCKED = {"blocked_against": frozenset({0})}


def test_a_course_from_response_to_progression():
    found = derive_course(course(12.0, 6.0, 4.0, 5.6, therapy_start=DAY), NADIR)
    assert [item.overall for item in found.responses] == [PMR, PMR, PMD]
    assert [item.report_string for item in found.responses] == [
        "PMR -50, 13", "PMR -67, 26", "PMD +40, 39",
    ]  # fmt: skip
    assert found.best is PMR
    assert found.first_progression == FirstProgression(3, DAY + timedelta(days=273), 3)
    assert (found.durations.response_days, found.durations.stable_days) == (182, 273)
    assert (found.durations.complete_days, found.durations.ended) == (None, True)
    assert overall(course(12.0, 6.0, 4.0, 5.6), PUBLISHED) == [PMR, PMR, PMR]
    assert {item.rule_set for item in found.responses} == {"percist-nadir"}


def test_a_course_still_running_is_counted_to_its_last_evaluable_visit():
    found = derive_course(course(12.0, 6.0, 5.0, (4.0, BLOCKED)), NADIR)
    assert found.durations.response_days == 91
    assert not found.durations.ended
    assert found.first_progression is None
    assert found.durations.stable_days is None  # the first dose is not known
    assert derive_course(course(12.0), NADIR).best is NE
    never = derive_course(course(12.0, 16.0, therapy_start=DAY), NADIR)
    assert (never.best, never.durations.stable_days) == (PMD, None)


def test_a_visit_that_was_not_evaluable_is_no_nadir():
    assert overall(course(9.0, 3.6, (2.0, BLOCKED), 4.0)) == [PMR, NE, PMR]
    assert overall(course(9.0, 3.6, 2.0, 4.0)) == [PMR, PMR, PMD]


def test_the_pair_with_the_nadir_must_be_comparable_too():
    found = course(9.0, 3.6, (5.2, {"blocked_against": frozenset({1})}))
    assert overall(found) == [PMR, NE]
    assert overall(found, PUBLISHED) == [PMR, PMR]
    assert overall(found, WARN) == [PMR, PMD]
    assert "COMPARISON_NOT_SOUND" in last(found, WARN).flags
    assert overall(found, FIVE) == [PMR, NE]


# What is done where scans must not be compared


def test_not_comparable_is_ne_but_new_lesions_and_non_target_still_count():
    assert overall(course(9.0, (12.0, BLOCKED))) == [NE]
    assert overall(course(9.0, (4.0, {**BLOCKED, "new_foci": (NEW,)}))) == [PMD]
    progressed = (NonTargetItem("N1", NonTargetStatus.PMD),)
    assert overall(course(9.0, (4.0, {**BLOCKED, "non_targets": progressed}))) == [PMD]


def test_the_visual_category_is_a_field_of_its_own():
    found = course(9.0, (12.0, {**BLOCKED, "visual_category": PMD}))
    response = last(found)
    assert (response.overall, response.visual) == (NE, PMD)
    used = last(found, VISUAL)
    assert (used.overall, used.target.category) == (PMD, NE)
    assert "VISUAL_CATEGORY_USED" in used.flags
    assert used.margins == ()
    assert overall(course(9.0, (12.0, BLOCKED)), VISUAL) == [NE]
    assert overall(course(9.0, (12.0, {"visual_category": SMD})), VISUAL) == [PMD]


def test_a_warning_lets_the_arithmetic_stand():
    response = last(course(9.0, (12.0, BLOCKED)), WARN)
    assert (response.overall, response.flags) == (PMD, ("COMPARISON_NOT_SOUND",))
    assert last(course(9.0, 12.0), WARN).flags == ()


# Non-target


def test_non_target_items_are_followed_from_the_baseline():
    item = NonTargetItem("N1", NonTargetStatus.NON_CMR_NON_PMD, 4.0)
    gone = NonTargetItem("N1", NonTargetStatus.CMR)
    start = (9.0, {"non_targets": (item,)})
    done = {"resolved": TICKED}
    assert overall(course(start, (1.4, {**done, "non_targets": (gone,)}))) == [CMR]
    assert overall(course(start, (1.4, {**done, "non_targets": (item,)}))) == [PMR]
    unnamed = last(course(start, (1.4, done)))
    assert (unnamed.overall, unnamed.non_target.category) == (PMR, NE)


def test_each_item_has_its_own_reference():
    def flags(rules, now, *before, status=NonTargetStatus.NON_CMR_NON_PMD, reference=None):
        rows = [(9.0, {"non_targets": (NonTargetItem("N1", status, peak),)}) for peak in before]
        item = NonTargetItem("N1", NonTargetStatus.NON_CMR_NON_PMD, now, reference)
        return last(course(*rows, (9.0, {"non_targets": (item,)})), rules).non_target.flags

    risen = ("NON_TARGET_RISE N1",)
    assert flags(NADIR, 4.0, 5.0, 3.0) == risen
    assert flags(PUBLISHED, 4.0, 5.0, 3.0) == ()
    assert flags(NADIR, 4.0, 5.0, 3.0, status=NonTargetStatus.NE) == ()
    assert flags(PUBLISHED, 4.0, 5.0, 3.0, reference=2.0) == risen


def test_one_item_beside_a_complete_response_after_which_it_is_back():
    item = NonTargetItem("N1", NonTargetStatus.NON_CMR_NON_PMD)
    gone = NonTargetItem("N1", NonTargetStatus.CMR)
    found = course(
        (9.0, {"non_targets": (item,)}),
        (1.4, {"resolved": TICKED, "non_targets": (gone,)}),
        (1.4, {"non_targets": (item,)}),
    )
    assert overall(found) == [CMR, PMR]
    assert "NON_TARGET_BACK_AFTER_CMR" in last(found).flags


# Not measurable


@pytest.mark.parametrize(
    ("policy", "expected", "flag"),
    [
        (NonmeasurablePolicy.VISUAL, Category.NON_CMR_NON_PMD, "VISUAL_PATHWAY"),
        (NonmeasurablePolicy.DEFER_RECIST, NE, "DEFERRED_TO_RECIST"),
        (NonmeasurablePolicy.EXCLUDE, NE, "EXCLUDED_NOT_MEASURABLE"),
    ],
)
@pytest.mark.parametrize("lesions", [1, 5])
def test_a_patient_without_measurable_lesion(policy, expected, flag, lesions):
    item = (NonTargetItem("N1", NonTargetStatus.NON_CMR_NON_PMD),)
    rules = replace(NADIR, nonmeasurable_policy=policy, percist_lesions=lesions)
    response = last(course(2.5, (2.2, {"non_targets": item})), rules)
    assert (response.overall, response.target.category) == (expected, Category.NOT_MEASURABLE)
    assert flag in response.flags
    assert response.margins == ()
    empty = last(course({}, {}), rules)
    assert empty.target.category is Category.NOT_MEASURABLE
    assert (empty.overall, empty.report_string) == (NE, "NE")


def test_a_complete_visual_response_without_any_lesion_is_followed_on():
    gone = (NonTargetItem("N1", NonTargetStatus.CMR),)
    found = course({}, ({}, {"non_targets": gone}), ({}, {"non_targets": gone}))
    assert overall(found) == [CMR, CMR]


def test_what_was_not_measurable_stays_so_after_a_complete_response():
    gone, back = (
        (NonTargetItem("N1", status),)
        for status in (NonTargetStatus.CMR, NonTargetStatus.NON_CMR_NON_PMD)
    )
    found = course(2.5, (1.0, {"non_targets": gone}), (1.0, {"non_targets": back}))
    assert overall(found) == [CMR, Category.NON_CMR_NON_PMD]


# After a complete response


def after_complete(peak, **more):
    return course(9.0, (1.4, {"resolved": TICKED}), (peak, more))


def test_after_a_complete_response_the_arithmetic_is_not_used():
    assert overall(after_complete(4.2)) == [CMR, CMR]
    assert overall(after_complete(4.2, typical={"L1": True})) == [CMR, PMD]
    assert overall(after_complete(3.0, typical={"L1": True})) == [CMR, CMR]
    response = last(after_complete(4.2, typical={"L1": True}))
    assert response.report_string == "PMD +200"
    assert response.secondary is None
    assert [item.category for item in response.margins] == [CMR]
    assert last(after_complete(4.2, typical={"L1": True}, new_foci=(NEW,))).margins == ()
    assert last(after_complete(4.2, typical={"L1": True}), FIVE).report_string == "PMD"
    tlg = {"tlg_g": 900.0}
    assert last(after_complete(4.2, **tlg), replace(NADIR, tlg_auto_pmd=True)).extent is None


def test_an_ne_visit_in_between_changes_nothing():
    found = course(9.0, (1.4, {"resolved": TICKED}), (1.5, BLOCKED), 4.2)
    assert overall(found) == [CMR, NE, CMR]


def test_after_the_recurrence_the_arithmetic_is_back():
    found = course(9.0, (1.4, {"resolved": TICKED}), (4.2, {"typical": {"L1": True}}), 5.0, 1.5)
    assert overall(found) == [CMR, PMD, PMD, PMR]
    assert "AFTER_PMD" in last(found).flags


# New lesions over the visits


def test_an_equivocal_focus_counts_from_its_first_appearance_once_confirmed():
    found = derive_course(course(9.0, 4.0, (4.0, {"new_foci": (MAYBE,)}),
                                 (4.0, {"new_foci": (NEW,)})), NADIR)  # fmt: skip
    assert [item.overall for item in found.responses] == [PMR, PMR, PMD]
    assert found.first_progression == FirstProgression(2, DAY + timedelta(days=182), 3)
    assert found.best is PMR
    assert "NEW_LESION_EQUIVOCAL U1" in found.responses[1].flags
    assert "PMD_BACKDATED U1" in found.responses[2].flags
    assert found.responses[2].report_string == "PMD +0, new: 1"


def test_backdating_to_the_first_visit_leaves_progression_as_best():
    found = course(9.0, (4.0, {"new_foci": (MAYBE,)}), (4.0, {"new_foci": (NEW,)}))
    assert derive_course(found, NADIR).best is PMD


def test_per_wahl_a_second_scan_decides():
    confirmed = derive_course(course(9.0, 12.0, (9.0, BLOCKED), 12.5), WAHL)
    assert confirmed.first_progression == FirstProgression(1, DAY + timedelta(days=91), 3)
    assert confirmed.best is PMD
    refuted = derive_course(course(9.0, 12.0, 4.0), WAHL)
    assert (refuted.first_progression, refuted.best) == (None, PMR)
    pending = derive_course(course(9.0, 4.0, 12.0), WAHL)
    assert pending.first_progression is None
    visceral = (4.0, {"new_foci": (replace(NEW, site="liver"),)})
    assert derive_course(course(9.0, visceral), WAHL).first_progression.visit == 1
    assert derive_course(course(9.0, 12.0), NADIR).first_progression.visit == 1


def test_conflict_with_anatomy_is_raised():
    assert "ANATOMIC_CONFLICT" in last(course(9.0, (4.0, {"recist_pd": True}))).flags


# Extent


def test_extent_alerts_and_progresses_only_by_charter():
    automatic = replace(NADIR, tlg_auto_pmd=True)
    found = course((9.0, {"tlg_g": 80.0}), (9.0, {"tlg_g": 140.0}))
    assert (last(found).overall, last(found).extent.alert) == (SMD, True)
    assert "TLG_ALERT" in last(found).flags
    assert (last(found, automatic).overall, last(found, automatic).margins) == (PMD, ())
    # From the nadir where that is the reference.
    later = course((9.0, {"tlg_g": 140.0}), (4.0, {"tlg_g": 50.0}), (4.5, {"tlg_g": 100.0}))
    assert last(later, automatic).overall is PMD
    assert last(later, replace(PUBLISHED, tlg_auto_pmd=True)).overall is PMR
    low = course((2.0, {"tlg_g": 80.0, "threshold": None}), (2.2, {"tlg_g": 200.0}))
    assert last(low, automatic).overall is PMD
    assert last(replace(low, visits=(low.baseline, replace(low.visits[1], reference_mean=2.3))),
                automatic).overall is SMD  # fmt: skip
    manual = {"tlg_g": 900.0, "tlg_segmentation": TlgSegmentation.MANUAL}
    other = last(course((9.0, {"tlg_g": 80.0}), (9.0, manual)), automatic)
    assert (other.overall, other.extent.change_fraction) == (SMD, None)
    assert "TLG_NOT_COMPARED" in other.flags
    assert last(course((9.0, {"tlg_g": 80.0}), 9.0)).extent is None
    assert last(course((9.0, {"tlg_g": 80.0}), (9.0, {**BLOCKED, "tlg_g": 90.0}))).extent is None


# Both forms, targets, margins


def test_both_forms_are_derived_and_the_rule_set_says_which_is_primary():
    found = course({"L1": 10.0, "L2": 9.0}, {"L1": 7.5, "L2": 3.0})
    one, five = last(found), last(found, FIVE)
    assert (one.overall, one.secondary.category, one.secondary_overall) == (SMD, PMR, PMR)
    assert (five.overall, five.secondary.category, five.secondary_overall) == (PMR, SMD, SMD)
    assert one.secondary == five.target


def test_a_complete_response_needs_a_tick_on_every_lesion_that_may_be_the_target():
    def with_ticks(*names):
        peaks = {"L1": 1.4, "L2": 1.2}
        return course({"L1": 9.0, "L2": 8.0}, (peaks, {"resolved": frozenset(names)}))

    for rules in (NADIR, FIVE):
        assert overall(with_ticks("L1"), rules) == [PMR]
        assert overall(with_ticks("L1", "L2"), rules) == [CMR]


def test_the_five_have_their_own_nadir():
    found = course({"L1": 10.0, "L2": 9.0}, {"L1": 4.0, "L2": 4.0}, {"L1": 5.0, "L2": 5.0},
                   {"L1": 5.0, "L2": 5.4})  # fmt: skip
    assert last(found).target.reference_sul_peak_g_per_ml == 4.0
    assert last(found).secondary.reference_sul_peak_g_per_ml == 8.0
    assert overall(found, FIVE) == [PMR, PMR, PMD]


def test_an_unsuitable_lesion_is_no_target_and_the_response_says_so():
    found = course(
        {"L1": 20.0, "L2": 9.0},
        {"L1": 22.0, "L2": 4.0},
        lesions={"L1": BaselineLesion("L1", "brain", Unsuitable.PHYSIOLOGIC)},
    )
    response = last(found)
    assert (response.overall, response.target.baseline_target_id) == (PMR, "L2")
    assert [item.code for item in response.excluded] == ["EXCLUDED_PHYSIOLOGIC"]


def test_a_small_target_is_flagged_for_the_course():
    found = course(9.0, 5.0, lesions={"L1": BaselineLesion("L1", diameter_mm=12.0)})
    assert derive_course(found, NADIR).flags == ("SMALL_LESION_PVE L1",)


def test_a_missing_lesion_that_is_no_target_does_not_matter():
    unsuitable = {"L2": BaselineLesion("L2", "brain", Unsuitable.PHYSIOLOGIC)}
    found = course({"L1": 9.0, "L2": 20.0}, (4.0, {"missing": ("L2",)}), lesions=unsuitable)
    assert overall(found) == [PMR]
    assert overall(course({"L1": 9.0, "L2": 8.0}, (4.0, {"missing": ("L2",)}))) == [NE]


def test_margins_are_of_the_overall_category():
    def named(found, rules=NADIR):
        return [
            (item.category, item.at_sul_peak_g_per_ml, round(item.difference_g_per_ml, 6))
            for item in last(found, rules).margins
        ]

    assert named(course(10.0, 6.79)) == [(SMD, 7.0, 0.21)]
    assert named(course(10.0, (6.79, {"new_foci": (NEW,)}))) == []
    # CMR lowered to PMR by a non-target item: leaving CMR changes nothing, the next border does.
    item = (NonTargetItem("N1", NonTargetStatus.NON_CMR_NON_PMD),)
    lowered = course(10.0, (1.4, {"resolved": TICKED, "non_targets": item}))
    assert named(lowered) == [(SMD, 7.0, 5.6)]
    assert [item.category for item in last(lowered).target.margins] == [PMR]
    assert named(course(10.0, 6.79), FIVE) == [(SMD, 7.0, 0.21)]


# Records


def test_what_is_no_course():
    with pytest.raises(ValueError, match="baseline"):
        PercistCourse(())
    with pytest.raises(ValueError, match="out of order"):
        PercistCourse((visit(1, 9.0), visit(1, 9.0)))
    with pytest.raises(ValueError, match="out of order"):
        PercistCourse((replace(visit(0, 9.0), on=DAY + timedelta(days=500)), visit(1, 9.0)))
    with pytest.raises(ValueError, match="twice"):
        course(9.0, (9.0, {"new_foci": (NEW, NEW)}))


def test_which_pairs_must_not_be_compared():
    late = replace(SOUND, uptake_time_s=4700.0)
    facts = [(0, SOUND), (1, late), (2, SOUND), (3, late)]
    assert blocked_pairs(facts, NADIR) == (
        frozenset(), frozenset({0}), frozenset({1}), frozenset({0, 2}),
    )  # fmt: skip
