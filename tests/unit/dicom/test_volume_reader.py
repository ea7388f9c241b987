"""Stored values to HU and activity, in every encoding that is decoded."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGExtended12Bit,
    JPEGLSLossless,
    RLELossless,
)

from app.dicom.scan import scan_folder
from app.dicom.volume_reader import read_volume
from app.domain.findings import Finding
from app.errors import ReaderError
from segmentation.volume import Unit, Volume
from tests.unit.dicom.synthetic_series import ramp, slice_dataset, stack, write

NOISE = np.random.default_rng(4).integers(-1024, 3000, (3, 64, 64)).astype(np.int16)


def loaded(folder: Path, datasets: list[Dataset]) -> tuple[Volume, dict[str, Finding]]:
    write(folder, datasets)
    series = scan_folder(folder).series[0]
    return read_volume(series), {item.code: item for item in series.findings}


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_native_encodings_give_the_stored_values(tmp_path: Path, syntax: str) -> None:
    write(tmp_path, [slice_dataset(p, (0, 0, 5 * k)) for k, p in enumerate(NOISE)], syntax=syntax)
    assert np.array_equal(read_volume(scan_folder(tmp_path).series[0]).values, NOISE)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_compressed_encodings_give_the_stored_values(tmp_path: Path, syntax: str) -> None:
    for k, plane in enumerate(NOISE):
        ds = slice_dataset(plane, (0, 0, 5 * k))
        ds.compress(syntax, generate_instance_uid=False)
        ds.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    assert np.array_equal(read_volume(scan_folder(tmp_path).series[0]).values, NOISE)


def test_each_pet_slice_takes_its_own_slope(tmp_path: Path) -> None:
    volume, _ = loaded(
        tmp_path, stack([0, 5, 10], vary=lambda k: {"RescaleSlope": 0.5 + k}, Modality="PT")
    )
    slopes = np.array([0.5, 1.5, 2.5])[:, None, None]
    assert volume.values.dtype == np.float32 and volume.unit is Unit.BQ_PER_ML
    assert np.array_equal(volume.values, (ramp(3) * slopes).astype(np.float32))


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ({"Units": "GML"}, Unit.SUVBW_G_PER_ML),
        ({"Units": "GML", "SUVType": "LBM"}, Unit.UNKNOWN),
        ({"Units": "PROPCNTS"}, Unit.COUNTS),
        ({"Units": "CNTS"}, Unit.COUNTS),
    ],
)
def test_pet_unit_follows_the_header(tmp_path: Path, values: dict, unit: Unit) -> None:
    volume, _ = loaded(tmp_path, stack([0, 5], Modality="PT", **values))
    assert volume.unit is unit


def test_ct_stays_int16_where_exact_and_turns_to_float_where_not(tmp_path: Path) -> None:
    whole, _ = loaded(tmp_path / "whole", stack([0, 5], RescaleIntercept=-1024))
    assert whole.values.dtype == np.int16 and whole.unit is Unit.HOUNSFIELD
    assert np.array_equal(whole.values, ramp(2).astype(int) - 1024)
    part, _ = loaded(tmp_path / "part", stack([0, 5], vary=lambda k: {"RescaleSlope": 1 + 0.5 * k}))
    assert part.values.dtype == np.float32
    assert np.array_equal(part.values, ramp(2) * np.array([1, 1.5], np.float32)[:, None, None])
    large, _ = loaded(tmp_path / "large", stack([0, 5], RescaleSlope=1000))
    assert large.values.dtype == np.float32 and large.values.max() == 154_000


@settings(deadline=None, max_examples=25)
@given(
    stored=st.integers(2, 16),
    signed=st.booleans(),
    low=st.integers(0, 4),
    seed=st.integers(0, 1000),
)
def test_bits_beside_the_stored_ones_do_not_count(
    tmp_path_factory: pytest.TempPathFactory, stored: int, signed: bool, low: int, seed: int
) -> None:
    """Overlay or junk bits around Bits Stored; the sign is that of the highest stored bit."""
    low = min(low, 16 - stored)
    random = np.random.default_rng(seed)
    wanted = random.integers(0, 2**stored, (4, 4))
    junk = random.integers(0, 2**16, (4, 4)) & ~(((1 << stored) - 1) << low)
    ds = slice_dataset((junk | wanted << low).astype(np.uint16), (0, 0, 0))
    ds.BitsStored, ds.HighBit, ds.PixelRepresentation = stored, stored - 1 + low, int(signed)
    folder = tmp_path_factory.mktemp("bits")
    write(folder, [ds])
    if signed:
        wanted = np.where(wanted >= 2 ** (stored - 1), wanted - 2**stored, wanted)
    expected = np.where(wanted <= -1500, -1024, wanted)
    assert np.array_equal(read_volume(scan_folder(folder).series[0]).values[0], expected)


@pytest.mark.parametrize(
    ("padding", "intercept", "code", "shown"),
    [
        (-2000, 0, "PIXEL_PADDING_REPLACED", -1024),
        (0, -1024, "PIXEL_PADDING_REPLACED", -1024),
        (4000, 0, "PIXEL_PADDING_REPLACED", -1024),
        (40, 0, "PIXEL_PADDING_KEPT", 40),
    ],
)
def test_padding_becomes_air_unless_tissue_could_have_it(
    tmp_path: Path, padding: int, intercept: int, code: str, shown: int
) -> None:
    plane = np.full((4, 4), 1000, np.int16)
    plane[0, 0] = padding
    volume, found = loaded(
        tmp_path,
        [slice_dataset(plane, (0, 0, 0), PixelPaddingValue=padding, RescaleIntercept=intercept)],
    )
    assert code in found
    assert volume.values[0, 0, 0] == shown
    assert np.all(volume.values[0, 1:] == 1000 + intercept)


def test_padding_left_behind_by_a_rescaled_export_becomes_air(tmp_path: Path) -> None:
    plane = np.full((4, 4), -3024, np.int16)
    plane[1:] = -1010
    volume, _ = loaded(tmp_path, [slice_dataset(plane, (0, 0, 0), PixelPaddingValue=-2000)])
    assert volume.values[0, 0, 0] == -1024 and volume.values[0, 1, 0] == -1010


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"RescaleSlope": None}, "RESCALE_MISSING"),
        ({"RescaleType": "US"}, "NOT_HOUNSFIELD"),
    ],
)
def test_values_without_a_unit_are_not_called_hu(tmp_path: Path, values: dict, code: str) -> None:
    volume, found = loaded(tmp_path, stack([0, 5], **values))
    assert code in found and volume.unit is Unit.UNKNOWN


def test_colour_images_are_no_volume(tmp_path: Path) -> None:
    ds = slice_dataset(np.zeros((4, 12), np.int16), (0, 0, 0))
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
    ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 8, 7
    write(tmp_path, [ds])
    series = scan_folder(tmp_path).series[0]
    assert series.geometry is None
    assert "COLOUR_IMAGE" in {item.code for item in series.findings}
    with pytest.raises(ReaderError) as caught:
        read_volume(series)
    assert caught.value.code == "NO_VOLUME"


def test_twelve_bit_lossy_jpeg_is_refused_by_name(tmp_path: Path) -> None:
    ds = slice_dataset(ramp(1)[0], (0, 0, 0))
    ds.compress(RLELossless, generate_instance_uid=False)
    ds.file_meta.TransferSyntaxUID = JPEGExtended12Bit
    ds.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    series = scan_folder(tmp_path).series[0]
    (found,) = (f for f in series.findings if f.code == "ENCODING_NOT_DECODED")
    assert "JPEG Extended" in str(found.param("encoding")) and series.geometry is None


def test_pixels_damaged_after_the_scan_are_refused_naming_the_file(tmp_path: Path) -> None:
    for k, plane in enumerate(NOISE):
        ds = slice_dataset(plane, (0, 0, 5 * k))
        ds.compress(JPEGLSLossless, generate_instance_uid=False)
        ds.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    series = scan_folder(tmp_path).series[0]
    whole = (tmp_path / "1.dcm").read_bytes()
    for damaged in (whole[:-200], b"", whole[:600]):
        (tmp_path / "1.dcm").write_bytes(damaged)
        with pytest.raises(ReaderError, match=r"1\.dcm"):
            read_volume(series)
    (tmp_path / "1.dcm").unlink()
    with pytest.raises(ReaderError, match=r"1\.dcm"):
        read_volume(series)


def test_truncated_compressed_pixels_are_seen_at_the_scan(tmp_path: Path) -> None:
    for k, plane in enumerate(NOISE):
        ds = slice_dataset(plane, (0, 0, 5 * k))
        ds.compress(RLELossless, generate_instance_uid=False)
        ds.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    path = tmp_path / "1.dcm"
    path.write_bytes(path.read_bytes()[:-40])
    series = scan_folder(tmp_path).series[0]
    assert ("FILE_TRUNCATED", "1.dcm") in {(f.code, f.param("file")) for f in series.findings}
    assert len(series.instances) == 2
