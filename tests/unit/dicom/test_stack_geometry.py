"""Stacks with gaps, joints, tilt, repeats and odd orientations."""

from pathlib import Path

import numpy as np
import pytest

from app.dicom.scan import scan_folder
from app.dicom.scanned import ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.findings import Finding, Severity
from app.domain.series import SeriesRole
from tests.unit.dicom.synthetic_series import ROWS, ramp, slice_dataset, stack, write


def scanned(folder: Path, datasets: list) -> tuple[ScannedSeries, dict[str, Finding]]:
    write(folder, datasets)
    main = scan_folder(folder).series[0]
    return main, {item.code: item for item in main.findings}


def test_gap_is_named_and_breaks_the_joint(tmp_path: Path) -> None:
    series, found = scanned(tmp_path, stack([0, 5, 10, 25, 30]))
    gap = found["MISSING_SLICE"]
    assert gap.severity is Severity.ERROR
    assert (gap.param("after_mm"), gap.param("missing"), gap.param("step_mm")) == (10.0, 2, 15.0)
    assert series.broken_joints == (2,)
    assert series.crosses_broken_joint(2, 3) and series.crosses_broken_joint(0, 4)
    assert not series.crosses_broken_joint(0, 2) and not series.crosses_broken_joint(3, 4)
    assert series.geometry is not None
    assert series.geometry.slice_offsets_mm == (0, 5, 10, 25, 30)
    assert series.geometry.slice_step_mm == 5


def test_bed_joint_keeps_true_positions(tmp_path: Path) -> None:
    series, found = scanned(tmp_path, stack([0, 5, 10, 14.8, 19.8]))
    assert found["UNEVEN_SLICE_JOINT"].param("deviation_percent") == pytest.approx(-4.0)
    assert series.broken_joints == ()
    assert series.geometry is not None
    assert series.geometry.slice_offsets_mm == pytest.approx((0, 5, 10, 14.8, 19.8))


@pytest.mark.parametrize(("last", "breaks"), [(14.76, False), (14.74, True), (15.26, True)])
def test_five_percent_is_the_limit_of_a_joint(tmp_path: Path, last: float, breaks: bool) -> None:
    series, found = scanned(tmp_path, stack([0, 5, 10, last]))
    assert ("UNEVEN_SLICE_SPACING" in found) is breaks
    assert bool(series.broken_joints) is breaks


def test_doubled_position_is_left_out_and_breaks_both_joints(tmp_path: Path) -> None:
    twin = slice_dataset(ramp(9)[8], (-10.0, -20.0, 10.0))
    series, found = scanned(tmp_path, [*stack([0, 5, 10, 15]), twin])
    assert found["DUPLICATE_POSITION"].param("at_mm") == 10.0
    assert series.broken_joints == (1, 2)
    assert len(series.instances) == 4


@pytest.mark.parametrize("key", ["AcquisitionNumber", "TemporalPositionIdentifier"])
def test_phases_are_parted_never_mixed(tmp_path: Path, key: str) -> None:
    """Two phases half a step apart would pass as one even stack by position alone."""
    late = stack([2.5, 7.5, 12.5, 17.5], RescaleIntercept=500, **{key: 2})
    early = stack([0, 5, 10, 15], **{key: 1})
    write(tmp_path, [*late, *early])
    first, second = scan_folder(tmp_path).series
    assert first.geometry.slice_step_mm == second.geometry.slice_step_mm == 5
    assert np.array_equal(read_volume(first).values, ramp(4))
    assert np.array_equal(read_volume(second).values, ramp(4) + 500)
    assert (first.role, second.role) == (SeriesRole.CT, SeriesRole.OTHER)
    assert (first.stack, second.stack) == (0, 1)
    assert "SERIES_REPEATS_POSITIONS" in {item.code for item in first.findings}


