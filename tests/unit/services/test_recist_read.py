"""From calipers to roles and responses; the numbers are worked by hand from spec 3."""

import ast
import tomllib
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from app.domain.recist import NonTargetStatus, RecistCategory, TargetState
from app.domain.recist_read import RecistRole
from app.domain.recist_response import NewLesionState
from app.reading.edits import (
    ClassifyNew,
    DeleteCaliper,
    RemoveLesion,
    SetNonTargetStatus,
    SetRecistRoles,
    SetRecistState,
    SetRole,
)
from app.reading.state import LesionRole, NewLesionClass
from app.services import recist_read as service
from app.services.recist_read import recist_read, recist_rules
from app.services.recist_roles import CtSlices
from app.wording import WORDING_FOLDER, sentences
from tests.builders.recist_reading import caliper, lesion, measured, reading, responding

RULES = recist_rules()
THIN = {number: CtSlices(2.0, 2.0) for number in range(3)}
T, N, OUT = RecistRole.TARGET, RecistRole.NON_TARGET, RecistRole.NONE


def read_of(state, slices=THIN):
    return recist_read(state, slices, RULES)


def roles_of(state, slices=THIN):
    return {item.lesion_id: item.role for item in read_of(state, slices).lesions}


def overall(state, number=1):
    return read_of(state).response(number).overall.value


def why(read, lesion_id):
    found = next(item for item in read.lesions if item.lesion_id == lesion_id)
    return [item.code for item in found.reasons]


def test_without_a_caliper_there_is_no_read():
    assert read_of(reading()) is None


def test_longest_diameters_and_short_axes_make_the_sum_and_the_response():
    read = read_of(responding())
    assert [(t.lesion_id, t.nodal, t.baseline_mm) for t in read.baseline.targets] == [
        ("L1", False, 40.0),
        ("L2", True, 20.0),
    ]
    first, second = (read.response(number) for number in (1, 2))
    assert (first.target.sum_mm, second.target.sum_mm) == (40.2, 30.0)
    assert first.overall is second.overall is RecistCategory.PR  # 10 * 40.2 <= 7 * 60
    assert first.target.change_from_baseline_fraction == pytest.approx(-0.33)
    assert read.response(0) is None
    assert read.course.best.category is RecistCategory.PR


def test_the_largest_measurable_lesions_are_proposed_up_to_the_limits():
    names = [f"L{number}" for number in range(1, 9)]
    sites = ["liver", "liver", "liver", "chest", "abdomen", "pelvis", "neck", "head"]
    state = reading(*(lesion(n, s) for n, s in zip(names, sites, strict=True)))
    sizes = [30.0, 20.0, 40.0, 12.0, 50.0, 25.0, 60.0, 9.9]
    state = measured(
        state,
        *(caliper(i, n, 0, mm, 14.0) for i, (n, mm) in enumerate(zip(names, sizes, strict=True))),
    )
    found = roles_of(state)
    # L2 is the third of the liver, L7 a node of 14 mm, L8 below 10 mm.
    assert {n for n, role in found.items() if role is T} == {"L1", "L3", "L4", "L5", "L6"}
    assert {n for n, role in found.items() if role is N} == {"L2", "L7", "L8"}
    assert why(read_of(state), "L2")[-1] == "SEATS_OF_ORGAN_TAKEN"
    assert why(read_of(state), "L8") == ["SIZE_BELOW_LEAST"]
    more = measured(
        replace(state, lesions=(*state.lesions, lesion("L9", "thigh"))), caliper(9, "L9", 0, 11.0)
    )
    assert roles_of(more)["L9"] is N and why(read_of(more), "L9")[-1] == "SEATS_TAKEN"


def test_a_choice_takes_its_seat_before_the_proposals_and_is_held_to_the_limits():
    state = measured(
        reading(*(lesion(f"L{n}", "liver") for n in (1, 2, 3))),
        *(caliper(n, f"L{n}", 0, 10.0 + n) for n in (1, 2, 3)),
    )
    assert roles_of(state) == {"L3": T, "L2": T, "L1": N}
    chosen = SetRecistRoles((("L1", T),)).apply(state)
    assert roles_of(chosen) == {"L1": T, "L3": T, "L2": N}
    assert read_of(chosen).problems == ()
    every = SetRecistRoles((("L1", T), ("L2", T), ("L3", T))).apply(state)
    assert [item.code for item in read_of(every).problems] == ["MAX_2_PER_ORGAN"]
    assert read_of(every).proposed == 0 and read_of(state).proposed == 3


