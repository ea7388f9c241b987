from dataclasses import replace

import pytest

from app.domain.lesion import LesionOrigin
from app.reading.edits import ClassifyNew, RemoveLesion, SetRegion, SetRole, TickResolved
from app.reading.state import LesionRole, NewLesionClass
from tests.unit.viewers.presenters.sample_reading import complete, computing, lesion, state
from viewers.presenters.lesion_card import lesion_card
from viewers.presenters.lesions import (
    confirmed_share,
    lesion_rows,
    next_unconfirmed,
    progress_text,
)
from viewers.presenters.new_lesions import classification, reasons, verdict
from viewers.presenters.numbers import NumberKind, NumberRef, NumberState


def rows_of(derived, selected=None):
    return {row.lesion_id: row for row in lesion_rows(derived, selected)}


def test_rows_keep_the_order_of_the_reading_whatever_the_roles():
    changed = SetRole("L1", LesionRole.PHYSIOLOGICAL).apply(state())
    assert [r.lesion_id for r in lesion_rows(complete(changed))] == ["L1", "P1", "L2", "L3", "U1"]


def test_a_row_tells_value_change_target_and_notes():
    rows = rows_of(complete(), "L1")
    first, third = rows["L1"], rows["L3"]
    assert [cell.number.text for cell in first.cells] == ["10.00", "6.00"]
    assert (first.change.text, first.change.unit) == ("−40.0", "%")
    assert first.target == "both" and first.selected and not third.selected
    assert third.notes == "< 2 cm · FU1: below threshold"


def test_every_number_names_what_it_is():
    for row in lesion_rows(complete()):
        for cell in row.cells:
            if cell.number.state is NumberState.READY:
                expected = NumberRef(NumberKind.SUL_PEAK, cell.visit, row.lesion_id)
                assert cell.number.ref == expected and cell.number.unit == "g/mL"


def test_before_anything_is_measured_every_placed_lesion_is_computing():
    for row in lesion_rows(computing()):
        placed = dict(state().lesion(row.lesion_id).regions)
        for cell in row.cells:
            expected = NumberState.COMPUTING if cell.visit in placed else NumberState.ABSENT
            assert cell.number.state is expected
        assert row.target == ""


def test_the_number_of_a_moved_region_is_computing_not_the_old_one():
    derived = complete()
    pending = {**derived.measurements, ("L1", 1): None}
    row = rows_of(replace(derived, measurements=pending, read=None))["L1"]
    assert [cell.number.state for cell in row.cells] == [NumberState.READY, NumberState.COMPUTING]
    assert row.change.state is NumberState.COMPUTING


def test_what_a_complete_read_lacks_is_absent_and_not_computing():
    derived = complete()
    outside = {k: v for k, v in derived.measurements.items() if k != ("L1", 1)}
    row = rows_of(replace(derived, measurements=outside))["L1"]
    assert row.cells[1].number.state is NumberState.ABSENT
    assert row.change.state is NumberState.ABSENT


def test_ticks_stand_only_at_follow_ups_of_tumour_lesions():
    ticks = {
        name: [cell.resolved for cell in row.cells] for name, row in rows_of(complete()).items()
    }
    assert ticks == {
        "L1": [None, False],
        "P1": [None, None],
        "L2": [None, False],
        "L3": [None, False],
        "U1": [None, None],
    }
    ticked = TickResolved("L1", 1, True).apply(state())
    assert rows_of(complete(ticked))["L1"].cells[1].resolved is True


def test_a_marked_focus_shows_its_organ_and_a_reader_s_lesion_its_site():
    assert rows_of(complete())["P1"].place == "kidney, right"
    turned = SetRole("P1", LesionRole.TUMOUR).apply(state())
    assert rows_of(complete(turned))["P1"].place == "abdomen, right"


def test_role_letters_carry_a_question_mark_until_confirmed():
    letters = {name: row.role_letter for name, row in rows_of(complete()).items()}
    assert letters == {"L1": "L", "P1": "P?", "L2": "L?", "L3": "L?", "U1": "L?"}


