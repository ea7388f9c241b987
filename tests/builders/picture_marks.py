"""Whether a picture shows a ring of a colour where it should."""

import numpy as np
import numpy.typing as npt

from app.imaging.overlay import Rgb
from segmentation.geometry import Geometry, Vector

Pixels = npt.NDArray[np.uint8]


def ring_share(
    image: Pixels, row: float, column: float, colour: Rgb, radius_px: float | None = None
) -> float:
    """The largest share of a circle around a pixel drawn in a colour, of any radius if None."""
    rows, columns = np.nonzero(np.abs(image.astype(int) - np.array(colour)).sum(axis=2) < 120)
    radius = np.hypot(rows - row, columns - column)
    sector = np.floor(np.arctan2(rows - row, columns - column) / (2 * np.pi) * 36)
    sizes = np.arange(5.0, 90.0, 0.5)
    if radius_px is not None:
        sizes = np.array([radius_px - 0.5, radius_px, radius_px + 0.5])
    return max(len(np.unique(sector[np.abs(radius - size) < 1.0])) for size in sizes) / 36.0


def slice_center(image: Pixels) -> tuple[float, float]:
    return (image.shape[0] - 1) / 2, (image.shape[1] - 1) / 2


def mip_pixel(
    image: Pixels, geometry: Geometry, pixel_mm: float, lps_mm: Vector
) -> tuple[float, float]:
    """Where a position must lie on a MIP from the front that shows the whole scan in its middle."""
    middle = geometry.lps_from_zyx((np.asarray(geometry.shape_zyx) - 1) / 2)
    row, column = slice_center(image)
    across = (lps_mm[0] - middle[0]) / pixel_mm
    return row - (lps_mm[2] - middle[2]) / pixel_mm, column + across
