"""Copies of real visits: cropped, in reverse order, later in time, hotter in one place."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian, generate_uid


def by_position(series: Path) -> list[Path]:
    """The files of a series from feet to head."""
    files = [f for f in series.iterdir() if f.is_file()]
    return sorted(
        files, key=lambda f: float(dcmread(f, stop_before_pixels=True).ImagePositionPatient[2])
    )


def cropped(series: list[Path], folder: Path, feet: float = 0.0, head: float = 0.0) -> Path:
    """A visit without a share of the slices at either end of each series."""
    for one in series:
        files = by_position(one)
        (folder / one.name).mkdir(parents=True)
        for file in files[round(feet * len(files)) : len(files) - round(head * len(files))]:
            shutil.copy(file, folder / one.name / file.name)
    return folder


def backwards(series: list[Path], folder: Path) -> Path:
    """A visit whose file names and instance numbers run the other way."""
    for one in series:
        files = by_position(one)
        (folder / one.name).mkdir(parents=True)
        names = sorted(file.name for file in files)
        numbers = sorted(int(dcmread(f, stop_before_pixels=True).InstanceNumber) for f in files)
        upwards = int(dcmread(files[0], stop_before_pixels=True).InstanceNumber) == numbers[0]
        step = -1 if upwards else 1
        for file, name, number in zip(files, names[::step], numbers[::step], strict=True):
            dataset = dcmread(file)
            assert int(dataset.InstanceNumber) != number or len(files) % 2
            dataset.InstanceNumber = number
            dataset.save_as(folder / one.name / name)
    return folder


class LaterVisit:
    """Makes another visit of the same patient: new UIDs, later dates, changed uptake.

    `hotter` multiplies the values >= `above` (stored units times slope) in a ball; `planted`
    sets a ball to a value. Balls are (LPS centre, radius mm, factor or Bq/mL).
    """

    def __init__(self, days: int, hotter=(), planted=(), above: float = 0.0) -> None:
        self._days = timedelta(days=days)
        self._hotter, self._planted, self._above = hotter, planted, above
        self._uids: dict[str, str] = {}

    def write(self, series: list[Path], folder: Path) -> Path:
        """The visit's folder."""
        for one in series:
            (folder / one.name).mkdir(parents=True)
            for file in by_position(one):
                dataset = dcmread(file)
                self._renew(dataset)
                if dataset.Modality == "PT":
                    self._change(dataset)
                dataset.save_as(folder / one.name / file.name)
        return folder

    def _renew(self, dataset: Dataset) -> None:
        for element in dataset.iterall():
            if element.VR == "DA" and element.value and element.keyword != "PatientBirthDate":
                day = datetime.strptime(str(element.value), "%Y%m%d") + self._days
                element.value = day.strftime("%Y%m%d")
            elif element.VR == "DT" and element.value:
                text = str(element.value)
                day = datetime.strptime(text[:8], "%Y%m%d") + self._days
                element.value = day.strftime("%Y%m%d") + text[8:]
        for keyword in (
            "StudyInstanceUID",
            "SeriesInstanceUID",
            "SOPInstanceUID",
            "FrameOfReferenceUID",
        ):
            old = str(dataset[keyword].value)
            dataset[keyword].value = self._uids.setdefault(old, generate_uid(None, ["later", old]))
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID

    def _change(self, dataset: Dataset) -> None:
        slope = float(dataset.RescaleSlope)
        values = dataset.pixel_array * slope
        y, x = np.indices(values.shape)
        corner = np.array(dataset.ImagePositionPatient, float)
        dy, dx = (float(v) for v in dataset.PixelSpacing)
        changed = values.copy()
        for (cx, cy, cz), radius, amount in (*self._hotter, *self._planted):
            away = (corner[0] + x * dx - cx) ** 2 + (corner[1] + y * dy - cy) ** 2
            inside = away + (corner[2] - cz) ** 2 <= radius**2
            if ((cx, cy, cz), radius, amount) in self._planted:
                changed[inside] = amount
            else:
                changed[inside & (values >= self._above)] *= amount
        if np.array_equal(changed, values):
            return
        slope = max(slope, changed.max() / 32767.0)
        stored = np.rint(changed / slope).astype(np.int16)
        dataset.RescaleSlope = f"{slope:.10g}"
        dataset.PixelData = stored.tobytes()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
