"""The import on real scanners' files, good and awkward."""

import shutil
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import numpy as np
import pydicom
import pytest

from app.dicom.regions import read_regions
from app.dicom.scan import scan_folder
from app.dicom.scanned import Scan, ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.series import SeriesRole
from app.errors import ReaderError
from segmentation.volume import Unit

pytestmark = pytest.mark.realdata

IBSI_OBJECTS = (
    "DRO_0_0",
    "DRO_1_0",
    "DRO_2_0",
    "DRO_2_2",
    "DRO_2_4",
    "DRO_3_0",
    "DRO_3_2",
    "DRO_4_2",
)
SCAN_SECONDS = 6.0  # 0.7 s on an idle machine


def by_role(scan: Scan) -> dict[SeriesRole, list[ScannedSeries]]:
    found: dict[SeriesRole, list[ScannedSeries]] = defaultdict(list)
    for series in scan.series:
        found[series.role].append(series)
    return found


def codes(series: ScannedSeries) -> dict[str, object]:
    return {item.code: item for item in series.findings}


@pytest.fixture(scope="module")
def baseline(review_data: Path) -> dict[SeriesRole, list[ScannedSeries]]:
    start = perf_counter()
    scan = scan_folder(review_data / "acrin042" / "baseline")
    assert perf_counter() - start < SCAN_SECONDS
    return by_role(scan)


def test_acrin042_series_play_their_parts(baseline) -> None:
    counts = {role: len(found) for role, found in baseline.items()}
    assert counts == {
        SeriesRole.PET_AC: 1,
        SeriesRole.PET_NAC: 1,
        SeriesRole.CT: 1,
        SeriesRole.LOCALIZER: 1,
        SeriesRole.SEG: 1,
        SeriesRole.RWVM: 2,
    }
    assert "ATTN_CLAIM_INCONSISTENT" in codes(baseline[SeriesRole.PET_NAC][0])
    assert baseline[SeriesRole.LOCALIZER][0].geometry is None


def test_acrin042_pet_equals_its_files(baseline) -> None:
    series = baseline[SeriesRole.PET_AC][0]
    volume = read_volume(series)
    assert volume.unit is Unit.BQ_PER_ML and volume.values.dtype == np.float32
    assert volume.geometry.shape_zyx == (135, 128, 128)
    assert volume.geometry.spacing_zyx_mm == pytest.approx((3.27, 4.6875, 4.6875), abs=1e-3)
    for k in (0, 67, 134):
        ds = pydicom.dcmread(series.instances[k].path)
        x, y, z = volume.geometry.lps_from_zyx((k, 0, 0))
        assert (x, y, z) == pytest.approx([float(v) for v in ds.ImagePositionPatient])
        expected = ds.pixel_array * float(ds.RescaleSlope)
        assert np.allclose(volume.values[k], expected, rtol=1e-6)


def test_acrin042_ct_is_int16_hu_with_padding_as_air(baseline) -> None:
    series = baseline[SeriesRole.CT][0]
    volume = read_volume(series)
    assert volume.values.dtype == np.int16 and volume.unit is Unit.HOUNSFIELD
    assert volume.values.shape == (135, 512, 512)
    assert volume.values.min() == -1024  # -3024 is stored, -2000 is the stated padding value
    ds = pydicom.dcmread(series.instances[60].path)
    inside = ds.pixel_array > -1024
    assert np.array_equal(volume.values[60][inside], ds.pixel_array[inside])
    assert "PIXEL_PADDING_REPLACED" in codes(series)
    assert codes(series)["THICKNESS_DIFFERS_FROM_SPACING"].param("thickness_mm") == 3.75


def test_acrin042_seg_lies_on_the_pet_grid(baseline) -> None:
    pet, seg = baseline[SeriesRole.PET_AC][0], baseline[SeriesRole.SEG][0]
    file = seg.instances[0].path
    regions = read_regions(file, pet.geometry, pet.identity.frame_of_reference_uid)
    ds = pydicom.dcmread(file)
    frames = ds.pixel_array
    numbers = [
        g.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        for g in ds.PerFrameFunctionalGroupsSequence
    ]
    assert len(regions) == 2
    for number, region in enumerate(regions, 1):
        stored = [f for f, n in zip(frames, numbers, strict=True) if n == number]
        assert region.mask.voxels == sum(int(f.sum()) for f in stored) > 0
        assert region.findings == ()
    hot = read_volume(pet).values[regions[0].mask.full()]
    assert hot.max() > 10_000


def test_acrin042_seg_is_refused_on_another_frame_of_reference(review_data, baseline) -> None:
    followup = by_role(scan_folder(review_data / "acrin042" / "followup"))
    pet = followup[SeriesRole.PET_AC][0]
    with pytest.raises(ReaderError) as caught:
        read_regions(
            baseline[SeriesRole.SEG][0].instances[0].path,
            pet.geometry,
            pet.identity.frame_of_reference_uid,
        )
    assert caught.value.code == "REGION_FRAME_OF_REFERENCE"
    assert read_volume(pet).values.max() == pytest.approx(120_926, rel=1e-3)


def test_sts001_joint_and_contours(review_data: Path) -> None:
    found = by_role(scan_folder(review_data / "sts001"))
    pet, structures = found[SeriesRole.PET_AC][0], found[SeriesRole.RTSTRUCT][0]
    assert pet.geometry.shape_zyx == (267, 128, 128)
    joint = codes(pet)["UNEVEN_SLICE_JOINT"]
    assert joint.param("joints") == 1
    assert joint.param("deviation_percent") == pytest.approx(-2.45, abs=0.01)
    assert pet.broken_joints == () and pet.quantifiable
    file = structures.instances[0].path
    regions = read_regions(file, pet.geometry, pet.identity.frame_of_reference_uid)
    mass = {region.label: region.mask for region in regions}["GTV_Mass"]
    assert mass.voxels == 5095
    assert mass.volume_ml == pytest.approx(366.08, abs=0.005)
    slopes = {str(pydicom.dcmread(i.path).RescaleSlope) for i in pet.instances[:40]}
    assert len(slopes) > 20
    volume = read_volume(pet)
    values = volume.values[mass.full()]
    assert values.mean() / values.max() == pytest.approx(2.555 / 7.911, rel=1e-3)
    assert np.median(values) / values.max() == pytest.approx(2.487 / 7.911, rel=1e-3)


@pytest.mark.parametrize("name", IBSI_OBJECTS)
def test_ibsi_contours_hold_the_stated_uptake(review_data: Path, name: str) -> None:
    folder = review_data / "ibsi_suv" / name
    found = by_role(scan_folder(folder))
    pet = found[SeriesRole.PET_AC][0]
    (region,) = read_regions(
        found[SeriesRole.RTSTRUCT][0].instances[0].path,
        pet.geometry,
        pet.identity.frame_of_reference_uid,
    )
    values = read_volume(pet).values[region.mask.full()]
    low, middle, high = values.min(), np.median(values), values.max()
    assert (low / middle, high / middle) == pytest.approx((0.2, 4.0), rel=2e-3)
    sitk = pytest.importorskip("SimpleITK")
    image = sitk.ReadImage(str(folder / "mask" / "DRO_mask.nii.gz"))
    cylinder = sitk.GetArrayFromImage(image).astype(bool)
    # The contours lie within the published mask and leave out its rim and end slices.
    assert not (region.mask.full() & ~cylinder).any()
    assert region.mask.voxels > 0.85 * cylinder.sum()


def test_crlm1004_and_nm(review_data: Path) -> None:
    (ct,) = scan_folder(review_data / "crlm1004").series
    volume = read_volume(ct)
    assert ct.role is SeriesRole.CT and volume.geometry.spacing_zyx_mm[0] == 5.0
    assert volume.values.dtype == np.int16 and volume.values.min() == -1024
    planar = by_role(scan_folder(review_data / "nm"))
    assert len(planar[SeriesRole.NM]) == 2 and len(planar[SeriesRole.SECONDARY_CAPTURE]) == 1
    assert all(s.geometry is None for found in planar.values() for s in found)


@pytest.mark.parametrize(
    ("folder", "expected", "shape"),
    [
        ("geometry/gantrytilting", {"GANTRY_TILT"}, (4, 521, 512)),
        ("geometry/sliceincrement/001", {"MISSING_SLICE"}, (4, 512, 512)),
        ("geometry/sliceincrement/002", {"MISSING_SLICE", "GANTRY_TILT"}, (4, 514, 512)),
        ("geometry/notavolume", {"SERIES_REPEATS_POSITIONS", "SINGLE_SLICE"}, (1, 512, 512)),
        ("geometry/slicecount", {"ONLY_TWO_SLICES"}, (2, 256, 256)),
        ("geometry/sliceorientation", {"SERIES_SPLIT", "ONLY_TWO_SLICES"}, (2, 288, 288)),
        ("gantry_tilt_uneven", {"GANTRY_TILT", "UNEVEN_SLICE_SPACING"}, (28, 611, 512)),
    ],
)
def test_awkward_geometry_is_corrected_or_said(
    review_data: Path, folder: str, expected: set[str], shape: tuple[int, int, int]
) -> None:
    main = scan_folder(review_data / "awkward" / folder).series[0]
    assert expected <= set(codes(main))
    assert main.geometry is not None and main.geometry.shape_zyx == shape
    assert read_volume(main).values.shape == shape


def test_three_spacings_of_the_tilted_ct_are_true(review_data: Path) -> None:
    main = scan_folder(review_data / "awkward" / "gantry_tilt_uneven").series[0]
    steps = np.diff(main.geometry.slice_offsets_mm)
    assert steps[:13] == pytest.approx(4.0, abs=0.01) and steps[14:] == pytest.approx(7.0, abs=0.01)
    assert steps[13] == pytest.approx(1.08, abs=0.01)
    assert main.broken_joints == tuple(range(13, 27))
    assert codes(main)["GANTRY_TILT"].param("tilt_degrees") == pytest.approx(18.5, abs=0.01)


