"""What frames a picture: orientation letters, scale bar, crosshair, corner text, colour bar."""

from dataclasses import dataclass

import numpy as np

from app.imaging.lettering import Face
from app.imaging.overlay import Ink, Item, Lines, Patch, Text
from app.imaging.palette import Palette, table
from app.imaging.window import Window
from segmentation.geometry import Vector
from segmentation.sampling.reslice import Orientation, SlicePlane

# Patient directions by LPS component: negative, positive (DICOM: right/left, anterior/posterior,
# feet/head).
_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
# The LPS component a conventional plane moves along.
_AXIS = {Orientation.SAGITTAL: 0, Orientation.CORONAL: 1, Orientation.AXIAL: 2}
_LETTER_FLOOR = 0.25  # a component below this share of the direction is not named (14 degrees)
_BAR_LENGTHS_MM = (200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0)


@dataclass(frozen=True, slots=True)
class EdgeLetters:
    """The patient direction each edge of a picture faces."""

    left: str
    right: str
    top: str
    bottom: str


def edge_letters(plane: SlicePlane) -> EdgeLetters:
    """R L A P H F for the four edges; oblique directions get two or three, strongest first."""
    right, down = np.asarray(plane.right), np.asarray(plane.down)
    return EdgeLetters(_letters(-right), _letters(right), _letters(-down), _letters(down))


def letter_items(plane: SlicePlane, ink: Ink, size_px: float) -> tuple[Item, ...]:
    """The orientation letters at the middle of the edges."""
    letters = edge_letters(plane)
    middle_row, middle_column = (plane.rows - 1) / 2, (plane.columns - 1) / 2
    margin = size_px * 0.35
    places = (
        (letters.left, (middle_row, margin), (0.5, 0.0)),
        (letters.right, (middle_row, plane.columns - 1 - margin), (0.5, 1.0)),
        (letters.top, (0.0, middle_column), (0.0, 0.5)),
        (letters.bottom, (plane.rows - 1.0, middle_column), (1.0, 0.5)),
    )
    return tuple(Text(t, at, size_px, ink, align, Face.SEMI_BOLD) for t, at, align in places)


def place_along_axis(orientation: Orientation, lps_mm: Vector) -> str:
    """Where a slice lies along its axis: `F 96.4 mm` is 96.4 mm towards the feet of the origin."""
    component = _AXIS[orientation]
    value = lps_mm[component]
    return f"{_LETTERS[component][int(value >= 0)]} {abs(value):.1f} mm"


def scale_bar_items(plane: SlicePlane, ink: Ink, size_px: float) -> tuple[Item, ...]:
    """A bar of a round length, at most a quarter of the width, in the lower left corner."""
    longest = plane.columns * plane.pixel_mm / 4
    length_mm = next((v for v in _BAR_LENGTHS_MM if v <= longest), _BAR_LENGTHS_MM[-1])
    row, start = plane.rows - 1 - size_px * 0.8, size_px * 0.8
    end, tick = start + length_mm / plane.pixel_mm, size_px * 0.25
    segments = np.array(
        [
            [[row, start], [row, end]],
            [[row - tick, start], [row + tick, start]],
            [[row - tick, end], [row + tick, end]],
        ]
    )
    name = f"{length_mm / 10:g} cm" if length_mm >= 10 else f"{length_mm:g} mm"
    label = Text(name, (row - tick, (start + end) / 2), size_px * 0.85, ink, (1.0, 0.5))
    return Lines(segments, ink, 1.5), label


