from dataclasses import replace

import pytest

from app.domain.caliper import Caliper, stored_length_mm
from app.domain.reference import PlacementMethod
from app.domain.region import SphereRegion
from app.reading.edits import (
    AddLesion,
    ClassifyNew,
    ConfirmPhysiological,
    DeleteCaliper,
    EditRefusedError,
    MoveReference,
    PlaceCaliper,
    RemoveLesion,
    SetRegion,
    SetRole,
    TickProgressed,
    TickResolved,
)
from app.reading.state import LesionRole, NewLesionClass
from tests.builders.reading_state import small_reading

SPHERE = SphereRegion((1.0, 2.0, 3.0), 12.0)


def test_a_placed_lesion_is_confirmed_and_its_id_is_taken():
    edit = AddLesion("L2", "2.25.9", 0, SPHERE, "liver", "right")
    state = edit.apply(small_reading())
    assert state.lesion("L2").confirmed
    assert state.lesion("L2").region_at(0) == SPHERE
    with pytest.raises(EditRefusedError, match="LESION_EXISTS"):
        edit.apply(state)


def test_the_id_of_a_removed_lesion_is_never_given_again():
    state = AddLesion("L2", "2.25.9", 0, SPHERE, "liver", "right").apply(small_reading())
    state = RemoveLesion("L2").apply(state)
    assert [item.lesion_id for item in state.present_lesions()] == ["L1", "U1"]
    assert state.next_id("L") == "L3"
    assert state.next_id("C") == "C1"


def test_a_region_belongs_to_one_visit():
    state = SetRegion("L1", 1, SPHERE).apply(small_reading())
    assert state.lesion("L1").region_at(1) == SPHERE
    assert state.lesion("L1").region_at(0) == small_reading().lesion("L1").region_at(0)
    assert SetRegion("L1", 1, None).apply(state).lesion("L1").region_at(1) is None


def test_resolved_needs_a_visit_after_the_first():
    with pytest.raises(EditRefusedError, match="RESOLVED_NEEDS_FOLLOW_UP"):
        TickResolved("L1", 0, True).apply(small_reading())
    ticked = TickResolved("L1", 1, True).apply(small_reading())
    assert ticked.lesion("L1").resolved_visits == (1,)
    assert TickResolved("L1", 1, False).apply(ticked).lesion("L1").resolved_visits == ()


def test_a_new_lesion_in_the_chest_asks_for_ild_first():
    with pytest.raises(EditRefusedError, match="ILD_NOT_CONSIDERED"):
        ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(small_reading())
    state = ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL, ild_considered=True).apply(
        small_reading()
    )
    assert state.lesion("U1").new_class is NewLesionClass.UNEQUIVOCAL


def test_not_malignant_needs_a_reason_and_a_baseline_lesion_is_not_new():
    with pytest.raises(EditRefusedError, match="REASON_MISSING"):
        ClassifyNew("U1", NewLesionClass.NOT_MALIGNANT).apply(small_reading())
    with pytest.raises(EditRefusedError, match="NEW_NEEDS_FOLLOW_UP"):
        ClassifyNew("L1", NewLesionClass.EQUIVOCAL).apply(small_reading())


def test_confirming_the_reference_where_it_is_keeps_how_it_was_placed():
    state = small_reading()
    kept = MoveReference(0, state.visit(0).reference).apply(state).visit(0)
    assert kept.reference_confirmed
    assert kept.reference_method is PlacementMethod.AUTOMATIC
    moved = MoveReference(0, SPHERE).apply(state).visit(0)
    assert moved.reference_method is PlacementMethod.READER


def test_an_edit_of_a_lesion_that_is_not_there_is_refused():
    with pytest.raises(EditRefusedError, match="NO_SUCH_LESION"):
        SetRole("L9", LesionRole.UNSURE).apply(small_reading())


def test_only_physiological_foci_are_confirmed_together():
    state = SetRole("U1", LesionRole.PHYSIOLOGICAL).apply(small_reading())
    done = ConfirmPhysiological(("U1",)).apply(state)
    assert done.lesion("U1").confirmed
    with pytest.raises(EditRefusedError, match="NOT_PHYSIOLOGICAL"):
        ConfirmPhysiological(("U1", "L1")).apply(state)
    with pytest.raises(EditRefusedError, match="NO_SUCH_LESION"):
        ConfirmPhysiological(("P9",)).apply(state)
    with pytest.raises(EditRefusedError, match="NOT_PHYSIOLOGICAL"):
        ConfirmPhysiological(("U1",)).apply(RemoveLesion("U1").apply(state))


def test_a_redrawn_caliper_replaces_the_former():
    caliper = Caliper("C1", "L1", 0, "1.2.0", ((0.0, 0.0, 0.0), (10.0, 0.0, 0.0)))
    state = PlaceCaliper(caliper).apply(small_reading())
    longer = replace(caliper, long_axis_lps_mm=((0.0, 0.0, 0.0), (14.0, 0.0, 0.0)))
    state = PlaceCaliper(longer).apply(state)
    assert [c.long_axis_mm for c in state.calipers] == [14.0]
    assert DeleteCaliper("C1").apply(state).calipers == ()


@pytest.mark.parametrize(
    ("end_mm", "stored"), [(9.85, 9.9), (9.8499, 9.8), (9.849999999999, 9.8), (10.05, 10.1)]
)
def test_diameters_are_stored_half_up_to_a_tenth(end_mm, stored):
    assert stored_length_mm(((0.0, 0.0, 0.0), (0.0, end_mm, 0.0))) == stored


def test_progression_is_of_a_baseline_lesion_at_a_follow_up_and_not_of_a_resolved_one():
    for lesion_id, visit in (("L1", 0), ("U1", 1)):
        with pytest.raises(EditRefusedError, match="PROGRESSED_NEEDS_BASELINE_LESION"):
            TickProgressed(lesion_id, visit, True).apply(small_reading())
    progressed = TickProgressed("L1", 1, True).apply(small_reading())
    assert progressed.lesion("L1").progressed_visits == (1,)
    with pytest.raises(EditRefusedError, match="RESOLVED_AND_PROGRESSED"):
        TickResolved("L1", 1, True).apply(progressed)
    resolved = TickResolved("L1", 1, True).apply(small_reading())
    with pytest.raises(EditRefusedError, match="RESOLVED_AND_PROGRESSED"):
        TickProgressed("L1", 1, True).apply(resolved)
