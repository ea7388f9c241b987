"""`assess` on two real visits: the contract's document, and the report with every number."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.builders import pdf_text
from tests.builders.command_line import Done, as_process
from tests.builders.contract import ASSESS
from tests.builders.json_shape import mismatches

pytestmark = pytest.mark.realdata

PATIENCE_S = 90.0  # 14 s on two idle cores, and never more than 30; the rest is for busy ones


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("acrin042") / "report"


@pytest.fixture(scope="module")
def done(review_data: Path, out: Path) -> Done:
    """The later visit is named first."""
    data = review_data / "acrin042"
    began = time.monotonic()
    visits = ("--timepoint", data / "followup", "--timepoint", data / "baseline")
    found = as_process("assess", *visits, "--out", out, "--json")
    assert time.monotonic() - began < PATIENCE_S
    return found


@pytest.fixture(scope="module")
def reading(done: Done) -> dict[str, Any]:
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def tumours(point: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in point["lesions"] if not item["physiologic"]}


def test_the_document_keeps_the_contract(reading: dict[str, Any], out: Path) -> None:
    assert mismatches(reading, ASSESS) == []
    assert reading["rule_set"] == "percist-nadir"
    assert json.loads((out / "reading.json").read_text(encoding="utf-8")) == reading
    assert sorted(path.name for path in out.iterdir()) == ["reading.json", "report.pdf"]


def test_visits_are_in_order_of_date_whatever_the_order_of_arguments(
    reading: dict[str, Any],
) -> None:
    assert [point["date"] for point in reading["timepoints"]] == ["1960-01-16", "1960-04-16"]


def test_the_right_hilar_mass_responds(reading: dict[str, Any]) -> None:
    before, after = reading["timepoints"]
    assert before["response"] is None
    response = after["response"]
    assert response["category"] == "PMR"
    target = response["target_id"]
    for point in (before, after):
        assert 1.30 <= point["reference"]["mean"] <= 1.45
        hottest = max(tumours(point).values(), key=lambda item: item["sul_peak"])
        assert hottest["id"] == target
        assert (hottest["site"], hottest["side"]) == ("hilum", "right")
    fall = tumours(after)[target]["sul_peak"] / tumours(before)[target]["sul_peak"] - 1
    assert response["change_from_baseline_fraction"] == pytest.approx(fall)
    assert {item["severity"] for item in after["comparability"]} == {"ok", "warn"}


def test_every_physiological_focus_has_its_reason(reading: dict[str, Any]) -> None:
    for point in reading["timepoints"]:
        marked = [item for item in point["lesions"] if item["physiologic"]]
        assert any("kidney" in item["physiologic_reason"] for item in marked)
        assert all(item["physiologic_reason"] for item in marked)
        assert all(item["physiologic_reason"] is None for item in tumours(point).values())


def test_the_pdf_has_every_number_of_the_reading(reading: dict[str, Any], out: Path) -> None:
    pdf_text.need_poppler()
    wanted: dict[str, list[str]] = {}
    marked: list[str] = []
    for point in reading["timepoints"]:
        for item in point["lesions"]:
            printed = f"{item['sul_peak']:.2f}"
            if item["physiologic"]:
                marked.append(f"{item['id']} {printed}")
            else:
                wanted.setdefault(item["id"], []).append(printed)
    assert len(wanted) >= 5 and len(marked) >= 20
    assert pdf_text.lesion_rows(out / "report.pdf", wanted) == {}
    text = "".join(pdf_text.pages(out / "report.pdf"))
    spaced = " ".join(text.split())
    assert [item for item in marked if not re.search(rf"\b{re.escape(item)}\b", spaced)] == []
    for point in reading["timepoints"]:
        assert f"{point['reference']['mean']:.3f} g/mL" in text


def test_the_pdf_is_fit_to_print(done: Done, out: Path) -> None:
    pdf_text.need_poppler()
    pdf = out / "report.pdf"
    pages = pdf_text.pages(pdf)
    assert len(pages) <= 8
    for page in pages:
        assert "Investigational use in trials" in page
        assert "Draft, not reviewed by a reader" in page
        assert len(page.split()) > 60
    assert pdf_text.misplaced(pdf) == []
    assert pdf_text.unembedded_fonts(pdf) == []
    assert pdf_text.picture_count(pdf) == 2 + 2 * 5 + 2  # MIPs, lesions, reference
