"""How far the patient's body reaches: what "fit" fits."""

from weakref import WeakKeyDictionary

import numpy as np
from scipy import ndimage

from segmentation.geometry import FloatArray, Geometry, Vector
from segmentation.volume import Unit, Volume

Box = tuple[Vector, Vector]  # lowest and highest LPS coordinates (mm)

_TISSUE_HU = -300.0
_BODY_SUL = 0.2
_STRIDE = slice(None, None, 4)
_MARGIN_MM = 12.0
_KNOWN: WeakKeyDictionary[Volume, tuple[Volume | None, Box]] = WeakKeyDictionary()


def body_box(pet: Volume, ct: Volume | None) -> Box:
    """The box around the body on PET and CT; along z all that either covers.

    Kept as long as the PET lives: it takes 0.1 s on a whole body, and is asked for again when
    a visit's MIP becomes ready.
    """
    known = _KNOWN.get(pet)
    if known is not None and known[0] is ct:
        return known[1]
    box = _found_box(pet, ct)
    _KNOWN[pet] = (ct, box)
    return box


def _found_box(pet: Volume, ct: Volume | None) -> Box:
    levels = [(pet, _pet_level(pet)), *(() if ct is None else ((ct, _TISSUE_HU),))]
    boxes = [_tissue_box(volume, level) for volume, level in levels]
    whole = [whole_box(volume.geometry) for volume, _ in levels]
    low = np.min([box[0] for box in boxes], axis=0)
    high = np.max([box[1] for box in boxes], axis=0)
    low[2], high[2] = min(w[0][2] for w in whole), max(w[1][2] for w in whole)
    return _vector(low), _vector(high)


def whole_box(geometry: Geometry) -> Box:
    """The box around all voxels of a geometry."""
    edges = [(-0.5, n - 0.5) for n in geometry.shape_zyx]
    corners = geometry.lps_from_zyx(
        [(z, y, x) for z in edges[0] for y in edges[1] for x in edges[2]]
    )
    return _vector(corners.min(axis=0)), _vector(corners.max(axis=0))


def _pet_level(pet: Volume) -> float:
    if pet.unit is Unit.SUL_G_PER_ML:
        return _BODY_SUL
    return 0.05 * float(np.percentile(pet.values[_STRIDE, _STRIDE, _STRIDE], 99.5))


def _tissue_box(volume: Volume, level: float) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest LPS of the largest piece above a level (the table is another piece)."""
    tissue = ndimage.binary_opening(volume.values[_STRIDE, _STRIDE, _STRIDE] > level)
    pieces, count = ndimage.label(tissue)
    found = ndimage.find_objects(pieces)
    if count:
        largest = int(np.argmax(np.bincount(pieces.ravel())[1:]))
        box = found[largest]
    else:
        box = tuple(slice(0, n) for n in tissue.shape)
    ends = [(s.start * _STRIDE.step, s.stop * _STRIDE.step - 1) for s in box]
    corners = volume.geometry.lps_from_zyx(
        [(z, y, x) for z in ends[0] for y in ends[1] for x in ends[2]]
    )
    limit_low, limit_high = whole_box(volume.geometry)
    low = np.maximum(corners.min(axis=0) - _MARGIN_MM, limit_low)
    high = np.minimum(corners.max(axis=0) + _MARGIN_MM, limit_high)
    return low, high


def _vector(values: FloatArray) -> Vector:
    x, y, z = (float(v) for v in values)
    return x, y, z
