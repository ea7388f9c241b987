import pytest

from app.domain.caliper import Caliper
from app.reading.edits import PlaceCaliper, SetRole
from app.reading.state import LesionRole
from tests.unit.viewers.presenters.sample_reading import state
from viewers.presenters.numbers import NumberState
from viewers.presenters.recist import recist_summary


def caliper(number, lesion_id, visit, long_mm, short_mm=None):
    short = None if short_mm is None else ((0.0, 0.0, 0.0), (0.0, short_mm, 0.0))
    return Caliper(
        f"C{number}", lesion_id, visit, "1.2", ((0.0, 0.0, 0.0), (long_mm, 0.0, 0.0)), short
    )


def with_calipers(*calipers, start=None):
    shown = start or state()
    for item in calipers:
        shown = PlaceCaliper(item).apply(shown)
    return shown


def test_no_caliper_gives_an_empty_table():
    view = recist_summary(state())
    assert view.rows == () and view.now.state is NumberState.ABSENT


def test_longest_of_a_lesion_and_short_axis_of_a_node_enter_the_sum():
    shown = with_calipers(
        caliper(1, "L2", 0, 40.0, 20.0),  # liver: longest
        caliper(2, "L1", 0, 30.0, 16.0),  # hilum: short axis
        caliper(3, "L2", 1, 28.0, 15.0),
        caliper(4, "L1", 1, 25.0, 9.9),
    )
    view = recist_summary(shown)
    assert (view.baseline.labelled, view.now.labelled) == ("56.0 mm", "37.9 mm")
    assert view.nadir.text == "56.0"
    assert view.change_from_baseline.labelled == "−32 %"
    assert {row.lesion_id: row.axis_text for row in view.rows} == {"L2": "long", "L1": "short"}
    assert view.rows[0].numbers[0].text == "40.0 × 20.0"


def test_a_sum_is_made_of_stored_tenths_without_binary_dust():
    shown = with_calipers(caliper(1, "L2", 0, 10.1), caliper(2, "L3", 0, 10.2))
    assert recist_summary(shown).baseline.text == "20.3"


def test_a_lesion_not_measured_now_makes_the_sum_incomplete_and_is_named():
    shown = with_calipers(
        caliper(1, "L2", 0, 40.0), caliper(2, "L3", 0, 30.0), caliper(3, "L2", 1, 20.0)
    )
    view = recist_summary(shown)
    assert view.now.text == "incomplete" and view.now.state is NumberState.ABSENT
    assert view.change_from_baseline.state is NumberState.ABSENT
    assert "L3" in view.note


@pytest.mark.parametrize("stranger", ["role", "no_lesion", "follow_up_only"])
def test_what_is_no_baseline_tumour_lesion_is_shown_but_not_summed(stranger):
    start = state()
    extra = caliper(2, "L3", 0, 99.0)
    if stranger == "role":
        start = SetRole("L3", LesionRole.PHYSIOLOGICAL).apply(start)
    elif stranger == "no_lesion":
        extra = caliper(2, None, 0, 99.0)
    else:
        extra = caliper(2, "U1", 1, 99.0)
    view = recist_summary(with_calipers(caliper(1, "L2", 0, 40.0), extra, start=start))
    assert view.baseline.text == "40.0"
    assert [row.counted for row in view.rows] == [True, False]


def test_a_node_without_a_short_axis_says_so():
    view = recist_summary(with_calipers(caliper(1, "L1", 0, 30.0)))
    assert view.rows[0].numbers[0].text == "no short axis"
    assert not view.rows[0].counted


def test_a_caliper_drawn_later_replaces_the_earlier_one():
    shown = with_calipers(caliper(1, "L2", 0, 40.0), caliper(2, "L2", 0, 42.0))
    assert recist_summary(shown).baseline.text == "42.0"
