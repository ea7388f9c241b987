"""Folders in any state: what is found, what is named, and what never changes the volume."""

import os
import random
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import generate_uid

from app.dicom.scan import scan_folder
from app.dicom.scanned import Scan, ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.series import SeriesRole
from app.errors import ReaderError
from tests.unit.dicom.synthetic_series import (
    ramp,
    slice_dataset,
    stack,
    write,
    write_without_preamble,
)


def only(scan: Scan) -> ScannedSeries:
    assert len(scan.series) == 1
    return scan.series[0]


def codes(series: ScannedSeries) -> set[str]:
    return {item.code for item in series.findings}


def test_slices_sort_by_position_not_by_name_or_number(tmp_path: Path) -> None:
    datasets = stack([0, 5, 10, 15, 20], vary=lambda k: {"InstanceNumber": 99 - k})
    names = ["z/9", "scan (2).IMA", "a.b/c", "IM é", "no_suffix"]
    write(tmp_path, datasets, names)
    series = only(scan_folder(tmp_path))
    volume = read_volume(series)
    assert series.role is SeriesRole.CT
    assert volume.geometry.spacing_zyx_mm == (5.0, 2.0, 3.0)
    assert volume.geometry.origin_lps_mm == (-10.0, -20.0, 0.0)
    assert np.array_equal(volume.values, ramp(5))
    assert volume.values.dtype == np.int16


@pytest.mark.parametrize("seed", range(4))
def test_file_order_and_names_never_change_the_scan(tmp_path: Path, seed: int) -> None:
    """Uneven, gapped, doubled and two-phase series give one result whatever the files' names."""
    positions = [0, 5, 10, 10, 20, 25.1, 30]
    datasets = stack(positions) + stack([0, 5, 10], AcquisitionNumber=7)
    write(tmp_path / "plain", datasets)
    shuffled = datasets.copy()
    random.Random(seed).shuffle(shuffled)
    names = [f"{random.Random(seed + k).random():.9f}" for k in range(len(datasets))]
    write(tmp_path / "shuffled", shuffled, names)
    one, other = scan_folder(tmp_path / "plain"), scan_folder(tmp_path / "shuffled")
    assert len(one.series) == len(other.series) > 1
    for ours, theirs in zip(one.series, other.series, strict=True):
        assert ours.geometry == theirs.geometry
        assert ours.findings == theirs.findings
        assert ours.broken_joints == theirs.broken_joints
        assert np.array_equal(read_volume(ours).values, read_volume(theirs).values)


def test_folder_holding_anything_names_what_it_left_out(tmp_path: Path) -> None:
    whole = write(tmp_path / "deep" / "er", stack([0, 5, 10, 15]))
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "picture.png").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "empty.dcm").touch()
    (tmp_path / "copy of 002").write_bytes(whole[2].read_bytes())
    (tmp_path / "cut.dcm").write_bytes(whole[3].read_bytes()[:200])
    cut_pixels = whole[0].read_bytes()[:-7]
    whole[0].write_bytes(cut_pixels)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dead link").symlink_to(tmp_path / "nowhere")
    scan = scan_folder(tmp_path)
    found = {(item.code, item.param("file") or item.param("files")) for item in scan.findings}
    assert ("NON_DICOM_FILES", 2) in found
    assert ("FILE_EMPTY", "empty.dcm") in found
    assert ("FILE_TRUNCATED", "cut.dcm") in found or ("FILE_UNREADABLE", "cut.dcm") in found
    assert ("FILE_UNREADABLE", "dead link") in found
    series = only(scan)
    named = {(item.code, item.param("file")) for item in series.findings}
    assert ("FILE_TRUNCATED", "deep/er/000.dcm") in named
    assert "DUPLICATE_INSTANCE" in codes(series)
    assert series.geometry is not None and series.geometry.shape_zyx[0] == 3


def test_file_without_preamble_is_read(tmp_path: Path) -> None:
    for k, ds in enumerate(stack([0, 5])):
        write_without_preamble(tmp_path / f"bare{k}", ds)
    assert np.array_equal(read_volume(only(scan_folder(tmp_path))).values, ramp(2))


def test_refusals_carry_advice(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for folder, code in (
        (tmp_path / "absent", "FOLDER_MISSING"),
        (file, "NOT_A_FOLDER"),
        (tmp_path, "NO_DICOM"),
    ):
        with pytest.raises(ReaderError) as caught:
            scan_folder(folder)
        assert caught.value.code == code
        assert caught.value.advice and caught.value.advice != code


def test_cancel_and_progress(tmp_path: Path) -> None:
    write(tmp_path, stack([0, 5, 10]))
    seen: list[tuple[int, int]] = []
    series = only(scan_folder(tmp_path, progress=lambda done, of: seen.append((done, of))))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    for act in (
        lambda: scan_folder(tmp_path, is_cancelled=lambda: True),
        lambda: read_volume(series, is_cancelled=lambda: True),
    ):
        with pytest.raises(ReaderError, match="Cancelled"):
            act()


def test_another_patient_under_one_series_uid_is_another_series(tmp_path: Path) -> None:
    write(tmp_path, [*stack([0, 5]), *stack([10, 15], PatientID="someone else")])
    scan = scan_folder(tmp_path)
    assert {s.identity.patient_id for s in scan.series} == {"phantom", "someone else"}
    assert all(len(s.instances) == 2 for s in scan.series)


def test_one_instance_uid_for_different_slices_keeps_them_all(tmp_path: Path) -> None:
    write(tmp_path, stack([0, 5, 10], SOPInstanceUID=generate_uid()))
    series = only(scan_folder(tmp_path))
    assert "INSTANCE_UID_REUSED" in codes(series)
    assert np.array_equal(read_volume(series).values, ramp(3))


def test_localizer_in_a_ct_series_is_kept_out_of_the_volume(tmp_path: Path) -> None:
    scout = slice_dataset(ramp(1)[0], (0, 0, 5), ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    write(tmp_path, [*stack([0, 5, 10]), scout])
    by_role = {s.role: s for s in scan_folder(tmp_path).series}
    assert set(by_role) == {SeriesRole.CT, SeriesRole.LOCALIZER}
    assert by_role[SeriesRole.LOCALIZER].geometry is None
    assert by_role[SeriesRole.CT].geometry.shape_zyx[0] == 3


@pytest.mark.parametrize(
    ("values", "role"),
    [
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, SeriesRole.SECONDARY_CAPTURE),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.20"}, SeriesRole.NM),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4", "Modality": "MR"}, SeriesRole.OTHER),
        ({"ImageType": ["DERIVED", "SECONDARY", "MIP"]}, SeriesRole.OTHER),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, SeriesRole.SECONDARY_CAPTURE),
        ({"SeriesDescription": "PET AC"}, SeriesRole.CT),
        ({"Modality": "PT"}, SeriesRole.PET_AC),
        ({"Modality": "PT", "SeriesDescription": "PET NAC"}, SeriesRole.PET_AC),
        ({"Modality": "PT", "CorrectedImage": ["DECY"]}, SeriesRole.PET_NAC),
        ({"Modality": "PT", "Units": "PROPCNTS"}, SeriesRole.PET_NAC),
    ],
)
def test_roles_come_from_header_facts(tmp_path: Path, values: dict, role: SeriesRole) -> None:
    write(tmp_path, stack([0, 5], **values))
    assert only(scan_folder(tmp_path)).role is role
