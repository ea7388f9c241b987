"""`measure` on real folders against the numbers of the data's makers."""

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest

from tests.builders.command_line import as_process, inside, refused
from tests.builders.contract import MEASURE
from tests.builders.json_shape import mismatches

pytestmark = pytest.mark.realdata

Capture = pytest.CaptureFixture[str]

PET_AC = "1.3.6.1.4.1.14519.5.2.1.7009.2403.879445243400782656317561081015"
PET_NAC = "1.3.6.1.4.1.14519.5.2.1.7009.2403.196579865982768309054410462754"
FACTORS = {"suvbw": 4.2111e-4, "janma": 3.1889e-4, "james128": 3.2444e-4}
HOT = "-43,-11,-82,30"  # within the hilar mass
OBJECTS = ["0_0", "1_0", "2_0", "2_2", "2_4", "3_0", "3_2", "4_2"]


def measured(capsys: Capture, *arguments: object) -> dict[str, Any]:
    done = inside(capsys, "measure", *arguments, "--json")
    assert (done.code, done.err) == (0, ""), done
    document: dict[str, Any] = json.loads(done.out)
    assert mismatches(document, MEASURE) == []
    return document


def one(document: dict[str, Any]) -> dict[str, Any]:
    (region,) = document["regions"]
    found: dict[str, Any] = region
    return found


@pytest.fixture(scope="module")
def baseline(review_data: Path) -> Path:
    return review_data / "acrin042" / "baseline"


@pytest.fixture(scope="module")
def pet(baseline: Path) -> Path:
    """The quantitative PET alone: quicker to scan than the whole visit."""
    return baseline / "PET_AC"


# Segmentation files.


def test_the_sarcoma_of_sts001(capsys: Capture, review_data: Path) -> None:
    folder = review_data / "sts001"
    (structures,) = (folder / "FDG_PET" / "mask").iterdir()
    document = measured(capsys, folder, "--segmentation", structures)
    mass = next(item for item in document["regions"] if item["label"] == "GTV_Mass")
    assert mass["voxels"] == 5095
    assert mass["volume_ml"] == pytest.approx(366.08, abs=0.005)
    assert mass["suvbw"]["mean"] == pytest.approx(2.555, abs=0.0005)
    assert mass["suvbw"]["median"] == pytest.approx(2.487, abs=0.0005)
    assert mass["suvbw"]["max"] == pytest.approx(7.911, abs=0.0005)
    assert mass["hu"] is None


@pytest.mark.parametrize("name", OBJECTS)
def test_the_ibsi_objects(capsys: Capture, review_data: Path, name: str) -> None:
    folder = review_data / "ibsi_suv" / f"DRO_{name}"
    (structures,) = (folder / "RS").iterdir()
    suvbw = one(measured(capsys, folder, "--segmentation", structures))["suvbw"]
    assert [round(suvbw[key], 2) for key in ("min", "median", "max")] == [0.20, 1.00, 4.00]


def test_a_segmentation_has_one_region_a_segment(capsys: Capture, baseline: Path) -> None:
    (file,) = baseline.glob("SEG*/*")
    document = measured(capsys, baseline, "--segmentation", file)
    assert document["series"] == PET_AC
    assert [item["label"] for item in document["regions"]] == ["pt_segment_1", "Segment_2"]
    for item in document["regions"]:
        assert item["volume_ml"] == pytest.approx(item["voxels"] * 0.0718526, rel=1e-3)
        assert item["suvbw"]["min"] <= item["suvbw"]["median"] <= item["suvbw"]["max"]
        assert item["tlg_g"] == pytest.approx(item["sul"]["mean"] * item["volume_ml"], rel=1e-6)


def test_a_segmentation_of_another_frame_of_reference_is_refused(
    capsys: Capture, review_data: Path, baseline: Path
) -> None:
    (file,) = baseline.glob("SEG*/*")
    followup = review_data / "acrin042" / "followup" / "PET_AC"
    line = refused(inside(capsys, "measure", followup, "--segmentation", file, "--json"))
    assert "another frame of reference" in line


@pytest.mark.parametrize("file", ["README.md", "sr/sr.dcm", "nowhere.dcm", "acrin042"])
def test_files_that_are_no_segmentation(
    capsys: Capture, review_data: Path, pet: Path, file: str
) -> None:
    refused(inside(capsys, "measure", pet, "--segmentation", review_data / file, "--json"))


# Spheres.


def test_a_sphere_by_either_spelling(capsys: Capture, pet: Path) -> None:
    apart = one(measured(capsys, pet, "--sphere", HOT))
    joined = one(measured(capsys, pet, f"--sphere={HOT}"))
    assert apart == joined
    assert apart["volume_ml"] == pytest.approx(math.pi / 6 * 27, rel=0.05)
    assert 28 < apart["longest_diameter_mm"] < 33
    assert abs(apart["slice_z_mm"] + 82) < 15
    for name in ("suvbw", "sul"):
        peak = apart[name]["peak"]
        assert apart[name]["mean"] < peak["fractional"] <= peak["continuous"]


def test_both_lean_masses(capsys: Capture, pet: Path) -> None:
    regions = {
        name: one(measured(capsys, pet, "--sphere", HOT, "--lbm", name))
        for name in ("janma", "james128")
    }
    assert regions["janma"]["suvbw"] == regions["james128"]["suvbw"]
    for name, region in regions.items():
        expected = FACTORS[name] / FACTORS["suvbw"]
        for key in ("min", "mean", "median", "max"):
            assert region["sul"][key] / region["suvbw"][key] == pytest.approx(expected, rel=5e-5)


