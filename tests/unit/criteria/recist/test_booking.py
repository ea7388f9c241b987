"""What a target adds to the sum at a follow-up (spec 3.4)."""

import itertools
from dataclasses import replace

import pytest

from app.criteria.recist.booking import book_targets
from app.criteria.recist.lesion_order import lesion_order
from app.domain.recist import TargetLesion, TargetState, TargetValue
from tests.unit.criteria.recist.reads import RULES, targets, value


def book(lesions, *values, rules=RULES):
    booked, _ = book_targets(lesions, values, rules)
    return {item.lesion_id: None if item.value is None else float(item.value) for item in booked}


def merged(name, *others, size=None):
    return TargetValue(name, TargetState.MERGED, size, merged_with=others)


def test_gone_is_zero_and_not_assessed_is_missing():
    lesions = targets(20, 20, 20)
    assert book(lesions, value("T1", 0), value("T2", None)) == {"T1": 0.0, "T2": None, "T3": None}


def test_too_small_is_five_millimetres_unless_measured():
    small = TargetValue("T1", TargetState.TOO_SMALL)
    assert book(targets(20), small) == {"T1": 5.0}
    assert book(targets(20, nodes={"T1"}), small) == {"T1": 5.0}
    assert book(targets(20), replace(small, diameter_mm=3.2)) == {"T1": 3.2}
    assert book(targets(20), replace(small, diameter_mm=0.0)) == {"T1": 0.0}
    assert book(targets(20), small, rules=replace(RULES, too_small_default_mm=4.0)) == {"T1": 4.0}


def test_fragments_are_added():
    split = TargetValue("T1", TargetState.SPLIT, fragments_mm=(14.0, 9.5))
    assert book(targets(40), split) == {"T1": 23.5}


@pytest.mark.parametrize("drawn_on", ["T2", "T10"])
def test_a_merged_mass_is_booked_on_the_lowest_id(drawn_on):
    lesions = (TargetLesion("T10", "liver", False, 18.0), TargetLesion("T2", "liver", False, 15.0))
    values = [
        merged(name, other, size=37.0 if name == drawn_on else None)
        for name, other in (("T2", "T10"), ("T10", "T2"))
    ]
    assert book(lesions, *values) == {"T2": 37.0, "T10": 0.0}
    booked, steps = book_targets(lesions, values, RULES)
    assert {item.booked_on for item in booked} == {"T2"}
    assert [step.code for step in steps] == ["MERGED_ON_LOWEST"]


def test_naming_the_other_is_enough_on_one_side():
    lesions = targets(20, 20, 20)
    found = book(lesions, value("T1", 37.0), merged("T2", "T1"), value("T3", 12.0))
    assert found == {"T1": 37.0, "T2": 0.0, "T3": 12.0}


def test_of_several_diameters_of_a_mass_the_longest_counts():
    lesions = targets(20, 20)
    assert book(lesions, merged("T1", "T2", size=30.0), merged("T2", "T1", size=33.0))["T1"] == 33.0


def test_groups_that_share_a_lesion_are_one_mass():
    lesions = targets(20, 20, 20, 20, 20)
    found = book(
        lesions,
        merged("T4", "T2", size=50.0),
        merged("T1", "T2"),
        merged("T5", "T3", size=40.0),
    )
    assert found == {"T1": 50.0, "T2": 0.0, "T4": 0.0, "T3": 40.0, "T5": 0.0}


def test_a_mass_without_a_diameter_is_missing():
    assert book(targets(20, 20), merged("T1", "T2")) == {"T1": None, "T2": None}


def test_a_mass_is_a_node_only_if_all_its_parts_were():
    mixed, _ = book_targets(targets(20, 20, nodes={"T1"}), [merged("T1", "T2", size=9.0)], RULES)
    nodes, _ = book_targets(
        targets(20, 20, nodes={"T1", "T2"}), [merged("T1", "T2", size=9.0)], RULES
    )
    assert [item.nodal for item in mixed] == [False, False]
    assert [item.nodal for item in nodes] == [True, True]


def test_what_is_no_target_is_left_out_with_its_reason():
    booked, steps = book_targets(targets(20), [value("T1", 10.0), value("T7", 50.0)], RULES)
    assert [item.lesion_id for item in booked] == ["T1"]
    assert [(s.code, s.values()["lesion"]) for s in steps] == [("NO_TARGET_OF_BASELINE", "T7")]


def test_the_order_of_lesions_does_not_matter():
    lesions = targets(20, 20, 20, 20)
    values = [
        value("T1", 10.0),
        merged("T2", "T4", size=30.0),
        TargetValue("T3", TargetState.TOO_SMALL),
        value("T9", 3.0),
    ]
    found = {
        repr(book_targets(some, others, RULES))
        for some in itertools.permutations(lesions)
        for others in itertools.permutations(values)
    }
    assert len(found) == 1


def test_numbers_in_ids_count_as_numbers():
    names = ["T10", "T2", "T1", "T01", "T1a", "NT3", "3"]
    assert sorted(names, key=lesion_order) == ["3", "NT3", "T01", "T1", "T1a", "T2", "T10"]
