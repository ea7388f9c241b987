"""The outline of the patient on PET and the midline through it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from segmentation.mask import BoolArray
from segmentation.volume import Volume

# Smoothed SUL (g/mL) that parts the patient from the air around: skin and fat lie at 0.2-0.4.
OUTLINE_SUL_G_PER_ML = 0.15
OUTLINE_SMOOTHING_MM = 5.0


@dataclass(frozen=True, eq=False)
class Body:
    """The patient's outline and, slice by slice, where the middle, front and back lie.

    `inside` [z, y, x] in the volume's own voxels; the volume is canonical (z superior,
    y posterior, x left). Positions are millimetres along the volume's axes from its origin.
    """

    inside: BoolArray
    midline_x_mm: npt.NDArray[np.float64]
    front_y_mm: npt.NDArray[np.float64]
    back_y_mm: npt.NDArray[np.float64]


def find_body(sul: Volume) -> Body | None:
    """The patient's outline on a canonical SUL volume [g/mL], or None where nothing is warm.

    The midline is a straight line through the slices' centres fitted robustly: patients lie
    askew on the table, and arms and a turned head pull single slices aside.
    """
    geometry = sul.geometry
    spacing = geometry.spacing_zyx_mm
    sigma = [OUTLINE_SMOOTHING_MM / s for s in spacing]
    warm = ndimage.gaussian_filter(sul.values.astype(np.float32), sigma) > OUTLINE_SUL_G_PER_ML
    labels, count = ndimage.label(warm)
    if count == 0:
        return None
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    inside = labels == int(sizes.argmax())
    for plane in inside:
        plane[...] = ndimage.binary_fill_holes(plane)
    slices = np.flatnonzero(inside.any(axis=(1, 2)))
    columns = np.arange(inside.shape[2]) * spacing[2]
    rows = np.arange(inside.shape[1]) * spacing[1]
    centre, front, back = [], [], []
    for k in slices:
        by_row, by_column = inside[k].sum(axis=1), inside[k].sum(axis=0)
        centre.append(float(columns @ by_column / by_column.sum()))
        occupied = np.flatnonzero(by_row)
        front.append(float(rows[occupied[0]]))
        back.append(float(rows[occupied[-1]]))
    every = np.arange(inside.shape[0])
    return Body(
        inside,
        _robust_line(slices, np.asarray(centre), every),
        np.interp(every, slices, ndimage.median_filter(front, 9, mode="nearest")),
        np.interp(every, slices, ndimage.median_filter(back, 9, mode="nearest")),
    )


def _robust_line(
    at: npt.NDArray[np.intp], values: npt.NDArray[np.float64], wanted: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    if at.size < 3:
        return np.full(wanted.size, float(values.mean()))
    keep = np.ones(at.size, dtype=bool)
    line = np.polyfit(at, values, 1)
    for _ in range(3):
        residual = np.abs(values - np.polyval(line, at))
        keep = residual <= 2.5 * float(np.median(residual[keep])) + 1.0
        line = np.polyfit(at[keep], values[keep], 1)
    return np.asarray(np.polyval(line, wanted), dtype=np.float64)