def test_lossless_encodings_agree_bit_for_bit_and_lossy_ones_are_said(
    review_data: Path, tmp_path: Path
) -> None:
    files = sorted((review_data / "awkward" / "transfer_syntaxes").glob("CTImage*"))
    assert len(files) == 16
    reference = pydicom.dcmread(files[0]).pixel_array
    expected = np.where(reference <= -476, -1024, reference - 1024)
    lossless = lossy = 0
    for k, file in enumerate(files):
        (tmp_path / str(k)).mkdir()
        shutil.copy(file, tmp_path / str(k))
        (series,) = scan_folder(tmp_path / str(k)).series
        if series.geometry is None:
            assert "ENCODING_NOT_DECODED" in codes(series)
            assert file.name[-6:-4] in ("51", "53", "55")  # 12-bit lossy JPEG processes
            continue
        values = read_volume(series).values[0]
        if "LOSSY_COMPRESSION" in codes(series):
            lossy += 1
            error = np.abs(values.astype(float) - expected)
            assert np.median(error) < (20 if "JPEGProcess1" in file.name else 2)
        else:
            lossless += 1
            assert np.array_equal(values, expected), file.name
    assert (lossless, lossy) == (10, 3)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("2020-09-12-ELSCINT1-PMSCT_RLE1.dcm", "ENCODING_NOT_DECODED"),
        ("CT_Implicit_Little_Headless_Retired.dcm", "SLICE_POSITION_MISSING"),
        ("eCT_Supplemental.dcm", "NOT_HOUNSFIELD"),
        ("flt_single_slice.dcm", "SINGLE_SLICE"),
        ("transfer_syntaxes/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm", "ENCODING_NOT_DECODED"),
        ("transfer_syntaxes/no-pixel-spacing.dcm", "COLOUR_IMAGE"),
    ],
)
def test_awkward_files_say_what_is_wrong(
    review_data: Path, tmp_path: Path, name: str, code: str
) -> None:
    shutil.copy(review_data / "awkward" / name, tmp_path)
    (series,) = scan_folder(tmp_path).series
    assert code in codes(series)
    if series.geometry is None:
        with pytest.raises(ReaderError):
            read_volume(series)


def test_private_compression_is_refused_by_name(review_data: Path, tmp_path: Path) -> None:
    shutil.copy(review_data / "awkward" / "2020-09-12-ELSCINT1-PMSCT_RLE1.dcm", tmp_path)
    (series,) = scan_folder(tmp_path).series
    encoding = codes(series)["ENCODING_NOT_DECODED"].param("encoding")
    assert encoding == "ELSCINT1 PMSCT_RLE1 (private)"


def test_enhanced_ct_frames_lie_where_their_groups_say(review_data: Path, tmp_path: Path) -> None:
    shutil.copy(review_data / "awkward" / "eCT_Supplemental.dcm", tmp_path)
    (series,) = scan_folder(tmp_path).series
    volume = read_volume(series)
    pixels = pydicom.dcmread(series.instances[0].path).pixel_array.astype(np.int32)
    # Orientation -1 0 0 / 0 1 0: the normal points to the feet, the frame at -149 mm comes first.
    assert volume.geometry.lps_from_zyx((0, 0, 0)) == pytest.approx((99.5, -301.5, -149.0))
    assert [instance.frame for instance in series.instances] == [1, 0]
    assert np.array_equal(volume.values, pixels[::-1] - 1024)


def test_a_folder_of_everything_is_scanned_whole(review_data: Path) -> None:
    """The awkward folder at once: nothing raises but ReaderError, every series reads or says."""
    scan = scan_folder(review_data / "awkward")
    assert len({s.identity.series_uid for s in scan.series}) >= 14
    for series in scan.series:
        if series.geometry is not None:
            assert read_volume(series).values.shape == series.geometry.shape_zyx
        elif series.role in (SeriesRole.CT, SeriesRole.OTHER):
            assert series.findings
    with pytest.raises(ReaderError) as caught:
        scan_folder(review_data / "rules")
    assert caught.value.code == "NO_DICOM"


def test_damaged_real_files_are_named_never_half_read(review_data: Path, tmp_path: Path) -> None:
    source = sorted((review_data / "acrin042" / "baseline" / "PET_AC").iterdir())[40:52]
    for file in source:
        shutil.copy(file, tmp_path)
    whole = source[5].read_bytes()
    for keep in (len(whole) - 5, len(whole) - 3000, 10_000, 2_000, 200, 100):
        (tmp_path / source[5].name).write_bytes(whole[:keep])
        scan = scan_folder(tmp_path)
        (series,) = scan.series
        named = [item.param("file") for item in (*scan.findings, *series.findings)]
        ignored = any(item.code == "NON_DICOM_FILES" for item in scan.findings)
        assert source[5].name in named or (keep < 132 and ignored)
        assert len(series.instances) == 11
        assert "MISSING_SLICE" in codes(series)
