"""SUV of real and reference series from their headers (data/README)."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from app.dicom.pet_header import read_pet_header
from app.domain.quantification import Quantification, ReferenceRule
from app.quantification.attenuation import is_attenuation_corrected
from app.quantification.quantify import quantify

pytestmark = pytest.mark.realdata

OBJECTS = ["0_0", "1_0", "2_0", "2_2", "2_4", "3_0", "3_2", "4_2"]


def pet_headers(folder: Path) -> list[Dataset]:
    """The PET headers below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = (dcmread(path, stop_before_pixels=True) for path in files if path.suffix == ".dcm")
    return [header for header in found if header.get("Modality") == "PT"]


def quantified(folder: Path) -> Quantification:
    return quantify(read_pet_header(pet_headers(folder)))


def codes(result: Quantification) -> set[str]:
    return {item.code for item in result.findings}


@pytest.mark.parametrize("name", OBJECTS)
def test_the_ibsi_objects_give_their_three_suv(review_data: Path, name: str) -> None:
    """Cold, background and hot voxels: 0.20, 1.00, 4.00 (DRO_list.csv)."""
    folder = review_data / "ibsi_suv" / f"DRO_{name}" / "PT"
    result = quantified(folder)
    assert result.suvbw_factor is not None
    suvs: Counter[float] = Counter()
    for path in sorted(folder.glob("*.dcm")):
        image = dcmread(path)
        slope = float(image.RescaleSlope)
        for stored, count in Counter(image.pixel_array[image.pixel_array > 0].tolist()).items():
            suvs[round(result.suvbw_factor * slope * stored, 2)] += count
    assert sorted(suvs) == [0.20, 1.00, 4.00]
    assert suvs.most_common(1)[0][0] == 1.00
    assert "ADAPT_SEX_O" in codes(result)
    assert result.sul_janma_factor is not None


def test_the_ibsi_objects_say_what_was_adapted(review_data: Path) -> None:
    folder = review_data / "ibsi_suv"
    assert "ADAPT_DOSE_MBQ" in codes(quantified(folder / "DRO_3_0"))
    assert "ADAPT_RP_TIME_ONLY" in codes(quantified(folder / "DRO_4_2"))
    assert quantified(folder / "DRO_4_2").injection_time == datetime(2025, 1, 1, 23, 30)
    assert quantified(folder / "DRO_3_2").reference_rule is ReferenceRule.BACK_COMPUTED
    assert quantified(folder / "DRO_2_2").reference_rule is ReferenceRule.UNITS
    assert "PRIVATE_CREATOR_MISSING" in codes(quantified(folder / "DRO_2_4"))


@pytest.mark.parametrize(
    ("visit", "rule", "day"),
    [
        ("baseline", ReferenceRule.PRIVATE, datetime(1960, 1, 16)),
        ("followup", ReferenceRule.SERIES, datetime(1960, 4, 16)),
    ],
)
def test_acrin042(review_data: Path, visit: str, rule: ReferenceRule, day: datetime) -> None:
    result = quantified(review_data / "acrin042" / visit / "PET_AC")
    assert result.suvbw_factor == pytest.approx(4.2111e-4, abs=5e-9)
    assert result.sul_james128_factor == pytest.approx(3.2444e-4, abs=5e-9)
    assert result.sul_janma_factor == pytest.approx(3.1889e-4, abs=5e-9)
    assert result.reference_rule is rule
    assert result.reference_time == day.replace(hour=9, minute=59, second=47)
    assert result.uptake_time_s == 9527.0  # 158.8 min
    assert result.tracer == "FDG"
    assert result.percist_refusal is None
    assert ("REF_TIME_DATE_SHIFTED" in codes(result)) is (visit == "baseline")
    assert not any(code.startswith("REF_TIME_M") for code in codes(result))
    assert "DECAY_FACTOR_MISMATCH" not in codes(result)


@pytest.mark.parametrize("folder", ["acrin042/baseline", "acrin042/followup", "sts001"])
def test_a_cropped_series_keeps_its_factor(review_data: Path, folder: str) -> None:
    """Losing a fifth of the slices at either end must not move the decay reference."""
    headers = [one for one in pet_headers(review_data / folder) if one.Units == "BQML"]
    headers.sort(key=lambda one: one.ImagePositionPatient[2])
    whole = quantify(read_pet_header(headers))
    fifth = len(headers) // 5
    for part in (headers[fifth:], headers[:-fifth], headers[::-1]):
        cropped = quantify(read_pet_header(part))
        assert cropped.reference_time == whole.reference_time
        assert cropped.suvbw_factor == whole.suvbw_factor
        assert cropped.uptake_time_s == whole.uptake_time_s


def test_the_uncorrected_series_is_refused_by_its_tag(review_data: Path) -> None:
    header = read_pet_header(pet_headers(review_data / "acrin042" / "baseline" / "PET_NAC"))
    result = quantify(header)
    assert not is_attenuation_corrected(header)
    assert result.suvbw_refusal is not None
    assert result.suvbw_refusal.code == "SUV_NOT_ATTENUATION_CORRECTED"
    assert result.suvbw_refusal.tag == "(0054,1101)"
    assert "(0054,1001)" in {why.tag for why in result.all_refusals}
    assert "ATTN_CLAIM_INCONSISTENT" in codes(result)


def test_sts001(review_data: Path) -> None:
    """Implicit VR, 18F-FDG 388.8 MBq at 10:35, series at 11:20:11, 71 kg, 1.63 m."""
    result = quantified(review_data / "sts001" / "FDG_PET")
    expected = 71000.0 / (388777472.0 * 2.0 ** (-2711.0 / 6588.0))
    assert result.suvbw_factor == pytest.approx(expected, rel=1e-12)
    assert result.uptake_time_s == 2711.0
    assert result.sul_janma_refusal is None


def test_another_tracer_shows_suv_but_no_percist(review_data: Path) -> None:
    header = read_pet_header([dcmread(review_data / "awkward" / "flt_single_slice.dcm")])
    result = quantify(header)
    assert result.suvbw_factor is not None
    assert result.sul_janma_refusal is not None
    assert result.sul_janma_refusal.code == "SUL_MISSING_HEIGHT"
    assert result.percist_refusal is not None
    assert result.percist_refusal.code == "PERCIST_TRACER_NOT_FDG"
