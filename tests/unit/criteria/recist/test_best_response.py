"""Best overall response, unconfirmed and confirmed, and Table 3 (spec 3.10)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.recist.best_response import best_confirmed, best_unconfirmed
from app.criteria.recist.confirmation import AssessedVisit
from app.criteria.recist.table_three import two_visit_best
from app.domain.recist import RecistCategory
from tests.unit.criteria.recist.reads import RULES, START

ACCEPT = replace(RULES, accept_sd=True)


def sequence(text):
    """Visits of `day:category` words."""
    words = [word.split(":") for word in text.split()]
    return [AssessedVisit(START + timedelta(int(n)), RecistCategory(x)) for n, x in words]


def confirmed(text, rules=RULES, **more):
    return best_confirmed(sequence(text), START, rules, **more)


def unconfirmed(text, rules=RULES, **more):
    return best_unconfirmed(sequence(text), START, rules, **more)


def days(best):
    return None if best.scan_date is None else (best.scan_date - START).days


@pytest.mark.parametrize(
    ("text", "category", "day"),
    [
        ("91:SD 182:PR 273:PR 364:SD 455:PD", "PR", 182),
        ("91:SD 182:PD 273:CR", "SD", 91),
        ("30:SD", "NE", 30),
        ("30:NON-CR/NON-PD", "NE", 30),
        ("30:NED", "NE", 30),
        ("41:SD", "NE", 41),
        ("42:SD", "SD", 42),
        ("30:SD 91:PD", "PD", 91),
        ("30:SD 91:SD", "SD", 91),
        ("30:PR", "PR", 30),
        ("91:NON-CR/NON-PD 182:SD", "SD", 182),
        ("91:NON-CR/NON-PD 182:PD", "NON-CR/NON-PD", 91),
        ("91:NED 182:PD", "NED", 91),
        ("91:NE 182:ND", "NE", 91),
        ("91:ND", "ND", 91),
        ("91:NE 182:PD", "PD", 182),
        ("182:PR 91:CR", "CR", 91),
    ],
)
def test_unconfirmed(text, category, day):
    best = unconfirmed(text)
    assert (best.category, days(best), best.confirmed_at) == (category, day, None)


@pytest.mark.parametrize(
    ("text", "category", "day"),
    [
        ("91:CR 182:CR", "CR", 91),
        ("91:CR 118:CR", "SD", 91),
        ("91:CR 119:CR", "CR", 91),
        ("91:CR 119:NE 182:CR", "CR", 91),
        ("91:CR 119:NE 150:NE 182:CR", "SD", 91),
        ("91:CR 119:ND 182:CR", "SD", 91),
        ("91:CR 119:SD 182:CR 273:CR", "CR", 182),
        ("91:PR 182:PR", "PR", 91),
        ("91:PR 118:PR 182:PR", "PR", 91),
        ("91:PR 182:CR", "PR", 91),
        ("91:PR 100:CR 182:PR", "SD", 91),
        ("91:PR 100:CR 110:PR 182:CR", "PR", 110),
        ("91:PR 100:CR 182:CR", "CR", 100),
        ("91:PR 119:SD 182:PR", "SD", 91),
        ("91:PR 119:NE 182:PR", "PR", 91),
        ("91:PR 119:NE 150:NE 182:PR", "SD", 91),
        ("91:PR 100:NON-CR/NON-PD 182:PR", "SD", 91),
        ("30:PR 50:PR", "SD", 50),
        ("30:PR 60:NE", "NE", 30),
        ("91:PR 182:PD 273:PR", "SD", 91),
        ("30:PR 91:PD", "PD", 91),
        ("91:ND", "ND", 91),
        ("91:NON-CR/NON-PD 182:PD", "NON-CR/NON-PD", 91),
        ("30:NON-CR/NON-PD", "NE", 30),
        ("91:NED", "NED", 91),
        ("30:NED", "NE", 30),
    ],
)
def test_confirmed(text, category, day):
    best = confirmed(text)
    assert (best.category, days(best)) == (category, day)


def test_one_stable_visit_between_where_the_rule_set_accepts_it():
    assert confirmed("91:PR 119:SD 182:PR", ACCEPT).category == "PR"
    assert confirmed("91:PR 100:SD 110:SD 182:PR", ACCEPT).category == "SD"
    assert confirmed("91:PR 119:NE 150:SD 182:CR", ACCEPT).category == "PR"
    assert confirmed("91:CR 119:SD 182:CR", ACCEPT).category == "SD"


def test_the_confirming_visit_is_named():
    best = confirmed("91:PR 182:PR")
    assert best.confirmed_at == START + timedelta(182)
    assert [item.code for item in best.reasons] == ["BEST_FIRST_MET", "BEST_CONFIRMED_ON"]


def test_without_any_visit():
    for derive in (confirmed, unconfirmed):
        assert (derive("").category, derive("").scan_date) == ("MISSING", None)
        missing = derive("", replace(RULES, missing_as_ne=True))
        assert (missing.category, missing.scan_date) == ("NE", None)
        assert derive("91:ND", replace(RULES, missing_as_ne=True)).category == "ND"


def test_a_progression_date_ends_the_sequence():
    day = START + timedelta(100)
    for derive in (confirmed, unconfirmed):
        assert derive("91:SD 182:CR 273:CR", progression=day).category == "SD"
        early = derive("30:SD 182:PD", progression=day)
        assert (early.category, early.scan_date) == ("PD", day)
        same = derive("30:SD 100:PD", progression=day)
        assert (same.category, same.scan_date) == ("PD", day)
        # As published: what was read on that very day is still part of the sequence.
        assert derive("100:SD", progression=day).category == "SD"


@pytest.mark.parametrize(
    ("text", "category", "options"),
    [
        ("91:CR 182:PR", "SD", ("PR", "SD", "PD")),
        ("91:CR 182:SD", "SD", ("SD",)),
        ("30:CR 35:SD", "NE", ("PD", "NE")),
        ("30:CR 91:NON-CR/NON-PD", "NON-CR/NON-PD", ("NON-CR/NON-PD", "PD")),
        ("91:CR 182:CR 273:SD", "CR", ()),
        ("30:PR 60:CR 91:SD", "PR", ()),
    ],
)
def test_a_complete_response_that_does_not_last_asks_the_reader(text, category, options):
    best = confirmed(text)
    assert (best.category, best.reader_options) == (category, options)
    assert best.flags == ("CR_NOT_SUSTAINED",)
    assert best.reasons[-1].code == "COMPLETE_RESPONSE_NOT_SUSTAINED"


def test_progression_or_a_gap_after_a_complete_response_is_nothing_to_ask_about():
    for text in ("91:CR 182:PD", "91:CR 182:NE", "91:CR", "91:CR 182:PD 273:SD", "91:PR 182:SD"):
        assert confirmed(text).flags == ()
    assert unconfirmed("91:CR 182:SD").flags == ("CR_NOT_SUSTAINED",)
    assert unconfirmed("91:CR 182:SD").reader_options == ()


# --- the published algorithm, restated as plain search


CATEGORIES = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND"]
VISITS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(CATEGORIES)), max_size=7).map(
    lambda gaps: _cumulative(gaps)
)


def _cumulative(gaps):
    total, found = 0, []
    for gap, category in gaps:
        total += gap
        found.append((total, category))
    return found


def confirmed_somehow(visits, number, rules):
    """Whether any later visit confirms: tried one by one, each with everything up to it."""
    start_day, start = visits[number]
    for end in range(number + 1, len(visits)):
        run = [category for _, category in visits[number + 1 : end + 1]]
        if visits[end][0] - start_day < rules.confirm_days or run.count("NE") > rules.max_ne:
            continue
        if start == "CR" and run[-1] == "CR" and set(run) <= {"CR", "NE"}:
            return True
        if start == "PR" and run[-1] in ("CR", "PR") and set(run) <= {"CR", "PR", "SD", "NE"}:
            after_cr = "CR" in run and "PR" in run[run.index("CR") :]
            if run.count("SD") <= int(rules.accept_sd) and not after_cr:
                return True
    return False


@given(VISITS, st.booleans(), st.integers(0, 2))
def test_the_algorithm_agrees_with_a_search_over_all_confirming_visits(visits, accept, max_ne):
    rules = replace(RULES, accept_sd=accept, max_ne=max_ne)
    found = best_confirmed(
        [AssessedVisit(START + timedelta(n), RecistCategory(x)) for n, x in visits], START, rules
    )
    cut = next((n + 1 for n, item in enumerate(visits) if item[1] == "PD"), len(visits))
    kept = visits[:cut]
    candidates = []
    for number, (when, category) in enumerate(kept):
        if category in ("CR", "PR") and confirmed_somehow(kept, number, rules):
            candidates.append((CATEGORIES.index(category), when))
        stable = {"CR": "SD", "PR": "SD"}.get(category, category)
        early = category in ("CR", "PR", "SD", "NON-CR/NON-PD") and when < rules.sd_min_days
        candidates.append((CATEGORIES.index("NE" if early else stable), when))
    if not candidates:
        assert found.category == "MISSING"
    else:
        index, when = min(candidates)
        assert (found.category, days(found)) == (CATEGORIES[index], when)


@given(VISITS)
def test_confirming_never_gives_a_better_response(visits):
    order = [*CATEGORIES, "MISSING"]
    sequence = [AssessedVisit(START + timedelta(n), RecistCategory(x)) for n, x in visits]
    loose, strict = (f(sequence, START, RULES).category for f in (best_unconfirmed, best_confirmed))
    assert order.index(loose) <= order.index(strict)


# --- Table 3


@pytest.mark.parametrize(
    ("first", "second", "met", "not_met"),
    [
        ("CR", "CR", "CR", "CR"),
        ("CR", "PR", "SD|PD|PR", "SD|PD|PR"),
        ("CR", "SD", "SD", "PD"),
        ("CR", "PD", "SD", "PD"),
        ("CR", "NE", "SD", "NE"),
        ("PR", "CR", "PR", "PR"),
        ("PR", "PR", "PR", "PR"),
        ("PR", "SD", "SD", "SD"),
        ("PR", "PD", "SD", "PD"),
        ("PR", "NE", "SD", "NE"),
        ("NE", "NE", "NE", "NE"),
        ("NE", "PD", "PD", "PD"),
        ("NE", "PR", "SD", "NE"),
        ("NE", "NON-CR/NON-PD", "NON-CR/NON-PD", "NE"),
        ("PD", "CR", "PD", "PD"),
        ("SD", "PR", "SD", "NE"),
        ("SD", "PD", "SD", "PD"),
        ("CR", "NON-CR/NON-PD", "SD", "PD"),
        ("NON-CR/NON-PD", "PD", "NON-CR/NON-PD", "PD"),
        ("NON-CR/NON-PD", "NE", "NON-CR/NON-PD", "NE"),
    ],
)
def test_table_three(first, second, met, not_met):
    for known, expected in ((True, met), (False, not_met)):
        found = two_visit_best(RecistCategory(first), RecistCategory(second), known)
        assert "|".join(found) == expected


def test_the_reference_date_is_what_the_interval_runs_from():
    visits = [AssessedVisit(date(2026, 3, 1), RecistCategory.SD)]
    assert best_unconfirmed(visits, date(2026, 1, 18), RULES).category == "SD"
    assert best_unconfirmed(visits, date(2026, 1, 19), RULES).category == "NE"
