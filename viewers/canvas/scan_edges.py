"""Where a scan begins and ends: beyond it nothing was looked at, which is not "no uptake"."""

import numpy as np

from app.imaging.overlay import Ink, Item, Lines, Text
from app.translation import tr
from segmentation.sampling.reslice import Orientation
from segmentation.volume import Volume
from viewers.scene.hanging import Content
from viewers.scene.images import VisitScene
from viewers.scene.resolve import FrameSpec

_DASH, _GAP = 0.5, 0.5  # in text sizes
_TEXT_ROOM = 1.6  # text sizes between line and words, and what else stands in the picture
_SHARE = 0.8  # of the size of other texts
# Fainter than the other inks: the edge must not look like uptake.
_FAINT_ON_LIGHT, _FAINT_ON_DARK = (90, 90, 90), (150, 150, 150)


def scan_edge_items(
    frame: FrameSpec, visit: VisitScene, ink: Ink, text_px: float, lines_above: int
) -> tuple[Item, ...]:
    """Dashed lines at the first and last slice of an upright picture, named where there is room.

    `lines_above` is the number of corner text lines at the top left.
    """
    if frame.orientation is Orientation.AXIAL:
        return ()
    volume = visit.ct if frame.content is Content.CT else visit.sul
    if volume is None:
        return ()
    plane = frame.plane
    on_dark = sum(ink.colour) > 3 * 128
    faint = Ink(_FAINT_ON_DARK if on_dark else _FAINT_ON_LIGHT, ink.halo)
    items: list[Item] = []
    above, below = (lines_above * 1.25 + _TEXT_ROOM) * text_px, (2.5 + _TEXT_ROOM) * text_px
    for lps, outwards in _ends(volume):
        row = float(plane.pixel_from_lps(lps)[0])
        if not 0.0 < row < plane.rows - 1:
            continue
        items.append(_dashed(row, plane.columns, faint, text_px))
        if above < row < plane.rows - 1 - below:
            at = (row + outwards * 0.3 * text_px, text_px * 0.4)
            align = (1.0 if outwards < 0 else 0.0, 0.0)
            items.append(Text(tr("end of scan"), at, text_px * _SHARE, faint, align))
    return tuple(items)


def _ends(volume: Volume) -> tuple[tuple[np.ndarray[tuple[int], np.dtype[np.float64]], int], ...]:
    """The middle of the volume's lower and upper face (LPS, mm) and which way is out, in rows."""
    slices, rows, columns = volume.geometry.shape_zyx
    faces = [[z, (rows - 1) / 2, (columns - 1) / 2] for z in (-0.5, slices - 0.5)]
    low, high = volume.geometry.lps_from_zyx(np.array(faces))
    return (low, 1), (high, -1)


def _dashed(row: float, columns: int, ink: Ink, text_px: float) -> Lines:
    starts = np.arange(0.0, columns, (_DASH + _GAP) * text_px)
    ends = np.minimum(starts + _DASH * text_px, columns - 1.0)
    segments = np.stack(
        [np.column_stack([np.full_like(x, row), x]) for x in (starts, ends)], axis=1
    )
    return Lines(segments, Ink(ink.colour, None), 1.0)
