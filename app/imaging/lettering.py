"""The typefaces of pictures, from the fonts shipped with the program."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_FOLDER = Path(__file__).parent.parent.parent / "resources" / "fonts"


class Face(StrEnum):
    """The cuts on offer."""

    REGULAR = "IBMPlexSans-Regular.ttf"
    SEMI_BOLD = "IBMPlexSans-SemiBold.ttf"
    ITALIC = "IBMPlexSans-Italic.ttf"


@lru_cache(maxsize=64)
def typeface(face: Face, size_px: float) -> ImageFont.FreeTypeFont:
    """A typeface at a size in pixels."""
    return ImageFont.truetype(FONT_FOLDER / face.value, size_px)
