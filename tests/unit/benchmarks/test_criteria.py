"""The made-up trial is always the same one and has what the benchmark times."""

from benchmarks.criteria import courses
from benchmarks.criteria_trial import made_up_inputs, made_up_trial


def test_the_trial_repeats_itself():
    assert made_up_trial(3) == made_up_trial(3)
    assert made_up_trial(3) != made_up_trial(3, seed=2)
    assert made_up_inputs(3) == made_up_inputs(3)


def test_every_read_is_derived_by_both_criteria_and_in_every_variant():
    given = made_up_inputs(participants=2)
    assert len(given) == 2 * 2
    assert all(len(read.percist.visits) == 9 and len(read.recist.visits) == 8 for read in given)
    assert courses(given) == 2 * 4
    # Six quantities, two forms, two references.
    assert courses(made_up_inputs(participants=2, variants=True)) == 2 * 4 + 4 * 24


def test_the_inputs_hold_the_quantities_of_the_reads():
    (read, *_), (given, *_) = made_up_trial(1), made_up_inputs(1, variants=True)
    assert given.percist.courses() == read.quantities
