"""The table of diameters and the response as shown; sums worked by hand."""

import pytest

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistRole
from app.reading.edits import (
    ClassifyNew,
    DeleteCaliper,
    SetNonTargetStatus,
    SetRecistRoles,
    SetRecistState,
    SetRole,
)
from app.reading.state import LesionRole, NewLesionClass
from app.services.recist_read import recist_read, recist_rules
from tests.builders.recist_reading import caliper, lesion, measured, reading, responding
from viewers.presenters.numbers import NumberKind, NumberRef, NumberState
from viewers.presenters.recist import recist_summary
from viewers.presenters.recist_choices import take_proposals, with_reason
from viewers.presenters.recist_response import recist_views

PROGRESSION = NonTargetStatus.UNEQUIVOCAL_PROGRESSION
WHY = "many more lesions of the whole spine"


def read_of(state):
    return recist_read(state, {}, recist_rules())


def summary(state):
    return recist_summary(state, read_of(state))


def view(state, number=1):
    return recist_views(read_of(state), state)[number]


def row(state, lesion_id):
    return next(item for item in summary(state).rows if item.lesion_id == lesion_id)


def test_no_caliper_gives_an_empty_table_and_no_response():
    shown = summary(reading())
    assert shown.rows == () and shown.now.state is NumberState.ABSENT
    assert recist_views(None, reading()) == () and take_proposals(None) is None


def test_longest_of_a_lesion_and_short_axis_of_a_node_enter_the_sum():
    shown = summary(responding())
    assert (shown.baseline.labelled, shown.now.labelled) == ("60.0 mm", "30.0 mm")
    assert [number.text for number in shown.sums] == ["60.0", "40.2", "30.0"]
    assert shown.nadir.text == "40.2"
    assert shown.change_from_baseline.labelled == "−50 %"
    assert shown.change_from_nadir.labelled == "−25 %"
    assert {r.lesion_id: (r.role, r.axis_text, r.counted) for r in shown.rows} == {
        "L1": ("T?", "long", True),
        "L2": ("T?", "short", True),
        "L4": ("NT?", "long", False),
    }
    first = shown.rows[0]
    assert first.numbers[0].text == "40.0 × 31.0" and first.change.text == "−50"
    assert first.numbers[1].ref == NumberRef(NumberKind.AXIS, 1, "C3")
    assert "measurable" in first.why


def test_a_sum_is_made_of_stored_tenths_without_binary_dust():
    state = measured(
        reading(lesion("L1", "liver"), lesion("L2", "chest")),
        caliper(1, "L1", 0, 10.1),
        caliper(2, "L2", 0, 10.2),
    )
    assert summary(state).baseline.text == "20.3"


def test_a_target_not_measured_makes_the_sum_incomplete_and_is_named():
    state = DeleteCaliper("C5").apply(responding())
    shown = summary(state)
    assert shown.now.text == "incomplete" and shown.now.state is NumberState.ABSENT
    assert shown.change_from_baseline.state is NumberState.ABSENT
    assert shown.note == "Not measured now: L1"
    assert row(state, "L1").numbers[2].text == "not assessed"
    answer = view(state, 2)
    assert (answer.headline, answer.category) == ("NE", "NE")
    assert answer.target == "Sum incomplete: L1 not assessed"


def test_states_and_statuses_stand_in_the_cells():
    state = SetRecistState("L1", 2, TargetState.ABSENT).apply(
        DeleteCaliper("C5").apply(responding())
    )
    state = SetNonTargetStatus("L4", 1, PROGRESSION, WHY).apply(state)
    assert row(state, "L1").numbers[2].text == "disappeared"
    texts = [number.text for number in row(state, "L4").numbers]
    assert texts == ["–", "unequivocal progression", "?"]
    drawn = measured(state, caliper(9, "L4", 1, 22.0))
    assert row(drawn, "L4").numbers[1].text == "22.0, unequivocal progression"
    small = SetRecistState("L1", 1, TargetState.TOO_SMALL).apply(state)
    assert row(small, "L1").numbers[1].text == "28.2 × 20.0, too small to measure"


def test_a_node_without_a_short_axis_says_so():
    state = measured(reading(lesion("L2", "hilum")), caliper(1, "L2", 0, 30.0))
    assert row(state, "L2").numbers[0].text == "no short axis"
    assert not row(state, "L2").counted


def test_the_response_tells_category_change_trace_and_margins():
    answer = view(responding())
    assert (answer.headline, answer.category_text) == ("PR −33 %", "Partial response")
    assert answer.target == "Sum 60.0 → 40.2 mm, nadir 60.0 mm"
    assert answer.change == "−33.0 % from baseline, −33.0 % from nadir (−19.8 mm)"
    # 70 % of 60.0 is 42.0 mm: any larger sum is stable disease.
    assert answer.margins == (
        "PR would become SD if the sum were more than 1.8 mm larger (above 42.0 mm)",
    )
    rules = [reason.rule for reason in answer.reasons]
    assert rules[0] == "REC-3.5-NADIR" and rules[-1] == "REC-3.9-T1"
    told = next(item.text for item in answer.reasons if item.rule == "REC-3.5-PR")
    assert told == (
        "Change from baseline, 60.0 mm to 40.2 mm: −33.0 %. "
        "This reaches the limit of partial response (−30 %)."
    )
    nadir = next(i.text for i in view(responding(), 2).reasons if i.rule == "REC-3.5-NADIR")
    assert nadir == "A rise is measured from the nadir, Follow-up 1: sum 40.2 mm."
    assert answer.ref == NumberRef(NumberKind.AXIS_SUM, 1)


