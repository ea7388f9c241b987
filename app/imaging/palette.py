"""Look-up tables of 256 colours, and values turned into colour."""

from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from app.imaging.window import Window

Rgba = npt.NDArray[np.uint8]  # [rows, columns, 4]
IndexArray = npt.NDArray[np.uint8]
CALM_GROUND = (192, 192, 192)  # half the luminance of white


class Palette(StrEnum):
    """The colour scales on offer."""

    GREY = "grey"
    INVERTED_GREY = "inverted_grey"
    CALM_INVERTED_GREY = "calm_inverted_grey"
    HOT_METAL = "hot_metal"
    HOT_IRON = "hot_iron"


# Control points (position 0-1, red, green, blue). Hot iron: red rises over the first half, green
# over the second, blue over the last quarter (the formula of the DICOM HOT_IRON palette, PS3.6
# annex B). Hot metal: black, deep violet, red, orange, yellow, pale yellow with steadily rising
# luminance, so that its order survives grey printing; never white, which over CT is bone. Calm
# inverted grey is for screens in a dark room: its ground gives half the light of white and every
# grey is darker by one factor, so that contrasts between greys stay; paper keeps inverted grey.
_CONTROL_POINTS: dict[Palette, tuple[tuple[float, float, float, float], ...]] = {
    Palette.GREY: ((0.0, 0, 0, 0), (1.0, 255, 255, 255)),
    Palette.INVERTED_GREY: ((0.0, 255, 255, 255), (1.0, 0, 0, 0)),
    Palette.CALM_INVERTED_GREY: ((0.0, *CALM_GROUND), (1.0, 0, 0, 0)),
    Palette.HOT_IRON: (
        (0.0, 0, 0, 0),
        (0.5, 255, 0, 0),
        (0.75, 255, 128, 0),
        (1.0, 255, 255, 255),
    ),
    Palette.HOT_METAL: (
        (0.0, 0, 0, 0),
        (0.18, 60, 0, 82),
        (0.40, 190, 14, 40),
        (0.62, 248, 108, 0),
        (0.84, 255, 218, 40),
        (1.0, 255, 255, 170),
    ),
}


@cache
def table(palette: Palette) -> npt.NDArray[np.uint8]:
    """The colours of a palette: uint8 [256, 4], opaque, read-only."""
    points = np.array(_CONTROL_POINTS[palette])
    position = np.linspace(0.0, 1.0, 256)
    colours = np.full((256, 4), 255, dtype=np.uint8)
    for channel in range(3):
        colours[:, channel] = np.rint(np.interp(position, points[:, 0], points[:, channel + 1]))
    colours.setflags(write=False)
    return colours


def quantise(values: npt.NDArray[np.float32], window: Window) -> IndexArray:
    """Positions of values in a window as uint8: 0 at or below its lower, 255 at its upper end."""
    scale = 255.0 / window.width
    index = values * np.float32(scale)
    index += np.float32(0.5 - window.lower * scale)
    np.clip(index, 0.0, 255.0, out=index)
    return index.astype(np.uint8)


def colour(values: npt.NDArray[np.float32], window: Window, palette: Palette) -> Rgba:
    """Values [rows, columns] through window and palette as opaque RGBA."""
    return look_up(words(table(palette)), quantise(values, window))


def words(colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """A table of colours [n, 4] as one 32-bit word per colour, so that one look-up moves all."""
    return np.ascontiguousarray(colours).view(np.uint32)[:, 0]


def look_up(colour_words: npt.NDArray[np.uint32], index: npt.NDArray[np.integer]) -> Rgba:
    """Colours for an array of indices [rows, columns]; indices beyond the table repeat its end."""
    picked = colour_words.take(index, mode="clip")
    return picked.view(np.uint8).reshape(*index.shape, 4)
