"""The bone scan index (spec 4.6): exploratory only."""

from collections.abc import Mapping

from app.domain.exact import exact


def bone_scan_index(fractions: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Share of the skeleton that is involved, as a fraction: sum of fraction x weight (BONE-C02).

    `fractions` is the involved share of each bone (0 to 1), `weights` each bone's share of the
    skeleton; a bone that is not named is not involved. Raises ValueError for a fraction outside
    0 to 1 and for a bone without a weight.
    """
    total = exact(0)
    for bone in sorted(fractions):
        fraction = fractions[bone]
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"fraction of {bone} is {fraction}, not within 0 and 1")
        if bone not in weights:
            raise ValueError(f"{bone} has no weight")
        total += exact(fraction) * exact(weights[bone])
    return float(total)
