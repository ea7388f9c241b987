"""Targets at baseline: five, hottest first, two of an organ, and why the others are not (2.6)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.percist.organs import asks_for_ild, is_visceral, organ_of
from app.criteria.percist.selection import BaselineLesion, Unsuitable, select_targets
from tests.unit.criteria.percist.rule_sets import NADIR


def chosen(rows, threshold=None, rules=NADIR):
    """Rows are (id, SULpeak, site) and may go on with what makes a lesion unsuitable."""
    peaks = {row[0]: row[1] for row in rows}
    lesions = {row[0]: BaselineLesion(row[0], row[2], *row[3:]) for row in rows}
    return select_targets(peaks, lesions, threshold, rules)


def why(selection):
    return {item.values()["lesion"]: item.code for item in selection.excluded}


def test_two_of_an_organ_and_five_in_all():
    found = chosen(
        [
            ("L1", 20.0, "axilla"), ("L2", 19.0, "mediastinum"), ("L3", 18.0, "neck"),
            ("L4", 9.0, "bone"), ("L5", 8.0, "rib"), ("L6", 7.0, "spine"),
            ("L7", 6.0, "right lung"), ("L8", 5.0, "left lung"), ("L9", 4.0, "liver"),
        ]
    )  # fmt: skip
    assert found.five == ("L1", "L2", "L4", "L5", "L7")
    assert found.eligible[0] == "L1"
    assert len(found.eligible) == 9
    assert why(found) == {
        "L3": "EXCLUDED_ORGAN_FULL",
        "L6": "EXCLUDED_ORGAN_FULL",
        "L8": "EXCLUDED_FIVE_HOTTER",
        "L9": "EXCLUDED_FIVE_HOTTER",
    }


def test_unknown_sites_are_not_limited():
    found = chosen([(f"L{n}", 10.0 - n, site) for n, site in enumerate(["", "unknown", "", ""])])
    assert len(found.five) == 4
    bare = select_targets({"L1": 3.0, "L2": 4.0}, {}, None, NADIR)
    assert bare.five == bare.eligible == ("L2", "L1")


@pytest.mark.parametrize("cause", list(Unsuitable))
def test_what_cannot_be_a_target_is_left_out_however_hot(cause):
    found = chosen([("L1", 30.0, "brain", cause), ("L2", 5.0, "liver")])
    assert found.eligible == found.five == ("L2",)
    assert why(found)["L1"] == f"EXCLUDED_{cause.name}"


@pytest.mark.parametrize(("inclusive", "five"), [(True, ("L1", "L2")), (False, ("L1",))])
def test_below_the_threshold_is_not_summed_but_may_become_the_hottest(inclusive, five):
    rules = replace(NADIR, threshold_inclusive=inclusive)
    found = chosen([("L1", 5.0, ""), ("L2", 3.25, ""), ("L3", 3.2, "")], 3.25, rules)
    assert found.five == five
    assert found.eligible == ("L1", "L2", "L3")
    assert why(found)["L3"] == "EXCLUDED_BELOW_THRESHOLD"


def test_small_lesions_are_flagged_not_left_out():
    rows = [("L1", 9.0, "", None, 19.9), ("L2", 8.0, "", None, 20.0), ("L3", 7.0, "", None, None)]
    found = chosen(rows)
    assert found.flags == ("SMALL_LESION_PVE L1",)
    assert len(found.five) == 3


SITES = st.sampled_from(["liver", "lung", "neck", "bone", ""])


@given(st.dictionaries(st.sampled_from([f"L{n}" for n in range(12)]), st.tuples(
    st.integers(1, 6).map(float), SITES)), st.randoms())  # fmt: skip
def test_the_order_of_lesions_never_matters(lesions, chance):
    rows = [(name, peak, site) for name, (peak, site) in lesions.items()]
    shuffled = list(rows)
    chance.shuffle(shuffled)
    found = chosen(rows, 2.0)
    assert chosen(shuffled, 2.0) == found
    assert len(found.five) <= 5
    organs = [organ_of(lesions[name][1]) for name in found.five]
    assert all(organs.count(organ) <= 2 for organ in organs if organ)
    assert set(found.five) | set(why(found)) == set(lesions)


def test_organs():
    assert organ_of(" Right Lung") == organ_of("lung") == "lung"
    assert organ_of("hilum") == organ_of("axilla")
    assert organ_of("thigh") == "thigh"
    assert [is_visceral(site) for site in ("left lung", "liver", "bone", "neck", "chest", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert [asks_for_ild(site) for site in ("hilum", "left lung", "chest", "neck", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip
