"""Printed numbers tell a value from a limit it does not equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exact import TIE
from app.reporting.numbers import decimals_apart, plain, rounded


@pytest.mark.parametrize(
    ("value", "decimals", "signed", "text"),
    [
        (1.234, 2, False, "1.23"),
        (-1.234, 2, True, "−1.23"),
        (1.234, 1, True, "+1.2"),
        (-0.001, 2, True, "+0.00"),
        (-0.001, 2, False, "0.00"),
        (-0.0, 0, True, "+0"),
    ],
)
def test_rounded(value, decimals, signed, text):
    assert rounded(value, decimals, signed) == text


@pytest.mark.parametrize(
    ("value", "limits", "decimals"),
    [
        (12.0, (15.0,), 1),
        (30.0, (30.0,), 1),
        (29.96, (30.0,), 2),
        (29.996, (30.0,), 3),
        (49.98, (50.0, 70.0), 2),
        (70.01, (50.0, 70.0), 2),
        (1.9 + 1e-10, (1.9,), 1),
        (60.0, (), 1),
    ],
)
def test_decimals_apart(value, limits, decimals):
    assert decimals_apart(value, limits, 1) == decimals


@given(st.floats(0, 100), st.sampled_from([0.3, 0.8, 20.0, 30.0]), st.floats(-1e-3, 1e-3))
def test_unequal_numbers_look_unequal(value, limit, off):
    for number in (value, limit + off):
        decimals = decimals_apart(number, (limit,), 1)
        alike = rounded(number, decimals) == rounded(limit, decimals)
        assert alike is (abs(number - limit) <= TIE) or abs(abs(number - limit) - TIE) < 1e-13


@pytest.mark.parametrize(("value", "text"), [(30.0, "30"), (0.8, "0.8"), (100 * 0.07, "7")])
def test_a_limit_is_printed_as_the_rule_states_it(value, text):
    assert plain(value) == text
