"""Regions of one visit carried to the grid of another, and which foci there belong to them."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from segmentation.geometry import Geometry
from segmentation.mask import Mask
from segmentation.sampling.registration import RigidTransform

LabelArray = npt.NDArray[np.intp]
# Breathing and the error of a rigid registration move a lesion by about this much (mm).
CARRY_MARGIN_MM = 8.0


def carried_labels(
    regions: Sequence[Mask],
    onto: Geometry,
    transform: RigidTransform,
    margin_mm: float = CARRY_MARGIN_MM,
) -> LabelArray:
    """Where the regions lie on another visit's grid: [z, y, x] of 1..n, 0 elsewhere.

    `transform` maps the regions' frame to that of `onto`. Each region is widened by `margin_mm`;
    between two regions a voxel goes to the nearer one.
    """
    labels = np.zeros(onto.shape_zyx, dtype=np.intp)
    inverse = np.linalg.inv(transform.target_from_source)
    for number, region in enumerate(regions, start=1):
        box = _box_on(region, onto, transform)
        if any(s.start >= s.stop for s in box):
            continue
        axes = [np.arange(s.start, s.stop) for s in box]
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        lps = onto.lps_from_zyx(grid) @ inverse[:3, :3].T + inverse[:3, 3]
        index = np.rint(region.geometry.zyx_from_lps(lps)).astype(int)
        local = index - np.asarray(region.start_zyx)
        within = np.all((local >= 0) & (local < region.inside.shape), axis=-1)
        hit = np.zeros(within.shape, dtype=bool)
        hit[within] = region.inside[tuple(local[within].T)]
        labels[box][hit & (labels[box] == 0)] = number
    return _widened(labels, onto, margin_mm) if margin_mm > 0 else labels


def owners(foci: Sequence[Mask], labels: LabelArray) -> Mapping[int, int]:
    """For each focus (by position) the number of the carried region it overlaps most, if any."""
    found: dict[int, int] = {}
    for position, focus in enumerate(foci):
        under = labels[focus.box][focus.inside]
        counts = np.bincount(under[under > 0])
        if counts.size:
            found[position] = int(counts.argmax())
    return found


def union(masks: Sequence[Mask]) -> Mask:
    """One region out of several on the same grid."""
    whole = masks[0].full()
    for mask in masks[1:]:
        whole[mask.box] |= mask.inside
    return Mask.from_array(whole, masks[0].geometry)


def _box_on(region: Mask, onto: Geometry, transform: RigidTransform) -> tuple[slice, slice, slice]:
    corners = np.array(
        [
            [s.start - 1 if k == 0 else s.stop for s, k in zip(region.box, corner, strict=True)]
            for corner in np.ndindex(2, 2, 2)
        ]
    )
    lps = region.geometry.lps_from_zyx(corners)
    moved = lps @ transform.target_from_source[:3, :3].T + transform.target_from_source[:3, 3]
    zyx = onto.zyx_from_lps(moved)
    low = np.clip(np.floor(zyx.min(axis=0)).astype(int), 0, onto.shape_zyx)
    high = np.clip(np.ceil(zyx.max(axis=0)).astype(int) + 1, 0, onto.shape_zyx)
    z, y, x = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return z, y, x


def _widened(labels: LabelArray, geometry: Geometry, margin_mm: float) -> LabelArray:
    if not labels.any():
        return labels
    distance, nearest = ndimage.distance_transform_edt(
        labels == 0, sampling=geometry.spacing_zyx_mm, return_indices=True
    )
    return np.where(distance <= margin_mm, labels[tuple(nearest)], 0)
