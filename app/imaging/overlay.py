"""What is drawn over a picture: a list of frozen items in pixel coordinates.

Builders turn patient positions into items; `rasterise` draws them for the report, and a window
may paint the same items with its own toolkit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.imaging.lettering import Face
from app.imaging.palette import Rgba

Rgb = tuple[int, int, int]
Pixel = tuple[float, float]  # (row, column), whole numbers at pixel centres


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour and the halo that keeps it legible on any ground."""

    colour: Rgb
    halo: Rgb | None


ON_DARK = Ink((255, 255, 255), (0, 0, 0))
ON_LIGHT = Ink((20, 20, 20), (255, 255, 255))
MARK_ON_DARK = Ink((0, 229, 255), (0, 0, 0))
MARK_ON_LIGHT = Ink((196, 0, 92), (255, 255, 255))


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle line."""

    center: Pixel
    radius_px: float
    ink: Ink
    width_px: float = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight pieces [n, 2 ends, (row, column)]."""

    segments: npt.NDArray[np.float64]
    ink: Ink
    width_px: float = 1.4


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `align` is the share of its box (height, width) that lies before `at`.

    (0, 0) hangs it from its top left corner, (0.5, 0.5) centres it.
    """

    text: str
    at: Pixel
    size_px: float
    ink: Ink
    align: tuple[float, float] = (0.0, 0.0)
    face: Face = Face.REGULAR


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A small opaque picture with its top left pixel (a colour scale)."""

    rgba: Rgba
    top: int
    left: int


Item = Ring | Lines | Text | Patch
