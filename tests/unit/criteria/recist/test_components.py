"""Non-target disease, new lesions and FDG-PET at one visit (spec 3.6, 3.7)."""

import itertools
from datetime import date

import pytest

from app.criteria.recist.new_lesions import new_lesion_step
from app.criteria.recist.non_target import non_target_component
from app.domain.recist import (
    BaselinePet,
    CtCorrelate,
    Modality,
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetFinding,
    NonTargetItem,
    NonTargetStatus,
    PetFinding,
    RecistVisit,
)
from tests.unit.criteria.recist.reads import RULES, STATUS, day

WHY = "Three liver metastases doubled, images 40 to 55."
SURE, UNSURE = NewLesionCertainty.UNEQUIVOCAL, NewLesionCertainty.EQUIVOCAL
BENIGN = NewLesionCertainty.NOT_MALIGNANT


def non_target(*statuses, why=WHY, **more):
    items = [NonTargetItem(f"NT{n}") for n in range(1, len(statuses) + 1)]
    findings = [
        NonTargetFinding(item.item_id, STATUS[text], why=why)
        for item, text in zip(items, statuses, strict=True)
        if text is not None
    ]
    return non_target_component(items, findings, RULES, **more)


@pytest.mark.parametrize(
    ("statuses", "category"),
    [
        (("absent", "absent"), "CR"),
        (("absent", "present"), "NON-CR/NON-PD"),
        (("present", "ne"), "NE"),
        (("absent", "ne"), "NE"),
        (("absent", None), "NE"),
        (("pd", "ne"), "PD"),
        (("absent", "pd"), "PD"),
    ],
)
def test_the_order_of_the_non_target_rules(statuses, category):
    assert non_target(*statuses).category == category


def test_tumour_markers_stand_in_the_way_of_a_complete_response():
    assert non_target("absent", markers_normal=False).category == "NON-CR/NON-PD"
    assert non_target("absent", markers_normal=True).category == "CR"
    assert non_target("present", markers_normal=False).reasons[-1].code == "ITEMS_PERSIST"


def test_unequivocal_progression_needs_its_text():
    assert non_target("pd").flags == ()
    found = non_target("pd", "pd", why="  too short          ")
    assert found.category == "PD"
    assert found.flags == ("NON_TARGET_PD_WITHOUT_TEXT NT1", "NON_TARGET_PD_WITHOUT_TEXT NT2")


def test_the_trace_says_how_much_worsening_it_takes():
    assert non_target("pd").reasons[-1].code == "SUBSTANTIAL_WORSENING_NEEDED"
    alone = non_target("pd", measurable_disease=False)
    assert alone.reasons[-1].code == "VOLUME_73_PERCENT"


@pytest.mark.parametrize(
    ("status", "axis", "nodal", "category"),
    [
        ("present", 9.9, True, "CR"),
        ("present", 10.0, True, "NON-CR/NON-PD"),
        ("absent", 10.0, True, "NON-CR/NON-PD"),
        ("absent", 9.9, True, "CR"),
        ("present", None, True, "NON-CR/NON-PD"),
        ("present", 9.9, False, "NON-CR/NON-PD"),
        ("pd", 9.9, True, "PD"),
        ("ne", 9.9, True, "NE"),
    ],
)
def test_a_non_target_node_is_gone_below_ten(status, axis, nodal, category):
    item = NonTargetItem("NT1", "lymph node", nodal)
    finding = NonTargetFinding("NT1", STATUS[status], axis, WHY)
    assert non_target_component([item], [finding], RULES).category == category


def test_a_finding_of_no_item_is_left_out():
    stray = NonTargetFinding("NT9", NonTargetStatus.UNEQUIVOCAL_PROGRESSION)
    gone = NonTargetFinding("NT1", NonTargetStatus.ABSENT)
    found = non_target_component([NonTargetItem("NT1")], [stray, gone], RULES)
    assert (found.category, found.reasons[0].code) == ("CR", "NO_ITEM_OF_BASELINE")


def test_the_order_of_items_does_not_matter():
    items = [NonTargetItem(name) for name in ("NT1", "NT10", "NT2")]
    findings = [NonTargetFinding(item.item_id, NonTargetStatus.PRESENT) for item in items]
    found = {
        repr(non_target_component(some, others, RULES))
        for some in itertools.permutations(items)
        for others in itertools.permutations(findings)
    }
    assert len(found) == 1
    assert non_target_component(items, findings, RULES).present == ("NT1", "NT2", "NT10")


# --- new lesions


def new(*findings, pet=(), baseline=BaselinePet.NOT_DONE, earlier=None, number=1):
    visit = RecistVisit(f"V{number}", day(number), new_lesions=findings, pet=tuple(pet))
    return new_lesion_step(visit, baseline, earlier or {}, RULES)


def focus(name="N1", certainty=SURE, **more):
    return NewLesionFinding(name, certainty, **more)


def node(axis, before=None, name="N1", certainty=SURE):
    return focus(name, certainty, nodal=True, short_axis_mm=axis, earlier_short_axis_mm=before)


def test_only_unequivocal_lesions_count():
    assert new().component.state == "none"
    assert new(focus(certainty=BENIGN)).component.state == "none"
    waits = new(focus(certainty=UNSURE)).component
    assert (waits.state, waits.waiting, waits.counted) == ("equivocal", ("N1",), ())
    assert waits.flags == ("EQUIVOCAL_NEW_LESION N1",)
    counts = new(focus("N2"), focus("N1", UNSURE)).component
    assert counts.state == "unequivocal"
    assert [item.lesion_id for item in counts.counted] == ["N2"]


