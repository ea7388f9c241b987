"""The words and numbers at the edges of a viewport."""

from collections.abc import Sequence

from app.imaging.annotations import Corners
from app.imaging.window import Window
from app.translation import tr
from segmentation.sampling.reslice import Orientation
from segmentation.volume import Unit
from viewers.scene.hanging import Content
from viewers.scene.images import VisitScene
from viewers.scene.resolve import FrameSpec
from viewers.scene.state import ShownQuantity
from viewers.scene.windows import PetScale

# The patient direction of growing LPS coordinates (x, y, z) and of falling ones.
_SIDES = {
    Orientation.SAGITTAL: (0, "L", "R"),
    Orientation.CORONAL: (1, "P", "A"),
    Orientation.AXIAL: (2, "H", "F"),
}
_ROOMY_ROWS = 300  # a lower viewport has no room for the lines of the acquisition


def corners_of(frame: FrameSpec, visit: VisitScene, scale_note: str, text_px: float) -> Corners:
    """The corner texts: visit and series, unit, position, window and zoom.

    `scale_note` says how the PET windows of the visits shown belong together.
    """
    top = [visit.label, title(frame.content)]
    if frame.content is Content.CT:
        top += visit.ct_lines
    elif frame.content in (Content.PET, Content.MIP):
        top += visit.pet_lines
    most = max(2, int((frame.plane.rows / 2 - 3 * text_px) / (1.25 * text_px)))
    if visit.refusal is not None and frame.content is not Content.CT:
        most = 2
    return Corners(
        tuple(line for line in top if line)[:most],
        (scale_note,) if scale_note and frame.scale is not None else (),
        tuple(_state_lines(frame)),
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
    component, positive, negative = _SIDES[frame.orientation]
    value = frame.plane.origin_lps_mm[component]
    return f"{positive if value >= 0 else negative} {abs(value):.1f} mm"


def _state_lines(frame: FrameSpec) -> list[str]:
    lines = [position_text(frame)]
    if frame.content is Content.CT and frame.ct_window is not None:
        lines.append(_ct_text(frame.ct_window))
    if frame.scale is not None:
        lines.append(_pet_text(frame.scale))
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
