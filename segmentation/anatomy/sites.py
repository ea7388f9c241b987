"""Which organ a focus of FDG uptake most likely is, and where in the body it lies.

Rules of thumb on position, size and heat in the patient's own frame, told with the mark so that
a reader can judge it. They are a draft: a lesion beside a kidney may be marked, an unusual organ
may not. Limits are distances in a patient of 1.70 m, from surface anatomy and from whole-body
PET; none is tuned to a single scan's voxel grid.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from segmentation.anatomy.frame import Place


class Organ(StrEnum):
    """Organs with physiological FDG uptake that a draft read marks."""

    BRAIN = "brain"
    PHARYNX = "pharynx"
    HEART = "heart"
    OESOPHAGUS = "oesophagus"
    KIDNEY = "kidney"
    URETER = "ureter"
    BOWEL = "bowel"
    BLADDER = "bladder"


class Site(StrEnum):
    """Where a focus lies, as far as position and CT density tell."""

    HEAD = "head"
    NECK = "neck"
    AXILLA = "axilla"
    MEDIASTINUM = "mediastinum"
    HILUM = "hilum"
    CHEST = "chest"
    LIVER = "liver"
    ABDOMEN = "abdomen"
    PELVIS = "pelvis"
    THIGH = "thigh"
    BONE = "bone"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """Side of the body; within 20 mm of the midline counts as midline."""

    RIGHT = "right"
    LEFT = "left"
    MIDLINE = "midline"
    UNKNOWN = "unknown"


class Range(NamedTuple):
    """Inclusive limits."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits."""
        return self.low <= value <= self.high


ANY = Range(float("-inf"), float("inf"))


@dataclass(frozen=True, slots=True)
class Focus:
    """What the rules look at: place, volume, heat relative to the liver, shape, surroundings."""

    place: Place
    volume_ml: float
    peak_over_liver: float
    extent_zyx_mm: tuple[float, float, float]
    share_of_rim_in_liver: float
    mean_ct_hu: float | None = None

    @property
    def elongation(self) -> float:
        """Length along the body over the mean width across it."""
        along, front_back, left_right = self.extent_zyx_mm
        across: float = max((front_back * left_right) ** 0.5, 1e-6)
        return along / across


@dataclass(frozen=True, slots=True)
class OrganRule:
    """An organ's usual place and look. `aside_mm` is the distance from the midline, unsigned;
    `left_mm` is signed and used where the organ lies on one side."""

    organ: Organ
    above_dome_mm: Range
    aside_mm: Range = ANY
    left_mm: Range = ANY
    depth: Range = ANY
    volume_ml: Range = ANY
    peak_over_liver: Range = ANY
    elongation: Range = ANY

    def fits(self, focus: Focus) -> bool:
        """Whether a focus lies and looks as this organ does."""
        place = focus.place
        return (
            self.above_dome_mm.holds(place.above_dome_mm)
            and self.aside_mm.holds(abs(place.left_mm))
            and self.left_mm.holds(place.left_mm)
            and self.depth.holds(place.depth)
            and self.volume_ml.holds(focus.volume_ml)
            and self.peak_over_liver.holds(focus.peak_over_liver)
            and self.elongation.holds(focus.elongation)
        )


INF = float("inf")
ORGAN_RULES = (
    # The skull base lies about 280 mm above the dome; nothing else up there is that hot.
    OrganRule(Organ.BRAIN, Range(265, INF), aside_mm=Range(0, 90), peak_over_liver=Range(2.5, INF)),
    OrganRule(Organ.PHARYNX, Range(225, 300), aside_mm=Range(0, 20), peak_over_liver=Range(0, 3.0)),
    # Left ventricle: rests on the diaphragm, left of the midline, front half; too large for a node.
    OrganRule(
        Organ.HEART,
        Range(-45, 60),
        left_mm=Range(-15, 110),
        depth=Range(0.1, 0.62),
        volume_ml=Range(3.0, INF),
    ),
    OrganRule(
        Organ.OESOPHAGUS,
        Range(0, 220),
        aside_mm=Range(0, 30),
        depth=Range(0.4, 0.75),
        peak_over_liver=Range(0, 3.5),
        elongation=Range(1.8, INF),
    ),
    OrganRule(Organ.KIDNEY, Range(-200, -55), aside_mm=Range(30, 105), depth=Range(0.5, 0.85)),
    OrganRule(
        Organ.BLADDER,
        Range(-430, -320),
        aside_mm=Range(0, 40),
        depth=Range(0.15, 0.75),
        volume_ml=Range(5.0, INF),
        peak_over_liver=Range(3.0, INF),
    ),
    OrganRule(
        Organ.URETER,
        Range(-390, -190),
        aside_mm=Range(10, 60),
        depth=Range(0.35, 0.75),
        volume_ml=Range(0, 6.0),
        elongation=Range(1.4, INF),
    ),
    OrganRule(
        Organ.BOWEL,
        Range(-340, -20),
        aside_mm=Range(0, 140),
        depth=Range(0.12, 0.5),
        peak_over_liver=Range(0, 4.0),
    ),
)
# A focus whose rim lies in the liver is in the liver, wherever a neighbouring organ may reach.
RIM_SHARE_OF_LIVER_LESION = 0.5
BONE_HU = 130.0
MIDLINE_MM = 20.0


def likely_organ(focus: Focus) -> Organ | None:
    """The organ whose physiological uptake a focus most likely is, or None."""
    if focus.share_of_rim_in_liver >= RIM_SHARE_OF_LIVER_LESION:
        return None
    return next((rule.organ for rule in ORGAN_RULES if rule.fits(focus)), None)


def likely_site(focus: Focus) -> Site:
    """The region of the body in which a focus lies; a draft for the reader to correct."""
    place = focus.place
    aside, above = abs(place.left_mm), place.above_dome_mm
    if focus.share_of_rim_in_liver >= RIM_SHARE_OF_LIVER_LESION:
        return Site.LIVER
    if focus.mean_ct_hu is not None and focus.mean_ct_hu >= BONE_HU:
        return Site.BONE
    if above >= 265:
        return Site.HEAD
    if above >= 205:
        return Site.NECK
    if above >= 0:
        if aside >= 110 and above >= 90:
            return Site.AXILLA
        if aside < 35 or (above > 140 and aside < 60):
            return Site.MEDIASTINUM
        return Site.HILUM if 40 <= above <= 140 and aside < 75 else Site.CHEST
    if above >= -260:
        return Site.ABDOMEN
    return Site.PELVIS if above >= -430 else Site.THIGH


def side_of(place: Place) -> Side:
    """The side of the body."""
    if abs(place.left_mm) <= MIDLINE_MM:
        return Side.MIDLINE
    return Side.LEFT if place.left_mm > 0 else Side.RIGHT
