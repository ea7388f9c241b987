"""Small DICOM series written from an array, with every oddity a test asks for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    PositronEmissionTomographyImageStorage,
    generate_uid,
)

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
ROWS, COLUMNS = 6, 5
FRAME_OF_REFERENCE = "1.2.3.4.5"
SERIES_UID = "1.2.3.4.5.6"


def ramp(slices: int, rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Stored values that name their voxel: 100 z + 10 y + x."""
    z, y, x = np.meshgrid(np.arange(slices), np.arange(rows), np.arange(columns), indexing="ij")
    return (100 * z + 10 * y + x).astype(np.int16)


def slice_dataset(stored: np.ndarray, position: Sequence[float], **values: Any) -> Dataset:
    """A single-frame CT (or PT with `Modality="PT"`) of stored values [y, x]."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    pet = values.get("Modality") == "PT"
    ds.SOPClassUID = PositronEmissionTomographyImageStorage if pet else CTImageStorage
    ds.SOPInstanceUID = generate_uid(None, [str(position), str(values), stored.tobytes().hex()])
    ds.SeriesInstanceUID = SERIES_UID
    ds.StudyInstanceUID = "1.2.3.4.5.7"
    ds.FrameOfReferenceUID = FRAME_OF_REFERENCE
    ds.PatientID, ds.PatientName = "phantom", "Phantom^Test"
    ds.Modality = "CT"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.ImagePositionPatient = [f"{v:.6f}" for v in position]
    ds.ImageOrientationPatient = list(AXIAL)
    ds.PixelSpacing = [2.0, 3.0]
    ds.SliceThickness = 5.0
    ds.Rows, ds.Columns = stored.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.PixelRepresentation = 1 if stored.dtype.kind == "i" else 0
    ds.RescaleSlope, ds.RescaleIntercept = 1, 0
    if pet:
        ds.Units, ds.CorrectedImage = "BQML", ["ATTN", "DECY"]
        ds.AttenuationCorrectionMethod = "measured"
    for keyword, value in values.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    ds.PixelData = stored.tobytes()
    ds["PixelData"].VR = "OW"
    return ds


def stack(
    positions_mm: Sequence[float],
    vary: Callable[[int], dict[str, Any]] | None = None,
    **values: Any,
) -> list[Dataset]:
    """Axial slices of the ramp at z positions; `vary(k)` gives header values of slice k."""
    stored = ramp(len(positions_mm))
    return [
        slice_dataset(stored[k], (-10.0, -20.0, z), **values, **(vary(k) if vary else {}))
        for k, z in enumerate(positions_mm)
    ]


def write(
    folder: Path,
    datasets: Sequence[Dataset],
    names: Sequence[str] | None = None,
    syntax: UID = ExplicitVRLittleEndian,
) -> list[Path]:
    """Files of the data sets; big-endian pixels are swapped, other syntaxes as pydicom writes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for k, ds in enumerate(datasets):
        path = folder / (names[k] if names else f"{k:03d}.dcm")
        path.parent.mkdir(parents=True, exist_ok=True)
        if syntax == ExplicitVRBigEndian:
            ds.PixelData = np.frombuffer(ds.PixelData, "<i2").astype(">i2").tobytes()
        ds.file_meta.TransferSyntaxUID = syntax
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def write_without_preamble(path: Path, dataset: Dataset) -> None:
    """The bare data set, implicit little endian, as ACR-NEMA era exports hold it."""
    del dataset.file_meta
    dataset.save_as(path, implicit_vr=True, little_endian=True, enforce_file_format=False)
