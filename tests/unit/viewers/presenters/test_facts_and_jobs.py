import pytest

from app.criteria.percist.comparability import GLUCOSE_LIMIT_MMOL_PER_L
from app.domain.exact import at_least, exact
from app.jobs.job import Job
from app.reading.state import ReaderFacts
from tests.unit.viewers.presenters.sample_reading import state
from viewers.presenters.facts import FactUnreadableError, facts_edit, facts_rows, with_fact
from viewers.presenters.jobs import job_row

GLUCOSE = "glucose_mmol_per_l"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        (GLUCOSE, "6.1", 6.1),
        (GLUCOSE, " 6,1 ", 6.1),
        (GLUCOSE, "6.1 mmol/L", 6.1),
        (GLUCOSE, "110 mg/dL", 6.105),
        (GLUCOSE, "", None),
        ("fasting_h", "6.5", 6.5),
        ("days_since_therapy", "21", 21),
    ],
)
def test_what_is_typed_is_read(name, text, value):
    assert getattr(with_fact(ReaderFacts(), name, text), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (GLUCOSE, "high"),
        (GLUCOSE, "110"),  # mg/dL without its unit is no glucose in mmol/L
        (GLUCOSE, "-1"),
        (GLUCOSE, "nan"),
        (GLUCOSE, "inf"),
        ("fasting_h", "1e9"),
        ("days_since_therapy", "2.5"),
    ],
)
def test_what_is_no_value_is_refused(name, text):
    with pytest.raises(FactUnreadableError):
        with_fact(ReaderFacts(), name, text)


@pytest.mark.parametrize(("mg_per_dl", "reached"), [("199", False), ("200", True)])
def test_the_limit_of_glucose_is_the_same_in_both_units(mg_per_dl, reached):
    value = with_fact(ReaderFacts(), GLUCOSE, f"{mg_per_dl} mg/dL").glucose_mmol_per_l
    assert at_least(exact(value), exact(GLUCOSE_LIMIT_MMOL_PER_L)) is reached


def test_a_fact_becomes_an_edit_only_where_it_changes():
    edit = facts_edit(state(), 1, GLUCOSE, "5.5")
    entered = edit.apply(state())
    assert entered.visit(1).facts.glucose_mmol_per_l == 5.5
    assert facts_edit(entered, 1, GLUCOSE, "5.5") is None
    assert facts_rows(entered)[1].glucose == "5.5" and facts_rows(entered)[0].glucose == ""


def test_a_job_shows_its_share_within_bounds():
    job = Job("measure L1", lambda token: None)
    assert job_row(job).share_text == ""
    assert job_row(job, 0.624).share_text == "62 %"
    assert job_row(job, 1.7).share == 1.0
