"""What the answer names: visits, limits that were passed, what decides progression; organs."""

from dataclasses import replace
from datetime import date

import pytest

from app.criteria.percist.comparability import compare_scans, scan_prerequisites
from app.domain.lesion import PhysiologicalMark
from app.domain.percist_response import (
    ExtentChange,
    FirstProgression,
    NewLesionResponse,
    NonTargetResponse,
)
from app.domain.response import MetabolicCategory, reason
from app.reporting.cautions import cautions, outside_protocol
from app.reporting.compose import compose
from app.reporting.lesion_tables import lesion_table, trend_table
from app.reporting.physiological_table import physiological_table
from app.reporting.progression_facts import course_facts, progression_facts, response_line
from app.services.rule_sets import load_percist_rules
from app.translation import set_language
from tests.builders.read_variants import repeated
from tests.unit.criteria.percist.sound_scan import SOUND
from tests.unit.reporting.test_language import sample
from tests.unit.reporting.test_typography import ISSUED

RULES = load_percist_rules("percist-nadir")


def with_facts(*facts):
    """The sample read with visits of these scan facts."""
    read = repeated(sample(), len(facts))
    points = []
    for point, fact in zip(read.time_points, facts, strict=True):
        alone = scan_prerequisites(fact, RULES)
        card = compare_scans(facts[0], fact, RULES) if points else alone
        clean = replace(point, flags=(), reference=replace(point.reference, flags=()))
        points.append(replace(clean, prerequisites=alone, comparability=card))
    if len(points) > 1:
        points[-1] = replace(points[-1], percist=replace(points[-1].percist, flags=()))
    return replace(read, time_points=tuple(points))


LATE = replace(SOUND, uptake_time_s=158.8 * 60)


def test_each_point_to_judge_names_its_visits():
    lacking = replace(LATE, glucose_mmol_per_l=None)
    assert cautions(with_facts(lacking, lacking)) == (
        "Baseline and Follow-up 1: uptake time 158.8 min, beyond 70 min.",
        "Baseline and Follow-up 1: blood glucose not stated.",
    )


@pytest.mark.parametrize("place", [0, 1])
def test_a_fact_that_one_visit_lacks_is_not_laid_on_the_other(place):
    """The card of a follow-up speaks of glucose at both scans; the point names the one."""
    facts = [SOUND, SOUND]
    facts[place] = replace(SOUND, glucose_mmol_per_l=None)
    name = ("Baseline", "Follow-up 1")[place]
    assert cautions(with_facts(*facts)) == (f"{name}: blood glucose not stated.",)


def test_the_highest_glucose_is_not_laid_on_the_visit_without_it():
    high = replace(SOUND, glucose_mmol_per_l=12.0)
    (told,) = cautions(with_facts(high, SOUND))
    assert told == "Baseline: blood glucose 12.0 mmol/L (must be below 11.1 mmol/L)."


def test_all_visits_are_named_as_such_from_three_on():
    assert cautions(with_facts(LATE, LATE, LATE))[0].startswith("All visits: uptake time")
    told = cautions(with_facts(LATE, SOUND, LATE))
    assert told[0].startswith("Baseline and Follow-up 2: uptake time 158.8 min")


def test_a_comparison_belongs_to_its_follow_up():
    other = replace(SOUND, model="Another")
    (told,) = cautions(with_facts(SOUND, other))
    assert told.startswith("Follow-up 1: scanner model Another instead of")


def test_a_reference_flag_names_its_visit():
    read = with_facts(SOUND, SOUND)
    region = replace(read.baseline.reference, flags=("REFERENCE_HOT_VOXEL",))
    points = (replace(read.baseline, reference=region), read.latest)
    (told,) = cautions(replace(read, time_points=points))
    assert told.startswith("Baseline: ") and "voxel" in told


