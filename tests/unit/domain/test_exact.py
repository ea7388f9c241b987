"""Exact comparison: decimals as written, ties within 1e-9 (spec 0.3 N2)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exact import TIE, at_least, at_most, exact

DECIMALS = st.decimals("-1000", "1000", places=4)


@given(DECIMALS)
def test_a_float_is_the_decimal_it_was_written_as(decimal):
    assert exact(float(decimal)) == Fraction(decimal)


def test_fractions_and_integers_pass_unchanged():
    assert exact(Fraction(1, 3)) == Fraction(1, 3)
    assert exact(7) == 7


@pytest.mark.parametrize(
    ("larger", "smaller", "difference"),
    [
        (2.3, 1.5, "0.8"),
        (2.8, 2.0, "0.8"),
        (1.8, 1.5, "0.3"),
        (14.0, 9.8, "4.2"),
        (4.1, 2.87, "1.23"),
        (1e-7, 0.0, "0.0000001"),
    ],
)
def test_differences_that_binary_floats_miss(larger, smaller, difference):
    assert exact(larger) - exact(smaller) == Fraction(difference)


@given(DECIMALS, st.fractions(-2 * TIE, 2 * TIE))
def test_a_tie_counts_only_where_the_rule_is_inclusive(limit, off):
    border, value = Fraction(limit), Fraction(limit) + off
    if abs(off) <= TIE:
        assert at_least(value, border) and at_most(value, border)
        assert not at_least(value, border, inclusive=False)
        assert not at_most(value, border, inclusive=False)
    else:
        for inclusive in (True, False):
            assert at_least(value, border, inclusive) is (off > 0)
            assert at_most(value, border, inclusive) is (off < 0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match=r"nan|inf"):
        exact(value)
