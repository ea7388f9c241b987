"""The comparison of the vector runner can fail."""

import pytest

from tests.vectors import lbm, suv
from tests.vectors.comparison import mismatches
from tests.vectors.vector_file import Vector


@pytest.mark.parametrize(
    ("actual", "expected", "tol", "agrees"),
    [
        (1.0, 1.0, {}, True),
        (1.0 + 1e-12, 1.0, {}, False),
        (1.0 + 1e-12, 1.0, {"abs": 1e-9}, True),
        (1.02, 1.0, {"rel": 0.01}, False),
        (None, 1.0, {}, False),
        (1.0, None, {}, False),
        (True, 1, {"abs": 1.0}, False),
        ({"a": 1}, {"a": 1, "b": 2}, {}, False),
        ([1.0, 2.0], [1.0, 2.5], {}, False),
        ([1.0], [1.0, 2.0], {}, False),
        (frozenset({"A", "B"}), "A", {}, True),
        (frozenset({"A", "B"}), "C", {}, False),
        (frozenset({"A", "B"}), ["A", "B"], {}, True),
        ("PMR", "SMD", {}, False),
    ],
)
def test_mismatches(actual, expected, tol, agrees):
    assert (not mismatches({"x": actual}, {"x": expected}, tol)) is agrees


def test_what_is_not_computed_is_a_mismatch():
    assert mismatches({}, {"suvbw": 1.0}, {"abs": 1e9})


def test_six_decimals_are_compared_tightly():
    actual = {"suvbw_computed_unrounded": {"hot": 4.0001}}
    expected = {"suvbw_computed_unrounded": {"hot": 4.0}}
    assert mismatches(actual, expected, {"abs": 0.005})


@pytest.mark.parametrize("adapter", [suv.evaluate, lbm.evaluate])
def test_an_unknown_input_shape_fails(adapter):
    with pytest.raises(AssertionError, match="unknown input shape"):
        adapter(Vector("X-1", "x", "", {"colour": "blue"}, {"suvbw": 1.0}, {}))
