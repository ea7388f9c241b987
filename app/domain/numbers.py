"""Computed numbers and what each rests on: a number cannot outlive its contour.

A key names everything a number depends on, by content. When anything changes the key is another
one, so the old number is not wrong but simply not asked for.
"""

from dataclasses import dataclass

from app.domain.reference import LpsMm
from app.domain.region import RegionSpec, SphereRegion

# Raised whenever the way a number is computed changes its value.
METHOD_VERSION = "1"
# Stands for the reference sphere of a visit where a lesion id would.
REFERENCE = ""


@dataclass(frozen=True, slots=True)
class ReferenceKey:
    """A reference sphere on given voxels; `voxels` names PET voxels, factor and CT by content."""

    voxels: str
    sphere: SphereRegion
    method: str = METHOD_VERSION


@dataclass(frozen=True, slots=True)
class RegionKey:
    """A lesion's region on given voxels, above a given threshold (for its volume)."""

    voxels: str
    region: RegionSpec
    threshold_g_per_ml: float
    method: str = METHOD_VERSION


@dataclass(frozen=True, slots=True)
class RegionNumbers:
    """What is measured in a region, whoever's lesion it is; SUL in g/mL.

    `volume_ml`, `sul_mean` and `tlg_g` belong to the voxels at or above the threshold.
    """

    peak_lps_mm: LpsMm
    sul_peak_continuous: float
    sul_peak_fractional: float
    sul_peak_ibsi_binary: float
    peak_volume_ml: float
    sul_max: float
    sul_mean: float | None
    volume_ml: float
    tlg_g: float | None
    isocontour_diameter_mm: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceNumbers:
    """What is measured in a reference sphere; SUL in g/mL, sd with n-1."""

    mean_sul_g_per_ml: float
    sd_sul_g_per_ml: float
    min_sul_g_per_ml: float
    max_sul_g_per_ml: float
    voxels: int
    volume_ml: float
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewNumbers:
    """What is told of a sphere while it is dragged: the same values as in its `RegionNumbers`."""

    sul_peak_continuous: float
    sul_max: float
    volume_ml: float


NumberKey = ReferenceKey | RegionKey
