"""ICC, Bland-Altman, repeatability, intervals, disagreement index (spec 5.6)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agreement.bland_altman import bland_altman
from app.agreement.disagreement import disagreement_index
from app.agreement.icc import icc
from app.agreement.intervals import RESAMPLES, subject_interval

SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
RATINGS = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 20), min_size=k, max_size=k), min_size=3, max_size=8)
)


def mean_squares(rows):
    """Two-way analysis of variance in plain Python."""
    n, k = len(rows), len(rows[0])
    mean = sum(map(sum, rows)) / (n * k)
    by_row = [sum(row) / k for row in rows]
    by_column = [sum(row[c] for row in rows) / n for c in range(k)]
    msr = k * sum((m - mean) ** 2 for m in by_row) / (n - 1)
    msc = n * sum((m - mean) ** 2 for m in by_column) / (k - 1)
    residual = [
        (rows[r][c] - by_row[r] - by_column[c] + mean) ** 2 for r in range(n) for c in range(k)
    ]
    within = [(rows[r][c] - by_row[r]) ** 2 for r in range(n) for c in range(k)]
    return msr, msc, sum(residual) / ((n - 1) * (k - 1)), sum(within) / (n * (k - 1)), n, k


def same(one, other):
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


@settings(max_examples=8, deadline=None)
@given(RATINGS)
def test_icc_against_the_analysis_of_variance(rows):
    msr, msc, mse, msw, n, k = mean_squares(rows)
    found = icc(rows)
    pairs = [
        (found.icc11, msr - msw, msr + (k - 1) * msw),
        (found.icc21, msr - mse, msr + (k - 1) * mse + k * (msc - mse) / n),
        (found.icc31, msr - mse, msr + (k - 1) * mse),
    ]
    for value, part, whole in pairs:
        if abs(whole) > 1e-9:
            assert same(value, part / whole)
            assert value <= 1 + 1e-9


def test_a_rater_who_is_higher_by_a_constant():
    rows = [[1, 3], [2, 4], [5, 7], [9, 11]]
    found = icc(rows)
    assert same(found.icc31, 1.0)
    assert found.icc21 < 0.95
    assert found.icc11 < found.icc21


def test_subjects_without_a_rating_are_left_out():
    rows = [*SHROUT_FLEISS, [1, None, 2, 3]]
    found = icc(rows)
    assert (found.n, found.raters, found.missing) == (6, 4, 1)
    assert found.icc21 == icc(SHROUT_FLEISS).icc21


def test_there_may_be_no_icc():
    for rows in ([[1, 2]], [[1, None], [2, 3]]):
        found = icc(rows)
        assert (found.icc11, found.icc21, found.icc31, found.interval) == (None,) * 4
    alike = icc([[5, 5], [5, 5], [5, 5]])
    assert (alike.icc11, alike.icc21, alike.icc31, alike.interval) == (None,) * 4
    mostly = icc([[5, 5], *[[5, 5]] * 3, [6, 6]])
    assert mostly.icc21 == 1.0


@pytest.mark.parametrize("rows", [[], [[1]], [[1, 2], [1]], [[1, math.nan], [1, 2]]], ids=str)
def test_ratings_that_cannot_be_are_refused(rows):
    with pytest.raises(ValueError, match="rating"):
        icc(rows)


def test_bland_altman_in_unit_and_relative():
    found = bland_altman([1.0, 2.0, 3.0], [2.0, 2.0, 1.0])
    assert found.absolute.n == 3
    assert same(found.absolute.bias, 1 / 3)
    assert same(found.absolute.sd, math.sqrt(7 / 3))
    assert same(found.absolute.high - found.absolute.low, 2 * 1.96 * math.sqrt(7 / 3))
    assert same(found.relative.bias, (-1 / 1.5 + 0 + 2 / 2) / 3)
    assert same(found.repeatability, 1.96 * math.sqrt(5 / 3))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=2, max_size=12))
def test_swapping_readers_turns_the_sign(pairs):
    one, two = zip(*pairs, strict=True)
    found, turned = bland_altman(one, two), bland_altman(two, one)
    assert same(found.absolute.bias, -turned.absolute.bias)
    assert same(found.absolute.sd, turned.absolute.sd)
    assert same(found.absolute.low, -turned.absolute.high)
    assert same(found.repeatability, turned.repeatability)
    assert same(found.relative.bias, -turned.relative.bias)


def test_pairs_without_a_value_or_a_mean():
    found = bland_altman([1.0, None, 1.0, 4.0], [2.0, 3.0, -1.0, None])
    assert (found.missing, found.without_mean) == (2, 1)
    assert (found.absolute.n, found.relative.n) == (2, 1)
    assert (found.relative.sd, found.relative.low, found.relative.bias_interval) == (None,) * 3
    nothing = bland_altman([None], [1.0])
    assert (nothing.absolute, nothing.relative, nothing.repeatability) == (None, None, None)


def test_measurements_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="1 and 0"):
        bland_altman([1.0], [])
    with pytest.raises(ValueError, match="finite"):
        bland_altman([math.inf], [1.0])


def test_the_interval_of_a_mean():
    values = np.random.default_rng(7).normal(10.0, 2.0, 400)
    found = subject_interval(400, lambda drawn: float(values[drawn].mean()))
    half = 1.96 * values.std(ddof=1) / 20
    assert abs(found.low - (values.mean() - half)) < 0.05
    assert abs(found.high - (values.mean() + half)) < 0.05
    assert (found.resamples, found.undefined) == (RESAMPLES, 0)
    assert found == subject_interval(400, lambda drawn: float(values[drawn].mean()))


def test_an_interval_needs_two_subjects_and_a_figure_in_half_of_the_resamples():
    assert subject_interval(1, lambda drawn: 1.0) is None
    assert subject_interval(0, lambda drawn: 1.0) is None
    assert subject_interval(5, lambda drawn: None) is None
    some = subject_interval(3, lambda drawn: None if len(set(drawn)) == 3 else 1.0)
    assert 0 < some.undefined < RESAMPLES / 2
    assert subject_interval(3, lambda drawn: 1.0 if len(set(drawn)) == 3 else None) is None


def test_the_disagreement_index():
    assert disagreement_index(120, 18) == 0.15
    assert disagreement_index(0, 0) is None
    for cases, disagreed in ((1, 2), (5, -1), (0, 1)):
        with pytest.raises(ValueError, match="cases"):
            disagreement_index(cases, disagreed)
