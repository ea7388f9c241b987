"""A trial is derived read by read, with the collector as it was before."""

import gc

import pytest

from app.services.criteria_input import CriteriaInput, PercistInput
from app.services.derive_criteria import derive_criteria
from app.services.derive_trial import collector_paused, derive_trial
from app.services.strict_json import SchemaError
from benchmarks.criteria_trial import made_up_inputs


@pytest.fixture
def collector():
    was_on = gc.isenabled()
    gc.unfreeze()  # what tests of the window have frozen
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_each_input_gives_what_it_gives_alone():
    given = made_up_inputs(participants=2, variants=True)
    assert derive_trial(given) == tuple(derive_criteria(item) for item in given)
    assert derive_trial(()) == ()


def test_the_responses_hold_no_cycles_that_a_paused_collector_would_leave(collector):
    given = made_up_inputs(participants=3)
    derive_trial(given)
    gc.collect()
    with collector_paused():
        derive_trial(given)
        assert gc.collect() == 0


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was_found(collector, on):
    given = made_up_inputs(participants=1)
    (gc.enable if on else gc.disable)()
    derive_trial(given)
    assert gc.isenabled() is on
    refused = CriteriaInput(percist=PercistInput(("unheard-of",), given[0].percist.visits))
    with pytest.raises(SchemaError, match="unheard-of"):
        derive_trial((refused,))
    assert gc.isenabled() is on


def test_it_is_paused_within(collector):
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_no_search_follows_and_nothing_stays_frozen(collector):
    given = made_up_inputs(participants=2)
    searches = []
    gc.callbacks.append(lambda phase, info: searches.append(phase))
    try:
        found = derive_trial(given)
    finally:
        gc.callbacks.pop()
    assert found and not searches
    assert gc.get_freeze_count() == 0
    assert any(item is found for item in gc.get_objects(generation=2))


def test_what_others_froze_stays_frozen(collector):
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with collector_paused():
            made = [[number] for number in range(1000)]
        assert made and gc.get_freeze_count() == frozen > 0
    finally:
        gc.unfreeze()
