"""Regions as a reader or the draft defines them: what is saved, not the voxels they become."""

from dataclasses import dataclass

from app.domain.reference import LpsMm


@dataclass(frozen=True, slots=True)
class SphereRegion:
    """A ball in patient space."""

    center_lps_mm: LpsMm
    diameter_mm: float


@dataclass(frozen=True, slots=True)
class ThresholdRegion:
    """Voxels with SUL >= `above_sul_g_per_ml` connected to the seed, inside a ball about it."""

    seed_lps_mm: LpsMm
    above_sul_g_per_ml: float
    within_diameter_mm: float


@dataclass(frozen=True, slots=True)
class MaskRegion:
    """Voxels stored as a blob, named by the SHA-256 of its content."""

    blob_key: str


RegionSpec = SphereRegion | ThresholdRegion | MaskRegion
