"""A phantom with letters in the patient, readable on screen only where nothing is mirrored."""

import numpy as np
from scipy import ndimage

# No stroke hangs on a corner, so that a letter is one piece on any grid.
GLYPHS = {
    "R": ("#####", "#...#", "#...#", "#####", "#.##.", "#..##", "#...#"),
    "L": ("#....", "#....", "#....", "#....", "#....", "#....", "#####"),
    "A": ("#####", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"),
    "P": ("#####", "#...#", "#...#", "#####", "#....", "#....", "#...."),
    "H": ("#...#", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"),
    "F": ("#####", "#....", "#....", "####.", "#....", "#....", "#...."),
}
BITMAPS = {
    name: np.array([[c == "#" for c in row] for row in rows]) for name, rows in GLYPHS.items()
}
PIXEL_MM = 6.0

# letter, which LPS components run right and down on screen (with sign), centre, half thickness
AXIAL = ((0, 1), (1, 1))
CORONAL = ((0, 1), (2, -1))
SAGITTAL = ((1, 1), (2, -1))
PLACED = (
    ("R", AXIAL, (-60.0, 0.0, 0.0)),
    ("L", AXIAL, (60.0, 0.0, 0.0)),
    ("A", AXIAL, (0.0, -60.0, 0.0)),
    ("P", AXIAL, (0.0, 60.0, 0.0)),
    ("R", CORONAL, (-60.0, 0.0, 60.0)),
    ("L", CORONAL, (60.0, 0.0, 60.0)),
    ("H", CORONAL, (0.0, 0.0, 90.0)),
    ("A", SAGITTAL, (0.0, -60.0, -60.0)),
    ("P", SAGITTAL, (0.0, 60.0, -60.0)),
)
HALF_THICKNESS_MM = 12.0


def letters_at(lps):
    """Whether positions [..., 3] lie in a letter."""
    inside = np.zeros(lps.shape[:-1], bool)
    for name, (right, down), center in PLACED:
        relative = lps - np.asarray(center)
        column = np.floor(relative[..., right[0]] * right[1] / PIXEL_MM + 2.5).astype(int)
        row = np.floor(relative[..., down[0]] * down[1] / PIXEL_MM + 3.5).astype(int)
        depth = 3 - right[0] - down[0]
        fits = (row >= 0) & (row < 7) & (column >= 0) & (column < 5)
        fits &= np.abs(relative[..., depth]) <= HALF_THICKNESS_MM
        inside[fits] |= BITMAPS[name][row[fits], column[fits]]
    return inside


def letters_read(luminance, bright):
    """The letters on a picture: [(name, row, column)], each share of the picture's size.

    Only upright, unmirrored letters are recognised; anything else of a letter's size is "?".
    """
    ink = luminance > 128 if bright else luminance < 128
    pieces, _ = ndimage.label(ink, np.ones((3, 3)))
    found = []
    for box in ndimage.find_objects(pieces):
        height, width = (s.stop - s.start for s in box)
        if not (0.1 < height / ink.shape[0] < 0.3 and 0.55 < width / height < 0.95):
            continue
        piece = ink[box]
        rows = ((np.arange(7) + 0.5) / 7 * height).astype(int)
        columns = ((np.arange(5) + 0.5) / 5 * width).astype(int)
        bitmap = piece[np.ix_(rows, columns)]
        name = next((n for n, b in BITMAPS.items() if (b == bitmap).all()), "?")
        middle = [(s.start + s.stop) / 2 / n for s, n in zip(box, ink.shape, strict=True)]
        found.append((name, *middle))
    return found
