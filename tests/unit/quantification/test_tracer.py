"""Nuclide and tracer, and when PERCIST must refuse (spec 1.2)."""

from dataclasses import replace

import pytest

from app.domain.pet_header import CodedEntry, RadiopharmaceuticalItem
from app.quantification.quantify import quantify
from app.quantification.tracer import Tracer, state_tracer
from tests.unit.quantification.sound_header import F18, FDG, ITEM, with_item

BARE = replace(ITEM, text="", tracer_codes=())


@pytest.mark.parametrize(
    "text",
    ["FDG", "18F-FDG", "[18F]FDG", "F18FDG", "FDG -- fluorodeoxyglucose", "Fluorodeoxyglucose",
     "F-18 fludeoxyglucose", "2-deoxy-2-[18F]fluoro-D-glucose", "Fluorodésoxyglucose (18F)"],
)  # fmt: skip
def test_fdg_by_text(text):
    statement = state_tracer(replace(BARE, text=text))
    assert statement.tracer is Tracer.FDG
    assert statement.percist_refusal is None
    assert statement.findings == ()


@pytest.mark.parametrize("text", ["FLT", "18F-PSMA-1007", "FDGal", "Sodium fluoride", "FES"])
def test_another_tracer_refuses_percist_and_not_suv(text):
    result = quantify(with_item(text=text, tracer_codes=()))
    assert result.suvbw_factor is not None
    assert result.tracer == "other"
    assert result.percist_refusal.code == "PERCIST_TRACER_NOT_FDG"


@pytest.mark.parametrize("text", ["", "18F", "F-18", "^18^Fluorine", "Unknown"])
def test_a_tracer_that_is_not_stated_warns(text):
    result = quantify(with_item(text=text, tracer_codes=()))
    assert result.tracer == "unstated"
    assert result.percist_refusal is None
    assert "RP_TRACER_UNSTATED" in {item.code for item in result.findings}


def test_protocol_texts_speak_against_fdg_only():
    assert state_tracer(BARE, ("AC_CT FLT",)).tracer is Tracer.OTHER
    assert state_tracer(BARE, ("AC_CT FDG",)).tracer is Tracer.UNSTATED
    assert state_tracer(ITEM, ("AC_CT FLT",)).tracer is Tracer.FDG


def test_the_code_outranks_the_text():
    coded = replace(BARE, text="Tracer 7", tracer_codes=(FDG,))
    assert state_tracer(coded).tracer is Tracer.FDG
    other = CodedEntry("C-B1036", "SRT", "Fluorothymidine F^18^")
    assert state_tracer(replace(BARE, tracer_codes=(other,))).tracer is Tracer.OTHER


@pytest.mark.parametrize(
    ("codes", "half_life", "is_f18"),
    [
        ((F18,), None, True),
        ((CodedEntry("C-111A1", "99SDM", "18F"),), None, True),
        ((CodedEntry("77004003", "99X", ""),), None, False),
        ((), 6586.2, True),
        ((), 6500.0, True),
        ((), 6499.9, False),
        ((), 109.77, True),
        ((), 4057.7, False),
        ((), None, False),
    ],
)
def test_fluorine_by_code_or_half_life(codes, half_life, is_f18):
    item = RadiopharmaceuticalItem(nuclide_codes=codes, half_life=half_life)
    assert state_tracer(item).is_f18 is is_f18


def test_another_nuclide_gives_suv_but_no_percist():
    gallium = (CodedEntry("C-131A3", "SRT", "^68^Gallium"),)
    for codes in ((), gallium):
        result = quantify(with_item(nuclide_codes=codes, half_life=4057.7))
        assert result.suvbw_factor == pytest.approx(70000.0 / (300e6 * 2 ** (-3600 / 4057.7)))
        assert result.percist_refusal.code == "PERCIST_NOT_F18"