def crosshair_items(
    plane: SlicePlane, at_lps_mm: Vector, ink: Ink, gap_px: float = 10.0
) -> tuple[Item, ...]:
    """Lines through a position with the middle left free; none where it lies beside the picture."""
    row, column = (float(v) for v in plane.pixel_from_lps(at_lps_mm))
    bottom, right = plane.rows - 0.5, plane.columns - 0.5
    if not (-0.5 <= row <= bottom and -0.5 <= column <= right):
        return ()
    arms = np.array(
        [
            [[row, -0.5], [row, column - gap_px]],
            [[row, column + gap_px], [row, right]],
            [[-0.5, column], [row - gap_px, column]],
            [[row + gap_px, column], [bottom, column]],
        ]
    )
    seen = ((arms[:, 1] - arms[:, 0]) >= 0).all(axis=1)  # an arm is gone where the gap leaves
    return (Lines(arms[seen], Ink(ink.colour, None), 1.0),)


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text for the corners of a picture."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


NO_TEXT = Corners()


def corner_items(plane: SlicePlane, corners: Corners, ink: Ink, size_px: float) -> tuple[Item, ...]:
    """Corner texts; the lower left corner belongs to the scale bar."""
    margin, step = size_px * 0.4, size_px * 1.25
    far = plane.columns - 1 - margin
    last = len(corners.bottom_right)
    items: list[Item] = []
    for k, text in enumerate(corners.top_left):
        items.append(Text(text, (margin / 2 + k * step, margin), size_px, ink))
    for k, text in enumerate(corners.top_right):
        items.append(Text(text, (margin / 2 + k * step, far), size_px, ink, (0.0, 1.0)))
    for k, text in enumerate(corners.bottom_right):
        row = plane.rows - 1 - margin / 2 - (last - 1 - k) * step
        items.append(Text(text, (row, far), size_px, ink, (1.0, 1.0)))
    return tuple(items)


def colour_bar_items(
    plane: SlicePlane,
    window: Window,
    palette: Palette,
    unit: str,
    ink: Ink,
    size_px: float,
    below_lines: int = 0,
) -> tuple[Item, ...]:
    """A vertical colour scale with ticks and unit at the right edge, above the middle.

    `below_lines` is the number of corner text lines it stands under.
    """
    top = round((1.25 * below_lines + 2.0) * size_px)
    height = max(8, round(plane.rows / 2 - size_px * 1.6) - top)
    width = max(4, round(size_px * 0.7))
    left = plane.columns - 1 - width - round(size_px * 0.6)
    ramp = table(palette)[np.rint(np.linspace(255, 0, height)).astype(np.intp)]
    scale = np.repeat(ramp[:, None, :], width, axis=1)
    box = np.array([[top, left], [top, left + width], [top + height, left + width],
                    [top + height, left]], dtype=float) - 0.5  # fmt: skip
    frame = np.stack([box, np.roll(box, -1, axis=0)], axis=1)
    items: list[Item] = [Patch(scale, top, left), Lines(frame, Ink(ink.colour, None), 1.0)]
    for value in ticks(window):
        row = top - 0.5 + (window.upper - value) / window.width * height
        dash = np.array([[[row, left - size_px * 0.3], [row, left - 0.5]]])
        items.append(Lines(dash, Ink(ink.colour, None), 1.0))
        at = (row, left - size_px * 0.45)
        items.append(Text(f"{value:g}", at, size_px * 0.85, ink, (0.5, 1.0)))
    at = (top - size_px * 0.5, plane.columns - 1 - size_px * 0.4)
    items.append(Text(unit, at, size_px * 0.85, ink, (1.0, 1.0)))
    return tuple(items)


def ticks(window: Window, most: int = 6) -> tuple[float, ...]:
    """Round values within a window, at most `most` of them, 1-2-5 steps apart."""
    raw = window.width / (most - 1)
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= raw * (1 - 1e-9)))
    first = int(np.ceil(window.lower / step - 1e-9))
    last = int(np.floor(window.upper / step + 1e-9))
    return tuple(round(k * step, 10) for k in range(first, last + 1))


def _letters(direction: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    strongest = np.argsort(-np.abs(direction), kind="stable")
    return "".join(
        _LETTERS[k][int(direction[k] > 0)] for k in strongest if abs(direction[k]) >= _LETTER_FLOOR
    )