def test_bed_positions_overlapping_by_a_slice_stay_one_stack(tmp_path: Path) -> None:
    beds = stack([0, 5, 10, 15, 15, 20, 25, 30], vary=lambda k: {"AcquisitionNumber": 1 + k // 4})
    series, found = scanned(tmp_path, beds)
    assert series.geometry is not None and series.geometry.shape_zyx[0] == 7
    assert "DUPLICATE_POSITION" in found


def test_an_acquisition_number_per_slice_parts_nothing(tmp_path: Path) -> None:
    series, found = scanned(
        tmp_path, stack([0, 5, 10, 15], vary=lambda k: {"AcquisitionNumber": k + 1})
    )
    assert series.geometry is not None and series.geometry.shape_zyx[0] == 4
    assert not found


def test_other_orientation_and_matrix_are_kept_apart(tmp_path: Path) -> None:
    coronal = stack([0, 5], ImageOrientationPatient=[1, 0, 0, 0, 0, -1])
    small = [slice_dataset(ramp(1, 4, 4)[0], (0, 0, 40))]
    write(tmp_path, [*coronal, *stack([0, 5, 10]), *small])
    main, *others = scan_folder(tmp_path).series
    assert main.geometry.shape_zyx[0] == 3
    assert "SERIES_SPLIT" in {item.code for item in main.findings}
    assert all(other.role is SeriesRole.OTHER for other in others)


ANGLE = np.radians(30)
OBLIQUE = (np.cos(ANGLE), np.sin(ANGLE), 0, 0, 0, -1)


@pytest.mark.parametrize(
    "orientation",
    [(1, 0, 0, 0, 1, 0), (-1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1), (-1, 0, 0, 0, -1, 0), OBLIQUE],
    ids=["head first", "feet first", "sagittal", "prone", "oblique"],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_voxel_lies_where_its_header_says(
    tmp_path: Path, orientation: tuple[float, ...], reverse: bool
) -> None:
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    normal = np.cross(row, column)
    start, stored = np.array([7.0, -3.0, 11.0]), ramp(4)
    places = [start + 5.0 * k * normal * (-1 if reverse else 1) for k in range(4)]
    datasets = [
        slice_dataset(
            stored[k], places[k], ImageOrientationPatient=[f"{v:.9f}" for v in orientation]
        )
        for k in range(4)
    ]
    series, found = scanned(tmp_path, datasets)
    assert not found
    volume = read_volume(series)
    for k in range(4):
        lps = places[k] + 2 * 2.0 * column + 4 * 3.0 * row
        zyx = volume.geometry.zyx_from_lps(lps)
        assert zyx == pytest.approx(np.rint(zyx), abs=1e-4)
        assert volume.values[tuple(np.rint(zyx).astype(int))] == stored[k, 2, 4]


def test_gantry_tilt_is_straightened_and_said(tmp_path: Path) -> None:
    """A pattern linear in patient space stays at its place when slices are moved."""
    tilt = np.radians(20)
    column = np.array([0, np.cos(tilt), -np.sin(tilt)])
    datasets, rows = [], 24
    r, c = np.meshgrid(np.arange(rows), np.arange(5), indexing="ij")
    for k in range(5):
        origin = np.array([0.0, 0.0, 5.0 * k])
        y = origin[1] + 2.0 * r * column[1]
        stored = np.rint(10 * y + 3.0 * c).astype(np.int16)
        datasets.append(
            slice_dataset(
                stored, origin, ImageOrientationPatient=[1, 0, 0, *(f"{v:.9f}" for v in column)]
            )
        )
    series, found = scanned(tmp_path, datasets)
    assert found["GANTRY_TILT"].param("tilt_degrees") == pytest.approx(20, abs=0.01)
    volume = read_volume(series)
    geometry = volume.geometry
    assert geometry.slice_step_mm == pytest.approx(5 * np.cos(tilt), abs=1e-5)
    assert geometry.shape_zyx[1] > rows
    grid = np.stack(np.meshgrid(*map(np.arange, geometry.shape_zyx), indexing="ij"), axis=-1)
    lps = geometry.lps_from_zyx(grid)
    expected = 10 * lps[..., 1] + lps[..., 0]
    covered = volume.values > -900
    edge = np.zeros_like(covered)
    edge[:, 1:-1] = covered[:, :-2] & covered[:, 2:]
    assert edge.mean() > 0.7
    assert np.abs(volume.values - expected)[edge].max() <= 1.0


def test_sheared_pet_is_not_quantified(tmp_path: Path) -> None:
    datasets = [slice_dataset(ramp(1)[0], (0.0, 2.0 * k, 5.0 * k), Modality="PT") for k in range(4)]
    series, found = scanned(tmp_path, datasets)
    assert "GANTRY_TILT" in found and not series.quantifiable


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"PixelSpacing": None}, "PIXEL_SPACING_MISSING"),
        ({"ImagePositionPatient": None}, "SLICE_POSITION_MISSING"),
        ({"ImagePositionPatient": [0, 0]}, "SLICE_POSITION_MISSING"),
        ({"ImageOrientationPatient": [1, 0, 0, 0.5, 0.8, 0]}, "ORIENTATION_INVALID"),
        ({"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]}, "ORIENTATION_INVALID"),
    ],
)
def test_no_volume_without_knowing_where_it_lies(tmp_path: Path, values: dict, code: str) -> None:
    series, found = scanned(tmp_path, stack([0, 5, 10], **values))
    assert code in found and found[code].severity is Severity.ERROR
    assert series.geometry is None and not series.quantifiable


def test_slices_far_apart_in_plane_are_no_stack(tmp_path: Path) -> None:
    apart = [slice_dataset(ramp(1)[0], (0.0, 3.0 * ROWS * k, 5.0 * k)) for k in range(3)]
    series, found = scanned(tmp_path, apart)
    assert "SLICES_NOT_STACKED" in found and series.geometry is None


def test_single_and_two_slices_are_said(tmp_path: Path) -> None:
    one, found = scanned(tmp_path / "one", stack([0]))
    assert "SINGLE_SLICE" in found and not one.quantifiable
    two, found = scanned(tmp_path / "two", stack([0, 5]))
    assert "ONLY_TWO_SLICES" in found and two.quantifiable


def test_thickness_other_than_spacing_is_information(tmp_path: Path) -> None:
    _, found = scanned(tmp_path, stack([0, 5, 10], SliceThickness=7.5))
    assert found["THICKNESS_DIFFERS_FROM_SPACING"].severity is Severity.INFO
