"""The reference region of a scan and its numbers."""

from dataclasses import dataclass
from enum import StrEnum

LpsMm = tuple[float, float, float]


class ReferenceRegionKind(StrEnum):
    """Where the reference was taken (spec 2.3)."""

    LIVER = "liver"
    BLOOD_POOL = "blood_pool"


class PlacementMethod(StrEnum):
    """How the region came to its place."""

    AUTOMATIC = "automatic"  # least varying 3 cm sphere in the right lobe
    CARRIED = "carried_from_baseline"  # the same anatomical position as at baseline
    READER = "reader"


@dataclass(frozen=True, slots=True)
class ReferenceRegion:
    """A reference region as measured on one scan; SUL in g/mL, sd with n-1."""

    kind: ReferenceRegionKind
    center_lps_mm: LpsMm
    diameter_mm: float
    mean_sul_g_per_ml: float
    sd_sul_g_per_ml: float
    min_sul_g_per_ml: float
    max_sul_g_per_ml: float
    voxels: int
    volume_ml: float
    method: PlacementMethod
    flags: tuple[str, ...] = ()

    @property
    def cv(self) -> float:
        """Coefficient of variation, as a fraction."""
        return self.sd_sul_g_per_ml / self.mean_sul_g_per_ml
