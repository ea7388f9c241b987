"""After an overall CMR: recurrence at a resolved site (spec 2.7, 2.8)."""

from dataclasses import replace

import pytest

from app.criteria.percist.recurrence import RecurrenceCase, judge_recurrence
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.rule_sets import NADIR

CMR, PMD, NE = Category.CMR, Category.PMD, Category.NE
BASE = {"L1": 9.0, "L2": 8.0}


def respond(l1, l2=1.0, threshold=3.25, rules=NADIR, **more):
    case = RecurrenceCase(BASE, {"L1": l1, "L2": l2}, threshold, **more)
    return judge_recurrence(case, rules).response


@pytest.mark.parametrize(
    ("peak", "threshold", "typical", "category", "flags"),
    [
        (4.2, 3.25, True, PMD, ("RECURRENT_AFTER_CMR L1",)),
        (3.25, 3.25, True, PMD, ("RECURRENT_AFTER_CMR L1",)),
        (3.24, 3.25, True, CMR, ("RECURRENCE_BELOW_THRESHOLD L1",)),
        (4.2, 3.25, False, CMR, ()),
        (4.2, 3.25, None, CMR, ("RECURRENCE_NEEDS_READER L1",)),
        (3.0, 3.25, False, CMR, ()),
        (3.0, 3.25, None, CMR, ()),
        (4.2, None, True, CMR, ("RECURRENCE_WITHOUT_THRESHOLD L1",)),
        (4.2, None, None, CMR, ()),
    ],
)
def test_progression_needs_the_reader_and_the_threshold(peak, threshold, typical, category, flags):
    word = {} if typical is None else {"L1": typical}
    found = respond(peak, threshold=threshold, typical=word)
    assert (found.category, found.flags) == (category, flags)


def test_the_recurrent_site_is_the_target_though_another_is_hotter():
    found = respond(4.0, 6.0, typical={"L1": True, "L2": False}, reference_sul_peak=2.0)
    assert (found.category, found.target_id, found.sul_peak_g_per_ml) == (PMD, "L1", 4.0)
    assert found.change_from_reference_fraction == 1.0
    assert found.change_from_baseline_abs == -5.0


def test_the_border_may_be_strict():
    strict = replace(NADIR, threshold_inclusive=False)
    assert respond(3.25, typical={"L1": True}, rules=strict).category is CMR


def test_a_complete_response_stands_only_where_everything_was_seen():
    assert respond(1.0, comparable=False).category is NE
    case = RecurrenceCase(BASE, {"L1": 1.0}, 3.25)
    response = judge_recurrence(case, NADIR).response
    assert (response.category, response.flags) == (NE, ("LESION_OUTSIDE_SCAN L2",))
    # What is seen to recur needs neither.
    recurs = replace(case, current={"L1": 5.0}, typical={"L1": True}, comparable=False)
    assert judge_recurrence(recurs, NADIR).response.category is PMD
    empty = replace(case, current={"U1": 5.0}, typical={"U1": True})
    assert judge_recurrence(empty, NADIR).response.category is NE


def test_the_margin_is_the_distance_from_the_threshold():
    def margin(peak, rules=NADIR):
        (found,) = respond(peak, typical={"L1": True}, rules=rules).margins
        return found.category, found.at_sul_peak_g_per_ml, found.inclusive

    strict = replace(NADIR, threshold_inclusive=False)
    assert margin(3.0) == (PMD, 3.25, True)
    assert margin(4.0) == (CMR, 3.25, False)
    assert margin(3.0, strict) == (PMD, 3.25, False)
    assert margin(4.0, strict) == (CMR, 3.25, True)
    assert respond(4.0).margins == ()
    assert respond(4.0, threshold=None, typical={"L1": True}).margins == ()
