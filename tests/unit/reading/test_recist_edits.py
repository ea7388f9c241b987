from dataclasses import replace

import pytest

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistRole
from app.reading.edits import (
    AnyEdit,
    DeleteCaliper,
    EditRefusedError,
    RemoveLesion,
    SetNonTargetStatus,
    SetRecistRoles,
    SetRecistState,
    SetRole,
)
from app.reading.recist_marks import mark_of
from app.reading.state import LesionRole
from app.wording import sentences
from tests.builders.recist_reading import caliper, measured, reading

WHY = "the effusion now fills half of the chest"
PROGRESSION = NonTargetStatus.UNEQUIVOCAL_PROGRESSION
CODES = {
    "NO_SUCH_LESION",
    "RECIST_ROLE_OF_NEW_LESION",
    "RECIST_ROLE_NEEDS_TUMOUR",
    "RECIST_TARGET_NOT_MEASURED",
    "RECIST_NEEDS_FOLLOW_UP",
    "RECIST_STATE_NOT_STATED",
    "RECIST_MEASURED_THERE",
    "PROGRESSION_REASON_TOO_SHORT",
}


def roles(*choices):
    return SetRecistRoles(choices)


def start():
    return measured(reading(), caliper(1, "L1", 0, 40.0), caliper(2, "L2", 0, 30.0))


def test_roles_are_set_several_at_once_and_taken_back():
    state = roles(("L1", RecistRole.TARGET), ("L3", RecistRole.NON_TARGET)).apply(start())
    assert mark_of(state.recist, "L1").role is RecistRole.TARGET
    assert mark_of(state.recist, "L3").role is RecistRole.NON_TARGET
    assert roles(("L1", None), ("L3", None)).apply(state) == start()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (roles(("L9", RecistRole.NONE)), "NO_SUCH_LESION"),
        (roles(("U1", RecistRole.NON_TARGET)), "RECIST_ROLE_OF_NEW_LESION"),
        (roles(("L3", RecistRole.TARGET)), "RECIST_TARGET_NOT_MEASURED"),
        (roles(("L2", RecistRole.TARGET)), "RECIST_TARGET_NOT_MEASURED"),  # no short axis
        (SetRecistState("L1", 0, TargetState.ABSENT), "RECIST_NEEDS_FOLLOW_UP"),
        (SetRecistState("L1", 7, TargetState.ABSENT), "RECIST_NEEDS_FOLLOW_UP"),
        (SetRecistState("U1", 2, TargetState.ABSENT), "RECIST_ROLE_OF_NEW_LESION"),
        (SetRecistState("L1", 1, TargetState.MEASURED), "RECIST_STATE_NOT_STATED"),
        (SetRecistState("L1", 1, TargetState.SPLIT), "RECIST_STATE_NOT_STATED"),
        (SetNonTargetStatus("L9", 1, NonTargetStatus.PRESENT), "NO_SUCH_LESION"),
        (SetNonTargetStatus("L3", 0, NonTargetStatus.PRESENT), "RECIST_NEEDS_FOLLOW_UP"),
        (SetNonTargetStatus("L3", 1, PROGRESSION), "PROGRESSION_REASON_TOO_SHORT"),
        (SetNonTargetStatus("L3", 1, PROGRESSION, "x" * 19 + "  "), "PROGRESSION_REASON_TOO_SHORT"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code(edit, code):
    with pytest.raises(EditRefusedError, match=code):
        edit.apply(start())


def test_a_role_needs_a_tumour_but_anything_may_be_left_out():
    state = SetRole("L1", LesionRole.PHYSIOLOGICAL).apply(start())
    with pytest.raises(EditRefusedError, match="RECIST_ROLE_NEEDS_TUMOUR"):
        roles(("L1", RecistRole.TARGET)).apply(state)
    assert roles(("L1", RecistRole.NONE)).apply(state).recist[0].role is RecistRole.NONE
    with pytest.raises(EditRefusedError, match="NO_SUCH_LESION"):
        roles(("L1", RecistRole.NONE)).apply(RemoveLesion("L1").apply(state))


@pytest.mark.parametrize(
    "edit",
    [
        SetRecistState("L1", 1, TargetState.ABSENT),
        SetRecistState("L1", 1, TargetState.NOT_ASSESSED),
        SetNonTargetStatus("L1", 1, NonTargetStatus.ABSENT),
        SetNonTargetStatus("L1", 1, NonTargetStatus.NE),
    ],
)
def test_what_is_measured_is_neither_gone_nor_unreadable(edit):
    later = caliper(3, "L1", 1, 12.0)
    with pytest.raises(EditRefusedError, match="RECIST_MEASURED_THERE"):
        edit.apply(measured(start(), later))
    # The other way round the caliper takes the statement back, and it stays back.
    drawn = measured(edit.apply(start()), later)
    assert drawn.recist == ()
    assert DeleteCaliper("C3").apply(drawn) == start()


def test_too_small_goes_with_a_caliper_and_progression_with_its_reason():
    state = measured(start(), caliper(3, "L1", 1, 4.0))
    state = SetRecistState("L1", 1, TargetState.TOO_SMALL).apply(state)
    state = SetNonTargetStatus("L3", 2, PROGRESSION, f" {WHY} ").apply(state)
    assert mark_of(state.recist, "L1").at(1).state is TargetState.TOO_SMALL
    assert mark_of(state.recist, "L3").at(2).why == WHY
    back = SetNonTargetStatus("L3", 2, NonTargetStatus.PRESENT, WHY).apply(state)
    assert mark_of(back.recist, "L3").at(2).why == ""
    back = SetNonTargetStatus("L3", 2, None).apply(back)
    assert replace(SetRecistState("L1", 1, None).apply(back), calipers=()) == replace(
        start(), calipers=()
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_edits_and_refusals_are_worded(language):
    assert {kind.__name__ for kind in AnyEdit.__args__} == set(sentences("edit_names", language))
    assert set(sentences("edit_refusals", language)) >= CODES
