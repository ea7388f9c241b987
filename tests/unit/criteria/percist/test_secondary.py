"""Extent by TLG, the report string and EORTC 1999 (spec 2.7, 2.11, 2.12)."""

from dataclasses import replace
from datetime import date

import pytest

from app.criteria.percist.eortc1999 import eortc_category
from app.criteria.percist.extent import (
    extent_change,
    extent_not_compared,
    same_segmentation,
    total_lesion_glycolysis_g,
)
from app.criteria.percist.report_string import report_string, weeks_of_therapy
from app.criteria.percist.rules import TlgSegmentation
from app.domain.response import MetabolicCategory as Category
from tests.unit.criteria.percist.rule_sets import NADIR

AUTOMATIC = replace(NADIR, tlg_auto_pmd=True)


@pytest.mark.parametrize(
    ("before", "now", "r", "c", "alert"),
    [
        (80.0, 140.0, 6.0, 6.0, True),  # exactly +75 %, SULpeak as it was
        (80.0, 139.99, 6.0, 6.0, False),
        (80.0, 140.0, 6.0, 5.99, False),
        (80.0, 200.0, 6.0, 9.0, True),
        (0.0, 140.0, 6.0, 6.0, False),
    ],
)
def test_the_alert_of_extent(before, now, r, c, alert):
    found = extent_change(before, now, r, c, NADIR)
    assert (found.alert, found.progression) == (alert, False)
    assert (found.flags == ("TLG_ALERT",)) is alert
    assert extent_change(before, now, r, c, AUTOMATIC).progression is alert
    assert not extent_change(before, now, r, c, AUTOMATIC, below_liver=True).progression
    assert (found.change_fraction is None) is (before == 0)


def test_differently_segmented_volumes_are_not_compared():
    liver, manual = TlgSegmentation.LIVER_MEAN_PLUS_2SD, TlgSegmentation.MANUAL
    assert same_segmentation(liver, liver, NADIR)
    assert not same_segmentation(liver, manual, NADIR)
    assert not same_segmentation(manual, manual, NADIR)
    assert not extent_not_compared().alert


def test_glycolysis():
    assert total_lesion_glycolysis_g(4.2, 12.5) == 52.5


@pytest.mark.parametrize(
    ("category", "fraction", "weeks", "new", "text"),
    [
        ("PMR", -0.4, 3, 0, "PMR -40, 3"),
        ("PMD", 0.35, 4, 5, "PMD +35, 4, new: 5"),
        ("SMD", -0.125, 12, 0, "SMD -13, 12"),  # half goes away from zero
        ("SMD", 0.005, 12, 0, "SMD +1, 12"),
        ("SMD", -0.0049, 12, 0, "SMD +0, 12"),  # never -0
        ("SMD", 0.0, 0, 0, "SMD +0, 0"),
        ("PMR", -0.345, 7, 0, "PMR -35, 7"),  # -34.5 exactly, missed by binary floats
        ("NE", None, 7, 1, "NE, 7, new: 1"),
        ("PMR", -0.4, None, 0, "PMR -40"),
        ("NON-CMR/NON-PMD", None, None, 0, "NON-CMR/NON-PMD"),
        ("NOT_MEASURABLE", None, None, 0, "NOT MEASURABLE"),
    ],
)
def test_report_strings(category, fraction, weeks, new, text):
    assert report_string(category, fraction, weeks, new) == text


@pytest.mark.parametrize(
    ("scan", "weeks"), [(date(2026, 1, 5), 0), (date(2026, 1, 11), 0), (date(2026, 1, 12), 1)]
)
def test_weeks_are_rounded_down(scan, weeks):
    assert weeks_of_therapy(date(2026, 1, 5), scan) == weeks


CMR, PMR, SMD, PMD, NE = Category.CMR, Category.PMR, Category.SMD, Category.PMD, Category.NE


@pytest.mark.parametrize(
    ("change", "cycles", "more", "expected"),
    [
        (0.26, 2, {}, PMD),
        (0.25, 2, {}, SMD),
        (-0.149, 1, {}, SMD),
        (-0.15, 1, {}, PMR),
        (-0.15, 2, {}, SMD),
        (-0.25, 2, {}, SMD),
        (-0.251, 2, {}, PMR),
        (-0.9, 2, {"resolved": True}, CMR),
        (None, 2, {"resolved": True}, CMR),
        (None, 2, {}, NE),
        (-0.9, 2, {"new_uptake": True, "resolved": True}, PMD),
        (-0.9, 2, {"extent_change_fraction": 0.21}, PMD),
        (-0.9, 2, {"extent_change_fraction": 0.2}, PMR),
    ],
)
def test_eortc(change, cycles, more, expected):
    assert eortc_category(change, cycles, **more) is expected


def test_eortc_before_any_cycle_is_no_question():
    with pytest.raises(ValueError, match="0 cycles"):
        eortc_category(-0.3, 0)
