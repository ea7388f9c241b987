"""Positions told the way a reader tells them: left of the midline, how deep, how far above the
liver dome. One landmark serves all: the dome is in every trunk scan and easy to find on PET."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmentation.anatomy.body import Body
from segmentation.geometry import Geometry, Vector

# Distances along the body are told as in a patient of this height (m).
STANDARD_HEIGHT_M = 1.70


class Place(NamedTuple):
    """A position relative to the patient: mm to the left of the midline (right is negative),
    depth as a share from the front (0) to the back (1), and mm above the liver dome scaled to a
    patient of 1.70 m (below is negative)."""

    left_mm: float
    depth: float
    above_dome_mm: float


@dataclass(frozen=True, eq=False)
class BodyFrame:
    """The patient's own coordinate frame on a canonical PET volume."""

    geometry: Geometry
    body: Body
    dome_mm: float
    height_m: float | None

    def place(self, lps_mm: Vector) -> Place:
        """Where a patient position (LPS, mm) lies in the body."""
        zyx = self.geometry.zyx_from_lps(lps_mm)
        z_mm, y_mm, x_mm = (float(v) for v in self.geometry.mm_from_zyx(zyx))
        k = int(np.clip(round(float(zyx[0])), 0, self.geometry.shape_zyx[0] - 1))
        front, back = float(self.body.front_y_mm[k]), float(self.body.back_y_mm[k])
        scale = (self.height_m or STANDARD_HEIGHT_M) / STANDARD_HEIGHT_M
        return Place(
            x_mm - float(self.body.midline_x_mm[k]),
            (y_mm - front) / max(back - front, 1.0),
            (z_mm - self.dome_mm) / scale,
        )