@pytest.mark.parametrize(
    ("slices", "role"),
    [
        (CtSlices(5.0, 5.0), T),
        (CtSlices(6.0, 3.0), N),
        (CtSlices(3.0, 6.0), N),
        (CtSlices(), T),
    ],
)
def test_thick_slices_raise_the_least_size(slices, role):
    state = measured(reading(lesion("L1", "liver")), caliper(1, "L1", 0, 11.0))
    assert roles_of(state, {0: slices}) == {"L1": role}


def test_a_normal_node_is_not_recorded_and_bone_is_a_target_by_choice_only():
    state = measured(
        reading(lesion("L1", "liver"), lesion("L2", "neck"), lesion("L3", "bone")),
        caliper(1, "L1", 0, 30.0),
        caliper(2, "L2", 0, 20.0, 9.9),
        caliper(3, "L3", 0, 40.0),
    )
    assert roles_of(state) == {"L1": T, "L3": N, "L2": OUT}
    assert why(read_of(state), "L2") == ["NODE_NORMAL"]
    assert why(read_of(state), "L3") == ["BONE_BY_CHOICE_ONLY"]
    chosen = SetRecistRoles((("L3", T),)).apply(state)
    assert roles_of(chosen)["L3"] is T and read_of(chosen).problems == ()


def test_a_target_chosen_too_small_is_told():
    state = measured(reading(lesion("L1", "liver")), caliper(1, "L1", 0, 8.0))
    chosen = SetRecistRoles((("L1", T),)).apply(state)
    assert [item.code for item in read_of(chosen).problems] == ["TARGET_NOT_MEASURABLE"]
    unmeasured = DeleteCaliper("C1").apply(measured(chosen, caliper(2, None, 0, 9.0)))
    assert roles_of(unmeasured) == {"L1": N, "C2": OUT}
    assert why(read_of(unmeasured), "L1")[-1] == "CHOSEN_TARGET_WITHOUT_SIZE"


def test_what_is_not_measured_is_missing_and_never_zero():
    state = DeleteCaliper("C3").apply(responding())
    component = read_of(state).response(1).target
    assert component.category is RecistCategory.NE and component.missing == ("L1",)
    assert component.sum_mm is None


def test_a_node_measured_by_its_long_axis_alone_is_missing():
    state = measured(responding(), caliper(9, "L2", 1, 25.0))
    assert read_of(state).response(1).target.missing == ("L2",)


@pytest.mark.parametrize(
    ("state", "sum_mm"),
    [(TargetState.ABSENT, 12.0), (TargetState.TOO_SMALL, 17.0), (TargetState.NOT_ASSESSED, None)],
)
def test_stated_states_enter_the_sum(state, sum_mm):
    stated = SetRecistState("L1", 1, state).apply(DeleteCaliper("C3").apply(responding()))
    assert read_of(stated).response(1).target.sum_mm == sum_mm


def test_too_small_with_a_caliper_counts_what_was_measured():
    stated = SetRecistState("L1", 1, TargetState.TOO_SMALL).apply(
        measured(responding(), caliper(3, "L1", 1, 3.4))
    )
    assert read_of(stated).response(1).target.sum_mm == pytest.approx(15.4)


def test_tumour_without_a_caliper_stays_a_non_target_that_nobody_evaluated():
    gone = DeleteCaliper("C3").apply(DeleteCaliper("C4").apply(responding()))
    for name in ("L1", "L2"):
        gone = SetRecistState(name, 1, TargetState.ABSENT).apply(gone)
    assert read_of(gone).response(1).target.category is RecistCategory.CR
    assert overall(gone) == "PR"  # bone lesion L4 is not evaluated
    assert overall(SetNonTargetStatus("L4", 1, NonTargetStatus.ABSENT).apply(gone)) == "CR"
    assert overall(SetNonTargetStatus("L4", 1, NonTargetStatus.PRESENT).apply(gone)) == "PR"
    progressing = SetNonTargetStatus(
        "L4", 1, NonTargetStatus.UNEQUIVOCAL_PROGRESSION, "many more lesions of the whole spine"
    ).apply(gone)
    assert overall(progressing) == "PD"
    assert read_of(progressing).response(1).flags == ("PD_BY_NON_TARGET_ALONE",)


def test_a_caliper_on_a_non_target_says_present_and_a_node_below_ten_is_gone():
    state = measured(
        reading(lesion("L1", "liver"), lesion("L2", "neck")),
        caliper(1, "L1", 0, 30.0),
        caliper(2, "L2", 0, 20.0, 12.0),
        caliper(3, "L1", 1, 30.0),
        caliper(4, "L2", 1, 20.0, 12.0),
        caliper(5, "L2", 2, 15.0, 9.0),
    )
    component = read_of(state).response(1).non_target
    assert component.present == ("L2",) and component.category is RecistCategory.NON_CR_NON_PD
    assert read_of(state).response(2).non_target.category is RecistCategory.CR


