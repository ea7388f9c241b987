import pytest

from viewers.presenters.cursor import CursorValues, cursor_text
from viewers.presenters.numbers import NumberState, percent_change, ready, signed


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-40.4, 0, "−40"),
        (-40.5, 0, "−41"),
        (40.5, 0, "+41"),
        (0.0, 0, "+0"),
        (-0.4, 0, "+0"),
        (-0.44, 1, "−0.4"),
    ],
)
def test_signed_rounds_half_away_from_zero_and_prints_plus_zero(value, decimals, text):
    assert signed(value, decimals) == text


@pytest.mark.parametrize("before", [None, 0.0])
def test_nothing_to_compare_with_is_no_percentage(before):
    assert percent_change(3.0, before).state is NumberState.ABSENT


def test_a_missing_number_has_no_unit_and_cannot_be_clicked():
    number = ready(None, 2, "g/mL")
    assert (number.labelled, number.ref) == ("–", None)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (None, ""),
        (CursorValues(), ""),
        (
            CursorValues(4.308, 3.236, 41.2, 812.4, 1.703),
            "SUVbw 4.31 · SUL 3.24 · HU 41 · 812 Bq/mL · × liver 1.9",
        ),
        (CursorValues(4.3, None, -0.3, 12345.0, 1.7), "SUVbw 4.30 · HU 0 · 12\u202f345 Bq/mL"),
        (CursorValues(hounsfield=-1000.0), "HU −1000"),
        (
            CursorValues(None, None, 41.0, 812.0, None, "(0010,1030)"),
            "SUV refused (0010,1030) · HU 41 · 812 Bq/mL",
        ),
        (CursorValues(4.0, 3.0, None, None, 0.0), "SUVbw 4.00 · SUL 3.00"),
    ],
)
def test_cursor_line(values, text):
    assert cursor_text(values) == text


def test_a_refused_series_shows_no_suv_whatever_is_handed_in():
    assert cursor_text(CursorValues(4.31, 3.2, visit="FU1")) == "FU1 · SUVbw 4.31 · SUL 3.20"
    assert "4.31" not in cursor_text(CursorValues(4.31, 3.2, None, None, 1.0, "(0010,1030)"))
