"""Copies of DICOM files with changed headers."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from pydicom import Dataset, dcmread

Change = Callable[[Dataset], None]


def copied(files: Sequence[Path], folder: Path, change: Change | None = None) -> Path:
    """A folder with copies of files, each header changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if change is None:
            shutil.copy(file, folder / file.name)
        else:
            dataset = dcmread(file)
            change(dataset)
            dataset.save_as(folder / file.name)
    return folder


def slices(folder: Path) -> list[Path]:
    """The files of a series from feet to head."""
    return sorted(
        folder.glob("*.dcm"),
        key=lambda file: float(dcmread(file, stop_before_pixels=True).ImagePositionPatient[2]),
    )
