"""Differences and relative changes are those of exact fractions, to the last bit."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.exact import as_ratio, difference, exact, relative_change

values = st.floats(0.0, 1e9, allow_subnormal=False).map(exact)


@given(values, values)
def test_difference_is_rounded_once(value, start):
    assert difference(value, start) == float(value - start)


@given(values, values.filter(lambda value: value > Fraction(1, 10**9)))
def test_relative_change_is_rounded_once(value, start):
    assert relative_change(value, start) == float((value - start) / start)


def test_from_nothing_there_is_no_relative_change():
    assert relative_change(exact(2.0), exact(0.0)) is None


def test_a_limit_is_the_decimal_it_was_written_as():
    assert as_ratio(0.8) == (4, 5)
    assert as_ratio(0.30) == (3, 10)
