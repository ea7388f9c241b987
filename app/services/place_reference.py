"""The reference region of a visit: proposed at baseline, the same place at follow-up."""

from dataclasses import dataclass

from app.domain.numbers import ReferenceNumbers
from app.domain.reference import PlacementMethod
from app.domain.region import SphereRegion
from app.services.load_visit import Visit
from app.services.progress import SILENT, Progress
from app.wording import reader_error
from segmentation.anatomy.body import find_body
from segmentation.anatomy.frame import BodyFrame
from segmentation.anatomy.liver import (
    SPHERE_DIAMETER_MM,
    Liver,
    find_liver,
    propose_reference_sphere,
    sphere_fits,
)
from segmentation.geometry import Vector
from segmentation.metrics.reference import measure_reference
from segmentation.voi import SphereVoi


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The landmarks of a scan that placement and marks rest on."""

    frame: BodyFrame
    liver: Liver


def find_anatomy(visit: Visit, progress: Progress = SILENT) -> Anatomy:
    """Outline, midline and liver. Raises ReaderError LIVER_NOT_FOUND."""
    body = find_body(visit.sul)
    progress.checkpoint()
    liver = None if body is None else find_liver(visit.sul, body)
    if body is None or liver is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    height = visit.quantification.size_m
    return Anatomy(BodyFrame(visit.sul.geometry, body, liver.dome_mm, height), liver)


def place_reference(
    visit: Visit, anatomy: Anatomy, carried_to_lps_mm: Vector | None = None
) -> tuple[SphereRegion, PlacementMethod]:
    """Where the 3 cm liver sphere goes: the baseline's place, if it fits, else proposed anew.

    Raises ReaderError LIVER_NOT_FOUND where no sphere fits.
    """
    if carried_to_lps_mm is not None and sphere_fits(anatomy.liver, visit.sul, carried_to_lps_mm):
        return SphereRegion(carried_to_lps_mm, SPHERE_DIAMETER_MM), PlacementMethod.CARRIED
    proposed = propose_reference_sphere(visit.sul, anatomy.liver)
    if proposed is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visit.day.isoformat())
    sphere = SphereRegion(proposed.center_lps_mm, proposed.diameter_mm)
    return sphere, PlacementMethod.AUTOMATIC


def measure_sphere(visit: Visit, sphere: SphereRegion) -> ReferenceNumbers | None:
    """The numbers of a reference sphere on a visit; None where it holds no voxel."""
    voi = SphereVoi(sphere.center_lps_mm, sphere.diameter_mm)
    measured = measure_reference(visit.sul, voi, visit.ct)
    if measured is None:
        return None
    statistics = measured.statistics
    return ReferenceNumbers(
        mean_sul_g_per_ml=statistics.mean,
        sd_sul_g_per_ml=statistics.sd or 0.0,
        min_sul_g_per_ml=statistics.minimum,
        max_sul_g_per_ml=statistics.maximum,
        voxels=statistics.voxels,
        volume_ml=statistics.volume_ml,
        flags=tuple(sorted(flag.value for flag in measured.flags)),
    )