def with_new(site="abdomen"):
    state = responding()
    return replace(state, lesions=(*state.lesions, lesion("U1", site, 1)))


def test_a_new_lesion_counts_by_its_class_with_or_without_a_caliper():
    unclassified = with_new()
    assert overall(unclassified) == "PR"
    assert why(read_of(unclassified), "U1") == ["NEW_FOCUS_NOT_CLASSIFIED"]
    classified = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(unclassified)
    assert overall(classified) == "PD"
    first = read_of(classified).course.first_progression
    assert [item.value for item in first.modality] == ["PET"]
    drawn = measured(classified, caliper(9, "U1", 1, 12.0))
    assert [i.value for i in read_of(drawn).course.first_progression.modality] == ["CT"]
    equivocal = ClassifyNew("U1", NewLesionClass.EQUIVOCAL).apply(unclassified)
    assert overall(equivocal) == "PR"
    assert read_of(equivocal).response(1).new_lesions.state is NewLesionState.EQUIVOCAL
    benign = ClassifyNew("U1", NewLesionClass.NOT_MALIGNANT, "infection").apply(unclassified)
    assert overall(benign) == "PR"
    assert overall(SetRole("U1", LesionRole.UNSURE).apply(classified)) == "PR"


def test_a_new_node_counts_from_ten_mm_short_axis():
    state = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL, ild_considered=True).apply(
        with_new("neck")
    )
    assert overall(state) == "PR"
    assert "NEW_NODE_NOT_MEASURED U1" in read_of(state).response(1).flags
    assert overall(measured(state, caliper(9, "U1", 1, 20.0, 10.0))) == "PD"
    assert overall(measured(state, caliper(9, "U1", 1, 20.0, 9.9))) == "PR"


def test_a_new_lesion_gone_at_the_next_visit_is_not_seen_there():
    state = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(with_new())
    assert (overall(state, 1), overall(state, 2)) == ("PD", "PR")
    assert overall(measured(state, caliper(9, "U1", 2, 12.0)), 2) == "PD"


def test_what_is_left_out_says_why():
    state = SetRole("L4", LesionRole.UNSURE).apply(responding())
    on_pet = replace(caliper(12, "L1", 0, 99.0), series_uid="1.2.0")
    state = measured(state, caliper(11, None, 0, 50.0), on_pet)
    read = read_of(state)
    left = {item.lesion_id: item.reasons[-1].code for item in read.lesions if item.left_out}
    assert left == {
        "L4": "LESION_UNSURE",
        "C11": "CALIPER_OF_NO_LESION",
        "C12": "CALIPER_ON_PET",
    }
    assert read.baseline.targets[0].baseline_mm == 40.0
    removed = read_of(RemoveLesion("L1").apply(state))
    assert why(removed, "C1") == ["CALIPER_OF_REMOVED_LESION"]
    assert [t.lesion_id for t in removed.baseline.targets] == ["L2"]


def test_left_out_by_the_reader_and_normal_uptake():
    state = SetRecistRoles((("L2", OUT),)).apply(responding())
    assert why(read_of(state), "L2") == ["LEFT_OUT_BY_READER"]
    organ = SetRole("L4", LesionRole.PHYSIOLOGICAL).apply(state)
    assert "L4" not in roles_of(organ)
    assert roles_of(measured(organ, caliper(9, "L4", 0, 30.0)))["L4"] is OUT


def test_the_order_of_lesions_and_calipers_does_not_matter():
    state = responding()
    expected = read_of(state)
    for lesions in permutations(state.lesions):
        assert read_of(replace(state, lesions=lesions, calipers=state.calipers[::-1])) == expected


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_reason_is_worded_and_every_wording_has_its_reason(language):

    codes = set()
    for name in ("recist_read", "recist_roles"):
        tree = ast.parse((Path(service.__file__).parent / f"{name}.py").read_text("utf-8"))
        found = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        codes |= {
            text for text in found if isinstance(text, str) and text.isupper() and "_" in text
        }
    table = tomllib.loads((WORDING_FOLDER / language / "recist_read.toml").read_text("utf-8"))
    assert codes <= set(table["reasons"])
    assert set(table["reasons"]) <= codes
    assert set(sentences("recist_statuses", language)) == {str(item) for item in NonTargetStatus}
    assert set(sentences("recist_roles", language)) == {"new", *map(str, RecistRole)}
