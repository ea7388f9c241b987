"""Closed contours of one plane filled by voxel centres."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# Rounding of contour decimal strings: a centre this near to an edge counts as on it (pixels).
EDGE_SLACK_PX = 1e-6


def fill_contours(
    contours: Sequence[npt.NDArray[np.float64]], shape_yx: tuple[int, int]
) -> npt.NDArray[np.bool_]:
    """Pixels whose centre lies inside an odd number of contours, array [y, x].

    Each contour is a closed polygon of (x, y) in fractional pixel indices, shape (n, 2), pixel
    centres at whole numbers. Even-odd over all edges at once: a contour inside another is a
    hole, a keyhole's two coincident edges cancel (PS3.3 C.8.8.6.3). Each edge is crossed by the
    rows with low <= y < high; a centre on a left edge is inside, on a right edge outside.
    """
    rows, columns = shape_yx
    toggles = np.zeros((rows, columns + 1), dtype=np.int32)
    for polygon in contours:
        if len(polygon) < 3:
            continue
        ends = np.roll(polygon, -1, axis=0)
        upward = polygon[:, 1] <= ends[:, 1]
        low = np.where(upward[:, None], polygon, ends)
        high = np.where(upward[:, None], ends, polygon)
        first = np.clip(np.ceil(low[:, 1] - EDGE_SLACK_PX), 0, rows).astype(int)
        stop = np.clip(np.ceil(high[:, 1] - EDGE_SLACK_PX), 0, rows).astype(int)
        counts = np.maximum(stop - first, 0)
        edge = np.repeat(np.arange(len(polygon)), counts)
        start = np.cumsum(counts) - counts
        y = np.arange(counts.sum()) - start[edge] + first[edge]
        rise = high[edge, 1] - low[edge, 1]
        share = np.clip((y - low[edge, 1]) / rise, 0.0, 1.0)
        x = low[edge, 0] + share * (high[edge, 0] - low[edge, 0])
        column = np.clip(np.ceil(x - EDGE_SLACK_PX), 0, columns).astype(int)
        np.add.at(toggles, (y, column), 1)
    return np.asarray(np.cumsum(toggles[:, :columns], axis=1) % 2 == 1)
