"""The voxels of a scanned series: decoded, rescaled slice by slice, in one array."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import FileDataset

from app.dicom.decoding import StoredValues, read_for_decoding, stored_values
from app.dicom.rescale import (
    CT_IMPOSSIBLE_HU,
    CT_PADDING_HU,
    Rescale,
    padding_is_replaced,
    padding_range,
    rescale_of,
)
from app.dicom.roles import PET_CLASSES
from app.dicom.scanned import ScannedInstance, ScannedSeries
from app.wording import reader_error
from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume

Progress = Callable[[int, int], None]
IsCancelled = Callable[[], bool]
Plane = npt.NDArray[Any]

INT16 = np.iinfo(np.int16)
NO_RESCALE = Rescale(1.0, 0.0, "")


def read_volume(
    series: ScannedSeries,
    progress: Progress | None = None,
    is_cancelled: IsCancelled | None = None,
) -> Volume:
    """The volume of a series, array [z, y, x] on `series.geometry`, values in `series.unit`.

    CT in HU stays int16 where every slice's slope and intercept are whole and the values fit,
    else float32; everything else is float32. Slope and intercept are those of each slice (spec
    1.1). Padding, and CT values no tissue can have, become -1024 HU; padding in PET becomes 0.
    Slices of a sheared stack are moved into place by linear interpolation. `progress(done,
    total)` counts slices. Raises ReaderError: NO_VOLUME, FILE_UNREADABLE, PIXELS_UNREADABLE,
    ENCODING_NOT_DECODED, SERIES_CHANGED, CANCELLED.
    """
    geometry = series.geometry
    if geometry is None:
        raise reader_error("NO_VOLUME", description=series.identity.description)
    is_pet = series.identity.sop_class_uid in PET_CLASSES
    keep_integers = series.unit is Unit.HOUNSFIELD
    values: Plane = np.empty(geometry.shape_zyx, np.int16 if keep_integers else np.float32)
    outside = CT_PADDING_HU if series.unit is Unit.HOUNSFIELD else 0.0
    open_path: Path | None = None
    dataset: FileDataset | None = None
    for k, instance in enumerate(series.instances):
        if is_cancelled is not None and is_cancelled():
            raise reader_error("CANCELLED")
        if dataset is None or instance.path != open_path:
            dataset, open_path = read_for_decoding(instance.path), instance.path
        plane = _plane(dataset, instance, is_pet, outside)
        if values.dtype == np.int16 and plane.dtype != np.int16:
            values = values.astype(np.float32)
        values[k] = _placed(plane, instance, geometry, outside)
        if progress is not None:
            progress(k + 1, len(series.instances))
    return Volume(values, geometry, series.unit)


def _plane(dataset: FileDataset, instance: ScannedInstance, is_pet: bool, outside: float) -> Plane:
    """One rescaled slice, int16 where that is exact, else float32."""
    stored = stored_values(dataset, instance.path, instance.frame)
    rescale = rescale_of(dataset, instance.frame) or NO_RESCALE
    scaled = _rescaled(stored, rescale)
    if outside == CT_PADDING_HU:
        scaled[scaled <= CT_IMPOSSIBLE_HU] = outside
    if padding_is_replaced(dataset, rescale, is_pet):
        padding = padding_range(dataset)
        assert padding is not None
        scaled[(stored >= padding[0]) & (stored <= padding[1])] = outside
    return scaled


def _rescaled(stored: StoredValues, rescale: Rescale) -> Plane:
    slope, intercept = rescale.slope, rescale.intercept
    if slope.is_integer() and intercept.is_integer() and stored.size:
        ends = [slope * float(v) + intercept for v in (stored.min(), stored.max())]
        if min(ends) >= INT16.min and max(ends) <= INT16.max:
            whole = stored.astype(np.int32)
            return np.asarray(whole * int(slope) + int(intercept)).astype(np.int16)
    return np.asarray(stored * np.float64(slope) + intercept).astype(np.float32)


def _placed(plane: Plane, instance: ScannedInstance, geometry: Geometry, outside: float) -> Plane:
    """The slice on the stack's matrix, moved by its shift where the stack is sheared."""
    matrix = geometry.shape_zyx[1:]
    if instance.shift_yx_px == (0.0, 0.0):
        if plane.shape == matrix:
            return plane
        if any(have > room for have, room in zip(plane.shape, matrix, strict=True)):
            raise reader_error("SERIES_CHANGED", file=instance.path.name)
    moved = plane.astype(np.float64)
    for axis in (0, 1):
        moved = _shifted(moved, instance.shift_yx_px[axis], matrix[axis], axis, outside)
    if plane.dtype == np.int16:
        return np.asarray(np.rint(moved)).astype(np.int16)
    return moved.astype(np.float32)


def _shifted(plane: Plane, shift_px: float, length: int, axis: int, outside: float) -> Plane:
    """The plane moved along one axis into `length` pixels, linear between pixels."""
    whole = int(np.floor(shift_px))
    part = shift_px - whole
    before = max(whole, 0)
    after = max(length - before - plane.shape[axis], 0)
    pads = [(0, 0), (0, 0)]
    pads[axis] = (before, after)
    low = np.pad(plane, pads, constant_values=outside)
    low = np.take(low, np.arange(length), axis=axis)
    if part == 0:
        return low
    previous = np.roll(low, 1, axis=axis)
    edge = [slice(None), slice(None)]
    edge[axis] = slice(0, 1)
    previous[tuple(edge)] = outside
    return (1 - part) * low + part * previous
