"""The made-up trial is always the same one and has what the benchmark times."""

from app.criteria.recist.rules import RecistRules
from app.services.rule_sets import load_percist_rules, load_rules
from benchmarks.criteria import primary, variants
from benchmarks.criteria_trial import made_up_trial


def test_the_trial_repeats_itself():
    assert made_up_trial(3) == made_up_trial(3)
    assert made_up_trial(3) != made_up_trial(3, seed=2)


def test_every_read_is_derived_by_both_criteria_and_in_every_variant():
    reads = made_up_trial(participants=2)
    rules = load_percist_rules("percist-nadir"), load_rules("recist-1.1", RecistRules)
    assert len(reads) == 2 * 2
    assert all(len(read.percist.visits) == 9 and len(read.visits) == 8 for read in reads)
    assert primary(reads, *rules) == 2 * 4
    # Six quantities, two forms, two references.
    assert variants(reads, *rules) == 2 * 4 + 4 * 24
