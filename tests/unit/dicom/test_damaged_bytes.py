"""Whatever bytes a file holds, the import raises ReaderError or nothing."""

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import EnhancedCTImageStorage, ImplicitVRLittleEndian, JPEGLSLossless, RLELossless

from app.dicom.regions import read_regions
from app.dicom.scan import scan_folder
from app.dicom.volume_reader import read_volume
from app.errors import ReaderError
from tests.unit.dicom.synthetic_series import slice_dataset, write
from tests.unit.dicom.test_multiframe import enhanced
from tests.unit.dicom.test_regions import BOX, GRID, around, rtstruct, seg

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

PLANE = np.random.default_rng(1).integers(0, 900, (24, 24)).astype(np.int16)


def compressed(syntax: str) -> Dataset:
    ds = slice_dataset(PLANE, (0, 0, 0))
    ds.compress(syntax, generate_instance_uid=False)
    return ds


SOURCES = {
    "pet": (lambda: slice_dataset(PLANE, (0, 0, 0), Modality="PT"), None),
    "implicit": (lambda: slice_dataset(PLANE, (0, 0, 0)), ImplicitVRLittleEndian),
    "rle": (lambda: compressed(RLELossless), RLELossless),
    "jpeg-ls": (lambda: compressed(JPEGLSLossless), JPEGLSLossless),
    "enhanced": (lambda: enhanced(EnhancedCTImageStorage), None),
    "seg": (lambda: seg([BOX]), None),
    "rtstruct": (lambda: rtstruct({"a": around(1, 3, 2, 5, 2, 5)}), None),
}


@pytest.mark.parametrize("name", SOURCES)
def test_only_reader_errors_leave_the_import(tmp_path: Path, name: str) -> None:
    make, syntax = SOURCES[name]
    (path,) = write(tmp_path, [make()], syntax=syntax) if syntax else write(tmp_path, [make()])
    whole = path.read_bytes()
    chance = random.Random(name)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            damaged[chance.randrange(132, len(whole))] = chance.randrange(256)
        if chance.random() < 0.25:
            del damaged[chance.randrange(len(whole)) :]
        path.write_bytes(bytes(damaged))
        with suppress(ReaderError):
            for series in scan_folder(tmp_path).series:
                if series.geometry is not None:
                    read_volume(series)
        with suppress(ReaderError):
            read_regions(path, GRID, None)
