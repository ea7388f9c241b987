"""Where the reference region lay: an axial slice through its middle for each visit."""

from collections.abc import Iterator, Sequence

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.reference import LpsMm
from app.imaging.markers import Marker
from app.imaging.window import PRESETS, WindowPreset
from app.reporting.picture_files import (
    KeyImage,
    Shown,
    VisitImages,
    axial_picture,
    dated_visit,
    png_bytes,
    range_text,
)
from app.translation import tr
from app.wording import sentence
from segmentation.sampling.reslice import Orientation, plane_around
from segmentation.volume import Volume

# The whole trunk, so that the sphere is seen in its organ and not only in its neighbourhood.
WIDTH_MM, HEIGHT_MM, PIXEL_MM = 420.0, 300.0, 0.7
LEAST_INSIDE_MM = 30.0
TEXT_PX = 18.0
# The liver is at 1-3 g/mL whatever the lesions have: always the scale that shows it.
WINDOW = PRESETS[WindowPreset.PET_0_5]


def reference_images(read: DraftRead, images: Sequence[VisitImages]) -> Iterator[KeyImage]:
    """One slice for each visit, all at one scale, the region's ring drawn at its true size."""
    for point, visit in zip(read.time_points, images, strict=True):
        region = point.reference
        at = region.center_lps_mm
        middle = _middle(visit.sul, at)
        plane = plane_around(Orientation.AXIAL, middle, (WIDTH_MM, HEIGHT_MM), PIXEL_MM)
        marker = Marker(tr("Reference"), at, region.diameter_mm / 2)
        picture = axial_picture(read, point, visit, plane, at, marker, WINDOW, TEXT_PX)
        yield KeyImage(
            f"reference-{point.number}.png",
            png_bytes(picture),
            Shown.REFERENCE,
            point.number,
            _caption(point),
        )


def _middle(sul: Volume, at: LpsMm) -> LpsMm:
    """The middle of the scan in the region's slice, moved as little as keeps the region inside."""
    size = [(n - 1) / 2 for n in sul.geometry.shape_zyx]
    scan = sul.geometry.lps_from_zyx(size)
    place = [
        min(max(float(scan[k]), at[k] - room), at[k] + room)
        for k, room in enumerate((WIDTH_MM / 2 - LEAST_INSIDE_MM, HEIGHT_MM / 2 - LEAST_INSIDE_MM))
    ]
    return place[0], place[1], at[2]


def _caption(point: TimePoint) -> str:
    region = point.reference
    return tr("{visit}: {region}, SULmean {mean} g/mL; shown {range}").format(
        visit=dated_visit(point),
        region=sentence("reference", region.kind.value, {}),
        mean=f"{region.mean_sul_g_per_ml:.3f}",
        range=range_text(WINDOW),
    )
