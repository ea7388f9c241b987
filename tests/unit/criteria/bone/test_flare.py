"""Flare: F1-F4 and its window (spec 4.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.bone.course import bone_course
from app.criteria.bone.rules import NewBoneLesionRule
from app.criteria.bone.verdict import in_flare_window
from app.domain.bone import (
    BoneCategory,
    BoneItemState,
    BoneVisit,
    CtCorrelate,
    CtFinding,
    Flare,
    FocusClass,
    NewBoneLesion,
    ProgressionEvidence,
)
from tests.unit.criteria.bone.scans import (
    BETTER,
    CT_PD,
    EQUIVOCAL,
    NEW,
    RESOLVED,
    RULES,
    SAME,
    START,
    WORSE,
    baseline,
    benign,
    codes,
    course,
    day,
    focus,
    scan,
    visit,
    without_scan,
)  # fmt: skip

PD, STAYS, NE = BoneCategory.PD, BoneCategory.NON_CR_NON_PD, BoneCategory.NE
FLARE = visit(1, 13, focus("A", WORSE))
NEW_FLARE = visit(1, 13, focus("A", SAME), focus("N", NEW), focus("M", NEW))


@pytest.mark.parametrize(
    ("days", "inside"), [(-1, False), (0, True), (181, True), (182, True), (183, False)]
)
def test_the_window_is_26_weeks_inclusive(days, inside):
    assert in_flare_window(START + timedelta(days=days), START, RULES) is inside
    foci = focus("A", SAME), focus("N", NEW), focus("M", NEW)
    found = course(baseline(), visit(1, days / 7, *foci)).responses[1]
    assert (found.flare is Flare.SUSPECTED) is inside
    assert (found.category is PD) is not inside


def test_another_window():
    rules = replace(RULES, flare_window_weeks=12)
    assert course(baseline(), NEW_FLARE, rules=rules).responses[1].category is PD
    none = replace(RULES, flare_window_weeks=0)
    assert in_flare_window(START, START, none)
    assert not in_flare_window(START + timedelta(days=1), START, none)


@pytest.mark.parametrize(
    "foci",
    [
        (focus("A", WORSE),),
        (focus("A", SAME), focus("N", NEW)),
        (focus("A", SAME), focus("N", NEW, EQUIVOCAL)),
        (focus("A", RESOLVED), focus("N", NEW), focus("M", NEW)),
        (
            focus("A", SAME),
            focus("N", NEW, ct_correlate=CtCorrelate.BLASTIC, correlate_is_new=True),
        ),
        (focus("A", SAME), focus("N", NEW, ct_correlate=CtCorrelate.LYTIC)),
    ],
    ids=str,
)
def test_f1_worsening_within_the_window_is_no_progression(foci):
    found = course(baseline(), visit(1, 13, *foci))
    response = found.responses[1]
    assert (response.category, response.flare) == (STAYS, Flare.SUSPECTED)
    assert response.item is BoneItemState.PRESENT
    assert response.flags == ("FLARE_SUSPECTED",)
    assert found.first_progression is None
    assert response.new_lesion is not NewBoneLesion.UNEQUIVOCAL


def test_f1_holds_against_the_reader():
    response = course(baseline(), visit(1, 13, focus("A", SAME), reader_status=PD)).responses[1]
    assert response.category is STAYS
    assert response.flags == ("BONE_READER_DIFFERS", "FLARE_SUSPECTED")


def test_f1_needs_a_ct_without_progression():
    pair = focus("A", SAME), focus("N", NEW), focus("M", NEW)
    assert course(baseline(), visit(1, 13, *pair, ct=CT_PD)).responses[1].category is PD
    for ct in (None, CtFinding(day(13))):
        response = course(baseline(), visit(1, 13, *pair, ct=ct)).responses[1]
        assert (response.category, response.flags) == (
            STAYS, ("BONE_FLARE_WITHOUT_CT", "FLARE_SUSPECTED"),
        )  # fmt: skip


@pytest.mark.parametrize("weeks", [20, 26, 40])
@pytest.mark.parametrize(
    ("first", "second", "evidence"),
    [
        (FLARE, (focus("A", WORSE),), ProgressionEvidence.NON_TARGET),
        (FLARE, (focus("A", SAME), focus("N", NEW)), ProgressionEvidence.NEW_LESION),
        (
            NEW_FLARE,
            (focus("A", SAME), focus("N", WORSE), focus("M", SAME)),
            ProgressionEvidence.NEW_LESION,
        ),
        (
            NEW_FLARE,
            (focus("A", SAME), focus("N", SAME), focus("M", SAME), focus("K", NEW)),
            ProgressionEvidence.NEW_LESION,
        ),
    ],
    ids=str,
)
def test_f2_worse_again_is_progression_at_the_first_scan(first, second, evidence, weeks):
    found = course(baseline(), first, visit(2, weeks, *second))
    assert [item.category for item in found.responses] == [STAYS, STAYS, PD]
    assert found.responses[2].flare is Flare.REFUTED
    progression = found.first_progression
    assert (progression.dated, progression.seen_on) == (day(13), day(weeks))
    assert (progression.evidence, progression.rule) == (evidence, "BON-F2")
    assert (found.responses[2].new_lesion is NewBoneLesion.UNEQUIVOCAL) is (
        evidence is ProgressionEvidence.NEW_LESION
    )


def test_f2_the_readers_progression_refutes():
    found = course(baseline(), FLARE, visit(2, 26, focus("A", SAME), reader_status=PD))
    assert found.first_progression.dated == day(13)


@pytest.mark.parametrize("change", [SAME, BETTER, RESOLVED])
def test_f2_stable_or_better_confirms_the_flare(change):
    foci = [focus(name, change) for name in "ANM"]
    found = course(baseline(), NEW_FLARE, visit(2, 26, *foci))
    response = found.responses[2]
    assert response.flare is Flare.CONFIRMED
    assert response.category is (BoneCategory.CR if change is RESOLVED else STAYS)
    assert (response.flags, response.new_lesion) == (("FLARE_CONFIRMED",), NewBoneLesion.NONE)
    assert found.first_progression is None


def test_foci_of_a_confirmed_flare_are_followed_and_not_new_any_more():
    same = [focus(name, SAME) for name in "ANM"]
    found = course(baseline(), NEW_FLARE, visit(2, 26, *same), visit(3, 40, *same))
    assert (found.responses[3].category, found.responses[3].new_foci) == (STAYS, ())
    gone = course(
        baseline(), NEW_FLARE, visit(2, 26, *same),
        visit(3, 40, focus("A", RESOLVED), focus("N", RESOLVED), focus("M", SAME)),
    )  # fmt: skip
    assert gone.responses[3].category is STAYS
    one_more = course(
        baseline(), NEW_FLARE, visit(2, 26, *same), visit(3, 40, *same, focus("K", NEW))
    )
    assert one_more.responses[3].new_lesion is NewBoneLesion.EQUIVOCAL
    assert one_more.responses[3].category is STAYS


def test_a_focus_the_reader_cannot_judge_keeps_the_suspicion_open():
    foci = focus("A", SAME), focus("E", NEW, EQUIVOCAL)
    waiting = visit(2, 26, *foci)
    calm = visit(3, 39, focus("A", SAME), focus("E", SAME, EQUIVOCAL))
    found = course(baseline(), FLARE, waiting, calm)
    assert found.responses[2].flare is Flare.SUSPECTED
    assert found.responses[2].category is STAYS
    assert codes(found.responses[2])[0] == "BONE_FLARE_OPEN"
    closed = found.responses[3]
    assert (closed.flare, closed.new_lesion) == (Flare.CONFIRMED, NewBoneLesion.EQUIVOCAL)
    refuted = course(
        baseline(), FLARE, waiting, visit(3, 39, focus("A", WORSE), focus("E", SAME, EQUIVOCAL))
    )
    assert refuted.first_progression.dated == day(13)


def test_a_missing_scan_leaves_the_suspicion_open():
    found = course(baseline(), FLARE, without_scan(2, CT_PD), visit(3, 39, focus("A", WORSE)))
    assert (found.responses[2].category, found.responses[2].flare) == (NE, Flare.SUSPECTED)
    assert found.responses[2].flags == ("BONE_SCAN_MISSING", "FLARE_SUSPECTED")
    assert found.first_progression.dated == day(13)


@pytest.mark.parametrize(
    "correlate", [CtCorrelate.LYTIC, CtCorrelate.MIXED, CtCorrelate.SOFT_TISSUE]
)
def test_f3_new_destruction_on_ct_is_progression_at_once(correlate):
    proof = focus("N", NEW, ct_correlate=correlate, correlate_is_new=True)
    found = course(baseline(), visit(1, 13, focus("A", WORSE), proof))
    assert found.responses[1].category is PD
    assert (found.first_progression.rule, found.first_progression.dated) == ("BON-F3", day(13))


def test_f3_needs_the_readers_class():
    unsure = focus("N", NEW, EQUIVOCAL, ct_correlate=CtCorrelate.LYTIC, correlate_is_new=True)
    assert course(baseline(), visit(1, 13, focus("A", SAME), unsure)).first_progression is None


def test_f3_destruction_seen_at_the_next_scan_dates_the_focus():
    shown = focus("N", SAME, ct_correlate=CtCorrelate.LYTIC, correlate_is_new=True)
    found = course(baseline(), NEW_FLARE, visit(2, 26, focus("A", SAME), shown, focus("M", BETTER)))
    assert (found.first_progression.rule, found.first_progression.dated) == ("BON-F3", day(13))


@pytest.mark.parametrize("weeks", [13, 40])
def test_f4_sclerosis_with_clinical_improvement_is_healing(weeks):
    healing = focus("A", WORSE, sclerosis_on_ct=True)
    found = course(baseline(), visit(1, weeks, healing, clinical_improvement=True)).responses[1]
    assert (found.category, found.flare) == (STAYS, Flare.NONE)
    assert (found.healing_foci, found.worse_foci, found.flags) == (("A",), (), ())
    for improved in (False, None):
        other = course(baseline(), visit(1, weeks, healing, clinical_improvement=improved))
        assert other.responses[1].worse_foci == ("A",)
    no_ct = course(baseline(), visit(1, weeks, focus("A", WORSE), clinical_improvement=True))
    assert no_ct.responses[1].worse_foci == ("A",)


def test_f4_is_for_known_sites_only():
    new = focus("N", NEW, sclerosis_on_ct=True)
    found = course(baseline(), visit(1, 13, focus("A", SAME), new, clinical_improvement=True))
    assert found.responses[1].flare is Flare.SUSPECTED


def test_benign_foci_never_count():
    found = course(baseline(), visit(1, 13, focus("A", SAME), benign("D", NEW), benign("E", WORSE)))
    assert (found.responses[1].category, found.responses[1].flare) == (STAYS, Flare.NONE)
    assert found.responses[1].benign_foci == ("D", "E")


TWO = replace(RULES, bone_new_lesion_rule=NewBoneLesionRule.TWO_PLUS_TWO)


def test_two_plus_two_dates_at_the_first_scan():
    more = [focus(name, SAME) for name in "ANM"] + [focus("K", NEW), focus("L", NEW)]
    found = course(baseline(), NEW_FLARE, visit(2, 26, *more), rules=TWO)
    assert (found.responses[1].category, found.responses[1].flare) == (STAYS, Flare.NONE)
    assert found.responses[2].category is PD
    assert (found.first_progression.dated, found.first_progression.rule) == (day(13), "BON-4.5")
    fewer = course(baseline(), NEW_FLARE, visit(2, 26, *more[:-1]), rules=TWO)
    assert fewer.first_progression is None
    assert fewer.responses[2].new_lesion is NewBoneLesion.EQUIVOCAL


def test_two_plus_two_later_foci_need_to_persist():
    same = [focus(name, SAME) for name in "ANM"]
    quiet = visit(1, 13, focus("A", SAME))
    late = visit(2, 40, focus("A", SAME), focus("N", NEW), focus("M", NEW))
    found = course(baseline(), quiet, late, visit(3, 53, *same), rules=TWO)
    assert (found.first_progression.dated, found.first_progression.seen_on) == (day(40), day(53))
    gone = course(baseline(), quiet, late, visit(3, 53, *same[:2], focus("M", RESOLVED)), rules=TWO)
    assert gone.first_progression is None


def test_two_plus_two_keeps_flare_of_known_foci():
    found = course(baseline(), FLARE, visit(2, 26, focus("A", WORSE)), rules=TWO)
    assert found.first_progression.rule == "BON-F2"
    by_new = course(baseline(), FLARE, visit(2, 26, focus("A", SAME), focus("N", NEW)), rules=TWO)
    assert by_new.first_progression is None


CHANGES = st.sampled_from([SAME, BETTER, WORSE, RESOLVED, NEW])
FOCI = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.tuples(
        CHANGES,
        st.sampled_from(list(FocusClass)),
        st.sampled_from(list(CtCorrelate)),
        st.booleans(),
    ),
    max_size=5,
)
CTS = st.sampled_from([None, CtFinding(START), CtFinding(START, False), CtFinding(START, True)])
VISITS = st.lists(st.tuples(st.none() | FOCI, CTS), min_size=1, max_size=6)


def told(rows):
    visits = [baseline(focus("A"), focus("B"))]
    for number, (foci, ct) in enumerate(rows, start=1):
        listed = [
            focus(name, change, kind, ct_correlate=correlate, correlate_is_new=is_new)
            for name, (change, kind, correlate, is_new) in (foci or {}).items()
        ]
        done = None if foci is None else scan(13 * number, *listed)
        visits.append(BoneVisit(number, done, ct))
    return visits


@given(VISITS, st.sampled_from([RULES, TWO]))
def test_a_later_scan_never_rewrites_an_earlier_response(rows, rules):
    visits = told(rows)
    whole = bone_course(visits, START, rules)
    for number in range(1, len(visits) + 1):
        assert bone_course(visits[:number], START, rules).responses == whole.responses[:number]


@given(VISITS, st.randoms(use_true_random=False))
def test_order_is_free_and_re_derivation_identical(rows, random):
    visits = told(rows)
    whole = repr(bone_course(visits, START, RULES))
    turned = []
    for item in visits:
        if item.scan is not None:
            foci = random.sample(item.scan.foci, len(item.scan.foci))
            item = replace(item, scan=replace(item.scan, foci=tuple(foci)))
        turned.append(item)
    random.shuffle(turned)
    assert repr(bone_course(turned, START, RULES)) == whole


@given(VISITS)
def test_what_always_holds(rows):
    found = bone_course(told(rows), START, RULES)
    progressed = False
    for response in found.responses:
        assert list(response.flags) == sorted(set(response.flags))
        if response.flare is Flare.SUSPECTED and response.scan_date is not None:
            assert response.category is STAYS
            assert response.progression is None
        if response.progression is not None and response.category is PD:
            assert response.progression.dated <= response.progression.seen_on
            assert response.progression.dated > START
        if response.category is PD:
            progressed = True
            assert response.progression == found.first_progression
        elif response.scan_date is not None:
            assert not progressed
    assert progressed is (found.first_progression is not None)


@given(VISITS)
def test_within_the_window_and_with_stable_ct_only_f2_or_f3_give_progression(rows):
    early = [(foci, CtFinding(START, False)) for foci, _ in rows[:2]]
    found = bone_course(told(early), START, RULES).first_progression
    assert found is None or found.rule in ("BON-F2", "BON-F3")
    assert found is None or found.dated == day(13) or found.rule == "BON-F3"
