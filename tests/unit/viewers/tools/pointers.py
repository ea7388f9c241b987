"""Pointer positions on an axial slice, 1 mm per pixel unless told."""

from viewers.scene.hanging import Content
from viewers.scene.overlays import VisitOverlays
from viewers.tools.gesture import Pointer

AWAY = (0.0, 0.0, 1.0)


def at(x, y, z=-100.0, content=Content.CT, visit=0, mm_per_pixel=1.0):
    return Pointer(visit, content, (float(x), float(y), float(z)), AWAY, mm_per_pixel)


def drag(tool, *way, over=None):
    """A press, moves and the release; what it meant."""
    tool.press(way[0], over or VisitOverlays())
    for place in way[1:]:
        tool.move(place)
    return tool.release(way[-1])
