"""The bone component over a whole course: B1, B2, B4, later progression."""

from dataclasses import replace

import pytest

from app.criteria.bone.rules import NewBoneLesionRule
from app.domain.bone import (
    BenignCause,
    BoneCategory,
    BoneFocus,
    BoneItemState,
    BoneVisit,
    CtCorrelate,
    CtFinding,
    Flare,
    FocusClass,
    NewBoneLesion,
    ProgressionEvidence,
    ScanQuality,
    SkeletalRegion,
)
from app.domain.rule_content import rules_sha256
from tests.unit.criteria.bone.scans import (
    BETTER,
    CT_STABLE,
    EQUIVOCAL,
    NEW,
    RESOLVED,
    RULES,
    SAME,
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

CR, PD, NE, NED = BoneCategory.CR, BoneCategory.PD, BoneCategory.NE, BoneCategory.NED
STAYS = BoneCategory.NON_CR_NON_PD
LATE = 40  # weeks: outside the flare window
LATER = 53
LATEST = 66
CALM = visit(1, 13, focus("A", SAME))


def last(*visits, rules=RULES):
    return course(*visits, rules=rules).responses[-1]


def after_calm(*foci, **more):
    """A scan outside the flare window after a calm first one."""
    return last(baseline(), CALM, visit(2, LATE, *foci, **more))


def test_baseline_lists_what_is_followed():
    first = course(baseline(focus("A"), benign("D"))).responses[0]
    assert (first.category, first.item) == (STAYS, BoneItemState.PRESENT)
    assert (first.metastatic_count, first.count_text) == (1, "1")
    assert (first.rule_set, first.rules_sha256) == ("bone", rules_sha256(RULES))
    assert course(baseline(benign("D"))).responses[0].category is NED
    assert course(visit(0, -1, diffuse=True)).responses[0].item is BoneItemState.PRESENT


def test_no_visit_no_course():
    found = course()
    assert (found.responses, found.first_progression) == ((), None)


@pytest.mark.parametrize(
    ("change", "category", "item"),
    [
        (SAME, STAYS, BoneItemState.PRESENT),
        (BETTER, STAYS, BoneItemState.PRESENT),
        (RESOLVED, CR, BoneItemState.ABSENT),
    ],
)
def test_what_persists(change, category, item):
    found = after_calm(focus("A", change))
    assert (found.category, found.item, found.new_lesion) == (category, item, NewBoneLesion.NONE)
    assert found.progression is None


def test_uptake_that_was_gone_stays_gone():
    gone = focus("A", RESOLVED)
    assert last(baseline(), visit(1, 13, gone), visit(2, LATE, gone)).category is CR
    same = BoneFocus(
        "A", SkeletalRegion.PELVIS_LEFT, FocusClass.METASTATIC,
        versus_baseline=RESOLVED, versus_previous=SAME,
    )  # fmt: skip
    assert last(baseline(), visit(1, 13, gone), visit(2, LATE, same)).category is CR


def test_a_followed_focus_that_returns_is_worse_and_not_new():
    found = last(baseline(), visit(1, 13, focus("A", RESOLVED)), visit(2, LATE, focus("A", NEW)))
    assert (found.category, found.new_foci, found.worse_foci) == (STAYS, (), ("A",))


def test_a_focus_that_is_not_listed_makes_the_item_not_evaluable():
    found = last(baseline(focus("A"), focus("B")), visit(1, LATE, focus("A", RESOLVED)))
    assert (found.category, found.flags) == (NE, ("BONE_FOCUS_NOT_ASSESSED",))
    assert last(baseline(focus("A"), focus("B")), visit(1, LATE, diffuse=True)).category is STAYS


def test_the_list_is_frozen_at_baseline():
    found = after_calm(benign("A", SAME))
    assert (found.category, found.flags) == (STAYS, ("BONE_FOCUS_RECLASSIFIED",))
    assert after_calm(benign("A", RESOLVED)).category is CR


def test_no_focus_at_baseline():
    assert last(baseline(benign("D")), visit(1, LATE, benign("D", SAME))).category is NED
    now_malignant = last(baseline(benign("D")), visit(1, LATE, focus("D", SAME)))
    assert (now_malignant.category, now_malignant.new_foci) == (STAYS, ())


def test_a_solitary_new_focus_is_equivocal():
    found = after_calm(focus("A", SAME), focus("N", NEW))
    assert (found.category, found.new_lesion) == (STAYS, NewBoneLesion.EQUIVOCAL)
    assert (found.new_foci, found.flags) == (("N",), ("BONE_NEW_FOCUS_EQUIVOCAL",))
    alone = after_calm(focus("A", RESOLVED), focus("N", NEW))
    assert (alone.category, alone.new_lesion) == (CR, NewBoneLesion.EQUIVOCAL)


@pytest.mark.parametrize(
    "correlate", sorted(set(CtCorrelate) - {CtCorrelate.NONE, CtCorrelate.NOT_COVERED})
)
def test_one_new_focus_with_a_correlate_is_unequivocal(correlate):
    found = after_calm(focus("A", SAME), focus("N", NEW, ct_correlate=correlate))
    assert (found.category, found.new_lesion) == (PD, NewBoneLesion.UNEQUIVOCAL)
    assert (found.item, found.progression.rule) == (BoneItemState.PRESENT, "BON-B2")
    assert found.progression.evidence is ProgressionEvidence.NEW_LESION
    assert found.progression.dated == found.progression.seen_on == day(LATE)


@pytest.mark.parametrize("correlate", [CtCorrelate.NONE, CtCorrelate.NOT_COVERED])
def test_no_correlate_is_none(correlate):
    assert after_calm(focus("A", SAME), focus("N", NEW, ct_correlate=correlate)).category is STAYS


def test_mri_or_radiograph_is_a_correlate():
    assert after_calm(focus("A", SAME), focus("N", NEW, other_correlate=True)).category is PD


def test_two_typical_new_foci_are_unequivocal():
    pair = (focus("A", SAME), focus("N", NEW))
    assert after_calm(*pair, focus("M", NEW)).category is PD
    assert after_calm(*pair, focus("M", NEW, trauma_or_degeneration=True)).category is STAYS
    assert after_calm(*pair, focus("M", NEW, EQUIVOCAL)).category is STAYS
    assert after_calm(*pair, benign("M", NEW)).category is STAYS
    assert after_calm(*pair, benign("M", NEW)).benign_foci == ("M",)
    three = after_calm(
        *pair, focus("M", NEW), focus("K", NEW, trauma_or_degeneration=True, other_correlate=True)
    )
    assert three.category is PD


def test_under_any_one_focus_is_enough():
    rules = replace(RULES, bone_new_lesion_rule=NewBoneLesionRule.ANY)
    foci = focus("A", SAME), focus("N", NEW)
    assert last(baseline(), CALM, visit(2, LATE, *foci), rules=rules).category is PD
    undecided = focus("A", SAME), focus("N", NEW, EQUIVOCAL)
    assert last(baseline(), CALM, visit(2, LATE, *undecided), rules=rules).category is STAYS


def test_an_equivocal_focus_that_is_confirmed_dates_progression_back():
    single = visit(2, LATE, focus("A", SAME), focus("N", NEW))
    proven = focus("N", SAME, ct_correlate=CtCorrelate.LYTIC)
    found = course(baseline(), CALM, single, visit(3, LATER, focus("A", SAME), proven))
    assert found.responses[2].category is STAYS
    assert found.responses[3].category is PD
    assert (found.first_progression.dated, found.first_progression.seen_on) == (
        day(LATE), day(LATER),
    )  # fmt: skip
    assert "BONE_DATED_BACK" in codes(found.responses[3])
    second = visit(3, LATER, focus("A", SAME), focus("N", SAME), focus("M", NEW))
    assert course(baseline(), CALM, single, second).first_progression.dated == day(LATE)


def test_an_equivocal_focus_that_goes_is_forgotten():
    single = visit(2, LATE, focus("A", SAME), focus("N", NEW))
    gone = visit(3, LATER, focus("A", SAME), focus("N", RESOLVED))
    other = visit(4, LATEST, focus("A", SAME), focus("N", RESOLVED), focus("M", NEW))
    found = course(baseline(), CALM, single, gone, other)
    assert found.first_progression is None
    back = visit(4, LATEST, focus("A", SAME), focus("N"), focus("M", NEW))
    assert course(baseline(), CALM, single, gone, back).first_progression.dated == day(LATEST)


def test_a_new_focus_is_told_by_comparison_or_by_its_id():
    def compared(**comparison):
        return BoneFocus("N", SkeletalRegion.SKULL, FocusClass.METASTATIC, **comparison)

    assert after_calm(focus("A", SAME), compared()).new_foci == ("N",)
    assert after_calm(focus("A", SAME), compared(versus_baseline=NEW)).new_foci == ("N",)
    assert after_calm(focus("A", SAME), compared(versus_baseline=SAME)).new_foci == ()
    assert after_calm(focus("A", SAME), compared(versus_previous=SAME)).new_foci == ()
    assert after_calm(focus("A")).new_foci == ()


def test_worse_outside_the_window_needs_the_readers_verdict():
    found = after_calm(focus("A", WORSE))
    assert (found.category, found.flags) == (STAYS, ("BONE_WORSE_NOT_UNEQUIVOCAL",))
    said = after_calm(focus("A", WORSE), reader_status=PD)
    assert (said.category, said.item) == (PD, BoneItemState.UNEQUIVOCAL_PROGRESSION)
    assert (said.progression.rule, said.progression.evidence) == (
        "BON-B1", ProgressionEvidence.NON_TARGET,
    )  # fmt: skip
    assert said.new_lesion is NewBoneLesion.NONE
    against_baseline = BoneFocus(
        "A", SkeletalRegion.SKULL, FocusClass.METASTATIC, versus_baseline=WORSE
    )
    assert after_calm(against_baseline).worse_foci == ("A",)


def test_a_reader_who_differs_is_shown():
    assert after_calm(focus("A", SAME), reader_status=STAYS).flags == ()
    found = after_calm(focus("A", SAME), reader_status=CR)
    assert (found.category, found.flags) == (STAYS, ("BONE_READER_DIFFERS",))
    assert after_calm(focus("A", SAME), reader_status=NE).category is NE


def test_a_missing_scan_is_not_evaluable_unless_ct_shows_the_bones():
    found = last(baseline(), without_scan(1, CT_STABLE))
    assert (found.category, found.item, found.flags) == (
        NE, BoneItemState.NE, ("BONE_SCAN_MISSING",),
    )  # fmt: skip
    assert last(baseline(), without_scan(1)).category is NE
    for status in (CR, STAYS, NE, NED):
        shown = last(baseline(), without_scan(1, CtFinding(day(13), bone_status=status)))
        assert (shown.category, shown.progression) == (status, None)
    unreadable = visit(1, 13, quality=ScanQuality.NOT_READABLE, quality_reason="motion")
    assert last(baseline(), unreadable).flags == ("BONE_SCAN_NOT_READABLE",)


def test_progression_that_ct_shows_without_a_scan():
    shown = CtFinding(day(13), bone_status=PD)
    found = course(baseline(), without_scan(1, shown), visit(2, LATE, focus("A", SAME)))
    assert found.first_progression.dated == day(13)
    assert found.first_progression.evidence is ProgressionEvidence.CT
    assert [item.category for item in found.responses] == [STAYS, PD, PD]
    again = course(baseline(), without_scan(1, shown), without_scan(2, shown))
    assert again.responses[2].progression == again.first_progression


def test_progression_stands():
    proof = focus("N", NEW, ct_correlate=CtCorrelate.LYTIC)
    found = course(
        baseline(),
        visit(1, LATE, focus("A", SAME), proof),
        visit(2, LATER, focus("A", RESOLVED), focus("N", RESOLVED)),
        without_scan(3),
    )
    after, missing = found.responses[2:]
    assert (after.category, after.item) == (PD, BoneItemState.ABSENT)
    assert (after.new_lesion, codes(after)) == (
        NewBoneLesion.UNEQUIVOCAL, ["BONE_PROGRESSION_STANDS"],
    )  # fmt: skip
    assert (missing.category, missing.progression) == (NE, found.first_progression)
    said = course(
        baseline(), visit(1, LATE, focus("A", WORSE), reader_status=PD),
        visit(2, LATER, focus("A", BETTER)),
    )  # fmt: skip
    assert said.responses[2].item is BoneItemState.UNEQUIVOCAL_PROGRESSION


def test_without_a_baseline_scan_only_progression_can_be_shown():
    start = without_scan(0, CT_STABLE)
    gone = visit(2, LATER, focus("A", RESOLVED), focus("B", RESOLVED))
    found = course(start, visit(1, LATE, focus("A"), focus("B")), gone)
    assert [item.category for item in found.responses] == [NE, NE, NE]
    assert found.responses[1].flags == ("BONE_BASELINE_MISSING",)
    proof = focus("N", NEW, ct_correlate=CtCorrelate.LYTIC)
    later = course(start, visit(1, LATE, focus("A")), visit(2, LATER, focus("A", SAME), proof))
    assert later.first_progression.dated == day(LATER)


def test_without_a_baseline_scan_new_destruction_on_ct_counts():
    start = without_scan(0, CT_STABLE)
    found = course(
        start,
        visit(1, 10, focus("A"), focus("N", ct_correlate=CtCorrelate.LYTIC, correlate_is_new=True)),
    )
    assert found.first_progression.rule == "BON-F3"
    assert found.responses[1].item is BoneItemState.NE


@pytest.mark.parametrize(("count", "text"), [(20, "20"), (21, ">20")])
def test_foci_are_counted_up_to_twenty(count, text):
    found = course(baseline(*(focus(f"F{n}") for n in range(count)))).responses[0]
    assert (found.metastatic_count, found.count_text) == (count, text)


def test_diffuse_uptake_has_no_count():
    found = after_calm(focus("A", SAME), diffuse=True)
    assert (found.metastatic_count, found.count_text) == (None, "diffuse")
    quiet = after_calm(focus("A", RESOLVED), benign("D"))
    assert (quiet.metastatic_count, quiet.count_text) == (0, "0")


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="used twice"):
        course(baseline(), visit(0, 13))
    with pytest.raises(ValueError, match="order of the visits"):
        course(baseline(), visit(1, 13), visit(2, 13))
    with pytest.raises(ValueError, match="baseline shows no progression"):
        course(visit(0, -1, focus("A"), reader_status=PD))
    with pytest.raises(ValueError, match="baseline shows no progression"):
        course(without_scan(0, CtFinding(day(-1), bone_status=PD)))
    with pytest.raises(ValueError, match="listed twice"):
        scan(1, focus("A"), focus("A"))
    with pytest.raises(ValueError, match="needs a reason"):
        scan(1, quality=ScanQuality.LIMITED)
    with pytest.raises(ValueError, match="benign cause"):
        focus("A", benign_cause=BenignCause.PAGET)


def test_the_order_of_visits_and_foci_is_free():
    pair = focus("A", SAME), focus("N", NEW), focus("M", NEW)
    visits = [baseline(), CALM, visit(2, LATE, *pair)]
    turned = [replace(item, scan=replace(item.scan, foci=item.scan.foci[::-1])) for item in visits]
    assert course(*turned[::-1]) == course(*visits)
    assert repr(course(*turned[::-1])) == repr(course(*visits))


def test_a_visit_without_ct_is_judged_all_the_same_outside_the_window():
    pair = scan(LATE, focus("A", SAME), focus("N", NEW), focus("M", NEW))
    assert last(baseline(), CALM, BoneVisit(2, pair)).category is PD


def test_flare_is_none_where_nothing_is_worse():
    assert {item.flare for item in course(baseline(), CALM).responses} == {Flare.NONE}
