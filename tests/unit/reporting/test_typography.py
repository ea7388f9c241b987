"""Printed text: signs, dashes and spaces, and what stays as it was entered."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.compose import compose
from app.reporting.typography import typeset, typeset_all
from app.translation import set_language
from tests.unit.reporting.test_language import leaves, sample

NB = "\N{NO-BREAK SPACE}"
ISSUED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-43.0 % (-3.80 g/mL)", f"−43.0{NB}% (−3.80{NB}g/mL)"),
        ("at least +30 % and +0.8 g/mL", f"at least +30{NB}% and +0.8{NB}g/mL"),
        ("-100.8, -39.8, -252.3", "−100.8, −39.8, −252.3"),
        ("60.0 min (window 50-70 min)", f"60.0{NB}min (window 50–70{NB}min)"),
        ("5.47 x 5.47 x 3.27 mm", f"5.47{NB}×{NB}5.47{NB}×{NB}3.27{NB}mm"),
        ("128 × 128 × 135, 4 mm", f"128{NB}×{NB}128{NB}×{NB}135, 4{NB}mm"),
        ("4.2111e-04", "4.2111e−04"),
        ("1.36 ± 0.31", f"1.36{NB}±{NB}0.31"),
        ("< 2 cm, 3 days, 2 h", f"<{NB}2{NB}cm, 3{NB}days, 2{NB}h"),
        ("PMR -40 %, week 3", f"PMR −40{NB}%, week 3"),
        # Not numbers with a sign, ranges or units:
        ("1960-01-16 09:59:47", "1960-01-16 09:59:47"),
        ("ACRIN-NSCLC-FDG-PET-042", "ACRIN-NSCLC-FDG-PET-042"),
        ("percist-1.0, PER-2.7-PMD", "percist-1.0, PER-2.7-PMD"),
        ("26-connected, NON-CMR/NON-PMD", "26-connected, NON-CMR/NON-PMD"),
        ("042-017 and 2 lesions", "042-017 and 2 lesions"),
        ("1.2.840.10008.5.1.4", "1.2.840.10008.5.1.4"),
        ("found : x; y", "found : x; y"),
    ],
)
def test_english(text, printed):
    assert typeset(text, "en") == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Glycémie : 5.0 mmol/L ; jeûne", f"Glycémie{NB}: 5.0{NB}mmol/L{NB}; jeûne"),
        ("a; b: c", f"a{NB}; b{NB}: c"),
        ("« 12 jours »", f"«{NB}12{NB}jours{NB}»"),
        ("14:26 UTC", "14:26 UTC"),
        ("12 d'un", "12 d'un"),
        (f"Marge{NB}: -2 %", f"Marge{NB}: −2{NB}%"),
    ],
)
def test_french(text, printed):
    assert typeset(text, "fr") == printed


@given(st.text(alphabet="-–−x×±0123456789. ,:;%()gmL/abc\u00a0<«»", max_size=40))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_twice_is_once_and_no_digit_or_letter_is_lost(language, text):
    once = typeset(text, language)
    assert typeset(once, language) == once
    assert [c for c in once if c.isalnum() and c != "x"] == [
        c for c in text if c.isalnum() and c != "x"
    ]


def test_what_was_entered_stays_as_it_was():
    read = replace(sample(), impression="grew by -5 x 3 mm", comment="")
    read = replace(read, patient=replace(read.patient, patient_id="AB -1 x 2 mm"))
    content = compose(read, ISSUED, ())
    printed = typeset_all(asdict(content), content.language)
    assert printed["texts"] == asdict(content)["texts"]
    assert printed["patient"] == asdict(content)["patient"]
    assert printed["running_head"] == content.running_head
    assert printed["answer"] != asdict(content)["answer"]


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_text_of_a_report_has_a_hyphen_for_a_minus_or_a_loose_unit(code):
    set_language(code)
    try:
        content = compose(sample(), ISSUED, ())
    finally:
        set_language("en")
    texts = list(leaves(typeset_all(asdict(content), code)))
    assert any("−" in text for text in texts)
    for text in texts:
        assert " -" not in text and "(-" not in text, text
        for unit in (" g/mL", " %", " mm", " min"):
            before, found, _ = text.partition(unit)
            assert not found or not before[-1:].isdigit(), text
        if code == "fr":
            assert " :" not in text and " ;" not in text, text
