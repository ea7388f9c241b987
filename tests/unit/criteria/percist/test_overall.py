"""The table of the overall response, its flags, and the best response (spec 2.10)."""

import itertools

import pytest

from app.criteria.percist.new_lesions import NewFocus, new_lesion_response
from app.criteria.percist.overall import (
    Components,
    best_response,
    needs_confirmation,
    overall_category,
    overall_flags,
    overall_reasons,
)
from app.criteria.percist.rules import NonmeasurablePolicy as Policy
from app.criteria.percist.rules import PmdConfirmation as Confirmation
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NewLesionResponse
from app.domain.response import MetabolicCategory as Category

CMR, PMR, SMD, PMD, NE = Category.CMR, Category.PMR, Category.SMD, Category.PMD, Category.NE
PERSISTS, NOT_MEASURABLE = Category.NON_CMR_NON_PMD, Category.NOT_MEASURABLE
TARGETS = [CMR, PMR, SMD, PMD, NE, NOT_MEASURABLE]
NON_TARGETS = [None, CMR, PERSISTS, PMD, NE]

# Every row of spec 2.10 without a new lesion: target, then by non-target as in NON_TARGETS.
TABLE = {
    CMR: [CMR, CMR, PMR, PMD, PMR],
    PMR: [PMR, PMR, PMR, PMD, PMR],
    SMD: [SMD, SMD, SMD, PMD, SMD],
    PMD: [PMD, PMD, PMD, PMD, PMD],
    NE: [NE, NE, NE, PMD, NE],
    NOT_MEASURABLE: [NE, CMR, PERSISTS, PMD, NE],
}
ONE_NEW = new_lesion_response([NewFocus("U1", NewLesionClass.UNEQUIVOCAL)])
TWO_NEW = new_lesion_response([NewFocus(f"U{n}", NewLesionClass.UNEQUIVOCAL) for n in (1, 2)])
VISCERAL = new_lesion_response([NewFocus("U1", NewLesionClass.UNEQUIVOCAL, site="liver")])
NONE = NewLesionResponse()


def test_the_whole_table():
    for target, row in TABLE.items():
        for non_target, expected in zip(NON_TARGETS, row, strict=True):
            assert overall_category(target, non_target, False) is expected
            assert overall_category(target, non_target, True) is PMD


@pytest.mark.parametrize("policy", [Policy.DEFER_RECIST, Policy.EXCLUDE])
def test_other_policies_for_what_is_not_measurable(policy):
    for non_target in NON_TARGETS:
        expected = PMD if non_target is PMD else NE
        assert overall_category(NOT_MEASURABLE, non_target, False, policy) is expected
    assert overall_category(NOT_MEASURABLE, None, True, policy) is PMD
    assert overall_category(SMD, None, False, policy) is SMD


def test_every_cell_is_told():
    told = set()
    for target, non_target, new, policy in itertools.product(
        TARGETS, NON_TARGETS, (NONE, ONE_NEW), Policy
    ):
        (why,) = overall_reasons(Components(target, non_target, new), policy)
        told.add(why.code)
    assert len(told) == 9


def flags(target, non_target=None, new=NONE, recist=None, policy=Policy.VISUAL,
          confirmation=Confirmation.NONE):  # fmt: skip
    parts = Components(target, non_target, new, recist)
    overall = overall_category(target, non_target, bool(new.unequivocal), policy)
    return overall_flags(parts, overall, policy, confirmation)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (flags(SMD), ()),
        (flags(NOT_MEASURABLE), ("VISUAL_PATHWAY", "NO_DISEASE_FOLLOWED")),
        (flags(NOT_MEASURABLE, CMR), ("VISUAL_PATHWAY",)),
        (flags(NOT_MEASURABLE, new=VISCERAL), ("VISUAL_PATHWAY",)),
        (flags(NOT_MEASURABLE, policy=Policy.DEFER_RECIST), ("DEFERRED_TO_RECIST",)),
        (flags(NOT_MEASURABLE, new=VISCERAL, policy=Policy.DEFER_RECIST), ()),
        (flags(NOT_MEASURABLE, CMR, policy=Policy.EXCLUDE), ("EXCLUDED_NOT_MEASURABLE",)),
        (flags(PMR, recist=True), ("ANATOMIC_CONFLICT",)),
        (flags(CMR, recist=True), ("ANATOMIC_CONFLICT",)),
        (flags(SMD, recist=True), ()),
        (flags(PMR, recist=False), ()),
        (flags(PMR, new=ONE_NEW), ("PMD_UNCONFIRMED",)),
        (flags(PMR, new=TWO_NEW), ()),
        (flags(PMR, new=VISCERAL), ()),
        (flags(PMR, new=ONE_NEW, recist=True), ()),
        (flags(PMD, new=ONE_NEW), ()),
        (flags(SMD, PMD, ONE_NEW), ()),
    ],
)
def test_flags(found, expected):
    assert found == expected


def test_per_wahl_all_but_visceral_lesions_and_recist_wait():
    def waits(target, non_target=None, new=NONE, recist=None):
        overall = overall_category(target, non_target, bool(new.unequivocal))
        parts = Components(target, non_target, new, recist)
        return needs_confirmation(parts, overall, Confirmation.PER_WAHL)

    assert waits(PMD)
    assert waits(SMD, PMD)
    assert waits(SMD, new=TWO_NEW)
    assert not waits(SMD, new=VISCERAL)
    assert not waits(PMD, recist=True)
    assert not waits(SMD)


@pytest.mark.parametrize(
    ("sequence", "best"),
    [
        ([PMD, PMR], PMD),
        ([SMD, PMR, CMR, PMD], CMR),
        ([SMD, PMD, CMR], SMD),
        ([NE, PMD], PMD),
        ([NE, NE], NE),
        ([NE, SMD], SMD),
        ([PMR, CMR, SMD], CMR),
        ([PERSISTS, NE], PERSISTS),
        ([], NE),
    ],
)
def test_best_response(sequence, best):
    assert best_response(sequence) is best


def test_nothing_after_the_first_progression_changes_the_best():
    for sequence in itertools.product([CMR, PMR, SMD, PMD, NE], repeat=3):
        for more in (CMR, NE):
            assert best_response([*sequence, PMD, more]) is best_response([*sequence, PMD])