def test_without_a_pet_the_ct_is_measured(capsys: Capture, review_data: Path) -> None:
    region = one(measured(capsys, review_data / "crlm1004" / "CT", "--above", 100, "--below", 200))
    assert region["suvbw"] is region["sul"] is region["tlg_g"] is None
    assert region["hu"]["min"] == 100.0
    assert region["hu"]["max"] == 200.0
    line = refused(
        inside(capsys, "measure", review_data / "crlm1004", "--above", 1, "--unit", "suvbw")
    )
    assert "suvbw is not available" in line


def test_a_sphere_outside_the_image(capsys: Capture, pet: Path) -> None:
    assert "no voxel" in refused(inside(capsys, "measure", pet, "--sphere", "5000,0,0,20"))
    assert "no voxel" in refused(inside(capsys, "measure", pet, "--above", 1e9))
    assert "no voxel" in refused(inside(capsys, "measure", pet, "--above", 5, "--below", 4))


# Thresholds.


def test_limits_are_inclusive(capsys: Capture, pet: Path) -> None:
    hottest = one(measured(capsys, pet, "--sphere", HOT))["suvbw"]["max"]
    only = one(measured(capsys, pet, "--above", hottest, "--below", hottest))
    assert only["voxels"] == 1
    assert only["suvbw"]["min"] == only["suvbw"]["max"] == hottest
    assert only["suvbw"]["sd"] is None
    above = one(measured(capsys, pet, "--above", hottest))
    below = one(measured(capsys, pet, "--above", 2.5, "--below", hottest))
    whole = one(measured(capsys, pet, "--above", 2.5))
    assert above["voxels"] + below["voxels"] == whole["voxels"] + 1


def test_a_threshold_in_sul_is_the_same_region_by_another_number(
    capsys: Capture, pet: Path
) -> None:
    by_sul = one(measured(capsys, pet, "--above", 3, "--unit", "sul"))
    ratio = by_sul["suvbw"]["max"] / by_sul["sul"]["max"]
    by_suvbw = one(measured(capsys, pet, "--above", 3 * ratio, "--unit", "suvbw"))
    assert by_sul["voxels"] == pytest.approx(by_suvbw["voxels"], abs=1)
    assert by_sul["sul"]["min"] >= 3
    assert "hu is not available" in refused(
        inside(capsys, "measure", pet, "--above", 3, "--unit", "hu")
    )


# Which series.


def test_the_pet_without_attenuation_correction_has_regions_without_values(
    capsys: Capture, baseline: Path
) -> None:
    document = measured(capsys, baseline, "--series", PET_NAC, "--sphere", HOT)
    assert document["series"] == PET_NAC
    assert document["refusal"]["code"] == "SUV_NOT_ATTENUATION_CORRECTED"
    assert document["refusal"]["tag"] == "(0054,1101)"
    region = one(document)
    assert region["voxels"] > 100
    assert region["suvbw"] is region["sul"] is region["hu"] is region["tlg_g"] is None
    threshold = measured(capsys, baseline / "PET_NAC", "--series", PET_NAC, "--above", 2)
    assert threshold["refusal"]["tag"] == "(0054,1101)"
    assert threshold["regions"] == []
    line = refused(inside(capsys, "measure", baseline / "PET_NAC", "--above", 2))
    assert line.count("(0054,1101)") == 1


def test_several_that_qualify_are_listed(capsys: Capture, review_data: Path) -> None:
    line = refused(inside(capsys, "measure", review_data / "acrin042", "--above", 2, "--json"))
    assert line.startswith("2 PET series qualify")
    assert PET_AC in line
    assert "1.2.826.0.1.3680043.8.498.47627040445901152422927934174658773615" in line


def test_a_series_that_is_not_there_or_no_volume(capsys: Capture, baseline: Path) -> None:
    assert "1.2.3" in refused(
        inside(capsys, "measure", baseline, "--series", "1.2.3", "--above", 2)
    )
    scout = "1.3.6.1.4.1.14519.5.2.1.7009.2403.285235930168924996436870336581"
    line = refused(inside(capsys, "measure", baseline, "--series", scout, "--above", 2))
    assert "localizer" in line


@pytest.mark.parametrize("folder", ["nm", "sr"])
def test_a_folder_with_nothing_to_measure(capsys: Capture, review_data: Path, folder: str) -> None:
    line = refused(inside(capsys, "measure", review_data / folder, "--above", 2, "--json"))
    assert "neither a PET nor a CT" in line


def test_the_whole_visit_as_a_process(baseline: Path) -> None:
    """A script measures a visit of 411 files within a few seconds."""
    began = time.monotonic()
    done = as_process("measure", baseline, "--above", "2.5", "--json")
    took_s = time.monotonic() - began
    assert (done.code, done.err) == (0, "")
    region = one(json.loads(done.out))
    assert region["voxels"] == 9499
    # The longest line within one connected part of the iso-contour, not across parts.
    assert region["longest_diameter_mm"] == pytest.approx(95.5, abs=0.5)
    assert took_s < 20.0  # 3.6 s on two idle cores; the rest is for busy ones
