"""The demo read, as a script on a machine without Qt and VTK runs it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import pdf_text
from tests.builders.command_line import WITHOUT_QT, Done, as_process
from tests.builders.contract import ASSESS
from tests.builders.json_shape import mismatches


@pytest.fixture(scope="module")
def out(demo_patient: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the report goes; the demo patient lies there already, so it is not written again."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "patient").symlink_to(demo_patient[0].parent)
    return folder


@pytest.fixture(scope="module")
def done(out: Path) -> Done:
    arguments = ("demo", "--out", str(out), "--rules", "percist-1.0", "--json")
    return as_process(line=[sys.executable, "-c", WITHOUT_QT, *arguments])


@pytest.fixture(scope="module")
def reading(done: Done) -> dict[str, Any]:
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    return document


def test_the_document_keeps_the_contract(reading: dict[str, Any], out: Path) -> None:
    assert mismatches(reading, ASSESS) == []
    assert json.loads((out / "reading.json").read_text(encoding="utf-8")) == reading


def test_the_rules_are_recorded(reading: dict[str, Any]) -> None:
    first, second = reading["timepoints"]
    assert reading["rule_set"] == "percist-1.0"
    assert first["response"] is None
    assert second["response"]["rule_set"] == "percist-1.0"
    assert second["other_rule_set"]["rule_set"] == "percist-nadir"


def test_one_lesion_shrinks_one_vanishes_one_grows(reading: dict[str, Any]) -> None:
    assert [point["date"] for point in reading["timepoints"]] == ["2026-03-02", "2026-06-01"]
    before, after = (
        {item["id"]: item for item in point["lesions"] if not item["physiologic"]}
        for point in reading["timepoints"]
    )
    assert sorted(before) == sorted(after) == ["L1", "L2", "L3"]
    change = {name: after[name]["sul_peak"] / before[name]["sul_peak"] - 1 for name in before}
    assert change["L1"] < -0.3
    assert after["L2"]["sul_peak"] < reading["timepoints"][1]["reference"]["threshold"]
    assert change["L3"] > 0.1
    response = reading["timepoints"][1]["response"]
    assert response["category"] == "PMR"
    assert response["target_id"] == "L1"
    assert response["change_from_baseline_fraction"] == pytest.approx(change["L1"])


def test_nothing_but_the_report_is_written(done: Done, out: Path) -> None:
    assert sorted(path.name for path in out.iterdir()) == ["patient", "reading.json", "report.pdf"]


# The PDF.


def test_the_pdf_says_on_every_page_what_it_is(done: Done, out: Path) -> None:
    pdf_text.need_poppler()
    pages = pdf_text.pages(out / "report.pdf")
    assert 3 <= len(pages) <= 6
    for number, page in enumerate(pages, start=1):
        assert "Investigational use in trials" in page
        assert "Draft, not reviewed by a reader" in page
        assert "ONCOREAD-DEMO" in page
        assert f"Page {number} of {len(pages)}" in page


def test_the_first_page_holds_the_answer(reading: dict[str, Any], out: Path) -> None:
    pdf_text.need_poppler()
    first = pdf_text.pages(out / "report.pdf")[0]
    response = reading["timepoints"][1]["response"]
    assert "PMR" in first
    assert "Partial metabolic response" in first
    change = f"{100 * response['change_from_baseline_fraction']:+.1f} %"
    assert change.replace("-", "\N{MINUS SIGN}") in first
    assert "Maximum intensity projections" in first
    for reason in response["reasons"]:
        assert reason["rule"] in first


def test_the_pdf_has_every_number_of_the_reading(reading: dict[str, Any], out: Path) -> None:
    pdf_text.need_poppler()
    wanted: dict[str, list[str]] = {}
    for point in reading["timepoints"]:
        for item in point["lesions"]:
            wanted.setdefault(item["id"], []).append(f"{item['sul_peak']:.2f}")
    assert len(wanted) >= 8
    lesions = {name: found for name, found in wanted.items() if not name.startswith("P")}
    assert pdf_text.lesion_rows(out / "report.pdf", lesions) == {}
    text = "".join(pdf_text.pages(out / "report.pdf"))
    for name in wanted.keys() - lesions.keys():
        for number in wanted[name]:
            assert f"{name} {number}" in text
    for point in reading["timepoints"]:
        assert f"{point['reference']['mean']:.3f} g/mL" in text
        assert f"{point['reference']['threshold']:.3f} g/mL" in text


def test_every_font_is_embedded(done: Done, out: Path) -> None:
    pdf_text.need_poppler()
    assert pdf_text.unembedded_fonts(out / "report.pdf") == []


def test_no_word_leaves_the_page_or_lies_on_another(done: Done, out: Path) -> None:
    pdf_text.need_poppler()
    assert pdf_text.misplaced(out / "report.pdf") == []


def test_the_pdf_shows_all_key_images(reading: dict[str, Any], out: Path) -> None:
    """Two MIPs, a slice for each lesion at each visit, the reference at each visit."""
    pdf_text.need_poppler()
    assert pdf_text.picture_count(out / "report.pdf") == 2 + 2 * 3 + 2


def test_the_pdf_declares_a_2b(done: Done, out: Path) -> None:
    data = (out / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"/GTS_PDFA1" in data
    assert b"/Encrypt" not in data
