"""The reference region of a visit: proposed at baseline, the same place at follow-up."""

from dataclasses import dataclass

from app.domain.reference import PlacementMethod, ReferenceRegion, ReferenceRegionKind
from app.services.load_visit import Visit
from app.wording import reader_error
from segmentation.anatomy.body import find_body
from segmentation.anatomy.frame import BodyFrame
from segmentation.anatomy.liver import Liver, find_liver, propose_reference_sphere, sphere_fits
from segmentation.geometry import Vector
from segmentation.metrics.reference import measure_reference
from segmentation.voi import SphereVoi


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The landmarks of a scan that placement and marks rest on."""

    frame: BodyFrame
    liver: Liver


def find_anatomy(visit: Visit) -> Anatomy:
    """Outline, midline and liver. Raises ReaderError LIVER_NOT_FOUND."""
    body = find_body(visit.sul)
    liver = None if body is None else find_liver(visit.sul, body)
    if body is None or liver is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    height = visit.quantification.size_m
    return Anatomy(BodyFrame(visit.sul.geometry, body, liver.dome_mm, height), liver)


def place_reference(
    visit: Visit, anatomy: Anatomy, carried_to_lps_mm: Vector | None = None
) -> ReferenceRegion:
    """The 3 cm liver sphere: where the baseline's lies, if that still fits, else proposed anew.

    Raises ReaderError LIVER_NOT_FOUND where no sphere fits.
    """
    flags: list[str] = []
    if carried_to_lps_mm is not None:
        if sphere_fits(anatomy.liver, visit.sul, carried_to_lps_mm):
            sphere = SphereVoi(carried_to_lps_mm, 30.0)
            return _measured(visit, sphere, PlacementMethod.CARRIED, flags)
        flags.append("REFERENCE_MOVED")
    proposed = propose_reference_sphere(visit.sul, anatomy.liver)
    if proposed is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    return _measured(visit, proposed, PlacementMethod.AUTOMATIC, flags)


def _measured(
    visit: Visit, sphere: SphereVoi, method: PlacementMethod, flags: list[str]
) -> ReferenceRegion:
    measured = measure_reference(visit.sul, sphere, visit.ct)
    if measured is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    statistics = measured.statistics
    return ReferenceRegion(
        kind=ReferenceRegionKind.LIVER,
        center_lps_mm=sphere.center_lps_mm,
        diameter_mm=sphere.diameter_mm,
        mean_sul_g_per_ml=statistics.mean,
        sd_sul_g_per_ml=statistics.sd or 0.0,
        min_sul_g_per_ml=statistics.minimum,
        max_sul_g_per_ml=statistics.maximum,
        voxels=statistics.voxels,
        volume_ml=statistics.volume_ml,
        method=method,
        flags=(*flags, *sorted(flag.value for flag in measured.flags)),
    )
