"""The measurability threshold from a reference region (spec 2.4)."""

from app.criteria.percist.rules import PercistRules
from app.domain.reference import ReferenceRegionKind

LIVER_MEAN_FACTOR = 1.5
BLOOD_POOL_MEAN_FACTOR = 2.0
SD_FACTOR = 2.0


def measurability_threshold_g_per_ml(
    kind: ReferenceRegionKind, mean_g_per_ml: float, sd_g_per_ml: float, rules: PercistRules
) -> float:
    """The SULpeak a baseline lesion must reach to be measurable, g/mL.

    Liver: 1.5 x mean + 2 SD. Blood pool: 2 x mean + 2 SD as in the text of PERCIST 1.0, or
    without the SD term as in its table (`bloodpool_sd_term`). Source: spec 2.4.
    """
    if kind is ReferenceRegionKind.LIVER:
        return LIVER_MEAN_FACTOR * mean_g_per_ml + SD_FACTOR * sd_g_per_ml
    spread = SD_FACTOR * sd_g_per_ml if rules.bloodpool_sd_term else 0.0
    return BLOOD_POOL_MEAN_FACTOR * mean_g_per_ml + spread
