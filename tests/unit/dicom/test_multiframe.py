"""Enhanced multi-frame objects: frames by their functional groups, never by their order."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import EnhancedCTImageStorage, EnhancedPETImageStorage

from app.dicom.scan import scan_folder
from app.dicom.volume_reader import read_volume
from app.domain.series import SeriesRole
from segmentation.volume import Unit
from tests.unit.dicom.synthetic_series import AXIAL, ramp, slice_dataset, write
from tests.unit.dicom.test_regions import item

ORDER = (2, 0, 3, 1)


def enhanced(sop_class: str, phases: int = 1) -> Dataset:
    """Four slices 5 mm apart in a scrambled order, once per phase (phase p adds 1000 p)."""
    planes = [(p, z) for p in range(phases) for z in ORDER]
    stored = np.stack([ramp(4)[z] + 1000 * p for p, z in planes])
    ds = slice_dataset(stored[0], (0, 0, 0), SOPClassUID=sop_class)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(ds, keyword)
    del ds.RescaleSlope, ds.RescaleIntercept
    ds.NumberOfFrames = len(planes)
    ds.PixelData = stored.tobytes()
    ds.SharedFunctionalGroupsSequence = [
        item(
            PlaneOrientationSequence=[item(ImageOrientationPatient=list(AXIAL))],
            PixelMeasuresSequence=[item(PixelSpacing=[2, 3], SliceThickness=5)],
        )
    ]
    ds.PerFrameFunctionalGroupsSequence = [
        item(
            PlanePositionSequence=[item(ImagePositionPatient=[0, 0, 5 * z])],
            FrameContentSequence=[item(StackID="1", TemporalPositionIndex=p + 1)],
            PixelValueTransformationSequence=[
                item(RescaleSlope=1 + z, RescaleIntercept=0, RescaleType="HU")
            ],
        )
        for p, z in planes
    ]
    return ds


def test_frames_sort_by_position_with_their_own_rescale(tmp_path: Path) -> None:
    write(tmp_path, [enhanced(EnhancedCTImageStorage)])
    (series,) = scan_folder(tmp_path).series
    volume = read_volume(series)
    assert series.role is SeriesRole.CT and volume.unit is Unit.HOUNSFIELD
    assert volume.geometry.spacing_zyx_mm == (5.0, 2.0, 3.0)
    assert np.array_equal(volume.values, ramp(4) * np.arange(1, 5)[:, None, None])


def test_temporal_positions_are_parted(tmp_path: Path) -> None:
    write(tmp_path, [enhanced(EnhancedCTImageStorage, phases=2)])
    first, second = scan_folder(tmp_path).series
    scale = np.arange(1, 5)[:, None, None]
    assert np.array_equal(read_volume(first).values, ramp(4) * scale)
    assert np.array_equal(read_volume(second).values, (ramp(4) + 1000) * scale)


def test_enhanced_pet_takes_the_real_world_value_of_each_frame(tmp_path: Path) -> None:
    ds = enhanced(EnhancedPETImageStorage)
    ds.Modality = "PT"
    ds.AttenuationCorrected = ds.DecayCorrected = "YES"
    ds.SeriesDate, ds.SeriesTime = "20260101", "100000"
    unit = item(CodeValue="Bq/ml", CodingSchemeDesignator="UCUM", CodeMeaning="Becquerels/ml")
    for z, group in zip(ORDER, ds.PerFrameFunctionalGroupsSequence, strict=True):
        group.RealWorldValueMappingSequence = [
            item(
                RealWorldValueSlope=10.0 + z,
                RealWorldValueIntercept=0.0,
                MeasurementUnitsCodeSequence=[unit],
            )
        ]
    write(tmp_path, [ds])
    (series,) = scan_folder(tmp_path).series
    volume = read_volume(series)
    assert volume.unit is Unit.BQ_PER_ML
    assert np.array_equal(volume.values, ramp(4) * (10.0 + np.arange(4))[:, None, None])


@pytest.mark.parametrize("frames", [2, 4])
def test_frames_without_groups_are_no_volume(tmp_path: Path, frames: int) -> None:
    stored = ramp(frames)
    ds = slice_dataset(stored[0], (0, 0, 0), NumberOfFrames=frames)
    ds.PixelData = stored.tobytes()
    write(tmp_path, [ds])
    (series,) = scan_folder(tmp_path).series
    assert series.geometry is None
    assert "SLICE_POSITION_MISSING" in {found.code for found in series.findings}
