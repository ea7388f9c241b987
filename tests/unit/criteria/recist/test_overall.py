"""Tables 1 and 2, recurrence, flags and margins of the overall response (spec 3.9)."""

import itertools
from datetime import timedelta

import pytest

from app.criteria.recist.overall import overall_category
from app.domain.recist import (
    Modality,
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetItem,
    RecistCategory,
)
from tests.unit.criteria.recist.reads import baseline, course, day, responses, visit

SURE = NewLesionFinding("N1", NewLesionCertainty.UNEQUIVOCAL)
TARGETS = ("CR", "PR", "SD", "NE", "PD")
NON_TARGETS = (None, "CR", "NON-CR/NON-PD", "NE", "PD")


def overall(target, non_target, new=False):
    categories = [None if x is None else RecistCategory(x) for x in (target, non_target)]
    return overall_category(*categories, new)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("non_target", NON_TARGETS)
def test_table_one(target, non_target):
    if "PD" in (target, non_target):
        expected = "PD"
    elif target == "CR":
        expected = "CR" if non_target in (None, "CR") else "PR"
    else:
        expected = target
    assert overall(target, non_target) == expected
    assert overall(target, non_target, new=True) == "PD"


@pytest.mark.parametrize("non_target", NON_TARGETS[1:])
def test_table_two(non_target):
    assert overall(None, non_target) == non_target
    assert overall(None, non_target, new=True) == "PD"


def test_without_disease_at_baseline():
    assert overall(None, None) == "NED"
    assert overall(None, None, new=True) == "PD"
    quiet, loud = course(baseline(), visit(1), visit(2, new_lesions=(SURE,))).responses
    assert (quiet.overall, quiet.reasons[-1].code) == ("NED", "NO_DISEASE_AT_BASELINE")
    assert (loud.overall, loud.reasons[-1].code) == ("PD", "NEW_DISEASE_AFTER_NONE")
    assert (quiet.target, quiet.non_target) == (None, None)


@pytest.mark.parametrize(
    ("target", "non_target"), [("NED", "CR"), ("SD", "PR"), ("NON-CR/NON-PD", None)]
)
def test_a_component_has_only_its_own_categories(target, non_target):
    with pytest.raises(ValueError, match="response"):
        overall(target, non_target)


def test_a_worse_component_never_improves_the_response():
    rank = {"CR": 0, "PR": 1, "SD": 2, "NON-CR/NON-PD": 2, "NE": 3, "PD": 4}
    order = {"target": TARGETS, "non_target": (None, "CR", "NON-CR/NON-PD", "PD")}
    for better, worse in itertools.pairwise(order["target"]):
        for other in NON_TARGETS:
            assert rank[overall(better, other)] <= rank[overall(worse, other)]
    for better, worse in itertools.pairwise(order["non_target"]):
        for target in TARGETS:
            assert rank[overall(target, better)] <= rank[overall(target, worse)]


# The cases of a comparison of other engines; the contested one follows pr_carry_forward.
CASES = [
    ("100 -> 70", (100,), [(70,)], {}, "PR"),
    ("14.0 -> 9.8", (14.0,), [(9.8,)], {}, "PR"),
    ("100 -> 50 -> 60", (100,), [(50,), (60,)], {}, "PD"),
    ("20 -> 10 -> 12.5", (20,), [(10,), (12.5,)], {}, "PR"),
    ("15 -> 12 -> 15", (15,), [(12,), (15,)], {}, "SD"),
    ("24 -> 28.9", (24,), [(28.9,)], {}, "SD"),
    ("100 -> 50 -> 55", (100,), [(50,), (55,)], {}, "PR"),
    ("node 20 -> 9, other 20 -> 0", (20, 20), [(9, 0)], {"nodes": {"T1"}}, "CR"),
    ("all 0", (20, 20), [(0, 0)], {}, "CR"),
    ("0 then 6", (20,), [(0,), (6,)], {}, "PD"),
    ("-50 % with a new lesion", (20,), [(10,)], {"new": True}, "PD"),
    ("target CR, non-target persists", (20,), [(0,)], {"items": "present"}, "PR"),
    ("target SD, non-target PD", (20,), [(20,)], {"items": "pd"}, "PD"),
    ("one target missing", (20, 20), [(10, None)], {}, "NE"),
    ("100 -> 70.1", (100,), [(70.1,)], {}, "SD"),
    ("100 -> 120", (100,), [(120,)], {}, "PD"),
    ("25 -> 30", (25,), [(30,)], {}, "PD"),
    ("contested: 100 -> 68 -> 75", (100,), [(68,), (75,)], {}, "SD"),
]


