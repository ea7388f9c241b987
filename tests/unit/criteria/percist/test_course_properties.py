"""What must hold for any course (spec 0.3 N6, 2.10)."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.criteria.percist.course import PercistCourse
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import PercistRules
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus
from app.domain.response import MetabolicCategory as Category
from tests.builders.percist_trial import made_up_course
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR

WORSENING = [Category.CMR, Category.PMR, Category.SMD, Category.NON_CMR_NON_PMD, Category.PMD]
RULES = [replace(rules, percist_lesions=count) for rules in ALL_RULES for count in (1, 5)]
COURSES = st.integers(0, 10_000).map(lambda seed: made_up_course(random.Random(seed), visits=4))
quick = settings(max_examples=60, deadline=None)


def shuffled(mapping, chance):
    items = list(mapping.items())
    chance.shuffle(items)
    return dict(items)


@quick
@given(COURSES, st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_the_order_of_lesions_and_items_never_matters(course, rules, chance):
    visits = tuple(
        replace(
            visit,
            sul_peaks=shuffled(visit.sul_peaks, chance),
            typical=shuffled(visit.typical, chance),
            missing=visit.missing[::-1],
            non_targets=visit.non_targets[::-1],
            new_foci=visit.new_foci[::-1],
        )
        for visit in course.visits
    )
    other = replace(course, visits=visits, lesions=shuffled(course.lesions, chance))
    assert derive_course(other, rules) == derive_course(course, rules)


@quick
@given(COURSES, st.sampled_from(RULES))
def test_deriving_again_gives_the_same_bytes(course, rules):
    assert repr(derive_course(course, rules)) == repr(derive_course(course, rules))


@quick
@given(COURSES, st.sampled_from(RULES))
def test_a_response_rests_on_nothing_later(course, rules):
    whole = derive_course(course, rules).responses
    for count in range(1, len(course.visits)):
        part = derive_course(PercistCourse(course.visits[:count], course.lesions,
                                           course.therapy_start), rules)  # fmt: skip
        assert part.responses == whole[: count - 1]


@quick
@given(COURSES, st.sampled_from(RULES))
def test_without_explanation_the_categories_are_the_same(course, rules):
    full, brief = derive_course(course, rules), derive_course(course, rules, explain=False)
    for one, other in zip(full.responses, brief.responses, strict=True):
        assert (one.overall, one.target.category) == (other.overall, other.target.category)
        assert (one.flags, one.report_string) == (other.flags, other.report_string)
    assert (full.best, full.first_progression) == (brief.best, brief.first_progression)


@quick
@given(COURSES, st.sampled_from(RULES))
def test_a_draft_without_ticks_never_gives_a_complete_response(course, rules):
    bare = replace(
        course,
        visits=tuple(
            replace(visit, resolved=frozenset(), non_targets=()) for visit in course.visits
        ),
    )
    for response in derive_course(bare, rules).responses:
        assert response.overall is not Category.CMR


def rank(category):
    return None if category is Category.NE else WORSENING.index(category)


def worsened(course, kind):
    """The course with something worse at its last visit."""
    last = course.visits[-1]
    if kind == "new lesion":
        focus = NewFocus("U99", NewLesionClass.UNEQUIVOCAL)
        last = replace(last, new_foci=(*last.new_foci, focus))
    elif kind == "equivocal focus":
        last = replace(last, new_foci=(*last.new_foci, NewFocus("U99", NewLesionClass.EQUIVOCAL)))
    elif kind == "non-target progression":
        item = NonTargetItem("N99", NonTargetStatus.PMD)
        last = replace(last, non_targets=(*last.non_targets, item))
    elif kind == "hotter lesions":
        last = replace(last, sul_peaks={n: p + 1.7 for n, p in last.sul_peaks.items()})
    else:
        last = replace(last, resolved=frozenset())
    return replace(course, visits=(*course.visits[:-1], last))


@pytest.mark.parametrize(
    "kind",
    ["new lesion", "equivocal focus", "non-target progression", "hotter lesions", "tick taken"],
)
@quick
@given(course=COURSES, rules=st.sampled_from(RULES))
def test_something_worse_never_improves_the_response(kind, course, rules: PercistRules):
    before = rank(derive_course(course, rules).responses[-1].overall)
    after = rank(derive_course(worsened(course, kind), rules).responses[-1].overall)
    if before is not None and after is not None:
        assert before <= after
    elif before is not None:
        raise AssertionError("an evaluable visit became not evaluable")


STEP = 1e-6


@quick
@given(COURSES, st.sampled_from(ALL_RULES))
def test_overall_margins_are_true(course, rules):
    """Moving the hottest lesion alone beyond the margin flips the overall category, not before."""
    last = course.visits[-1]
    response = derive_course(course, rules).responses[-1]
    name = response.target.target_id
    recurrence = any(item.rule == "PER-2.8-RECURRENCE" for item in response.target.reasons)
    if name is None or recurrence:
        return
    for margin in response.margins:
        sign = 1 if margin.difference_g_per_ml > 0 else -1
        others = [peak for other, peak in last.sul_peaks.items() if other != name]
        if sign < 0 and max(others, default=0.0) > margin.at_sul_peak_g_per_ml - 2 * STEP:
            continue  # another lesion is then the hottest
        for beyond, changed in ((sign * STEP, True), (-sign * STEP, False)):
            at = margin.at_sul_peak_g_per_ml + beyond
            moved = replace(last, sul_peaks={**last.sul_peaks, name: at}, tlg_g=None)
            other = derive_course(
                replace(course, visits=(*course.visits[:-1], moved)), rules
            ).responses[-1]
            expected = margin.category if changed else response.overall
            if abs(margin.difference_g_per_ml) > 2 * STEP:
                assert other.overall is expected


@pytest.mark.parametrize("worse", [1.0, 1.2, 1.7])
@quick
@given(course=COURSES)
def test_adding_a_worse_lesion_never_improves_a_response(course, worse):
    """A lesion hotter than all and risen at least as much, or fallen at most as much."""
    base, now = course.visits[0], course.visits[-1]
    one = PercistCourse((base, now))
    found = derive_course(one, NADIR).responses[-1]
    if found.target.target_id is None or found.target.sul_peak_g_per_ml is None:
        return
    b, c = found.target.baseline_sul_peak_g_per_ml, found.target.sul_peak_g_per_ml
    added = PercistCourse(
        (
            replace(base, sul_peaks={**base.sul_peaks, "X": b}),
            replace(now, sul_peaks={**now.sul_peaks, "X": c * worse}),
        )
    )
    after = derive_course(added, NADIR).responses[-1]
    assert WORSENING.index(found.overall) <= WORSENING.index(after.overall)