def test_progression_is_told_from_the_nadir_or_without_a_number():
    state = measured(responding(), caliper(9, "L1", 2, 43.2, 15.0))  # 53.2 after 40.2
    assert view(state, 2).headline == "PD +32 %"
    by_item = SetNonTargetStatus("L4", 1, PROGRESSION, WHY).apply(responding())
    answer = view(by_item)
    assert answer.headline == "PD"
    assert any("substantial worsening" in text for text in answer.cautions)


@pytest.mark.parametrize(
    ("size", "category", "margin"),
    [
        (20.1, "SD", "SD would become PR if the sum were 0.01 mm smaller (20.09 mm)"),
        (
            20.0,
            "PR",
            "PR would become SD if the sum were more than 0.09 mm larger (above 20.09 mm)",
        ),
        (21.0, "SD", "SD would become PR if the sum were 0.91 mm smaller (20.09 mm)"),
    ],
)
def test_a_sum_near_its_limit_tells_it_with_the_decimals_it_needs(size, category, margin):
    state = measured(
        reading(lesion("L1", "liver")), caliper(1, "L1", 0, 28.7), caliper(2, "L1", 1, size)
    )
    answer = view(state)  # 70 % of 28.7 is 20.09
    assert answer.category == category and answer.margins[0].startswith(margin)


def test_a_sum_on_its_limit_says_so():
    state = measured(
        reading(lesion("L1", "liver")), caliper(1, "L1", 0, 30.0), caliper(2, "L1", 1, 21.0)
    )
    assert view(state).margins[0] == ("PR lies on the limit of 21.0 mm: any larger sum would be SD")


def test_a_progression_of_what_was_seen_tells_what_was_not():
    state = measured(
        reading(lesion("L1", "liver"), lesion("L2", "chest")),
        caliper(1, "L1", 0, 10.0),
        caliper(2, "L2", 0, 15.0),
        caliper(3, "L1", 1, 30.0),  # 20 % and 5 mm above 25.0, without L2
    )
    answer = view(state)
    assert answer.category == "PD" and answer.target == "Sum incomplete: L2 not assessed"
    assert answer.headline == "PD" and answer.margins == ()
    on_limit = DeleteCaliper("C2").apply(state)  # L2 is no target: 30.0 is three times 10.0
    shrunk = measured(on_limit, caliper(3, "L1", 1, 15.0))
    assert view(shrunk).margins[0] == (
        "PD lies on the limit of 15.0 mm: any smaller sum would be SD"
    )


def test_the_baseline_tells_why_each_lesion_has_its_role():
    start = view(responding(), 0)
    assert (start.category, start.target) == ("", "2 targets, sum 60.0 mm")
    assert [item.rule for item in start.reasons] == ["L1", "L2", "L4"]
    many = measured(
        reading(*(lesion(f"L{n}", "liver") for n in (1, 2, 3))),
        *(caliper(n, f"L{n}", 0, 20.0) for n in (1, 2, 3)),
    )
    chosen = SetRecistRoles(tuple((f"L{n}", RecistRole.TARGET) for n in (1, 2, 3))).apply(many)
    problem = "3 targets in one organ (liver); at most 2 are allowed."
    assert view(chosen, 0).cautions == (problem,) and problem in view(chosen).cautions


def test_roles_are_a_draft_until_a_reader_takes_them():
    state = responding()
    assert view(state).draft_note == "Draft: 3 of 3 roles are proposals"
    taken = take_proposals(read_of(state)).apply(state)
    assert view(taken).draft_note == "" and take_proposals(read_of(taken)) is None
    assert [r.role for r in summary(taken).rows] == ["T", "T", "NT"]
    assert view(taken).headline == view(state).headline


def test_what_is_left_out_is_listed_with_why():
    state = SetRole("L4", LesionRole.UNSURE).apply(responding())
    state = measured(state, caliper(9, None, 0, 50.0))
    shown = {item.rule: item.text for item in summary(state).left_out}
    assert shown == {
        "L4": "Not decided whether it is tumour.",
        "C9": "The caliper belongs to no lesion: select the lesion, then measure.",
    }
    assert row(state, "C9").groups == () and row(state, "L4").role == "–"


def test_the_choices_of_a_row_are_edits_that_do_what_they_say():
    state = responding()
    role, first, second = row(state, "L1").groups
    assert [group.title for group in (role, first, second)] == [
        "Role",
        "Follow-up 1",
        "Follow-up 2",
    ]
    assert [c.label for c in role.choices if c.current] == ["as proposed"]
    assert [c.label for c in first.choices if c.current] == ["measured"]
    bare = DeleteCaliper("C3").apply(state)
    absent = next(c for c in row(bare, "L1").groups[1].choices if c.label == "disappeared")
    after = absent.edit.apply(bare)
    assert [c.label for c in row(after, "L1").groups[1].choices if c.current] == ["disappeared"]
    non_target = next(c for c in role.choices if c.label == "non-target")
    assert row(non_target.edit.apply(state), "L1").role == "NT"


def test_unequivocal_progression_asks_why_first():
    asked = [c for c in row(responding(), "L4").groups[1].choices if c.asks_why]
    assert [c.label for c in asked] == ["unequivocal progression…"]
    short = with_reason(asked[0].edit, "larger")
    assert short == "14 more characters: why is it unequivocal?"
    state = with_reason(asked[0].edit, WHY).apply(responding())
    assert view(state).category == "PD"


def test_a_new_focus_is_a_row_of_its_own_without_choices():
    state = measured(
        reading(lesion("L1", "liver"), lesion("U1", "abdomen", 1)),
        caliper(1, "L1", 0, 30.0),
        caliper(2, "L1", 1, 30.0),
    )
    assert row(state, "U1").role == "–" and row(state, "U1").groups == ()
    new = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(state)
    assert row(new, "U1").role == "new" and row(new, "U1").groups == ()
    assert view(new).category == "PD"
