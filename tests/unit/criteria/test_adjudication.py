"""Triggers of adjudication (spec 5.4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.adjudication import CaseRead, adjudicate
from app.domain.trial import AdjudicationTrigger as Trigger
from app.domain.trial import TrialRules
from app.services.rule_sets import load_rules

DEFAULT = load_rules("nct07130344", TrialRules).adjudication_triggers
ALL = tuple(Trigger)
EARLY, LATE = date(2026, 7, 6), date(2026, 10, 5)


def fired(one, other, *triggers):
    return adjudicate(one, other, triggers or ALL).triggers


def read(**more):
    return CaseRead(**more)


@pytest.mark.parametrize(
    ("one", "other", "triggers"),
    [
        ({"bor": "PR"}, {"bor": "SD"}, (Trigger.BOR,)),
        ({"bor": "NE"}, {"bor": "SD"}, (Trigger.BOR,)),
        ({"pd_visit": 4}, {"pd_visit": 3}, (Trigger.PD_VISIT,)),
        ({"pd_visit": 4, "pd_date": EARLY}, {"pd_visit": 4, "pd_date": LATE}, (Trigger.PD_DATE,)),
        ({"pd_visit": 4, "pd_date": EARLY}, {},
         (Trigger.PD_VISIT, Trigger.PD_YES_NO, Trigger.PD_DATE)),
        ({"pd": True, "pd_visit": 2}, {"pd": False}, (Trigger.PD_VISIT, Trigger.PD_YES_NO)),
        ({"measurable": True}, {"measurable": False}, (Trigger.BASELINE_MEASURABILITY,)),
        ({"responses": {1: "SD"}}, {"responses": {1: "PR"}}, (Trigger.VISIT_RESPONSE,)),
        ({"new_lesions": {1: True}}, {"new_lesions": {1: False}}, (Trigger.NEW_LESION,)),
        ({"percist_categories": {2: "PMR"}}, {"percist_categories": {2: "SMD"}},
         (Trigger.PERCIST_CATEGORY,)),
    ],
    ids=str,
)  # fmt: skip
def test_each_trigger(one, other, triggers):
    assert fired(read(**one), read(**other)) == triggers
    assert fired(read(**other), read(**one)) == triggers
    assert adjudicate(read(**one), read(**other), triggers).required
    others = [trigger for trigger in ALL if trigger not in triggers]
    assert not adjudicate(read(**one), read(**other), others).required


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (-0.30, -0.29, True), (-0.30, -0.50, False), (-0.2999999, -0.30, True),
        (0.20, 0.19, True), (0.20, 0.90, False), (0.0, 0.19, False), (-0.3, 0.2, True),
    ],
)  # fmt: skip
def test_changes_across_a_limit(one, other, differs):
    reads = read(target_changes={1: one}), read(target_changes={1: other})
    assert (fired(*reads) == (Trigger.TARGET_CHANGE,)) is differs


def test_other_limits():
    reads = read(target_changes={1: 0.25}), read(target_changes={1: 0.29})
    assert not adjudicate(*reads, ALL, (-0.3, 0.3)).required
    assert not adjudicate(*reads, ALL, (-0.3, 0.2)).required
    assert adjudicate(*reads, ALL, (-0.3, 0.27)).required


def test_a_value_that_is_missing_is_named_and_does_not_fire():
    found = adjudicate(read(bor="PR"), read(), (Trigger.BOR, Trigger.VISIT_RESPONSE))
    assert (found.required, found.triggers) == (False, ())
    assert found.not_compared == (Trigger.BOR, Trigger.VISIT_RESPONSE)
    unknown = read(pd_known=False)
    found = adjudicate(read(pd_visit=3), unknown, DEFAULT)
    assert found.not_compared == (Trigger.PD_VISIT, Trigger.BOR, Trigger.PD_YES_NO)
    undated = adjudicate(read(pd=True), read(pd_visit=3), (Trigger.PD_VISIT, Trigger.PD_YES_NO))
    assert (undated.triggers, undated.not_compared) == ((), (Trigger.PD_VISIT,))


def test_a_visit_one_reader_did_not_reach_is_no_difference():
    long, short = {1: "SD", 2: "PD", 3: "PD"}, {1: "SD", 2: "PD"}
    assert not fired(read(responses=long), read(responses=short), Trigger.VISIT_RESPONSE)


def test_agreement():
    same = read(bor="PR", pd_visit=4)
    found = adjudicate(same, same, DEFAULT)
    assert not found.required
    assert [item.code for item in found.reasons] == ["ADJUDICATION_AGREES"]
    assert adjudicate(read(bor="PR"), read(bor="SD"), ()).triggers == ()


READS = st.builds(
    CaseRead,
    bor=st.sampled_from([None, "CR", "PR", "SD", "PD"]),
    pd_visit=st.none() | st.integers(1, 8),
    pd_known=st.booleans(),
    measurable=st.none() | st.booleans(),
    responses=st.dictionaries(st.integers(1, 4), st.sampled_from(["PR", "SD"])),
    target_changes=st.dictionaries(st.integers(1, 4), st.floats(-1, 1)),
)


@given(READS, READS, st.permutations(ALL))
def test_readers_and_triggers_may_be_swapped(one, other, triggers):
    found = adjudicate(one, other, ALL)
    assert adjudicate(other, one, triggers) == found
    assert not set(found.triggers) & set(found.not_compared)
    assert adjudicate(one, one, ALL).triggers == ()
