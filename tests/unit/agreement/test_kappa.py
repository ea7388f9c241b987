"""Cohen's kappa, plain and quadratically weighted (spec 5.6)."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agreement.kappa import KappaGap, kappa_of_calls, kappa_of_table

ORDER = ("CMR", "PMR", "SMD", "PMD")


def oracle(table, weighted):
    """Kappa in exact fractions, from the definition."""
    k, n = len(table), sum(map(sum, table))
    rows = [Fraction(sum(row), n) for row in table]
    columns = [Fraction(sum(row[c] for row in table), n) for c in range(k)]

    def weight(i, j):
        return 1 - Fraction((i - j) ** 2, (k - 1) ** 2) if weighted else Fraction(i == j)

    cells = [(i, j) for i in range(k) for j in range(k)]
    observed = sum(weight(i, j) * Fraction(table[i][j], n) for i, j in cells)
    expected = sum(weight(i, j) * rows[i] * columns[j] for i, j in cells)
    return None if expected == 1 else (observed - expected) / (1 - expected)


TABLES = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 6), min_size=k, max_size=k), min_size=k, max_size=k)
)


@settings(max_examples=12, deadline=None)
@given(TABLES, st.booleans())
def test_against_the_definition(table, weighted):
    if not any(map(any, table)):
        return
    found = kappa_of_table(table, weighted=weighted)
    expected = oracle(table, weighted)
    if expected is None:
        assert (found.kappa, found.gap) == (None, KappaGap.CHANCE_AGREEMENT_COMPLETE)
        return
    assert isclose(found.kappa, expected, abs_tol=1e-9)
    turned = kappa_of_table([list(row) for row in zip(*table, strict=True)], weighted=weighted)
    assert isclose(turned.kappa, expected, abs_tol=1e-9)
    if found.interval is not None:
        assert found.interval.low <= found.interval.high <= 1 + 1e-9


def test_in_two_categories_weights_change_nothing():
    table = [[20, 5], [10, 15]]
    assert kappa_of_table(table).kappa == kappa_of_table(table, weighted=True).kappa


def test_complete_agreement_is_one():
    found = kappa_of_table([[5, 0], [0, 5]])
    assert (found.kappa, found.observed, found.expected) == (1.0, 1.0, 0.5)
    assert (found.interval.low, found.interval.high) == (1.0, 1.0)
    assert found.interval.undefined > 0  # resamples of one category only


def test_calls_not_evaluable_or_missing_are_counted_apart():
    one = ["CMR", "PMR", "NE", None, "SMD", "NE", None]
    two = ["CMR", "SMD", "PMD", "PMD", "SMD", "NE", "NE"]
    found = kappa_of_calls(one, two, ORDER)
    assert (found.n, found.not_evaluable, found.missing) == (3, 2, 2)
    assert found.prevalence == (2 / 6, 1 / 6, 3 / 6, 0.0)
    assert found.table[1] == (0, 0, 1, 0)
    assert found.categories == ORDER


def test_there_may_be_no_kappa():
    nothing = kappa_of_calls(["NE", None], ["CMR", "CMR"], ORDER)
    assert (nothing.kappa, nothing.n, nothing.gap) == (None, 0, KappaGap.NO_PAIR)
    assert nothing.prevalence == (0.0, 0.0, 0.0, 0.0)
    alike = kappa_of_calls(["SMD"] * 5, ["SMD"] * 5, ORDER)
    assert (alike.kappa, alike.gap) == (None, KappaGap.CHANCE_AGREEMENT_COMPLETE)
    assert alike.observed == 1.0
    assert alike.interval is None
    single = kappa_of_calls(["SMD"], ["PMD"], ORDER)
    assert (single.kappa, single.interval) == (0.0, None)


def test_order_matters_to_the_weights_only():
    one, two = ["CMR", "PMR", "SMD", "PMD"] * 3, ["CMR", "SMD", "SMD", "PMR"] * 3
    other = ("PMD", "CMR", "SMD", "PMR")
    plain = [kappa_of_calls(one, two, order).kappa for order in (ORDER, other)]
    assert isclose(*plain)
    weighted = [kappa_of_calls(one, two, order, weighted=True).kappa for order in (ORDER, other)]
    assert not isclose(*weighted)


@pytest.mark.parametrize(
    ("one", "two", "order", "match"),
    [
        (["CMR"], [], ORDER, "1 and 0 calls"),
        (["CR"], ["CMR"], ORDER, "'CR'"),
        (["CMR"], ["CMR"], ("CMR", "CMR"), "twice"),
        (["CMR"], ["CMR"], ("CMR", "NE"), "NE"),
    ],
)
def test_calls_that_cannot_be_are_refused(one, two, order, match):
    with pytest.raises(ValueError, match=match):
        kappa_of_calls(one, two, order)


@pytest.mark.parametrize(
    "table",
    [[[1]], [[1, 2]], [[1, 2, 3], [4, 5, 6]], [[1, -1], [0, 1]], [[0.5, 1], [1, 1]]],
    ids=str,
)
def test_tables_that_cannot_be_are_refused(table):
    with pytest.raises(ValueError, match="table of agreement"):
        kappa_of_table(table)


def test_a_name_for_every_row():
    with pytest.raises(ValueError, match="3 categories for 2 rows"):
        kappa_of_table([[1, 0], [0, 1]], ORDER[:3])


def test_the_interval_is_the_same_every_time_and_narrows_with_subjects():
    small, large = [[20, 5], [10, 15]], [[80, 20], [40, 60]]
    assert repr(kappa_of_table(small)) == repr(kappa_of_table(small))
    widths = [found.high - found.low for found in
              (kappa_of_table(small).interval, kappa_of_table(large).interval)]  # fmt: skip
    assert widths[1] < 0.6 * widths[0]
    assert kappa_of_table(small).interval.low < 0.4 < kappa_of_table(small).interval.high
