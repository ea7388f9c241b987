"""The longest diameter of a region in a slice and the longest one perpendicular to it."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from segmentation.geometry import FloatArray, Geometry, Vector
from segmentation.mask import BoolArray, Mask
from segmentation.metrics.chords import FIT_LIMIT_PIXELS, Chords, outline_chords
from segmentation.metrics.outline import region_outline
from segmentation.volume import Volume


@dataclass(frozen=True, slots=True)
class Diameters:
    """A bidirectional measurement in one slice (spec 3.2), end points in patient LPS mm."""

    longest_diameter_mm: float
    perpendicular_mm: float
    longest_ends_lps_mm: tuple[Vector, Vector]
    perpendicular_ends_lps_mm: tuple[Vector, Vector]
    slice_index: int
    slice_z_mm: float


def region_diameters(
    mask: Mask, volume: Volume | None = None, threshold: float | None = None
) -> Diameters | None:
    """The longest in-slice diameter and the longest perpendicular in the same slice; None if empty.

    Slices are those of the acquisition. Parts of a slice that are not connected (8 neighbours)
    are measured apart, holes are filled. The longest diameter joins the two points of the
    outline farthest apart, also across a concavity; the perpendicular stays within the outline.
    The outline is half-way between voxel centres with staircase correction, or, with the image
    and the threshold that made the mask, the sub-pixel iso-line. A single voxel measures its
    pixel: the larger and the smaller spacing. Source: spec 3.2.
    """
    geometry = mask.geometry
    if volume is not None and volume.geometry.shape_zyx != geometry.shape_zyx:
        raise ValueError("mask and volume are not on one grid")
    spacing = np.asarray(geometry.spacing_yx_mm)
    best: Chords | None = None
    best_slice = 0
    for bound_mm, k, part, start in _parts_by_size(mask, spacing):
        if best is not None and bound_mm < best.lengths_mm[0]:
            break
        values = None if volume is None else _window(volume, k, start, part.shape)
        outline = (region_outline(part, values, threshold) + start) * spacing
        exact = values is not None and threshold is not None
        chords = outline_chords(outline, None if exact else spacing)
        if best is None or chords.lengths_mm > best.lengths_mm:
            best, best_slice = chords, k
    return None if best is None else _in_patient(best, best_slice, geometry)


def _parts_by_size(
    mask: Mask, spacing: FloatArray
) -> list[tuple[float, int, BoolArray, FloatArray]]:
    """Connected parts of all slices, largest extent first.

    Each with an upper bound of its diameter (mm), its slice, its pixels with one empty pixel
    around, and the index of the first of these.
    """
    parts = []
    for k, plane in enumerate(mask.inside):
        labels, _ = ndimage.label(plane, structure=np.ones((3, 3)))
        for label, box in enumerate(ndimage.find_objects(labels), start=1):
            pixels = np.pad(ndimage.binary_fill_holes(labels[box] == label), 1)
            extent = (np.asarray(pixels.shape) - 2.0 + 2.0 * FIT_LIMIT_PIXELS) * spacing
            start = np.array([s.start - 1 for s in box]) + np.asarray(mask.start_zyx[1:])
            parts.append(
                (float(np.hypot(*extent)), k + mask.start_zyx[0], pixels, start.astype(np.float64))
            )
    return sorted(parts, key=lambda part: -part[0])


def _window(volume: Volume, k: int, start: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """The image under a part, NaN beyond the slice."""
    rows, columns = (int(a) + np.arange(n) for a, n in zip(start, shape, strict=True))
    plane = volume.values[k]
    found: FloatArray = plane[
        np.ix_(np.clip(rows, 0, plane.shape[0] - 1), np.clip(columns, 0, plane.shape[1] - 1))
    ].astype(np.float64)
    found[(rows < 0) | (rows >= plane.shape[0])] = np.nan
    found[:, (columns < 0) | (columns >= plane.shape[1])] = np.nan
    return found


def _in_patient(chords: Chords, slice_index: int, geometry: Geometry) -> Diameters:
    ends = np.concatenate([chords.longest, chords.perpendicular])
    zyx = np.column_stack([np.full(4, slice_index), ends / geometry.spacing_yx_mm])
    lps = geometry.lps_from_zyx(zyx)
    a, b, c, d = ((float(x), float(y), float(z)) for x, y, z in lps)
    longest, perpendicular = chords.lengths_mm
    return Diameters(
        longest_diameter_mm=longest,
        perpendicular_mm=perpendicular,
        longest_ends_lps_mm=(a, b),
        perpendicular_ends_lps_mm=(c, d),
        slice_index=slice_index,
        slice_z_mm=(a[2] + b[2]) / 2.0,
    )