def test_french_agrees():
    set_language("fr")
    try:
        told = cautions(with_facts(replace(SOUND, glucose_mmol_per_l=None, fasting_h=None), SOUND))
        content = compose(sample(), ISSUED, ())
    finally:
        set_language("en")
    assert told == (
        "Examen initial\u00a0: glycémie non indiquée.",
        "Examen initial\u00a0: jeûne non indiqué.",
    )
    rows = [row for _, table in content.comparability for row in table.rows]
    assert not any("non indiqué" in cell for row in rows for cell in row)
    assert "Édité le" in [field.label for field in content.patient]


def test_the_category_never_stands_unqualified():
    assert outside_protocol(with_facts(LATE, LATE)) == (
        "uptake time 158.8 min, beyond 70 min (Baseline and Follow-up 1)"
    )
    assert outside_protocol(with_facts(SOUND, SOUND)) == ""
    unknown = replace(SOUND, glucose_mmol_per_l=None, fasting_h=None, days_since_therapy=None)
    assert outside_protocol(with_facts(unknown, unknown)) == ""
    blocked = outside_protocol(with_facts(SOUND, replace(SOUND, uptake_time_s=None)))
    assert "uptake time not known (Follow-up 1)" in blocked
    read = with_facts(LATE, LATE)
    assert compose(read, ISSUED, ()).answer.outside == outside_protocol(read)
    assert compose(repeated(read, 1), ISSUED, ()).answer.outside.endswith("(Baseline)")


# New lesions, unequivocal progression, the report string.


def facts_with(**changes):
    latest = sample().latest
    response = replace(latest.percist, extent=None, **changes)
    point = replace(latest, percist=response)
    return {field.label: field.value for field in progression_facts(point)}


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (NewLesionResponse(), "none"),
        (NewLesionResponse(not_malignant=("U1",)), "none"),
        (NewLesionResponse(unequivocal=("U9", "U8")), "U9, U8"),
        (NewLesionResponse(equivocal=("U9",)), "none unequivocal; equivocal: U9"),
        (NewLesionResponse(open=("U9",)), "none unequivocal; not yet decided: U9"),
        (NewLesionResponse(("U7",), ("U8",), (), ("U9",)),
         "U7; equivocal: U8; not yet decided: U9"),
    ],
)  # fmt: skip
def test_new_lesions_are_told_with_their_verdicts(found, text):
    assert facts_with(new_lesions=found)["New lesions"] == text


def test_a_new_lesion_stands_with_its_site():
    one = sample().latest.lesions[0]
    text = facts_with(new_lesions=NewLesionResponse(unequivocal=(one.lesion_id,)))["New lesions"]
    assert text.startswith(f"{one.lesion_id} ({one.site}")


@pytest.mark.parametrize(
    ("category", "text"),
    [
        (None, "no (no non-target lesion)"),
        (MetabolicCategory.CMR, "no (non-target CMR)"),
        (MetabolicCategory.NON_CMR_NON_PMD, "no (non-target NON-CMR/NON-PMD)"),
        (MetabolicCategory.NE, "not evaluable (non-target NE)"),
        (MetabolicCategory.PMD, "yes (non-target L3, L4)"),
    ],
)
def test_unequivocal_progression(category, text):
    step = reason("PER-2.9", "NON_TARGET_PROGRESSED", items="L3, L4")
    found = NonTargetResponse(category, (step,))
    assert facts_with(non_target=found)["Unequivocal progression"] == text


def test_extent_that_counts_as_progression_is_named():
    latest = sample().latest
    extent = ExtentChange(0.9, True, True)
    point = replace(latest, percist=replace(latest.percist, extent=extent))
    assert progression_facts(point)[1].value == "yes (extent, by TLG)"


def test_the_course_is_told_with_its_first_progression():
    def course(read):
        (field,) = course_facts(read)
        return field.value

    read = replace(sample(), best=MetabolicCategory.PMR)
    assert course(read) == "best response PMR, first progression none"
    dated = FirstProgression(1, date(2026, 6, 1), 1)
    at = "best response PMR, first progression 2026-06-01 (Follow-up 1)"
    assert course(replace(read, first_progression=dated)) == at
    later = replace(dated, shown_at=2)
    assert course(replace(read, first_progression=later)) == f"{at}, shown at Follow-up 2"
    assert course_facts(replace(read, best=None)) == ()


