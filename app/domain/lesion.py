"""A lesion as measured at one visit."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.reference import LpsMm


class LesionOrigin(StrEnum):
    """How a lesion came to be measured at a visit."""

    CANDIDATE = "candidate"  # found on this scan above its threshold
    CARRIED = "carried"  # a baseline lesion measured where it was, found below the threshold


class NewLesionClass(StrEnum):
    """A reader's verdict on a focus that was not there at baseline (spec 2.8)."""

    UNEQUIVOCAL = "unequivocal"
    EQUIVOCAL = "equivocal"
    NOT_MALIGNANT = "not_malignant"


@dataclass(frozen=True, slots=True)
class PhysiologicalMark:
    """Why a focus is most likely normal uptake: the organ and where it lies in the body.

    The place is None where a reader marked the focus by hand (organ "reader").
    """

    organ: str
    left_mm: float | None = None  # right is negative
    depth: float | None = None  # share from front to back
    above_dome_mm: float | None = None  # scaled to a patient of 1.70 m; below is negative


@dataclass(frozen=True, slots=True)
class LesionMeasurement:
    """One focus at one visit; SUL in g/mL. Ids are kept for life and never reused.

    `volume_ml` is the volume at or above this scan's threshold (0 for a carried lesion that lies
    below it); SULmax, SULmean and glycolysis belong to the same voxels and are None where there
    are none. `sul_peak_*` always has a value: the ball is placed where the lesion is or was.
    """

    lesion_id: str
    tracking_uid: str
    origin: LesionOrigin
    peak_lps_mm: LpsMm
    sul_peak_continuous: float
    sul_peak_fractional: float
    sul_peak_ibsi_binary: float
    peak_volume_ml: float
    sul_max: float
    sul_mean: float | None
    volume_ml: float
    tlg_g: float | None
    longest_diameter_mm: float | None
    site: str
    side: str
    physiological: PhysiologicalMark | None
    unsure: bool = False  # a reader could not decide: no target until somebody does
    flags: tuple[str, ...] = ()

    @property
    def sul_peak(self) -> float:
        """The reported SULpeak (`peak_kernel` = continuous, spec 1.8)."""
        return self.sul_peak_continuous
