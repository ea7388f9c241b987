"""Odd and border cases of the specification, each worked by hand from the clause it names."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import (
    ComparabilityFailureAction,
    NonmeasurablePolicy,
    PmdConfirmation,
    ProgressionReference,
)
from app.criteria.percist.selection import BaselineLesion
from app.criteria.recist.course import recist_course
from app.criteria.recist.rules import RecistRules
from app.criteria.timeline.pfs import progression_free_survival
from app.domain import recist
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus as Metabolic
from app.domain.recist import (
    BaselinePet,
    CtCorrelate,
    NewLesionCertainty,
    NewLesionFinding,
    NonTargetFinding,
    NonTargetStatus,
    PetFinding,
    RecistBaseline,
    RecistVisit,
    TargetLesion,
    TargetState,
    TargetValue,
)
from app.domain.timeline import Assessment, Outcome, PfsCase, ScanDone
from app.domain.trial import Schedule
from tests.unit.criteria.percist.rule_sets import NADIR, PUBLISHED

DAY0 = date(2026, 1, 5)
LIVER, THRESHOLD = 1.9, 3.25


def on(number):
    return DAY0 + timedelta(days=91 * number)


# PERCIST (spec 2).


def metabolic(*visits, rules=NADIR, lesions=(), therapy_start=None):
    """Each visit a dict of VisitRecord fields; `peaks` may be one SULpeak of L1."""
    records = []
    for number, fields in enumerate(visits):
        given = dict(fields)
        peaks = given.pop("peaks")
        peaks = peaks if isinstance(peaks, dict) else {"L1": peaks}
        given = {"reference_mean": LIVER, "threshold": THRESHOLD, **given}
        records.append(VisitRecord(number, on(number), peaks, **given))
    known = {item.lesion_id: item for item in lesions}
    return derive_course(PercistCourse(tuple(records), known, therapy_start), rules)


def overall(*visits, **more):
    return [item.overall.value for item in metabolic(*visits, **more).responses]


def gone(peak, names=("L1",)):
    return {"peaks": peak, "resolved": frozenset(names)}


def item(status, name="N1"):
    return (NonTargetItem(name, status),)


def focus(verdict, site="liver", **more):
    return (NewFocus("U1", verdict, site, **more),)


UNEQUIVOCAL, EQUIVOCAL = NewLesionClass.UNEQUIVOCAL, NewLesionClass.EQUIVOCAL


@pytest.mark.parametrize(
    ("visits", "more", "expected"),
    [
        # 2.7: c < liver is strict; the tick alone is not enough; the number alone is not either.
        ([{"peaks": 9.0}, gone(1.9)], {}, ["PMR"]),
        ([{"peaks": 9.0}, {"peaks": 1.4}], {}, ["PMR"]),
        ([{"peaks": 9.0}, gone(1.4)], {}, ["CMR"]),
        # 2.7: without any reference value no CMR and no guard.
        ([{"peaks": 9.0}, {**gone(1.0), "reference_mean": None}], {}, ["PMR"]),
        ([{"peaks": 9.0}, {"peaks": 0.9, "reference_mean": None},
          {"peaks": 1.8, "reference_mean": None}], {}, ["PMR", "PMD"]),
        # 2.7 guard: a rise below the liver mean goes on with PMR, SMD.
        ([{"peaks": 9.0}, {"peaks": 0.9}, {"peaks": 1.8}], {}, ["PMR", "PMR"]),
        ([{"peaks": 1.0}, {"peaks": 1.8}], {}, ["NE"]),  # below T: no measurable lesion
        # 2.7: a fall is from baseline, a rise from the nadir; PMD comes before PMR.
        ([{"peaks": 12.0}, {"peaks": 4.0}, {"peaks": 5.2}], {}, ["PMR", "PMD"]),
        ([{"peaks": 12.0}, {"peaks": 4.0}, {"peaks": 5.2}],
         {"rules": replace(NADIR, progression_reference=ProgressionReference.BASELINE)},
         ["PMR", "PMR"]),
        # percist-1.0: "> 30 %" for progression; -30 % still counts for response.
        ([{"peaks": 5.0}, {"peaks": 6.5}], {"rules": PUBLISHED}, ["SMD"]),
        ([{"peaks": 10.0}, {"peaks": 7.0}], {"rules": PUBLISHED}, ["PMR"]),
        # 2.7: a visit that was NE is skipped for the nadir.
        ([{"peaks": 9.0}, {"peaks": 3.6, "blocked_against": frozenset({0})}, {"peaks": 5.2}], {},
         ["NE", "PMR"]),
        # 2.5: a new lesion is PMD although the pair is not comparable; WARN goes on.
        ([{"peaks": 9.0}, {"peaks": 5.0, "blocked_against": frozenset({0}),
                           "new_foci": focus(UNEQUIVOCAL)}], {}, ["PMD"]),
        ([{"peaks": 9.0}, {"peaks": 5.0, "blocked_against": frozenset({0})}],
         {"rules": replace(NADIR, comparability_failure_action=ComparabilityFailureAction.WARN)},
         ["PMR"]),
        # 2.5: comparable with the baseline but not with the nadir scan.
        ([{"peaks": 9.0}, {"peaks": 4.0}, {"peaks": 5.0, "blocked_against": frozenset({1})}], {},
         ["PMR", "NE"]),
        # 2.6: the hottest of each scan, of lesions that were there at baseline.
        ([{"peaks": {"L1": 10.0, "L2": 8.0}}, {"peaks": {"L1": 3.0, "L2": 7.5}}], {}, ["SMD"]),
        ([{"peaks": 10.0}, {"peaks": {"L1": 4.0, "U1": 20.0}}], {}, ["PMR"]),
        # 2.8: equivocal is no; unequivocal lung uptake waits for the ILD question.
        ([{"peaks": 10.0}, {"peaks": 4.0, "new_foci": focus(EQUIVOCAL)}], {}, ["PMR"]),
        ([{"peaks": 9.0}, {**gone(1.4), "new_foci": focus(EQUIVOCAL)}], {}, ["CMR"]),
        ([{"peaks": 10.0}, {"peaks": 4.0, "new_foci": focus(UNEQUIVOCAL, "lung")}], {}, ["PMR"]),
        ([{"peaks": 10.0},
          {"peaks": 4.0, "new_foci": focus(UNEQUIVOCAL, "lung", ild_considered=True)}], {},
         ["PMD"]),
        # 2.10: non-target rows.
        ([{"peaks": 9.0}, {**gone(1.4), "non_targets": item(Metabolic.NON_CMR_NON_PMD)}], {},
         ["PMR"]),
        ([{"peaks": 9.0}, {**gone(1.4), "non_targets": item(Metabolic.NE)}], {}, ["PMR"]),
        ([{"peaks": 10.0}, {"peaks": 5.0, "non_targets": item(Metabolic.NE)}], {}, ["PMR"]),
        ([{"peaks": 10.0}, {"peaks": 5.0, "non_targets": item(Metabolic.PMD)}], {}, ["PMD"]),
        ([{"peaks": 9.0}, {"peaks": 5.0, "blocked_against": frozenset({0}),
                           "non_targets": item(Metabolic.CMR)}], {}, ["NE"]),
        # 2.9: below T at baseline the rest decides; without anything followed NE.
        ([{"peaks": 2.5}, {"peaks": 9.0, "non_targets": item(Metabolic.CMR)}], {}, ["CMR"]),
        ([{"peaks": 2.5}, {"peaks": 9.0, "new_foci": focus(UNEQUIVOCAL)}], {}, ["PMD"]),
        ([{"peaks": 2.5}, {"peaks": 2.2}], {}, ["NE"]),
        ([{"peaks": 2.5}, {"peaks": 2.2, "non_targets": item(Metabolic.CMR)}],
         {"rules": replace(NADIR, nonmeasurable_policy=NonmeasurablePolicy.EXCLUDE)}, ["NE"]),
        ([{"peaks": THRESHOLD}, {"peaks": 2.2}], {}, ["PMR"]),  # measurable: SULpeak >= T
        # 2.7, 2.8: after an overall CMR only typical uptake that reaches T is progression ...
        ([{"peaks": 9.0}, gone(1.2), {"peaks": 3.0, "typical": {"L1": True}}], {},
         ["CMR", "CMR"]),
        ([{"peaks": 9.0}, gone(1.2), {"peaks": 3.25, "typical": {"L1": True}}], {},
         ["CMR", "PMD"]),
        ([{"peaks": 9.0}, gone(1.2), {"peaks": 8.0, "typical": {"L1": False}}], {},
         ["CMR", "CMR"]),
        # ... also at later visits, when non-target disease lowered the overall in between.
        ([{"peaks": 9.0}, gone(1.2),
          {"peaks": 1.3, "non_targets": item(Metabolic.NON_CMR_NON_PMD)}, {"peaks": 2.6}], {},
         ["CMR", "PMR", "CMR"]),
        ([{"peaks": 9.0}, gone(1.2), {"peaks": 4.0, "typical": {"L1": True}}, {"peaks": 5.4}], {},
         ["CMR", "PMD", "PMD"]),
    ],
    ids=str,
)  # fmt: skip
def test_percist(visits, more, expected):
    assert overall(*visits, **more) == expected


def test_percist_five_lesions_with_both_limits_on_the_sum():
    """2.6: 30 % and 0.8 apply to the sum; sums of the same lesions, two of an organ at most."""
    sites = {"L1": "liver", "L2": "liver", "L3": "liver", "L4": "bone", "L5": "lung", "L6": "lung"}
    lesions = [BaselineLesion(name, site) for name, site in sites.items()]
    base = {"L1": 10.0, "L2": 9.0, "L3": 8.0, "L4": 7.0, "L5": 6.0, "L6": 5.0}
    now = {"L1": 6.0, "L2": 6.5, "L3": 99.0, "L4": 5.0, "L5": 4.5, "L6": 3.9}
    rules = replace(NADIR, percist_lesions=5)
    (response,) = metabolic({"peaks": base}, {"peaks": now}, rules=rules, lesions=lesions).responses
    assert response.target.summed == ("L1", "L2", "L4", "L5", "L6")
    assert response.target.baseline_sul_peak_g_per_ml == 37.0
    assert response.target.sul_peak_g_per_ml == pytest.approx(25.9)  # -30 % exactly
    assert response.target.category.value == "PMR"
    assert response.secondary is not None and response.secondary.category.value == "PMD"


def test_percist_dates_and_strings():
    """2.8, 2.10, 2.11: dated at first appearance; nothing after it counts for the best."""
    course = metabolic(
        {"peaks": 10.0},
        {"peaks": 6.0, "new_foci": focus(EQUIVOCAL)},
        {"peaks": 3.0, "new_foci": focus(EQUIVOCAL)},
        {"peaks": 2.0, "new_foci": focus(UNEQUIVOCAL)},
        therapy_start=DAY0 + timedelta(days=7),
    )
    assert [item.report_string for item in course.responses] == [
        "PMR -40, 12", "PMR -70, 25", "PMD -33, 38, new: 1",
    ]  # fmt: skip
    assert (course.first_progression.visit, course.first_progression.shown_at) == (1, 3)
    assert course.best.value == "PMD"


def test_percist_progression_by_one_new_focus_alone():
    """2.8: flagged unless visceral; per Wahl it waits for the next evaluable scan."""
    bone, liver = ((NewFocus("U1", UNEQUIVOCAL, site),) for site in ("bone", "liver"))
    for foci, flagged in ((bone, True), (liver, False)):
        (response,) = metabolic({"peaks": 9.0}, {"peaks": 5.0, "new_foci": foci}).responses
        assert ("PMD_UNCONFIRMED" in response.flags) is flagged
    waits = replace(NADIR, pmd_confirmation=PmdConfirmation.PER_WAHL)
    rise, fall = {"peaks": 13.0}, {"peaks": 10.0}
    assert metabolic({"peaks": 9.0}, rise, fall, rules=waits).first_progression is None
    assert metabolic({"peaks": 9.0}, rise, rise, rules=waits).first_progression.shown_at == 2


# RECIST (spec 3).

RULES = RecistRules("recist-1.1")
MEASURED, ABSENT, SMALL = TargetState.MEASURED, TargetState.ABSENT, TargetState.TOO_SMALL


def lesion(name, size, nodal=False):
    return TargetLesion(name, f"organ {name}", nodal, size)


def mm(size, name="T1"):
    return TargetValue(name, MEASURED, size)


def read(targets, *visits, rules=RULES, items=(), pet=BaselinePet.NOT_DONE):
    """Each visit a tuple of target values, or a dict of RecistVisit fields."""
    baseline = RecistBaseline(DAY0, tuple(targets), items, pet)
    made = []
    for number, fields in enumerate(visits, start=1):
        given = fields if isinstance(fields, dict) else {"targets": fields}
        made.append(RecistVisit(f"V{number}", on(number), **given))
    return recist_course(baseline, made, rules)


def categories(*arguments, **more):
    return [item.overall.value for item in read(*arguments, **more).responses]


NEW = NewLesionFinding("U1", NewLesionCertainty.UNEQUIVOCAL)
MAYBE = NewLesionFinding("U1", NewLesionCertainty.EQUIVOCAL)
NODE = lesion("N1", 20.0, nodal=True)
CR_TICK = {"targets": (TargetValue("T1", ABSENT),), "definitive_cr": True}


@pytest.mark.parametrize(
    ("targets", "visits", "more", "expected"),
    [
        # 3.5: 20 % and 5 mm from the nadir, 30 % from the baseline, all inclusive.
        ([lesion("T1", 25.0)], [(mm(30.0),)], {}, ["PD"]),
        ([lesion("T1", 24.0)], [(mm(28.9),)], {}, ["SD"]),
        ([lesion("T1", 50.0)], [(mm(20.0),), (mm(24.9),), (mm(25.0),)], {}, ["PR", "PR", "PD"]),
        ([lesion("T1", 100.0)], [(mm(70.0),), (mm(80.0),)], {}, ["PR", "SD"]),
        ([lesion("T1", 100.0)], [(mm(70.0),), (mm(80.0),), (mm(84.0),)],
         {"rules": replace(RULES, pr_carry_forward=True)}, ["PR", "PR", "PD"]),
        # 3.5: nodes below 10 mm and nothing else left is CR, 10.0 mm is not.
        ([NODE], [(mm(9.9, "N1"),)], {}, ["CR"]),
        ([NODE], [(mm(10.0, "N1"),)], {}, ["PR"]),
        # Within normal a node may grow by any share; from 10 mm the sum decides.
        ([NODE], [(mm(4.0, "N1"),), (mm(9.5, "N1"),), (mm(9.0 + 1.5, "N1"),)], {},
         ["CR", "CR", "PD"]),
        # 3.5: a missing target is NE, unless the rest alone is PD against the nadir; N skips it.
        ([lesion("T1", 30.0), lesion("T2", 30.0)],
         [(mm(20.0),), (mm(20.0), mm(10.0, "T2")), (mm(36.0),), (mm(35.9),)], {},
         ["NE", "PR", "PD", "NE"]),
        # 3.4: too small is 5 mm or what it measures; gone is 0; split adds up; merged once.
        ([lesion("T1", 20.0)], [(TargetValue("T1", SMALL),), (TargetValue("T1", SMALL, 3.0),)], {},
         ["PR", "PR"]),
        ([lesion("T1", 40.0)],
         [(TargetValue("T1", TargetState.SPLIT, fragments_mm=(14.0, 14.0)),)], {}, ["PR"]),
        ([lesion("T1", 18.0), lesion("T2", 15.0)],
         [(TargetValue("T1", TargetState.MERGED, merged_with=("T2",)),
           TargetValue("T2", TargetState.MERGED, 39.6, merged_with=("T1",)))], {}, ["PD"]),
        # 3.5: back at any size after a definitive CR is PD, without one only by the sum.
        ([lesion("T1", 30.0)], [CR_TICK, (mm(2.0),)], {}, ["CR", "PD"]),
        ([lesion("T1", 30.0)], [(TargetValue("T1", ABSENT),), (mm(4.9),), (mm(5.0),)], {},
         ["CR", "PR", "PD"]),
        # A lone node after a definitive CR is imaged again first, and below 10 mm is none.
        ([NODE], [{"targets": (mm(8.0, "N1"),), "definitive_cr": True}, (mm(9.9, "N1"),),
                  (mm(11.0, "N1"),), (mm(11.0, "N1"),)], {}, ["CR", "CR", "PR", "PD"]),
        # 3.7: unequivocal new lesions count, also in a body part not imaged before.
        ([lesion("T1", 30.0)],
         [{"targets": (mm(15.0),),
           "new_lesions": (replace(NEW, outside_baseline_scan=True),)}], {}, ["PD"]),
        ([lesion("T1", 30.0)], [{"targets": (mm(15.0),), "new_lesions": (MAYBE,)}], {}, ["PR"]),
        # 9 -> 11 mm alone waits, 9 -> 15 mm does not; 9.9 mm is no lesion.
        *(([lesion("T1", 30.0)],
           [{"targets": (mm(15.0),),
             "new_lesions": (replace(NEW, nodal=True, short_axis_mm=axis,
                                     earlier_short_axis_mm=9.0),)}], {}, [expected])
          for axis, expected in ((11.0, "PR"), (15.0, "PD"), (9.9, "PR"))),
        # 3.7 FDG-PET: negative before and positive now; never done; at a known site.
        *(([lesion("T1", 30.0)],
           [{"targets": (mm(30.0),), "pet": (PetFinding("P1", True, ct),)}], {"pet": pet},
           [expected])
          for pet, ct, expected in (
              (BaselinePet.NEGATIVE, CtCorrelate.NOT_CONFIRMED, "PD"),
              (BaselinePet.NOT_DONE, CtCorrelate.NEW_LESION, "PD"),
              (BaselinePet.NOT_DONE, CtCorrelate.NOT_CONFIRMED, "SD"),
              (BaselinePet.NOT_DONE, CtCorrelate.KNOWN_NOT_GROWING, "SD"))),
    ],
    ids=str,
)  # fmt: skip
def test_recist(targets, visits, more, expected):
    assert categories(targets, *visits, **more) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        # 3.6, 3.9: target CR with non-target ...
        ([NonTargetStatus.ABSENT, NonTargetStatus.ABSENT], "CR"),
        ([NonTargetStatus.ABSENT, NonTargetStatus.PRESENT], "PR"),
        ([NonTargetStatus.PRESENT, NonTargetStatus.NE], "PR"),
        ([NonTargetStatus.NE, NonTargetStatus.UNEQUIVOCAL_PROGRESSION], "PD"),
    ],
)
def test_recist_non_targets_beside_a_complete_target(status, expected):
    items = (recist.NonTargetItem("A"), recist.NonTargetItem("B"))
    findings = tuple(
        NonTargetFinding(one.item_id, state) for one, state in zip(items, status, strict=True)
    )
    visit = {"targets": (TargetValue("T1", ABSENT),), "non_targets": findings}
    assert categories([lesion("T1", 30.0)], visit, items=items) == [expected]


def test_recist_dates_an_equivocal_lesion_back_and_ends_the_best_response_there():
    """3.7, 3.10: PR at the visit that first showed it no longer counts."""
    visits = (
        {"targets": (mm(25.0),)},
        {"targets": (mm(15.0),), "new_lesions": (MAYBE,)},
        {"targets": (mm(15.0),), "new_lesions": (NEW,)},
    )
    course = read([lesion("T1", 30.0)], *visits)
    assert [item.overall.value for item in course.responses] == ["SD", "PR", "PD"]
    first = course.first_progression
    assert (first.scan_date, first.visit_id, first.declared_at) == (on(2), "V2", "V3")
    assert course.best.category.value == "SD"


@pytest.mark.parametrize(
    ("sizes", "rules", "best"),
    [
        # 3.10: SD from 42 days after the reference; with 98 days the first visit is too early.
        ((30.0,), RULES, "SD"),
        ((30.0,), replace(RULES, sd_min_days=98), "NE"),
        ((30.0, 36.0), replace(RULES, sd_min_days=98), "PD"),
        # Confirmed: PR needs a second one 28 days on; SD between once, if accepted.
        ((20.0, 30.0, 20.0), replace(RULES, confirm_response=True), "SD"),
        ((20.0, 21.5, 20.0), replace(RULES, confirm_response=True, accept_sd=True), "PR"),
        ((20.0, None, 20.0), replace(RULES, confirm_response=True), "PR"),
        ((20.0, None, None, 20.0), replace(RULES, confirm_response=True), "SD"),
    ],
)
def test_recist_best_response(sizes, rules, best):
    visits = [() if size is None else (mm(size),) for size in sizes]
    assert read([lesion("T1", 30.0)], *visits, rules=rules).best.category.value == best


# Progression-free survival (spec 3.11).

SCHEDULE = Schedule()


def assessed(days, outcome=Outcome.NO_PROGRESSION):
    return Assessment((ScanDone(DAY0 + timedelta(days=days)),), outcome)


PD, NE = Outcome.PROGRESSION, Outcome.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("visits", "facts", "event", "days"),
    [
        # The gap limit of 196 days is inclusive, runs from the last adequate assessment, and NE
        # visits do not reset it.
        ([assessed(91), assessed(287, PD)], {}, True, 288),
        ([assessed(91), assessed(288, PD)], {}, False, 92),
        ([assessed(91), assessed(182, NE), assessed(288, PD)], {}, False, 92),
        ([assessed(91), assessed(182, NE)], {"death": 287}, True, 288),
        # No scan after baseline: death within the limit is an event, later not.
        ([], {"death": 196}, True, 197),
        ([], {"death": 197}, False, 1),
        ([], {}, False, 1),
        # A new therapy censors if it is before the event; on the same day progression counts.
        ([assessed(91), assessed(182, PD)], {"new_therapy": 181}, False, 92),
        ([assessed(91), assessed(182, PD)], {"new_therapy": 182}, True, 183),
        # Progression and death: the earlier one; on one day progression.
        ([assessed(91), assessed(182, PD)], {"death": 150}, True, 151),
        # The first of two progressions, also where the second is a better visit.
        ([assessed(91, PD), assessed(182), assessed(273, PD)], {}, True, 92),
        # After the cut-off nothing is known.
        ([assessed(91), assessed(182, PD)], {"cutoff": 181}, False, 92),
    ],
)
def test_progression_free_survival(visits, facts, event, days):
    stated = {name: DAY0 + timedelta(days=day) for name, day in facts.items()}
    result = progression_free_survival(PfsCase(DAY0, tuple(visits), **stated), SCHEDULE)
    assert (result.event, result.days) == (event, days)