def test_a_baseline_has_no_such_facts():
    read = repeated(sample(), 1)
    assert progression_facts(read.baseline) == ()
    assert compose(read, ISSUED, ()).answer.progression == ()


@pytest.mark.parametrize(
    ("overall", "from_baseline", "from_reference", "weeks", "new", "text"),
    [
        ("PMR", -0.4, -0.4, None, (), "PMR −40 %"),
        ("PMR", -0.4, -0.4, 3, (), "PMR −40 %, week 3"),
        ("SMD", -0.296, 0.01, None, (), "SMD −29.6 %"),  # −30 % would look like a response
        ("SMD", 0.125, 0.125, None, (), "SMD +13 %"),
        ("PMD", 0.1, 0.35, 4, ("U1", "U2"), "PMD +35 %, week 4, new: 2"),
        ("PMD", None, None, None, ("U1",), "PMD, new: 1"),
        ("NE", None, None, None, (), "NE"),
        ("NON_CMR_NON_PMD", None, None, 2, (), "NON-CMR/NON-PMD, week 2"),
    ],
)
def test_the_answer_is_printed_with_its_units(
    overall, from_baseline, from_reference, weeks, new, text
):
    whole = sample().latest.percist
    target = replace(
        whole.target,
        change_from_baseline_fraction=from_baseline,
        change_from_reference_fraction=from_reference,
    )
    response = replace(
        whole,
        overall=MetabolicCategory[overall],
        target=target,
        weeks=weeks,
        new_lesions=NewLesionResponse(unequivocal=new),
    )
    assert response_line(response) == text


def test_the_course_prints_it_and_the_record_keeps_it():
    read = sample()
    printed = trend_table(read).rows[-1][-1]
    assert printed == response_line(read.latest.percist) and " %" in printed
    assert "%" not in read.latest.percist.report_string


# Tables.


def test_the_heads_of_the_lesion_table_are_grouped_by_visit():
    table = lesion_table(sample())
    assert [span for _, span in table.groups] == [1, 1, 3, 3, 1, 1]
    assert [title for title, _ in table.groups] == ["", "", "Baseline", "Follow-up 1", "", ""]
    assert sum(span for _, span in table.groups) == len(table.columns)
    assert table.columns[2:8] == ("SULpeak", "SULmax", "Volume mL") * 2


def test_physiological_foci_take_one_line_an_organ():
    read = sample()
    one = read.baseline.lesions[0]
    organs = {"P1": "kidney", "P2": "heart", "P3": "kidney"}

    def marked(name, peak):
        mark = PhysiologicalMark(organs[name])
        return replace(one, lesion_id=name, sul_peak_continuous=peak, physiological=mark)

    first = replace(read.baseline, lesions=tuple(marked(n, 9.0 - k) for k, n in enumerate(organs)))
    second = replace(read.latest, lesions=(marked("P1", 8.5), marked("P2", 7.5)))
    table = physiological_table(replace(read, time_points=(first, second)))
    rows = [tuple(cell.replace("\u00a0", " ") for cell in row) for row in table.rows]
    assert rows == [
        ("kidney", "2", "P1 9.00, P3 7.00", "P1 8.50, P3 –"),
        ("heart", "1", "P2 8.00", "P2 7.50"),
    ]
    third = replace(second, number=2)
    below = physiological_table(replace(read, time_points=(first, second, third)))
    assert [row[:3] for row in below.rows] == [
        ("kidney", "2", "Baseline"), ("", "", "Follow-up 1"), ("", "", "Follow-up 2"),
        ("heart", "1", "Baseline"), ("", "", "Follow-up 1"), ("", "", "Follow-up 2"),
    ]  # fmt: skip


def test_pictures_and_checks_are_told_for_what_they_are():
    content = compose(sample(), ISSUED, ())
    assert content.mips.note.startswith("SUL 0–") and content.mips.note.endswith(" g/mL")
    assert content.labels["checks"] == "Data checks"
    assert content.labels["nothing_found"] == "Data checks: nothing to report."
