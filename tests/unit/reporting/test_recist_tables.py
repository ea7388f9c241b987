"""The RECIST section of the report, and its sentences in both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.recist import NonTargetStatus, TargetState
from app.reading.edits import (
    ClassifyNew,
    DeleteCaliper,
    SetNonTargetStatus,
    SetRecistState,
)
from app.reading.state import NewLesionClass
from app.reporting.lengths import length_text
from app.reporting.reasons import visit_text
from app.reporting.recist_document import recist_document
from app.reporting.recist_tables import recist_section
from app.services.recist_read import recist_read, recist_rules
from app.translation import set_language
from tests.builders.recist_reading import caliper, lesion, measured, reading, responding
from tests.unit.viewers.presenters.sample_reading import complete


def section(state):
    return recist_section(replace(complete().read, recist=recist_read(state, {}, recist_rules())))


def row_of(table, lesion_id):
    return next(row for row in table.rows if row[0] == lesion_id)


def visits(state, count):
    first = state.visits[0]
    more = (
        replace(first, number=n, scanned_at=first.scanned_at + timedelta(days=90 * n))
        for n in range(count)
    )
    return replace(state, visits=tuple(more))


def test_there_is_no_section_without_calipers():
    assert recist_section(complete().read) is None and section(reading()) is None
    assert recist_document(None) is None


def test_a_baseline_alone_has_a_table_and_no_response():
    state = measured(visits(reading(lesion("L1", "liver")), 1), caliper(1, "L1", 0, 30.0))
    found = section(state)
    assert found.responses.rows == () and found.margins == () and found.reasons == ()
    (table,) = found.lesions
    assert table.columns[-1] == "BL" and table.rows[-1][-1] == "30.0"
    assert [fact.label for fact in found.facts] == ["Roles"]


def test_targets_are_bold_and_summed():
    found = section(responding())
    (table,) = found.lesions
    assert table.marks == ("target", "target", "", "target")
    assert table.rows[-1] == ("Sum of targets", "", "", "", "60.0", "40.2", "30.0", "−50.0 %")
    assert found.responses.rows[0][2:] == (
        "40.2", "60.0", "−33.0 %", "−33.0 %", "PR", "NE", "–", "PR −33 %",
    )  # fmt: skip
    assert found.margins[0].startswith("PR would become SD")


def test_many_visits_stand_below_each_other():
    state = visits(reading(lesion("L1", "liver")), 9)
    state = measured(state, *(caliper(n, "L1", n, 30.0 + n) for n in range(9)))
    tables = section(state).lesions
    assert [len(table.columns) for table in tables] == [8, 8, 6]
    assert [table.columns[-1] for table in tables] == ["FU3", "FU7", "Change"]
    assert tables[-1].rows[-1][-2:] == ("38.0", "+26.7 %")


def test_what_was_stated_or_is_lacking_stands_in_the_cells():
    state = SetRecistState("L1", 1, TargetState.ABSENT).apply(
        DeleteCaliper("C3").apply(responding())
    )
    state = SetNonTargetStatus("L4", 1, NonTargetStatus.PRESENT).apply(state)
    state = measured(state, caliper(6, "L2", 2, 15.0))
    (table,) = section(state).lesions
    assert row_of(table, "L1")[5] == "disappeared"
    assert row_of(table, "L4")[5] == "present"
    assert row_of(table, "L2")[6] == "no short axis"
    assert table.rows[-1][6] == "incomplete"
    assert section(state).responses.rows[-1][2] == "incomplete"
    small = SetRecistState("L1", 2, TargetState.TOO_SMALL).apply(state)
    assert row_of(section(small).lesions[0], "L1")[6].endswith(", too small to measure")


def test_a_new_lesion_is_named_with_its_visit():
    state = measured(
        reading(lesion("L1", "liver"), lesion("U1", "abdomen", 1)),
        caliper(1, "L1", 0, 30.0),
        caliper(2, "L1", 1, 30.0),
    )
    found = section(ClassifyNew("U1", NewLesionClass.UNEQUIVOCAL).apply(state))
    assert found.responses.rows[0][-2:] == ("U1", "PD")
    assert row_of(found.lesions[0], "U1")[2] == "new"
    facts = {fact.label: fact.value for fact in found.facts}
    assert facts["First progression"] == "2026-04-05 (new lesion)"


def test_non_target_disease_alone_has_no_sum():
    state = measured(reading(lesion("L1", "liver")), caliper(1, "L1", 0, 8.0))
    state = SetNonTargetStatus("L1", 1, NonTargetStatus.ABSENT).apply(state)
    found = section(state)
    assert found.responses.rows[0][2:] == ("–", "–", "–", "–", "–", "CR", "–", "CR")
    assert found.lesions[0].rows[-1][4:] == ("–", "–", "–", "–")


@pytest.mark.parametrize(
    ("value", "text"),
    [(30.0, "30.0"), (20.09, "20.09"), (0.1 + 0.2, "0.3"), (10.0 / 3, "3.333"), (0.0, "0.0")],
)
def test_a_length_has_the_decimals_it_needs(value, text):
    assert length_text(value) == text


def test_a_visit_of_another_name_keeps_it():
    assert visit_text("W12") == "W12"


def test_the_section_in_french():
    set_language("fr")
    try:
        found = section(responding())
    finally:
        set_language("en")
    assert found.title == "Réponse TDM selon RECIST 1.1"
    assert found.margins[0].startswith("PR deviendrait SD")
    texts = [item.value for item in (*found.facts, *found.reasons)]
    assert any("Suivi 1" in text for text in texts)
    assert not any("target" in text or "{" in text for text in texts)
