"""What lies over the pictures: lesions by role, the reference, calipers."""

from collections.abc import Mapping

from app.domain.caliper import Caliper
from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.domain.region import RegionSpec, SphereRegion, ThresholdRegion
from app.imaging.overlay import Rgb
from app.reading.state import Lesion, LesionRole, VisitEntry
from app.translation import tr
from segmentation.geometry import Vector
from segmentation.mask import Mask
from segmentation.metrics.peak import PEAK_DIAMETER_MM
from viewers.presenters.derived import DerivedReading
from viewers.scene.overlays import (
    CaliperMark,
    EditedSphere,
    LesionMark,
    PeakSphere,
    ReferenceSphere,
    RegionOutline,
    SceneOverlays,
    VisitOverlays,
)

ROLE_COLOURS: dict[LesionRole, Rgb] = {
    LesionRole.TUMOUR: (0, 229, 255),
    LesionRole.PHYSIOLOGICAL: (150, 160, 170),
    LesionRole.UNSURE: (255, 196, 0),
}
SMALLEST_MARK_MM = 8.0
NOTHING_COUNTED: Mapping[int, Mask | None] = {}


def scene_overlays(
    derived: DerivedReading,
    selected: str | None,
    counted: Mapping[int, Mask | None] = NOTHING_COUNTED,
    hide_physiological: bool = False,
) -> SceneOverlays:
    """The overlays of all visits.

    `counted` holds the voxels that the selected lesion's volume counts at each visit: its outline
    is what is signed, where a ring only says where to look.
    """
    return SceneOverlays(
        tuple(
            (
                entry.number,
                _visit(derived, entry, selected, counted.get(entry.number), hide_physiological),
            )
            for entry in derived.state.visits
        )
    )


def place_of(derived: DerivedReading, lesion_id: str, visit: int) -> Vector | None:
    """Where a lesion lies at a visit: its measured peak, else the place of its region."""
    measured = derived.measurements.get((lesion_id, visit))
    if measured is not None:
        return measured.peak_lps_mm
    return _centre(derived.state.lesion(lesion_id).region_at(visit))


def _visit(
    derived: DerivedReading,
    entry: VisitEntry,
    selected: str | None,
    counted: Mask | None,
    hide_physiological: bool,
) -> VisitOverlays:
    marks = []
    edited, peak = None, None
    outlines: tuple[RegionOutline, ...] = ()
    for lesion in derived.state.lesions:
        chosen = lesion.lesion_id == selected
        hidden = hide_physiological and lesion.role is LesionRole.PHYSIOLOGICAL and not chosen
        if lesion.removed or hidden:
            continue
        region = lesion.region_at(entry.number)
        mark = _mark(derived, lesion, entry.number, region, chosen)
        if mark is not None:
            marks.append(mark)
        if chosen:
            colour = ROLE_COLOURS[lesion.role]
            peak = _peak(derived.measurements.get((lesion.lesion_id, entry.number)), colour)
            if isinstance(region, SphereRegion):
                edited = EditedSphere(lesion.lesion_id, region.center_lps_mm, region.diameter_mm)
            if counted is not None and counted.voxels:
                outlines = (RegionOutline(lesion.lesion_id, counted, colour),)
    reference = ReferenceSphere(
        tr("liver"), entry.reference.center_lps_mm, entry.reference.diameter_mm
    )
    calipers = tuple(
        _caliper(item, selected) for item in derived.state.calipers if item.visit == entry.number
    )
    return VisitOverlays(tuple(marks), outlines, edited, reference, calipers, peak)


def _peak(measured: LesionMeasurement | None, colour: Rgb) -> PeakSphere | None:
    if measured is None:
        return None
    return PeakSphere(measured.peak_lps_mm, PEAK_DIAMETER_MM, colour)


def _mark(
    derived: DerivedReading, lesion: Lesion, visit: int, region: RegionSpec | None, chosen: bool
) -> LesionMark | None:
    center = place_of(derived, lesion.lesion_id, visit)
    if region is None or center is None:
        return None
    measured = derived.measurements.get((lesion.lesion_id, visit))
    if isinstance(region, SphereRegion):
        center, radius = region.center_lps_mm, region.diameter_mm / 2.0
    elif measured is not None and measured.origin is LesionOrigin.CARRIED:
        # What half of a maximum in the background reaches says nothing: as large as it was first.
        first = derived.measurements.get((lesion.lesion_id, lesion.first_visit))
        radius = max(SMALLEST_MARK_MM, _radius(first))
    else:
        radius = max(SMALLEST_MARK_MM, _radius(measured))
    faint = lesion.role is LesionRole.PHYSIOLOGICAL and not chosen
    colour = ROLE_COLOURS[lesion.role]
    return LesionMark(lesion.lesion_id, lesion.lesion_id, center, radius, colour, chosen, faint)


def _radius(measured: LesionMeasurement | None) -> float:
    if measured is None or measured.longest_diameter_mm is None:
        return 0.0
    return 0.5 * measured.longest_diameter_mm + 3.0


def _centre(region: RegionSpec | None) -> Vector | None:
    if isinstance(region, SphereRegion):
        return region.center_lps_mm
    return region.seed_lps_mm if isinstance(region, ThresholdRegion) else None


def _caliper(item: Caliper, selected: str | None) -> CaliperMark:
    short = item.short_axis_mm
    return CaliperMark(
        item.caliper_id,
        item.long_axis_lps_mm,
        item.short_axis_lps_mm,
        f"{item.long_axis_mm:.1f} mm",
        "" if short is None else f"{short:.1f} mm",
        selected in (item.caliper_id, item.lesion_id),
    )
