"""What lies over the pictures of a visit, in its patient space (LPS, mm)."""

from dataclasses import dataclass

from app.imaging.overlay import Rgb
from segmentation.geometry import Vector
from segmentation.mask import Mask

Axis = tuple[Vector, Vector]


@dataclass(frozen=True, slots=True)
class LesionMark:
    """A numbered lesion; the colour tells its role. Where there is no outline a ring is drawn.

    A `faint` one is thin and stands on slices only.
    """

    lesion_id: str
    label: str
    center_lps_mm: Vector
    radius_mm: float
    colour: Rgb
    selected: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RegionOutline:
    """The outline of the voxels that a lesion's volume counts."""

    lesion_id: str
    region: Mask
    colour: Rgb


@dataclass(frozen=True, slots=True)
class PeakSphere:
    """The ball of 1 mL whose mean is SULpeak."""

    center_lps_mm: Vector
    diameter_mm: float
    colour: Rgb


@dataclass(frozen=True, slots=True)
class EditedSphere:
    """The sphere the sphere tool may move and resize."""

    lesion_id: str
    center_lps_mm: Vector
    diameter_mm: float


@dataclass(frozen=True, slots=True)
class ReferenceSphere:
    """The reference region with its label (liver)."""

    label: str
    center_lps_mm: Vector
    diameter_mm: float


@dataclass(frozen=True, slots=True)
class CaliperMark:
    """A bidirectional caliper with the texts at its axes."""

    caliper_id: str
    long_axis: Axis
    short_axis: Axis | None
    long_text: str
    short_text: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class VisitOverlays:
    """Everything over one visit."""

    marks: tuple[LesionMark, ...] = ()
    outlines: tuple[RegionOutline, ...] = ()
    edited: EditedSphere | None = None
    reference: ReferenceSphere | None = None
    calipers: tuple[CaliperMark, ...] = ()
    peak: PeakSphere | None = None


NO_OVERLAYS = VisitOverlays()


@dataclass(frozen=True, slots=True, eq=False)
class SceneOverlays:
    """The overlays of all visits: (visit number, overlays)."""

    visits: tuple[tuple[int, VisitOverlays], ...] = ()

    def of(self, visit: int) -> VisitOverlays:
        """The overlays of a visit; none where nothing is known."""
        return dict(self.visits).get(visit, NO_OVERLAYS)
