"""PET and CT series written as DICOM files, one file per slice, from frozen records."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRLittleEndian,
    PositronEmissionTomographyImageStorage,
)

from app.dicom.image_records import (
    WrittenInjection,
    WrittenPatient,
    WrittenReconstruction,
    WrittenSeries,
    WrittenStudy,
)
from app.dicom.image_timing import BedTiming, decay_factor, frame_reference_ms
from segmentation.geometry import Geometry

IMPLEMENTATION_UID = UID("2.25.210862377190349270403424128318265180711")
LARGEST_STORED = 32767
CT_INTERCEPT = -1024

FDG = Code("35321007", "SCT", "Fluorodeoxyglucose F^18^")
FLUORINE_18 = Code("77004003", "SCT", "^18^Fluorine")
INTRAVENOUS = Code("47625008", "SCT", "Intravenous route")
RECUMBENT = Code("102538003", "SCT", "recumbent")
SUPINE = Code("40199007", "SCT", "supine")
HEADFIRST = Code("102540008", "SCT", "headfirst")


def write_pet_series(
    folder: Path,
    values_bq_per_ml: npt.NDArray[np.float32],
    patient: WrittenPatient,
    study: WrittenStudy,
    series: WrittenSeries,
    injection: WrittenInjection,
    reconstruction: WrittenReconstruction,
    timing: BedTiming,
    on_slice: Callable[[], None] = lambda: None,
) -> None:
    """Write attenuation-corrected PET slices `PT0001.dcm`, ... into an existing folder.

    `values_bq_per_ml` [z, y, x] lies on `series.geometry` and is decay corrected to the start of
    the series (DecayCorrection START). Each slice has its own rescale slope (largest value =
    32767, intercept 0). OSError where the disk refuses. PS3.3 A.21, C.8.9.
    """
    if values_bq_per_ml.shape != series.geometry.shape_zyx:
        raise ValueError("values and geometry disagree")
    for number, index, ds in _slices(patient, study, series, "PT"):
        ds.SOPClassUID = PositronEmissionTomographyImageStorage
        ds.SeriesDate, ds.SeriesTime = _da(series.started), _tm(series.started)
        acquired = series.started + timedelta(seconds=timing.offsets_s[index])
        ds.AcquisitionDate, ds.AcquisitionTime = _da(acquired), _tm(acquired)
        _put_made(ds, acquired + timedelta(seconds=timing.duration_s))
        ds.ImageType = ["ORIGINAL", "PRIMARY"]
        _put_pet_series_facts(ds, series, reconstruction)
        ds.RadiopharmaceuticalInformationSequence = [_radiopharmaceutical(injection)]
        offset, duration, half_life = (
            timing.offsets_s[index],
            timing.duration_s,
            injection.half_life_s,
        )
        ds.FrameReferenceTime = _ds(frame_reference_ms(offset, duration, half_life))
        ds.ActualFrameDuration = str(round(duration * 1000))
        ds.DecayFactor = _ds(decay_factor(offset, duration, half_life))
        ds.ImageIndex = number
        values = values_bq_per_ml[index].astype(np.float64)
        slope = _ds(max(float(values.max()), 1e-3) / LARGEST_STORED)
        stored = np.clip(np.rint(values / float(slope)), 0, LARGEST_STORED).astype("<i2")
        ds.RescaleIntercept, ds.RescaleSlope = "0", slope
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 15, 1
        ds.SmallestImagePixelValue, ds.LargestImagePixelValue = int(stored.min()), int(stored.max())
        _save(ds, stored, folder / slice_name("PT", number))
        on_slice()


def write_ct_series(
    folder: Path,
    hounsfield: npt.NDArray[np.int16],
    patient: WrittenPatient,
    study: WrittenStudy,
    series: WrittenSeries,
    on_slice: Callable[[], None] = lambda: None,
) -> None:
    """Write axial CT slices `CT0001.dcm`, ... into an existing folder (12 bit, intercept -1024).

    `hounsfield` [z, y, x], at least -1024, lies on `series.geometry`. OSError where the disk
    refuses. PS3.3 A.3, C.8.2.
    """
    if hounsfield.shape != series.geometry.shape_zyx:
        raise ValueError("values and geometry disagree")
    for number, index, ds in _slices(patient, study, series, "CT"):
        ds.SOPClassUID = CTImageStorage
        ds.SeriesDate, ds.SeriesTime = _da(series.started), _tm(series.started)
        ds.AcquisitionDate, ds.AcquisitionTime = ds.SeriesDate, ds.SeriesTime
        _put_made(ds, series.started)
        ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        ds.KVP = "120"
        ds.AcquisitionNumber = "1"
        ds.XRayTubeCurrent, ds.ExposureTime = "80", "500"
        ds.ConvolutionKernel = "SOFT"
        ds.ScanOptions = "HELICAL MODE"
        ds.GantryDetectorTilt = "0"
        ds.ReconstructionDiameter = _ds(_field_of_view_mm(series.geometry))
        stored = np.clip(hounsfield[index].astype(np.int32) - CT_INTERCEPT, 0, 4095).astype("<u2")
        ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = str(CT_INTERCEPT), "1", "HU"
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 12, 11, 0
        ds.WindowCenter, ds.WindowWidth = "40", "400"
        _save(ds, stored, folder / slice_name("CT", number))
        on_slice()


def slice_name(modality: str, number: int) -> str:
    """The file name of a slice, counted from 1 at the head."""
    return f"{modality}{number:04d}.dcm"


def _slices(
    patient: WrittenPatient, study: WrittenStudy, series: WrittenSeries, modality: str
) -> Iterator[tuple[int, int, Dataset]]:
    """(number from 1, index along z, dataset with all that is common) of each slice, head first."""
    geometry = series.geometry
    for number in range(1, geometry.shape_zyx[0] + 1):
        index = geometry.shape_zyx[0] - number
        ds = Dataset()
        _put_patient_and_study(ds, patient, study)
        _put_series(ds, series, modality)
        _put_plane(ds, geometry, index)
        ds.InstanceNumber = number
        ds.SOPInstanceUID = f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, f'{series.uid}/{number}').int}"
        yield number, index, ds


def _put_patient_and_study(ds: Dataset, patient: WrittenPatient, study: WrittenStudy) -> None:
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.PatientName, ds.PatientID = patient.name, patient.patient_id
    ds.PatientBirthDate, ds.PatientSex = patient.birth_date.strftime("%Y%m%d"), patient.sex
    born, on = patient.birth_date, study.started.date()
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    ds.PatientAge = f"{years:03d}Y"
    ds.PatientWeight, ds.PatientSize = _ds(study.weight_kg), _ds(study.size_m)
    ds.PatientIdentityRemoved = "YES"
    ds.DeidentificationMethod = study.comment
    ds.QualityControlSubject = "YES"
    ds.StudyInstanceUID, ds.StudyID = study.uid, study.study_id
    ds.StudyDate, ds.StudyTime = _da(study.started), _tm(study.started)
    ds.StudyDescription = study.description
    ds.ReferringPhysicianName, ds.AccessionNumber = "", ""
    ds.ImageComments = study.comment


def _put_series(ds: Dataset, series: WrittenSeries, modality: str) -> None:
    ds.Modality = modality
    ds.SeriesInstanceUID, ds.SeriesNumber = series.uid, series.number
    ds.SeriesDescription = series.description
    ds.PatientPosition = "HFS"
    ds.Manufacturer, ds.ManufacturerModelName = series.manufacturer, series.model
    ds.SoftwareVersions = series.software
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = series.frame_of_reference_uid, ""
    ds.PatientOrientation = ["L", "P"]
    ds.LossyImageCompression = "00"


def _put_made(ds: Dataset, when: datetime) -> None:
    ds.ContentDate, ds.ContentTime = _da(when), _tm(when)
    ds.InstanceCreationDate, ds.InstanceCreationTime = ds.ContentDate, ds.ContentTime


def _put_plane(ds: Dataset, geometry: Geometry, index: int) -> None:
    _, rows, columns = geometry.shape_zyx
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns, ds.BitsAllocated = rows, columns, 16
    ds.PixelSpacing = [_ds(h) for h in geometry.spacing_yx_mm]
    ds.SliceThickness = _ds(geometry.slice_step_mm)
    ds.SpacingBetweenSlices = _ds(geometry.slice_step_mm)
    position = geometry.lps_from_zyx((index, 0, 0))
    ds.ImagePositionPatient = [_ds(p) for p in position]
    ds.ImageOrientationPatient = [
        _ds(c) for c in (*geometry.row_direction, *geometry.column_direction)
    ]
    ds.SliceLocation = _ds(float(position[2]))


def _put_pet_series_facts(
    ds: Dataset, series: WrittenSeries, reconstruction: WrittenReconstruction
) -> None:
    ds.SeriesType = ["WHOLE BODY", "IMAGE"]
    ds.Units, ds.CountsSource = "BQML", "EMISSION"
    ds.NumberOfSlices = series.geometry.shape_zyx[0]
    ds.CorrectedImage = ["DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM"]
    ds.DecayCorrection = "START"
    ds.AttenuationCorrectionMethod = "CT-derived mu map"
    ds.ScatterCorrectionMethod = "Model-based"
    ds.RandomsCorrectionMethod = "DLYD"
    ds.ReconstructionMethod, ds.ConvolutionKernel = reconstruction.method, reconstruction.kernel
    ds.ReconstructionDiameter = _ds(_field_of_view_mm(series.geometry))
    ds.CollimatorType = "NONE"
    ds.AcquisitionStartCondition, ds.AcquisitionTerminationCondition = "MANU", "TIME"
    position = _coded(RECUMBENT)
    position.PatientOrientationModifierCodeSequence = [_coded(SUPINE)]
    ds.PatientOrientationCodeSequence = [position]
    ds.PatientGantryRelationshipCodeSequence = [_coded(HEADFIRST)]


def _radiopharmaceutical(injection: WrittenInjection) -> Dataset:
    item = Dataset()
    item.Radiopharmaceutical = "Fluorodeoxyglucose"
    item.RadiopharmaceuticalRoute = "Intravenous"
    item.RadiopharmaceuticalStartTime = _tm(injection.started)
    item.RadiopharmaceuticalStartDateTime = f"{_da(injection.started)}{_tm(injection.started)}"
    item.RadionuclideTotalDose = _ds(injection.dose_bq)
    item.RadionuclideHalfLife = _ds(injection.half_life_s)
    item.RadionuclidePositronFraction = "0.967"
    item.RadionuclideCodeSequence = [_coded(FLUORINE_18)]
    item.RadiopharmaceuticalCodeSequence = [_coded(FDG)]
    item.AdministrationRouteCodeSequence = [_coded(INTRAVENOUS)]
    return item


def _coded(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code[:3]
    return item


def _field_of_view_mm(geometry: Geometry) -> float:
    return geometry.spacing_yx_mm[1] * geometry.shape_zyx[2]


def _save(ds: Dataset, stored: npt.NDArray[Any], file: Path) -> None:
    ds.PixelData = stored.tobytes()
    ds["PixelData"].VR = "OW"
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.ImplementationClassUID = IMPLEMENTATION_UID
    ds.file_meta.ImplementationVersionName = "ONCOREAD"
    ds.save_as(file, enforce_file_format=True)


def _ds(value: float) -> str:
    """A decimal string of at most 16 characters, as exact as that allows."""
    for digits in range(15, 5, -1):
        text = f"{value:.{digits}g}"
        if len(text) <= 16:
            return text
    raise ValueError(f"{value} does not fit a decimal string")


def _da(when: datetime) -> str:
    return when.strftime("%Y%m%d")


def _tm(when: datetime) -> str:
    return when.strftime("%H%M%S.%f")