def test_a_lesion_outside_the_baseline_scan_is_new():
    found = new(focus(outside_baseline_scan=True)).component
    assert [item.code for item in found.reasons][-1] == "NEW_OUTSIDE_BASELINE_SCAN"
    assert found.state == "unequivocal"


def test_an_equivocal_lesion_is_dated_back_once_confirmed():
    first = new(focus(certainty=UNSURE, modality=Modality.BONE_SCAN, scan_date=date(2026, 4, 1)))
    between = new(earlier=first.sightings, number=2)
    then = new(focus(), earlier=between.sightings, number=3).component
    (seen,) = then.counted
    assert (seen.visit_id, seen.scan_date, seen.modality) == ("V1", date(2026, 4, 1), "BONE_SCAN")
    assert then.reasons[-1].code == "NEW_FOCUS_FIRST_SEEN_EARLIER"


def test_a_focus_judged_not_malignant_loses_its_earlier_date():
    first = new(focus(certainty=UNSURE))
    cleared = new(focus(certainty=BENIGN), earlier=first.sightings, number=2)
    then = new(focus(), earlier=cleared.sightings, number=3).component
    assert then.counted[0].visit_id == "V3"


@pytest.mark.parametrize(
    ("axis", "before", "state"),
    [
        (9.9, None, "none"),
        (10.0, None, "unequivocal"),
        (11.0, 9.0, "equivocal"),
        (14.9, 9.0, "equivocal"),
        (15.0, 9.0, "unequivocal"),
        (None, None, "equivocal"),
        (None, 9.0, "equivocal"),
    ],
)
def test_a_new_node_by_its_short_axis(axis, before, state):
    assert new(node(axis, before)).component.state == state


def test_a_lone_node_counts_from_its_first_scan_once_it_persists():
    first = new(node(11.0, 9.0))
    assert first.component.flags == ("NEW_NODE_WAITS N1", "EQUIVOCAL_NEW_LESION N1")
    then = new(node(11.5, 9.0), earlier=first.sightings, number=2).component
    assert (then.state, then.counted[0].visit_id) == ("unequivocal", "V1")
    shrunk = new(node(9.0, 9.0), earlier=first.sightings, number=2)
    assert (shrunk.component.state, shrunk.sightings) == ("none", {})


def test_a_node_that_is_not_alone_does_not_wait():
    assert new(node(11.0, 9.0), node(11.0, 9.0, "N2")).component.state == "unequivocal"
    assert len(new(node(11.0, 9.0), focus("N2")).component.counted) == 2
    beside = new(node(11.0, 9.0), focus("N2", UNSURE)).component
    assert (beside.state, beside.waiting) == ("equivocal", ("N1", "N2"))


def test_a_node_the_reader_calls_benign_is_no_lesion_whatever_its_size():
    assert new(node(20.0, certainty=BENIGN)).component.state == "none"


# --- FDG-PET


@pytest.mark.parametrize(
    ("baseline", "positive", "ct", "state"),
    [
        ("negative", True, "not_confirmed", "unequivocal"),
        ("negative", True, "known_not_growing", "unequivocal"),
        ("negative", False, "new_lesion", "none"),
        ("not_done", True, "new_lesion", "unequivocal"),
        ("not_done", True, "not_confirmed", "equivocal"),
        ("not_done", True, "known_not_growing", "none"),
        ("positive", True, "new_lesion", "unequivocal"),
        ("positive", True, "not_confirmed", "equivocal"),
        ("positive", True, "known_not_growing", "none"),
    ],
)
def test_the_pet_algorithm(baseline, positive, ct, state):
    site = PetFinding("P1", positive, CtCorrelate(ct))
    assert new(pet=[site], baseline=BaselinePet(baseline)).component.state == state


def test_a_pet_that_ct_confirms_later_dates_the_progression():
    site = PetFinding("P1", True, CtCorrelate.NOT_CONFIRMED, scan_date=date(2026, 4, 3))
    first = new(pet=[site])
    later = new(focus("P1"), earlier=first.sightings, number=2).component
    assert (later.counted[0].scan_date, later.counted[0].modality) == (date(2026, 4, 3), "PET")


def test_pet_and_reader_on_one_focus():
    confirmed = PetFinding("N1", True, CtCorrelate.NEW_LESION)
    assert new(focus(certainty=UNSURE), pet=[confirmed]).component.state == "unequivocal"
    assert new(focus(certainty=BENIGN), pet=[confirmed]).component.state == "none"
    waits = PetFinding("N1", True, CtCorrelate.NOT_CONFIRMED)
    assert new(focus(), pet=[waits]).component.state == "unequivocal"
    assert new(focus(certainty=UNSURE), pet=[waits]).component.state == "equivocal"


def test_the_order_of_new_lesions_does_not_matter():
    findings = [node(11.0, 9.0), focus("N2", UNSURE), focus("N10", BENIGN), node(8.0, name="N3")]
    sites = [
        PetFinding("P1", True, CtCorrelate.NOT_CONFIRMED),
        PetFinding("P2", False, "new_lesion"),
    ]
    found = {
        repr(new(*some, pet=others))
        for some in itertools.permutations(findings)
        for others in itertools.permutations(sites)
    }
    assert len(found) == 1
