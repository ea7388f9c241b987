"""A volume seen along the patient's own axes: z up, y to the back, x to the left."""

import numpy as np

from segmentation.geometry import Geometry
from segmentation.volume import Volume

# Beyond this angle a stack is not "axial enough" for rules that speak of left, front and above.
MAX_OBLIQUITY_COSINE = 0.9


def canonical(volume: Volume) -> Volume:
    """The same voxels with axes turned to z = superior, y = posterior, x = left (LPS).

    Only flips and in-plane transposition: no voxel value changes and no voxel moves in the
    patient. Raises ValueError where the stack is not roughly axial (more than 25 degrees off).
    """
    geometry, values = volume.geometry, volume.values
    axes = geometry.axes
    if min(np.abs(axes).max(axis=0)) < MAX_OBLIQUITY_COSINE or abs(axes[2, 0]) < 0.9:
        raise ValueError("the stack is not axial")
    offsets = np.asarray(geometry.slice_offsets_mm)
    origin = np.asarray(geometry.origin_lps_mm)
    normal, column, row = axes[:, 0], axes[:, 1], axes[:, 2]
    spacing_y, spacing_x = geometry.spacing_yx_mm
    if abs(column[0]) > abs(row[0]):
        values = values.transpose(0, 2, 1)
        column, row = row, column
        spacing_y, spacing_x = spacing_x, spacing_y
    if normal[2] < 0:
        values = values[::-1]
        origin = origin + normal * offsets[-1]
        offsets = offsets[-1] - offsets[::-1]
    if column[1] < 0:
        values = values[:, ::-1]
        origin = origin + column * spacing_y * (values.shape[1] - 1)
        column = -column
    if row[0] < 0:
        values = values[:, :, ::-1]
        origin = origin + row * spacing_x * (values.shape[2] - 1)
        row = -row
    turned = Geometry(
        (values.shape[0], values.shape[1], values.shape[2]),
        (spacing_y, spacing_x),
        (float(origin[0]), float(origin[1]), float(origin[2])),
        (float(row[0]), float(row[1]), float(row[2])),
        (float(column[0]), float(column[1]), float(column[2])),
        tuple(float(v) for v in offsets),
    )
    return Volume(np.ascontiguousarray(values), turned, volume.unit)
