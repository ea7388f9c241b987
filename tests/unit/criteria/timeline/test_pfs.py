"""Progression-free survival and its censoring rules (spec 3.11)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.timeline.pfs import adequate_dates, progression_free_survival
from app.criteria.timeline.progression import (
    NO_PROGRESSION,
    NOT_EVALUABLE,
    PROGRESSION,
    first_progression,
    first_progression_by_modality,
    outcome_of,
)
from app.domain.rule_content import rules_sha256
from app.domain.timeline import (
    Assessment,
    Evidence,
    Outcome,
    PdBasis,
    PfsCase,
    PfsKind,
    ScanDone,
)
from app.domain.trial import Modality, Schedule, VisitDateRule

START = date(2026, 1, 5)
RULES = Schedule()
CT, BONE, PET = Modality.CT, Modality.BONE_SCAN, Modality.FDG_PET_CT


def day(number):
    return START + timedelta(days=number)


def seen(number, response="SD", *evidence, bone=None, modality=CT):
    scans = [ScanDone(day(number), modality)]
    if bone is not None:
        scans.append(ScanDone(day(bone), BONE))
    return Assessment(tuple(scans), outcome_of(response), response, tuple(evidence))


def evidence(basis, *numbers, modality=CT, back=None):
    dates = tuple(day(number) for number in numbers)
    return Evidence(basis, dates, modality, None if back is None else day(back))


def pfs(*assessments, rules=RULES, **more):
    return progression_free_survival(PfsCase(START, assessments, **more), rules)


def short(result):
    return result.kind, result.event, (result.dated - START).days


def test_progression_counts_at_its_date():
    found = pfs(seen(91), seen(182, "PD", evidence(PdBasis.NEW_LESION, 182)))
    assert short(found) == (PfsKind.PROGRESSION, True, 182)
    assert (found.days, found.gap_days, found.last_adequate) == (183, 91, day(91))
    assert (found.pd_basis, found.pd_modality) == (PdBasis.NEW_LESION, CT)
    assert found.schedule_sha256 == rules_sha256(RULES)
    assert [item.code for item in found.reasons] == ["PFS_PROGRESSION_BY"]


def test_without_events_the_last_adequate_assessment_censors():
    found = pfs(seen(91), seen(182), seen(273, "NE"))
    assert short(found) == (PfsKind.NO_EVENT, False, 182)
    assert found.days == 183
    codes = [item.code for item in found.reasons]
    assert codes == ["PFS_NO_EVENT", "PFS_CENSORED_AT_ASSESSMENT"]


def test_a_visit_without_progression_is_dated_by_its_last_scan():
    visit = seen(91, bone=95)
    assert short(pfs(visit)) == (PfsKind.NO_EVENT, False, 95)
    first = replace(RULES, visit_date_rule=VisitDateRule.FIRST_SCAN)
    assert short(pfs(visit, rules=first)) == (PfsKind.NO_EVENT, False, 91)


def test_a_new_lesion_counts_from_the_scan_that_shows_it():
    visit = seen(182, "PD", evidence(PdBasis.NEW_LESION, 184, modality=BONE), bone=184)
    found = pfs(seen(91), visit)
    assert short(found)[2] == 184
    assert found.pd_modality is BONE


def test_a_target_sum_counts_from_its_last_measurement():
    spread = seen(182, "PD", evidence(PdBasis.TARGET, 182, 186), bone=190)
    assert short(pfs(seen(91), spread))[2] == 186
    both = seen(
        182, "PD", evidence(PdBasis.TARGET, 182, 186),
        evidence(PdBasis.NEW_LESION, 184, modality=BONE), bone=184,
    )  # fmt: skip
    found = pfs(seen(91), both)
    assert (short(found)[2], found.pd_basis, found.pd_modality) == (184, PdBasis.NEW_LESION, BONE)


def test_without_evidence_the_first_scan_of_the_visit_counts():
    found = pfs(seen(91), seen(182, "PD", bone=184))
    assert (short(found)[2], found.pd_basis, found.pd_modality) == (182, PdBasis.UNSTATED, CT)
    same_day = pfs(seen(91), seen(182, "PD", bone=182))
    assert same_day.pd_modality is None


def test_an_equivocal_lesion_that_is_confirmed_counts_from_where_it_was_seen():
    confirmed = seen(182, "PD", evidence(PdBasis.NEW_LESION, 182, back=91))
    found = pfs(seen(91), confirmed)
    assert short(found) == (PfsKind.PROGRESSION, True, 91)
    assert (found.last_adequate, found.gap_days) == (None, 91)


@pytest.mark.parametrize("gap", [0, 1, 195, 196])
def test_an_event_within_the_limit_counts(gap):
    assert short(pfs(seen(91), death=day(91 + gap))) == (PfsKind.DEATH, True, 91 + gap)
    if gap:
        assert short(pfs(seen(91), seen(91 + gap, "PD")))[:2] == (PfsKind.PROGRESSION, True)


@pytest.mark.parametrize("gap", [197, 400])
def test_an_event_after_two_missed_visits_is_censored_before_the_gap(gap):
    for found in (pfs(seen(91), death=day(91 + gap)), pfs(seen(91), seen(91 + gap, "PD"))):
        assert short(found) == (PfsKind.MISSED_VISITS, False, 91)
        assert (found.gap_days, found.days) == (gap, 92)


def test_visits_that_are_not_evaluable_do_not_reset_the_gap():
    rows = [seen(91), seen(182, "NE"), seen(273, "NE")]
    assert short(pfs(*rows, death=day(290))) == (PfsKind.MISSED_VISITS, False, 91)
    assert short(pfs(*rows, seen(290, "PD"))) == (PfsKind.MISSED_VISITS, False, 91)


def test_only_the_gap_right_before_the_event_counts():
    found = pfs(seen(91), seen(364), seen(455, "PD"))
    assert short(found) == (PfsKind.PROGRESSION, True, 455)
    assert short(pfs(seen(91), seen(364))) == (PfsKind.NO_EVENT, False, 364)


def test_death_on_the_day_of_an_assessment_has_no_gap():
    assert short(pfs(seen(91), seen(300), death=day(300))) == (PfsKind.DEATH, True, 300)


def test_a_limit_of_another_schedule():
    tighter = replace(RULES, visit_interval_days=42, window_days=7)
    assert tighter.gap_limit_days == 91
    assert pfs(seen(42), death=day(133), rules=tighter).event
    assert not pfs(seen(42), death=day(134), rules=tighter).event
    off = replace(tighter, gap_censors=False)
    assert pfs(seen(42), death=day(500), rules=off).event


def test_no_baseline_censors_at_randomisation():
    found = pfs(seen(91, "PD"), death=day(100), baseline_done=False)
    assert short(found) == (PfsKind.NO_BASELINE, False, 0)
    assert found.days == 1


def test_no_assessment_after_baseline():
    assert short(pfs()) == (PfsKind.NO_ASSESSMENT, False, 0)
    assert short(pfs(seen(91, "NE"))) == (PfsKind.NO_ASSESSMENT, False, 0)
    assert short(pfs(death=day(196))) == (PfsKind.DEATH, True, 196)
    assert short(pfs(death=day(197))) == (PfsKind.NO_ASSESSMENT, False, 0)
    assert short(pfs(seen(197, "PD"))) == (PfsKind.MISSED_VISITS, False, 0)


def test_a_new_therapy_before_the_event_censors():
    visits = seen(91), seen(182), seen(273, "PD")
    found = pfs(*visits, new_therapy=day(200))
    assert short(found) == (PfsKind.NEW_THERAPY, False, 182)
    assert short(pfs(*visits, new_therapy=day(182)))[2] == 182
    assert short(pfs(*visits, new_therapy=day(181)))[2] == 91
    assert short(pfs(*visits, new_therapy=day(10))) == (PfsKind.NEW_THERAPY, False, 0)
    assert short(pfs(*visits, new_therapy=day(272)))[0] is PfsKind.NEW_THERAPY


def test_on_the_day_of_the_new_therapy_the_event_counts():
    visits = seen(91), seen(182), seen(273, "PD")
    for number in (273, 274):
        assert short(pfs(*visits, new_therapy=day(number))) == (PfsKind.PROGRESSION, True, 273)
    assert pfs(seen(91), death=day(100), new_therapy=day(100)).event
    assert not pfs(seen(91), death=day(100), new_therapy=day(99)).event


def test_a_new_therapy_without_an_event_censors_too():
    found = pfs(seen(91), seen(182), seen(273), new_therapy=day(200))
    assert short(found) == (PfsKind.NEW_THERAPY, False, 182)


def test_the_sensitivity_analysis_counts_progression_after_therapy():
    lenient = replace(RULES, new_therapy_censors=False)
    found = pfs(seen(91), seen(182, "PD"), new_therapy=day(120), rules=lenient)
    assert short(found) == (PfsKind.PROGRESSION, True, 182)
    gap = pfs(seen(91), seen(300, "PD"), new_therapy=day(120), rules=lenient)
    assert short(gap) == (PfsKind.MISSED_VISITS, False, 91)


def test_progression_comes_before_a_later_death():
    assert short(pfs(seen(91), seen(182, "PD"), death=day(182)))[0] is PfsKind.PROGRESSION
    assert short(pfs(seen(91), seen(182, "PD"), death=day(200)))[2] == 182
    assert short(pfs(seen(91), seen(182, "PD"), death=day(150)))[:2] == (PfsKind.DEATH, True)


def test_an_assessment_is_adequate_with_all_scans_of_the_arm():
    both = {"modalities": (CT, BONE)}
    rows = seen(91, bone=91), seen(182), seen(273, "PD")
    assert short(pfs(*rows, **both)) == (PfsKind.PROGRESSION, True, 273)
    assert pfs(*rows, **both).last_adequate == day(91)
    assert short(pfs(*rows[:2], **both)) == (PfsKind.NO_EVENT, False, 91)
    case = PfsCase(START, rows, **both)
    assert adequate_dates(rows, case, RULES) == (day(91),)


def test_what_lies_after_the_cut_off_is_not_looked_at():
    rows = seen(91), seen(182, "PD")
    assert short(pfs(*rows, cutoff=day(182)))[0] is PfsKind.PROGRESSION
    found = pfs(*rows, death=day(300), new_therapy=day(190), cutoff=day(181))
    assert short(found) == (PfsKind.NO_EVENT, False, 91)
    assert found.flags == ("PFS_ASSESSMENTS_LEFT_OUT",)


def test_scans_before_randomisation_are_baseline():
    found = pfs(seen(-5, "SD"), seen(91))
    assert (short(found)[2], found.flags) == (91, ("PFS_ASSESSMENTS_LEFT_OUT",))
    assert short(pfs(seen(-5, "PD")))[0] is PfsKind.NO_ASSESSMENT


def test_without_a_date_of_randomisation_the_event_has_a_date_and_no_days():
    case = PfsCase(None, (seen(91), seen(182, "PD")))
    found = progression_free_survival(case, RULES)
    assert (found.dated, found.days, found.event) == (day(182), None, True)
    assert found.flags == ("PFS_RANDOMISATION_UNKNOWN",)
    none = progression_free_survival(PfsCase(None, ()), RULES)
    assert (none.dated, none.days, none.event) == (None, None, False)
    first = progression_free_survival(PfsCase(None, (seen(182, "PD"),)), RULES)
    assert (first.dated, first.gap_days) == (day(182), None)


@pytest.mark.parametrize("response", sorted(PROGRESSION | NO_PROGRESSION | NOT_EVALUABLE))
def test_every_overall_response_has_an_outcome(response):
    assert outcome_of(response) in Outcome
    assert (outcome_of(response) is Outcome.PROGRESSION) is (response in ("PD", "PMD"))


def test_any_other_text_is_refused():
    for text in ("", "pd", "symptomatic deterioration", "EQUIVOCAL"):
        with pytest.raises(ValueError, match="overall response"):
            outcome_of(text)


def test_records_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="needs a scan"):
        Assessment((), Outcome.NO_PROGRESSION)
    with pytest.raises(ValueError, match="only a progression"):
        seen(91, "SD", evidence(PdBasis.TARGET, 91))
    with pytest.raises(ValueError, match="needs a scan date"):
        Evidence(PdBasis.TARGET, ())
    with pytest.raises(ValueError, match="after the scan"):
        evidence(PdBasis.NEW_LESION, 91, back=92)


def test_first_progression_per_modality():
    rows = (
        seen(182, "PD", evidence(PdBasis.NEW_LESION, 184, modality=BONE), bone=184),
        seen(273, "PD", evidence(PdBasis.TARGET, 273), evidence(PdBasis.NON_TARGET, 273)),
        seen(364, "PD", evidence(PdBasis.NEW_LESION, 364, modality=BONE)),
        seen(455, "PD", evidence(PdBasis.UNSTATED, 455, modality=None)),
    )
    found = first_progression_by_modality(rows[::-1])
    assert [(item.modality, item.dated, item.basis) for item in found] == [
        (BONE, day(184), PdBasis.NEW_LESION), (CT, day(273), PdBasis.TARGET),
    ]  # fmt: skip
    assert first_progression(rows).modality is BONE
    assert first_progression([seen(91)]) is None


NUMBERS = st.integers(1, 900)
RESPONSES = st.sampled_from(["SD", "PR", "NE", "PD", "CR", "SMD", "PMD"])
ROWS = st.lists(st.tuples(NUMBERS, RESPONSES), max_size=8, unique_by=lambda row: row[0])
MAYBE = st.none() | NUMBERS


def optional(number):
    return None if number is None else day(number)


@given(ROWS, MAYBE, MAYBE, st.booleans(), st.randoms(use_true_random=False))
def test_what_always_holds(rows, death, therapy, baseline, random):
    visits = [seen(*row) for row in rows]
    more = {
        "death": optional(death), "new_therapy": optional(therapy), "baseline_done": baseline,
    }  # fmt: skip
    found = pfs(*visits, **more)
    random.shuffle(visits)
    assert repr(pfs(*visits, **more)) == repr(found)
    assert found.days == (found.dated - START).days + 1 >= 1
    assert found.event is (found.kind in (PfsKind.PROGRESSION, PfsKind.DEATH))
    if found.event:
        assert baseline
        first = min([n for n, r in rows if r in PROGRESSION] + ([death] if death else []))
        assert found.dated == day(first)
        assert found.gap_days <= RULES.gap_limit_days
        assert therapy is None or therapy >= first
    else:
        adequate = {day(n) for n, r in rows if outcome_of(r) is Outcome.NO_PROGRESSION}
        assert found.dated in adequate | {START}
        assert (found.last_adequate is None) is (found.dated == START)
