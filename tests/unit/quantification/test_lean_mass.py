"""Lean mass formulas at their published points and limits (spec 1.7)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quantification import lean_mass

HEIGHTS = st.floats(1.2, 2.1)
SEXES = st.sampled_from(["M", "F"])


def test_the_peaks_of_james_lie_at_the_published_bmi():
    assert lean_mass.james_vertex_bmi("F") == pytest.approx(36.15, abs=0.005)
    assert lean_mass.james_vertex_bmi("M") == pytest.approx(42.97, abs=0.005)


@given(size=HEIGHTS, sex=SEXES)
def test_james_falls_beyond_its_peak(size, sex):
    peak = float(lean_mass.james_vertex_weight_kg(size, sex))
    at_peak = lean_mass.james128_kg(peak, size, sex)
    assert at_peak > lean_mass.james128_kg(peak + 1.0, size, sex)
    assert at_peak > lean_mass.james128_kg(peak - 1.0, size, sex)
    assert not lean_mass.james_is_valid(peak, size, sex)
    assert not lean_mass.james_is_valid(peak - 1e-10, size, sex)
    assert lean_mass.james_is_valid(peak - 1e-6, size, sex)


@given(size=HEIGHTS, sex=SEXES, weight=st.floats(30.0, 240.0))
def test_janmahasatian_rises_with_weight_and_stays_below_it(size, sex, weight):
    lean = lean_mass.janmahasatian_kg(weight, size, sex)
    assert 0 < lean < 1.4 * weight
    assert lean_mass.janmahasatian_kg(weight + 1.0, size, sex) > lean


def test_sex_o_is_refused_by_james_at_the_lower_of_both_peaks():
    assert lean_mass.james_is_valid(105.0, 1.6, "M")
    assert not lean_mass.james_is_valid(105.0, 1.6, "F")
    assert not lean_mass.james_is_valid(105.0, 1.6, "O")


def test_the_two_james_multipliers_differ_for_men_only():
    woman = lean_mass.james120_kg(70.0, 1.7, "F"), lean_mass.james128_kg(70.0, 1.7, "F")
    assert woman[0] == woman[1]
    gap = lean_mass.james120_kg(70.0, 1.7, "M") - lean_mass.james128_kg(70.0, 1.7, "M")
    assert gap == pytest.approx(8.0 * (70.0 / 170.0) ** 2)
