"""The pictures of a report: lesion slices and MIPs on one scale for all visits, the reference."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.lesion import LesionMeasurement
from app.domain.reference import LpsMm
from app.imaging.figures import Notes, mip_figure
from app.imaging.frames import Layer
from app.imaging.markers import Marker
from app.imaging.palette import Palette
from app.imaging.window import Window
from app.reporting.phrases import site_text
from app.reporting.picture_files import (
    UNIT,
    KeyImage,
    Shown,
    VisitImages,
    axial_picture,
    dated_visit,
    png_bytes,
)
from app.reporting.reference_images import reference_images
from app.translation import tr
from segmentation.sampling.projection import MipFrames, project_maximum
from segmentation.sampling.reslice import Orientation, SlicePlane, plane_around

SLICE_SIZE_MM = 240.0
SLICE_PIXEL_MM = 0.5
MIP_PIXEL_MM = 1.2
MIP_MARGIN_MM = 15.0
SMALLEST_MARKER_MM = 9.0
# Letters that stay readable at the size a picture is printed: lines in the larger side, pixels.
MIP_LETTERS, SLICE_TEXT_PX = 27.0, 19.0
MOST_LESIONS = 5
MOST_UNMATCHED = 3
# Readers expect 0-5 SUL; where the target is hotter than that by far, everything would be white.
USUAL_UPPER_SUL, HOT_UPPER_SUL = 5.0, 10.0


def scale_upper_sul(read: DraftRead) -> float:
    """The upper end of the one SUL scale of all pictures of a read."""
    hottest = max(
        (item.sul_peak for point in read.time_points for item in point.tumour_lesions),
        default=0.0,
    )
    return HOT_UPPER_SUL if hottest > HOT_UPPER_SUL else USUAL_UPPER_SUL


def shown_window(read: DraftRead) -> Window:
    """The one window of all pictures of a read but those of the reference region."""
    return Window(0.0, scale_upper_sul(read))


def key_images(read: DraftRead, images: Sequence[VisitImages]) -> Iterator[KeyImage]:
    """MIPs of all shown visits, a slice per shown lesion and visit, the reference at all visits.

    Shown are the baseline and the latest visit. A lesion that has no measurement at a visit is
    shown at the place that corresponds to the baseline's.
    """
    shown = sorted({0, len(read.time_points) - 1})
    window = shown_window(read)
    yield from _mips([(read.time_points[visit], images[visit]) for visit in shown], window)
    for lesion in shown_lesions(read):
        for visit in shown:
            image = _slice(read, visit, lesion, images[visit], window)
            if image is not None:
                yield image
    yield from reference_images(read, images)


def shown_lesions(read: DraftRead) -> tuple[str, ...]:
    """The ids of the lesions with key images: the hottest of the baseline, unmatched foci last."""
    baseline = [item.lesion_id for item in read.baseline.tumour_lesions[:MOST_LESIONS]]
    for point in read.time_points[1:]:
        response = point.response
        if response and response.target_id and response.target_id not in baseline:
            baseline.append(response.target_id)
    latest = [i.lesion_id for i in read.latest.tumour_lesions if i.lesion_id.startswith("U")]
    return (*baseline, *latest[:MOST_UNMATCHED])


def _mips(visits: Sequence[tuple[TimePoint, VisitImages]], window: Window) -> Iterator[KeyImage]:
    """The MIPs of the visits, all as large as the largest: printed at one scale.

    White around them leaves room for the rings of lesions at the edge of the scan.
    """
    margin = 2 * round(MIP_MARGIN_MM / MIP_PIXEL_MM)
    turns = [project_maximum(images.sul, (0.0,)) for _, images in visits]
    planes = [frames.plane(0, MIP_PIXEL_MM) for frames in turns]
    rows = max(plane.rows for plane in planes) + margin
    columns = max(plane.columns for plane in planes) + margin
    for (point, _), frames, plane in zip(visits, turns, planes, strict=True):
        yield _mip(point, frames, widened(plane, rows, columns), window)


def widened(plane: SlicePlane, rows: int, columns: int) -> SlicePlane:
    """A plane with pixels added all around, its middle where it was."""
    first = np.array([(plane.rows - rows) // 2, (plane.columns - columns) // 2], dtype=float)
    x, y, z = (float(v) for v in plane.lps_from_pixel(first))
    return replace(plane, origin_lps_mm=(x, y, z), rows=rows, columns=columns)


def _mip(point: TimePoint, frames: MipFrames, plane: SlicePlane, window: Window) -> KeyImage:
    markers = tuple(_marker(item) for item in point.tumour_lesions)
    layer = Layer(window, Palette.INVERTED_GREY)
    # Printed at one height or width whatever the scan's length: letters keep their size.
    text_px = max(plane.rows, plane.columns) / MIP_LETTERS
    notes = Notes(markers=markers, unit=UNIT, text_px=text_px)
    picture = mip_figure(frames, 0, plane, layer, notes)
    caption = tr("{visit}: MIP from the front").format(visit=dated_visit(point))
    file = f"mip-{point.number}.png"
    return KeyImage(file, png_bytes(picture), Shown.MIP, point.number, caption)


def _slice(
    read: DraftRead, visit: int, lesion_id: str, images: VisitImages, window: Window
) -> KeyImage | None:
    point = read.time_points[visit]
    found = _lesion(point, lesion_id)
    center = found.peak_lps_mm if found else _corresponding(read, lesion_id, visit)
    if center is None:
        return None
    plane = plane_around(Orientation.AXIAL, center, (SLICE_SIZE_MM, SLICE_SIZE_MM), SLICE_PIXEL_MM)
    marker = _marker(found) if found else Marker(lesion_id, center, SMALLEST_MARKER_MM)
    picture = axial_picture(read, point, images, plane, center, marker, window, SLICE_TEXT_PX)
    value = f"SULpeak {found.sul_peak:.2f} g/mL" if found else tr("not measured")
    caption = tr("{visit}: {value}").format(visit=dated_visit(point), value=value)
    file = f"{lesion_id.lower()}-{visit}.png"
    return KeyImage(file, png_bytes(picture), Shown.LESION, visit, caption, lesion_id)


def _corresponding(read: DraftRead, lesion_id: str, visit: int) -> LpsMm | None:
    """Where a lesion of one visit lies at another, through the rigid registration."""
    for other, point in enumerate(read.time_points):
        found = _lesion(point, lesion_id)
        if found is None:
            continue
        position = np.array([*found.peak_lps_mm, 1.0])
        if point.here_from_baseline is not None:
            position = np.linalg.inv(np.array(point.here_from_baseline)) @ position
        forward = read.time_points[visit].here_from_baseline
        if forward is not None and other != visit:
            position = np.array(forward) @ position
        return float(position[0]), float(position[1]), float(position[2])
    return None


def _lesion(point: TimePoint, lesion_id: str) -> LesionMeasurement | None:
    return next((item for item in point.lesions if item.lesion_id == lesion_id), None)


def _marker(item: LesionMeasurement) -> Marker:
    half = 0.5 * (item.longest_diameter_mm or 0.0) + 4.0
    return Marker(item.lesion_id, item.peak_lps_mm, max(half, SMALLEST_MARKER_MM))


def lesion_title(read: DraftRead, lesion_id: str) -> str:
    """The lesion's id and place, for the head of its row of pictures."""
    for point in read.time_points:
        found = _lesion(point, lesion_id)
        if found is not None:
            place = site_text(found.site, found.side)
            return tr("{lesion}: {site}").format(lesion=lesion_id, site=place)
    return lesion_id
