"""`inspect` on real folders: the contract's document, the right roles and factors."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.builders.command_line import as_process, inside
from tests.builders.contract import INSPECT
from tests.builders.json_shape import mismatches

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.filterwarnings("ignore::UserWarning"),  # pydicom's, about the awkward files
]

Capture = pytest.CaptureFixture[str]

FOLDERS = [
    "acrin042/followup",
    "sts001",
    "crlm1004",
    "nm",
    "sr",
    "ibsi_suv",
    "awkward",
    "awkward/gantry_tilt_uneven",
    "awkward/transfer_syntaxes",
    "awkward/geometry",
]


def inspected(capsys: Capture, folder: Path) -> dict[str, Any]:
    done = inside(capsys, "inspect", folder, "--json")
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    assert mismatches(document, INSPECT) == []
    return document


def roles(document: dict[str, Any]) -> Counter[str]:
    return Counter(item["role"] for item in document["series"])


@pytest.fixture(scope="module")
def baseline(review_data: Path) -> list[dict[str, Any]]:
    """The series of the baseline, told by a process of its own."""
    done = as_process("inspect", review_data / "acrin042" / "baseline", "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert mismatches(document, INSPECT) == []
    series: list[dict[str, Any]] = document["series"]
    return series


def the(series: list[dict[str, Any]], role: str) -> dict[str, Any]:
    (found,) = [item for item in series if item["role"] == role]
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_document_keeps_the_contract(capsys: Capture, review_data: Path, folder: str) -> None:
    assert inspected(capsys, review_data / folder)["series"]


@pytest.mark.parametrize("folder", ["nm", "ibsi_suv/DRO_2_4", "awkward/geometry"])
def test_the_text_tells_every_series(capsys: Capture, review_data: Path, folder: str) -> None:
    done = inside(capsys, "inspect", review_data / folder)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n")
    assert "{" not in done.out.replace("{SUVbw}", "")  # no placeholder left unfilled


def test_the_roles_of_the_baseline(baseline: list[dict[str, Any]]) -> None:
    found = Counter(item["role"] for item in baseline)
    assert found == {"pet_ac": 1, "pet_nac": 1, "ct": 1, "localizer": 1, "seg": 1, "rwvm": 2}


def test_the_factors_of_the_pet(baseline: list[dict[str, Any]]) -> None:
    suv = the(baseline, "pet_ac")["suv"]
    assert suv["status"] == "ok"
    assert suv["suvbw_factor"] == pytest.approx(4.2111e-4, abs=5e-9)
    assert suv["sul_janma_factor"] == pytest.approx(3.1889e-4, abs=5e-9)
    assert suv["sul_james128_factor"] == pytest.approx(3.2444e-4, abs=5e-9)
    assert suv["reference_time"] == "1960-01-16T09:59:47"
    assert suv["rule"] == "A"
    assert suv["uptake_time_s"] == 9527.0


def test_the_pet_without_attenuation_correction_is_refused_by_its_tag(
    baseline: list[dict[str, Any]],
) -> None:
    series = the(baseline, "pet_nac")
    suv = series["suv"]
    assert suv["status"] == "refused"
    assert suv["refusal"]["code"] == "SUV_NOT_ATTENUATION_CORRECTED"
    assert suv["refusal"]["tag"] == "(0054,1101)"
    assert suv["refusal"]["text"].count("(0054,1101)") == 1
    assert suv["suvbw_factor"] is suv["sul_janma_factor"] is suv["sul_james128_factor"] is None
    assert "ATTN_CLAIM_INCONSISTENT" in {found["code"] for found in series["findings"]}


def test_the_text_names_that_tag_once(capsys: Capture, review_data: Path) -> None:
    done = inside(capsys, "inspect", review_data / "acrin042" / "baseline" / "PET_NAC")
    (line,) = [line for line in done.out.splitlines() if "SUV refused" in line]
    assert line.count("(0054,1101)") == 1


def test_the_scout_is_no_part_of_the_ct(baseline: list[dict[str, Any]]) -> None:
    assert the(baseline, "ct")["volume"]["shape_zyx"] == [135, 512, 512]
    assert the(baseline, "ct")["volume"]["unit"] == "HU"
    scout = the(baseline, "localizer")
    assert scout["description"] == "SCOUT"
    assert scout["volume"] is None
    assert scout["suv"] is None


def test_the_roles_of_the_other_folders(capsys: Capture, review_data: Path) -> None:
    def found(folder: str) -> Counter[str]:
        return roles(inspected(capsys, review_data / folder))

    assert found("sts001") == {"pet_ac": 1, "rtstruct": 1}
    assert found("crlm1004") == {"ct": 1}
    assert found("nm") == {"nm": 2, "sc": 1}
    assert found("sr") == {"sr": 3, "seg": 1, "rwvm": 1}
    assert found("ibsi_suv") == {"pet_ac": 8, "rtstruct": 8}


def test_a_missing_slice_is_a_finding(capsys: Capture, review_data: Path) -> None:
    folder = review_data / "awkward" / "geometry" / "sliceincrement"
    for series in inspected(capsys, folder)["series"]:
        assert "MISSING_SLICE" in {found["code"] for found in series["findings"]}


def test_what_is_not_decoded_is_named(capsys: Capture, review_data: Path) -> None:
    document = inspected(capsys, review_data / "awkward" / "transfer_syntaxes")
    texts = [found["text"] for item in document["series"] for found in item["findings"]]
    assert any("JPEG Extended" in text and "not decoded" in text for text in texts)
