"""What the pictures of a report have in common: files, captions, the words in their corners."""

import io
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from app.domain.draft_read import DraftRead, TimePoint
from app.imaging.annotations import Corners, place_along_axis
from app.imaging.figures import Notes, fusion_figure, slice_figure
from app.imaging.frames import FusionStyle, Layer
from app.imaging.markers import Marker
from app.imaging.overlay import ON_DARK, Text
from app.imaging.palette import Palette
from app.imaging.picture import Picture
from app.imaging.rasterise import text_size
from app.imaging.window import Window
from app.reporting.phrases import visit_name
from app.reporting.printable import printable
from app.translation import tr
from segmentation.geometry import Vector
from segmentation.sampling.reslice import Orientation, SlicePlane
from segmentation.volume import Volume

UNIT = "SUL g/mL"
SUBJECT_SHARE = 0.7  # of a picture's width; the scale bar has the rest


class Shown(StrEnum):
    """What a picture is there for."""

    MIP = "mip"
    LESION = "lesion"
    REFERENCE = "reference"


@dataclass(frozen=True, eq=False)
class VisitImages:
    """The canonical volumes of one visit."""

    sul: Volume
    ct: Volume | None


@dataclass(frozen=True, eq=False)
class KeyImage:
    """A finished PNG: what it shows (`lesion_id` of a lesion only), when, and its caption."""

    file: str
    png: bytes
    shown: Shown
    visit: int
    caption: str
    lesion_id: str | None = None


def axial_picture(
    read: DraftRead,
    point: TimePoint,
    images: VisitImages,
    plane: SlicePlane,
    at: Vector,
    marker: Marker,
    window: Window,
    text_px: float,
) -> Picture:
    """A marked axial slice, PET over CT; the PET alone where there is no CT."""
    place = place_along_axis(Orientation.AXIAL, at)
    notes = Notes(
        markers=(marker,),
        corners=Corners(
            top_left=(short_visit(point), place),
            # One line up: the letter of the edge stands in the last one.
            bottom_right=(subject_line(read, plane, text_px), ""),
        ),
        unit=UNIT,
        text_px=text_px,
    )
    if images.ct is not None:
        style = FusionStyle(pet=Layer(window, Palette.HOT_METAL))
        return fusion_figure(images.ct, images.sul, plane, style, notes)
    return slice_figure(images.sul, plane, Layer(window, Palette.INVERTED_GREY), notes)


def subject_line(read: DraftRead, plane: SlicePlane, text_px: float) -> str:
    """The subject for the corner of a picture, cut where it is too wide for it."""
    full = line = printable(read.patient.patient_id)
    kept = len(full)
    while kept and _width(line, text_px) > SUBJECT_SHARE * plane.columns:
        kept -= 1
        line = f"{full[:kept]}…"
    return line


def _width(line: str, text_px: float) -> float:
    return text_size(Text(line, (0.0, 0.0), text_px, ON_DARK))[1]


def range_text(window: Window) -> str:
    """The SUL a picture shows from white to black, or from black to white."""
    return tr("SUL {lower}–{upper} g/mL").format(
        lower=f"{window.lower:g}", upper=f"{window.upper:g}"
    )


def dated_visit(point: TimePoint) -> str:
    """A visit with its date, for captions."""
    return f"{visit_name(point.number)}, {point.scanned_at.date().isoformat()}"


def short_visit(point: TimePoint) -> str:
    """The visit in the corner of a picture, short of the letter in the middle of its edge."""
    return f"{visit_name(point.number, short=True)} {point.scanned_at.date().isoformat()}"


def png_bytes(picture: Picture) -> bytes:
    """A picture as PNG."""
    stream = io.BytesIO()
    # Alpha is opaque throughout and PDF/A-1 readers choke on it: three channels.
    Image.fromarray(np.ascontiguousarray(picture.rgba[..., :3])).save(stream, "PNG", optimize=False)
    return stream.getvalue()
