"""The words and numbers at the edges of a viewport."""

from collections.abc import Sequence
from functools import lru_cache

from app.imaging.annotations import Corners, place_along_axis
from app.imaging.overlay import ON_DARK, Text
from app.imaging.rasterise import text_size
from app.imaging.window import Window
from app.reporting.phrases import visit_name
from app.translation import tr
from segmentation.sampling.reslice import Orientation
from segmentation.volume import Unit
from viewers.scene.hanging import Content
from viewers.scene.images import VisitScene
from viewers.scene.resolve import FrameSpec
from viewers.scene.state import ShownQuantity
from viewers.scene.windows import PetScale

# What the colour bar with its ticks, and half the letter at the edge, take (in text sizes).
_BAR_ROOM, _LETTER_ROOM = 4.6, 1.0
_TALL, _BESIDE_HEAD = 2.5, 0.37  # rows per column of a MIP with room above the head; its share
_LARGE = 36.0  # text sizes in the height of a slice that has room to name the patient
SEPARATOR = " · "


def corners_of(frame: FrameSpec, visit: VisitScene, scale_note: str, text_px: float) -> Corners:
    """The corner texts: visit and series, unit, position, window and zoom.

    `scale_note` says how the PET windows of the visits shown belong together. Lines are broken or
    left out so that none runs into the letter in the middle, the colour bar or its neighbour.
    """
    columns = frame.plane.columns
    half = columns / 2 - (_LETTER_ROOM + 0.4) * text_px
    room = columns - (0.8 + (0.0 if frame.scale is None else _BAR_ROOM)) * text_px
    if frame.orientation is None and frame.plane.rows < _TALL * columns:
        room = min(room, _BESIDE_HEAD * columns)  # the head stands at the top of the picture
    top = _headings(visit, title(frame.content), half, text_px)
    large = frame.plane.rows > _LARGE * text_px and frame.plane.columns > _LARGE * text_px / 2
    if visit.patient and (large or frame.orientation is None):
        top.append(_shortened(visit.patient, room, text_px))
    headings = len(top)
    # Upright pictures of a layout stand below an axial one that tells of the acquisition.
    if frame.orientation in (None, Orientation.AXIAL) and frame.content is not Content.FUSION:
        lines = visit.ct_lines if frame.content is Content.CT else visit.pet_lines
        for line in lines:
            top += _broken(line, room, text_px)
    most = max(2, int((frame.plane.rows / 2 - 3 * text_px) / (1.25 * text_px)))
    if visit.refusal is not None and frame.content is not Content.CT:
        most = headings
    note = (scale_note,) if scale_note and frame.scale is not None else ()
    fits = not note or _width(scale_note, text_px) <= half
    return Corners(
        tuple(line for line in top if line)[:most],
        note if fits else (),
        (*(() if fits else note), *_state_lines(frame)),
    )


def title(content: Content) -> str:
    """What a viewport shows, in words."""
    return {
        Content.CT: tr("CT"),
        Content.PET: tr("PET"),
        Content.FUSION: tr("PET on CT"),
        Content.MIP: tr("MIP"),
    }[content]


def unit_of(scale: PetScale) -> str:
    """The quantity and unit a PET is shown in."""
    if scale.quantity is ShownQuantity.SUVBW:
        return "SUVbw g/mL"
    if scale.quantity is ShownQuantity.SUL:
        return "SUL g/mL"
    return tr("stored values") if scale.unit is Unit.UNKNOWN else str(scale.unit.value)


def scale_note(scales: Sequence[PetScale], locked: bool) -> str:
    """Whether the PET windows of several visits may be compared, in words; "" for one visit."""
    if len(scales) < 2:
        return ""
    if len({scale.unit for scale in scales}) > 1:
        return tr("different units")
    if scales[0].quantity is None:
        return tr("no common scale")
    return tr("scale locked") if locked else tr("scale not locked")


def refusal_lines(visit: VisitScene) -> tuple[str, ...]:
    """The warning over a PET that must not be measured, and its reason."""
    if visit.refusal is None:
        return ()
    return (tr("NOT FOR QUANTIFICATION"), visit.refusal)


def missing_text(frame: FrameSpec, visit: VisitScene) -> str:
    """What an empty viewport says."""
    if frame.content is Content.MIP and visit.mip is None:
        return tr("Preparing the MIP…")
    return tr("No CT at this visit")


def position_text(frame: FrameSpec) -> str:
    """Where the slice lies along its axis, with the patient direction (mm)."""
    if frame.orientation is None:
        return ""
    return place_along_axis(frame.orientation, frame.plane.origin_lps_mm)


def _headings(visit: VisitScene, what: str, half: float, text_px: float) -> list[str]:
    """Visit with its date, and what is shown; the date goes down where the first line is full."""
    if _width(visit.label, text_px) <= half:
        return [visit.label, what]
    name, _, date = visit.label.rpartition(" ")
    if _width(name, text_px) > half:
        name = visit_name(visit.number, short=True)
    return [name, date, what]


def _broken(line: str, room: float, text_px: float) -> list[str]:
    """A line in pieces that fit, broken at its separators.

    A measured value too long by itself goes on below its name; another piece is left out.
    """
    lines: list[str] = []
    for part in line.split(SEPARATOR):
        longer = f"{lines[-1]}{SEPARATOR}{part}" if lines else part
        if lines and _width(longer, text_px) <= room:
            lines[-1] = longer
        elif _width(part, text_px) <= room:
            lines.append(part)
        elif any(letter.isdigit() for letter in part):
            lines += [half for half in part.split(" ", 1) if _width(half, text_px) <= room]
    return lines


def _shortened(text: str, room: float, text_px: float) -> str:
    """The text, or its two ends: ids of one trial differ at the end and sites at the beginning."""
    if _width(text, text_px) <= room:
        return text
    for kept in range(len(text) - 1, 1, -1):
        head = (kept + 1) // 2
        short = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
        if _width(short, text_px) <= room:
            return short
    return ""


@lru_cache(maxsize=1024)
def _width(text: str, text_px: float) -> float:
    return text_size(Text(text, (0.0, 0.0), text_px, ON_DARK))[1]


def _state_lines(frame: FrameSpec) -> list[str]:
    lines = [position_text(frame)]
    if frame.content is Content.CT and frame.ct_window is not None:
        lines.append(_ct_text(frame.ct_window))
    if frame.scale is not None:
        lines.append(_pet_text(frame.scale))
        if frame.scale.quantity is ShownQuantity.SUVBW:
            lines.append(tr("panels: SUL"))
    lines.append(f"× {frame.zoom:.2f}")
    return [line for line in lines if line]


def _ct_text(window: Window) -> str:
    return f"W {window.width:.0f}  L {window.level:.0f}"


def _pet_text(scale: PetScale) -> str:
    name = {ShownQuantity.SUL: "SUL ", ShownQuantity.SUVBW: "SUVbw "}
    prefix = "" if scale.quantity is None else name[scale.quantity]
    return f"{prefix}{_number(scale.shown.lower)}–{_number(scale.shown.upper)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"
