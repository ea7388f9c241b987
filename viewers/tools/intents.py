"""What a finished gesture means: the only way from the mouse to the reading."""

from dataclasses import dataclass

from app.domain.caliper import Axis
from app.domain.reference import LpsMm
from app.domain.region import SphereRegion


@dataclass(frozen=True, slots=True)
class PlaceSphere:
    """A new sphere VOI."""

    visit: int
    center_lps_mm: LpsMm
    diameter_mm: float


@dataclass(frozen=True, slots=True)
class MoveRegion:
    """The sphere of a lesion at another place or of another size."""

    visit: int
    lesion_id: str
    sphere: SphereRegion


@dataclass(frozen=True, slots=True)
class SeedThreshold:
    """A threshold VOI to grow from a position."""

    visit: int
    seed_lps_mm: LpsMm


@dataclass(frozen=True, slots=True)
class DrawCaliper:
    """A new caliper: long axis, and the short axis across it where drawn."""

    visit: int
    long_axis_lps_mm: Axis
    short_axis_lps_mm: Axis | None


@dataclass(frozen=True, slots=True)
class MoveCaliperEnd:
    """A caliper after one of its ends was moved; the axes are perpendicular again."""

    visit: int
    caliper_id: str
    long_axis_lps_mm: Axis
    short_axis_lps_mm: Axis | None


@dataclass(frozen=True, slots=True)
class MoveReference:
    """The reference sphere at another place."""

    visit: int
    center_lps_mm: LpsMm


@dataclass(frozen=True, slots=True)
class PickPoint:
    """A position asked for by a panel."""

    visit: int
    lps_mm: LpsMm


Intent = (
    PlaceSphere
    | MoveRegion
    | SeedThreshold
    | DrawCaliper
    | MoveCaliperEnd
    | MoveReference
    | PickPoint
)
