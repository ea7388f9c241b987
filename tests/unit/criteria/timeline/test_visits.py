"""Planned visits, missed visits, lead time (spec 3.11)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.timeline.lead_time import lead_time
from app.criteria.timeline.visits import longest_missed_run, plan_visits, planned_dates
from app.domain.timeline import CriterionCourse, ScanDone, VisitStatus
from app.domain.trial import Modality, Schedule

START = date(2026, 1, 5)
RULES = Schedule()
CT, BONE = Modality.CT, Modality.BONE_SCAN
ARM = (CT, BONE)
END = START + timedelta(days=900)


def day(number):
    return START + timedelta(days=number)


def plan(*scans, as_of=END):
    done = [ScanDone(day(number), modality) for number, modality in scans]
    return plan_visits(START, done, ARM, RULES, as_of)


def test_visits_are_every_91_days_for_two_years():
    dates = planned_dates(START, RULES)
    assert [(planned - START).days for planned in dates] == [91 * n for n in range(1, 9)]
    assert planned_dates(START, Schedule(duration_days=91)) == (day(91),)


@pytest.mark.parametrize(
    ("number", "visit"),
    [(76, None), (77, 1), (91, 1), (105, 1), (106, None), (167, None), (168, 2)],
)  # fmt: skip
def test_windows_are_14_days_inclusive(number, visit):
    found = plan((number, CT))
    held = [item.number for item in found.visits if item.scans]
    assert held == ([] if visit is None else [visit])
    assert bool(found.unscheduled) is (visit is None)


def test_baseline_scans_are_up_to_the_day_of_randomisation():
    found = plan((-28, CT), (0, BONE), (1, CT))
    assert [scan.scan_date for scan in found.baseline] == [day(-28), day(0)]
    assert [scan.scan_date for scan in found.unscheduled] == [day(1)]


def test_status():
    found = plan((91, CT), (93, BONE), (182, CT))
    states = [item.status for item in found.visits]
    assert states[:3] == [VisitStatus.COMPLETE, VisitStatus.PARTIAL, VisitStatus.MISSED]
    assert found.visits[1].missing == (BONE,)
    assert found.visits[2].missing == (BONE, CT)
    assert longest_missed_run(found) == 6
    assert longest_missed_run(plan()) == 8
    with_gap = plan((91, CT), (455, CT))
    assert longest_missed_run(with_gap) == 3


def test_a_window_that_has_not_closed_is_open():
    assert plan(as_of=day(105)).visits[0].status is VisitStatus.OPEN
    assert plan(as_of=day(106)).visits[0].status is VisitStatus.MISSED
    assert plan((91, CT), as_of=day(100)).visits[0].status is VisitStatus.OPEN
    assert plan((91, CT), (92, BONE), as_of=day(92)).visits[0].status is VisitStatus.COMPLETE
    assert plan((91, CT), as_of=day(90)).visits[0].scans == ()


@given(st.lists(st.tuples(st.integers(-40, 800), st.sampled_from(Modality)), max_size=20))
def test_every_scan_has_one_place_and_order_is_free(rows):
    found = plan(*rows)
    placed = [scan for item in found.visits for scan in item.scans]
    everywhere = [*placed, *found.baseline, *found.unscheduled]
    assert len(everywhere) == len(set(everywhere)) == len(set(rows))
    assert repr(plan(*rows[::-1])) == repr(found)


def course(criterion, progression=None, last=None):
    return CriterionCourse(
        criterion,
        None if progression is None else day(progression),
        None if last is None else day(last),
    )


def pair(one, other):
    (found,) = lead_time([one, other], START).pairs
    return found.first, found.second, found.days, found.at_least, found.why.code


def test_lead_of_two_that_progressed():
    percist, recist = course("PERCIST", 182, 182), course("RECIST", 364, 364)
    expected = ("PERCIST", "RECIST", 182, False, "LEAD_KNOWN")
    assert pair(percist, recist) == pair(recist, percist) == expected
    later = course("PERCIST", 400)
    assert pair(later, recist) == ("RECIST", "PERCIST", 36, False, "LEAD_KNOWN")
    same = course("PERCIST", 364)
    assert pair(recist, same) == ("PERCIST", "RECIST", 0, False, "LEAD_SAME_DAY")


def test_lead_over_one_that_did_not_progress_is_a_least_value():
    percist = course("PERCIST", 182, 182)
    still = course("RECIST", None, 455)
    assert pair(percist, still) == ("PERCIST", "RECIST", 273, True, "LEAD_AT_LEAST")
    at_once = course("RECIST", None, 182)
    assert pair(percist, at_once) == ("PERCIST", "RECIST", 0, True, "LEAD_AT_LEAST")
    for unknown in (course("RECIST", None, 181), course("RECIST")):
        expected = ("PERCIST", "RECIST", None, False, "LEAD_NOT_COMPARABLE")
        assert pair(percist, unknown) == expected
    assert pair(course("A"), course("B")) == ("A", "B", None, False, "LEAD_NO_PROGRESSION")


def test_three_side_by_side():
    found = lead_time(
        [course("RECIST", 364), course("BONE", None, 364), course("PERCIST", 182)], START
    )
    rows = [(row.criterion, row.days, row.behind_earliest_days) for row in found.rows]
    assert rows == [("BONE", None, None), ("PERCIST", 183, 0), ("RECIST", 365, 182)]
    assert [(item.first, item.second, item.days) for item in found.pairs] == [
        ("PERCIST", "BONE", 182), ("RECIST", "BONE", 0), ("PERCIST", "RECIST", 182),
    ]  # fmt: skip
    assert lead_time([course("PERCIST", 182)], None).rows[0].days is None
    assert lead_time([], START).rows == ()


def test_a_criterion_is_named_once():
    with pytest.raises(ValueError, match="named twice"):
        lead_time([course("RECIST"), course("RECIST")], START)