@pytest.mark.parametrize(
    ("sizes", "later", "more", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_cases_on_which_engines_differ(sizes, later, more, expected):
    items = {"NT1": more["items"]} if "items" in more else {}
    base = baseline(*sizes, nodes=more.get("nodes", ()), items=tuple(items))
    last = len(later)
    visits = [
        visit(n, *sums, items=items, new_lesions=(SURE,) if more.get("new") and n == last else ())
        for n, sums in enumerate(later, start=1)
    ]
    assert responses(base, *visits)[-1] == expected


def test_progression_by_non_target_alone_is_flagged():
    base = baseline(20, items=("NT1",))
    (alone,) = course(base, visit(1, 20, items={"NT1": "pd"})).responses
    assert "PD_BY_NON_TARGET_ALONE" in alone.flags
    (both,) = course(base, visit(1, 40, items={"NT1": "pd"})).responses
    assert "PD_BY_NON_TARGET_ALONE" not in both.flags
    (only,) = course(baseline(items=("NT1",)), visit(1, items={"NT1": "pd"})).responses
    assert "PD_BY_NON_TARGET_ALONE" not in only.flags
    assert only.reasons[-1].rule == "REC-3.9-T2"
    (new,) = course(base, visit(1, 20, items={"NT1": "pd"}, new_lesions=(SURE,))).responses
    assert "PD_BY_NON_TARGET_ALONE" not in new.flags


def test_an_equivocal_lesion_leaves_the_response_and_flags_it():
    unsure = NewLesionFinding("N1", NewLesionCertainty.EQUIVOCAL)
    (found,) = course(baseline(20), visit(1, 10, new_lesions=(unsure,))).responses
    assert (found.overall, found.flags) == ("PR", ("EQUIVOCAL_NEW_LESION N1",))


def test_margins_of_the_overall_response_are_those_that_change_it():
    (found,) = course(baseline(100), visit(1, 68.8)).responses
    assert [(m.category, round(m.difference_mm, 9)) for m in found.margins] == [("SD", 1.2)]
    (held,) = course(baseline(100, items=("NT1",)), visit(1, 50, items={"NT1": "pd"})).responses
    assert (held.overall, held.margins) == ("PD", ())
    (capped,) = course(
        baseline(30, items=("NT1",)), visit(1, 0, items={"NT1": "present"})
    ).responses
    assert (capped.overall, capped.margins) == ("PR", ())


# --- recurrence after a definitive complete response


def test_any_size_is_progression_after_a_confirmed_complete_response():
    assert responses(baseline(30), visit(1, 0), visit(2, 0), visit(3, 3)) == ["CR", "CR", "PD"]
    assert responses(baseline(30), visit(1, 0), visit(2, 3)) == ["CR", "PR"]


def test_confirmation_needs_four_weeks_and_no_more_than_the_allowed_gaps():
    early = visit(2, 0, scan_date=day(1) + timedelta(days=27))
    assert responses(baseline(30), visit(1, 0), early, visit(3, 3))[-1] == "PR"
    enough = visit(2, 0, scan_date=day(1) + timedelta(days=28))
    assert responses(baseline(30), visit(1, 0), enough, visit(3, 3))[-1] == "PD"
    gap = [visit(1, 0), visit(2, None), visit(3, 0), visit(4, 3)]
    assert responses(baseline(30), *gap)[-1] == "PD"
    gaps = [visit(1, 0), visit(2, None), visit(3, None), visit(4, 0), visit(5, 3)]
    assert responses(baseline(30), *gaps)[-1] == "PR"


def test_the_reader_may_call_a_complete_response_definitive():
    ticked = visit(1, 0, definitive_cr=True)
    assert responses(baseline(30), ticked, visit(2, 3)) == ["CR", "PD"]
    first, _ = course(baseline(30), visit(1, 2, definitive_cr=True), visit(2, 3)).responses
    assert first.flags == ("DEFINITIVE_CR_WITHOUT_CR",)
    assert responses(baseline(30), visit(1, 2, definitive_cr=True), visit(2, 3)) == ["PR", "PR"]


def test_the_target_component_keeps_its_arithmetic():
    last = course(baseline(30), visit(1, 0, definitive_cr=True), visit(2, 3)).responses[-1]
    assert (last.target.category, last.overall) == ("PR", "PD")
    assert [item.lesion_id for item in last.recurrence.counted] == ["T1"]


def test_a_lone_node_is_imaged_again_first():
    base = baseline(30, 20, nodes={"T2"})
    ticked = visit(1, 0, 8, definitive_cr=True)
    found = course(base, ticked, visit(2, 0, 11), visit(3, 0, 11))
    assert [item.overall for item in found.responses] == ["CR", "PR", "PD"]
    waiting = found.responses[1]
    assert waiting.flags == ("POST_CR_NODE_REGROWTH", "IMAGE_NODE_AGAIN T2")
    assert waiting.recurrence.waiting == ("T2",)
    first = found.first_progression
    assert (first.visit_id, first.declared_at, first.basis) == ("V2", "V3", ("recurrence",))


def test_a_lone_node_that_shrinks_again_was_none():
    base = baseline(30, 20, nodes={"T2"})
    ticked = visit(1, 0, 8, definitive_cr=True)
    visits = [ticked, visit(2, 0, 11), visit(3, 0, 9), visit(4, 0, 11)]
    assert responses(base, *visits) == ["CR", "PR", "CR", "PR"]
    missed = [ticked, visit(2, 0, 11), visit(3, 0, None), visit(4, 0, 11)]
    found = course(base, *missed)
    assert [item.overall for item in found.responses] == ["CR", "PR", "NE", "PD"]
    assert found.first_progression.visit_id == "V2"


def test_two_nodes_or_a_node_and_a_lesion_do_not_wait():
    ticked = visit(1, 9, 9, definitive_cr=True)
    base = baseline(20, 20, nodes={"T1", "T2"})
    assert responses(base, ticked, visit(2, 10, 10))[-1] == "PD"
    mixed = baseline(20, 20, nodes={"T1"})
    assert responses(mixed, visit(1, 9, 0, definitive_cr=True), visit(2, 10, 1))[-1] == "PD"


def test_non_target_disease_that_returns_is_progression_too():
    base = baseline(30, items=("NT1", NonTargetItem("NT2", "lymph node", True)))
    gone = {"NT1": "absent", "NT2": "absent"}
    ticked = visit(1, 0, items=gone, definitive_cr=True)
    assert responses(base, ticked, visit(2, 0, items={**gone, "NT1": "present"}))[-1] == "PD"
    node = visit(2, 0, items={**gone, "NT2": "present"})
    assert responses(base, ticked, node) == ["CR", "PR"]
    again = visit(3, 0, items={**gone, "NT2": "present"})
    assert responses(base, ticked, node, again) == ["CR", "PR", "PD"]
    unread = visit(2, 0, items={"NT1": "ne", "NT2": "absent"})
    assert responses(base, ticked, unread) == ["CR", "PR"]


def test_new_lesions_rest_on_any_modality():
    bone = NewLesionFinding("N1", NewLesionCertainty.UNEQUIVOCAL, Modality.BONE_SCAN)
    found = course(baseline(30), visit(1, 30, new_lesions=(bone,)))
    assert found.first_progression.modality == ("BONE_SCAN",)
