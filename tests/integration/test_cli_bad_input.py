"""Bad input: one clear line or a finding, an exit code, no traceback, nothing half done."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLosslessSV1

from tests.builders.command_line import Done, as_process, inside, refused
from tests.builders.contract import INSPECT, MEASURE
from tests.builders.dicom_copies import Change, copied, slices
from tests.builders.json_shape import mismatches

# Inside this process pytest hears what pydicom warns of; a process of its own keeps it quiet.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

Capture = pytest.CaptureFixture[str]
SLAB = slice(100, 111)  # slices through the trunk


@pytest.fixture(scope="module")
def slab(demo_patient: tuple[Path, Path]) -> list[Path]:
    """Some PET files of the demo patient's baseline, from feet to head."""
    return slices(demo_patient[0] / "PT")[SLAB]


@pytest.fixture(scope="module")
def middle(slab: list[Path]) -> tuple[float, float, float]:
    """A position in the body, on the middle slice."""
    header = dcmread(slab[len(slab) // 2], stop_before_pixels=True)
    return 0.0, 0.0, float(header.ImagePositionPatient[2])


def inspected(capsys: Capture, folder: Path) -> dict[str, Any]:
    done = inside(capsys, "inspect", folder, "--json")
    assert (done.code, done.err) == (0, "")
    document: dict[str, Any] = json.loads(done.out)
    assert mismatches(document, INSPECT) == []
    return document


def measured(done: Done) -> dict[str, Any]:
    assert (done.code, done.err) == (0, ""), done
    document: dict[str, Any] = json.loads(done.out)
    assert mismatches(document, MEASURE) == []
    return document


# Folders that are none, or hold nothing of use.


def make_empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def make_text(folder: Path) -> Path:
    (make_empty(folder) / "a.txt").write_text("hello")
    return folder


def make_noise(folder: Path) -> Path:
    (make_empty(folder) / "a.dcm").write_bytes(random.Random(1).randbytes(5000))
    return folder


def make_preamble_only(folder: Path) -> Path:
    (make_empty(folder) / "a.dcm").write_bytes(bytes(128) + b"DICM" + b"\xff" * 40)
    return folder


def make_file(folder: Path) -> Path:
    folder.write_text("not a folder")
    return folder


def make_nothing(folder: Path) -> Path:
    return folder


USELESS = [make_empty, make_text, make_noise, make_preamble_only, make_file, make_nothing]
COMMANDS: list[Callable[[Path, Path], tuple[object, ...]]] = [
    lambda folder, out: ("inspect", folder),
    lambda folder, out: ("inspect", folder, "--json"),
    lambda folder, out: ("measure", folder, "--above", 1, "--json"),
    lambda folder, out: ("assess", "--timepoint", folder, "--out", out, "--json"),
]


@pytest.mark.parametrize("make", USELESS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", COMMANDS, ids=["inspect", "inspect-json", "measure", "assess"])
def test_useless_folders(
    capsys: Capture,
    tmp_path: Path,
    make: Callable[[Path], Path],
    command: Callable[[Path, Path], tuple[object, ...]],
) -> None:
    folder, out = make(tmp_path / "in"), tmp_path / "out"
    assert str(folder) in refused(inside(capsys, *command(folder, out)))
    assert not out.exists()


def test_warnings_of_libraries_are_no_lines_of_ours(tmp_path: Path) -> None:
    """pydicom warns about the same file in two lines of its own."""
    folder = make_preamble_only(tmp_path / "in")
    assert "No DICOM" in refused(as_process("inspect", folder))


def test_files_cut_short_are_named_and_the_rest_is_read(
    capsys: Capture, tmp_path: Path, slab: list[Path]
) -> None:
    folder = copied(slab, tmp_path / "in")
    whole = slab[-1].read_bytes()
    (folder / slab[-1].name).write_bytes(whole[: len(whole) // 2])
    (folder / "head.dcm").write_bytes(whole[:200])
    (folder / "empty.dcm").write_bytes(b"")
    (folder / "note.txt").write_text("hello")
    document = inspected(capsys, folder)
    (series,) = document["series"]
    assert series["volume"]["shape_zyx"][0] == len(slab) - 1
    texts = " ".join(found["text"] for found in series["findings"])
    assert f"{slab[-1].name} is cut short" in texts
    codes = {found["code"] for found in document["findings"]}
    assert {"FILE_EMPTY", "NON_DICOM_FILES"} <= codes


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(
    capsys: Capture, tmp_path: Path, slab: list[Path]
) -> None:
    folder = copied(slab, tmp_path / "in")
    (folder / slab[0].name).chmod(0)
    found = inspected(capsys, folder)["findings"]
    assert [item["code"] for item in found] == ["FILE_UNREADABLE"]
    assert slab[0].name in found[0]["text"]


def test_pipes_and_loops_of_links_do_not_hang(
    capsys: Capture, tmp_path: Path, slab: list[Path]
) -> None:
    folder = copied(slab, tmp_path / "in")
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder)
    assert len(inspected(capsys, folder)["series"]) == 1


def test_pixels_that_do_not_decode_are_one_line_whatever_the_decoder_prints(
    tmp_path: Path, slab: list[Path]
) -> None:
    """The JPEG library under the decoder writes to descriptor 2 itself."""

    def broken(dataset: Dataset) -> None:
        dataset.file_meta.TransferSyntaxUID = JPEGLosslessSV1
        dataset.PixelData = encapsulate([bytes(4000)])
        dataset["PixelData"].VR = "OB"

    folder = copied(slab[:3], tmp_path / "in", broken)
    line = refused(as_process("measure", folder, "--above", "1", "--json"))
    assert "could not be decoded" in line


# PET headers that lack what SUV needs.


def without(keyword: str) -> Change:
    return lambda dataset: dataset.__delattr__(keyword)


def with_value(keyword: str, value: object) -> Change:
    return lambda dataset: setattr(dataset, keyword, value)


UNUSABLE = [
    (without("PatientWeight"), "SUV_MISSING_WEIGHT", "(0010,1030)"),
    (with_value("PatientWeight", "0"), "SUV_MISSING_WEIGHT", "(0010,1030)"),
    (with_value("PatientWeight", ""), "SUV_MISSING_WEIGHT", "(0010,1030)"),
    (with_value("PatientWeight", "700"), "SUV_IMPLAUSIBLE_WEIGHT", "(0010,1030)"),
    (with_value("CorrectedImage", ["DECY"]), "SUV_NOT_ATTENUATION_CORRECTED", "(0028,0051)"),
    (with_value("Units", "PROPCPS"), "SUV_UNUSABLE_UNITS", "(0054,1001)"),
]
NO_SUL = [
    (without("PatientSize"), "SUL_MISSING_HEIGHT", "(0010,1020)"),
    (with_value("PatientSize", "0"), "SUL_MISSING_HEIGHT", "(0010,1020)"),
]


@pytest.mark.parametrize(("change", "code", "tag"), UNUSABLE, ids=[row[1] for row in UNUSABLE])
def test_suv_is_refused_with_its_tag_said_once(
    capsys: Capture,
    tmp_path: Path,
    slab: list[Path],
    middle: tuple[float, float, float],
    change: Change,
    code: str,
    tag: str,
) -> None:
    folder = copied(slab[:3], tmp_path / "in", change)
    (series,) = inspected(capsys, folder)["series"]
    refusal = series["suv"]["refusal"]
    assert (series["suv"]["status"], refusal["code"], refusal["tag"]) == ("refused", code, tag)
    assert refusal["text"].count(tag) == 1
    factors = ("suvbw_factor", "sul_janma_factor", "sul_james128_factor")
    assert [series["suv"][name] for name in factors] == [None] * 3

    text = inside(capsys, "inspect", folder).out
    (line,) = [line for line in text.splitlines() if "SUV refused" in line]
    assert line.count(tag) == 1

    line = refused(inside(capsys, "assess", "--timepoint", folder, "--out", tmp_path / "out"))
    assert line.count(tag) == 1
    assert not (tmp_path / "out").exists()

    position = ",".join(str(v) for v in (*middle[:2], middle[2], 40))
    sphere = inside(capsys, "measure", folder, "--series", series["uid"], "--sphere", position)
    assert sphere.out == "" or "SUV refused" in sphere.out


@pytest.mark.parametrize(("change", "code", "tag"), NO_SUL, ids=["absent", "zero"])
def test_without_height_suv_is_measured_and_sul_is_refused(
    capsys: Capture, tmp_path: Path, slab: list[Path], change: Change, code: str, tag: str
) -> None:
    folder = copied(slab, tmp_path / "in", change)
    (series,) = inspected(capsys, folder)["series"]
    assert series["suv"]["status"] == "ok"
    assert series["suv"]["suvbw_factor"] > 0
    assert series["suv"]["sul_janma_factor"] is None
    assert series["suv"]["sul_janma_refusal"]["tag"] == tag

    above = measured(inside(capsys, "measure", folder, "--above", 0.5, "--json"))
    assert above["refusal"]["code"] == code
    assert above["regions"][0]["suvbw"]["max"] > 0.5
    assert above["regions"][0]["sul"] is None
    assert above["regions"][0]["tlg_g"] is None

    sul = measured(inside(capsys, "measure", folder, "--above", 0.5, "--unit", "sul", "--json"))
    assert sul["refusal"]["tag"] == tag
    assert sul["regions"] == []

    line = refused(inside(capsys, "assess", "--timepoint", folder, "--out", tmp_path / "out"))
    assert line.count(tag) == 1


# Time points that do not belong together, and places that cannot be written to.


def test_another_patient_is_refused_without_a_name(
    capsys: Capture, tmp_path: Path, slab: list[Path]
) -> None:
    def other(dataset: Dataset) -> None:
        dataset.PatientID, dataset.PatientName = "SECRET-1", "SECRET^NAME"
        dataset.SeriesInstanceUID += ".9"

    one = copied(slab, tmp_path / "one")
    two = copied(slab, tmp_path / "two", other)
    line = refused(
        inside(capsys, "assess", "--timepoint", one, "--timepoint", two, "--out", tmp_path / "out")
    )
    assert "different patients" in line
    assert "(0010,0020)" in line
    assert "SECRET" not in line
    mixed = copied(list(two.iterdir()), tmp_path / "mixed")
    copied([slab[0]], mixed / "deeper")
    line = refused(inside(capsys, "assess", "--timepoint", mixed, "--out", tmp_path / "out"))
    assert "different patients" in line


def test_the_same_scan_twice_is_refused(capsys: Capture, tmp_path: Path, slab: list[Path]) -> None:
    one, two = copied(slab, tmp_path / "one"), copied(slab, tmp_path / "two")
    line = refused(
        inside(capsys, "assess", "--timepoint", one, "--timepoint", two, "--out", tmp_path / "out")
    )
    assert "same scan" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["file", "below a file", "device", "occupied"])
def test_a_place_that_cannot_hold_the_report_is_refused_before_the_work(
    capsys: Capture, tmp_path: Path, slab: list[Path], kind: str
) -> None:
    folder = copied(slab[:1], tmp_path / "in")
    (tmp_path / "file").write_text("kept")
    (tmp_path / "taken" / "reading.json").mkdir(parents=True)
    out = {
        "file": tmp_path / "file",
        "below a file": tmp_path / "file" / "deeper",
        "device": Path("/dev/full"),
        "occupied": tmp_path / "taken",
    }[kind]
    line = refused(inside(capsys, "assess", "--timepoint", folder, "--out", out, "--json"))
    assert "could not be written" in line
    assert (tmp_path / "file").read_text() == "kept"


# Gaps.


def test_a_region_across_a_missing_slice_is_not_quantified_and_says_so(
    capsys: Capture, tmp_path: Path, slab: list[Path], middle: tuple[float, float, float]
) -> None:
    gap = len(slab) // 2
    folder = copied([file for k, file in enumerate(slab) if k != gap], tmp_path / "in")
    (series,) = inspected(capsys, folder)["series"]
    assert "MISSING_SLICE" in {found["code"] for found in series["findings"]}
    x, y, z = middle
    across = inside(capsys, "measure", folder, f"--sphere={x},{y},{z},30", "--json")
    (region,) = measured(across)["regions"]
    assert region["voxels"] > 50
    assert [region[name] for name in ("suvbw", "sul", "tlg_g", "longest_diameter_mm")] == [None] * 4
    assert [found["code"] for found in region["findings"]] == ["REGION_CROSSES_GAP"]

    whole = copied(slab, tmp_path / "whole")
    (region,) = measured(inside(capsys, "measure", whole, f"--sphere={x},{y},{z},30", "--json"))[
        "regions"
    ]
    assert region["suvbw"] is not None
    assert region["findings"] == []

    step = (z - float(dcmread(slab[0]).ImagePositionPatient[2])) / gap
    beside = f"--sphere={x},{y},{z + 3 * step},{2.5 * step}"
    (region,) = measured(inside(capsys, "measure", folder, beside, "--json"))["regions"]
    assert region["suvbw"] is not None
    assert "REGION_CROSSES_GAP" not in {found["code"] for found in region["findings"]}


def test_a_sphere_that_leaves_the_image_says_so(
    capsys: Capture, tmp_path: Path, slab: list[Path], middle: tuple[float, float, float]
) -> None:
    folder = copied(slab, tmp_path / "in")
    x, y, z = middle
    (region,) = measured(inside(capsys, "measure", folder, f"--sphere={x},{y},{z},90", "--json"))[
        "regions"
    ]
    assert [found["code"] for found in region["findings"]] == ["REGION_OUTSIDE_IMAGE"]
    line = refused(inside(capsys, "measure", folder, f"--sphere={x + 5000},{y},{z},30"))
    assert "no voxel" in line


def test_header_values_do_not_steer_the_terminal(
    capsys: Capture, tmp_path: Path, slab: list[Path]
) -> None:
    folder = copied(slab[:2], tmp_path / "in", with_value("SeriesDescription", "\x1b[31mred\x07"))
    text = inside(capsys, "inspect", folder).out
    assert "red" in text
    assert "\x1b" not in text
    assert "\x07" not in text