@pytest.mark.parametrize(
    ("current", "following"),
    [(None, "P1"), ("L1", "P1"), ("P1", "L2"), ("L3", "U1"), ("U1", "P1"), ("gone", "P1")],
)
def test_next_goes_on_from_the_current_lesion_and_round(current, following):
    assert next_unconfirmed(state().lesions, current) == following


def test_next_skips_what_was_removed_and_ends_when_all_is_confirmed():
    without = RemoveLesion("P1").apply(state())
    assert next_unconfirmed(without.lesions, "L1") == "L2"
    done = state()
    for name in ("P1", "L2", "L3", "U1"):
        done = SetRole(name, done.lesion(name).role).apply(done)
    assert next_unconfirmed(done.lesions, "L1") is None
    assert confirmed_share(done.lesions) == (5, 5)
    assert progress_text(done.lesions) == "5 of 5 confirmed"


def test_the_card_shows_six_measures_for_each_visit_and_the_flags_in_words():
    card = lesion_card(complete(), "L3")
    assert card.visits == ("BL", "FU1")
    measures = {row.label: [n.text for n in row.numbers] for row in card.measures}
    assert measures["SULpeak"] == ["4.00", "1.00"]
    assert measures["SULmean"] == ["3.00", "–"]
    assert measures["Volume (MTV)"] == ["3.21", "0.00"]
    assert len(measures) == 6 and all(row.unit for row in card.measures)
    assert "BL: Smaller than 2 cm: partial volume may lower the uptake." in card.cautions
    assert lesion_card(complete(), "P1").cautions[0].startswith("kidney: 60 mm right")


def test_a_removed_region_leaves_a_dash():
    without = SetRegion("L1", 1, None).apply(state())
    derived = complete(without)
    gone = {k: v for k, v in derived.measurements.items() if k != ("L1", 1)}
    row = rows_of(replace(derived, measurements=gone, read=None))["L1"]
    assert row.cells[1].number.state is NumberState.ABSENT


def test_only_a_focus_first_seen_later_can_be_called_new():
    assert classification(lesion("L1")) is None
    assert classification(lesion("U1")) is not None


@pytest.mark.parametrize("new_class", [NewLesionClass.UNEQUIVOCAL, NewLesionClass.EQUIVOCAL])
@pytest.mark.parametrize(("site", "asked"), [("chest", True), ("hilum", True), ("bone", False)])
def test_lung_and_hilum_ask_for_ild_before_a_verdict(new_class, site, asked):
    view = classification(lesion("U1", site=site))
    answer = verdict(view, new_class, "", False)
    assert isinstance(answer, str) is asked
    assert verdict(view, new_class, "", True) == ClassifyNew("U1", new_class, "", True)


def test_not_malignant_needs_a_reason_and_every_reason_is_taken_by_the_reading():
    view = classification(lesion("U1"))
    assert isinstance(verdict(view, NewLesionClass.NOT_MALIGNANT, "", False), str)
    assert len(reasons()) == 13
    for code, name in reasons():
        edit = verdict(view, NewLesionClass.NOT_MALIGNANT, code, False)
        assert edit.apply(state()).lesion("U1").new_reason == code and name


@pytest.mark.parametrize("new_class", list(NewLesionClass))
@pytest.mark.parametrize("site", ["chest", "bone", "mediastinum"])
@pytest.mark.parametrize("ild", [False, True])
@pytest.mark.parametrize("reason", ["", "infection"])
def test_a_verdict_that_is_let_through_is_never_refused_by_the_reading(
    new_class, site, ild, reason
):
    shown = state(lesions=(lesion("U1", site=site),))
    answer = verdict(classification(shown.lesion("U1")), new_class, reason, ild)
    if not isinstance(answer, str):
        answer.apply(shown)


def test_a_number_below_its_threshold_says_so():
    rows = rows_of(complete())
    below = {(name, cell.visit) for name, row in rows.items() for cell in row.cells
             if cell.below_threshold}  # fmt: skip
    carried = {
        key for key, item in complete().measurements.items() if item.origin is LesionOrigin.CARRIED
    }
    assert below == carried and below
