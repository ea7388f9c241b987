"""Counts of the two planar views (spec 4.1); exploratory, never a diagnosis alone."""

import math
from collections.abc import Sequence


def geometric_mean(anterior: Sequence[float], posterior: Sequence[float]) -> tuple[float, ...]:
    """sqrt(A x P) pixel by pixel, in counts (BONE-C01).

    `posterior` is mirrored and registered on `anterior`. Raises ValueError for views of different
    size and for counts below 0 or not finite.
    """
    if len(anterior) != len(posterior):
        raise ValueError(f"{len(anterior)} anterior and {len(posterior)} posterior pixels")
    for count in (*anterior, *posterior):
        if not (math.isfinite(count) and count >= 0):
            raise ValueError(f"{count} is no number of counts")
    return tuple(math.sqrt(a * p) for a, p in zip(anterior, posterior, strict=True))


def lesion_to_reference(lesion_mean: float, reference_mean: float) -> float | None:
    """Mean counts of a lesion as a multiple of those of a reference region.

    The reference is the mirrored region or the femoral shaft; None where it holds no counts.
    Raises ValueError for negative or non-finite counts.
    """
    for count in (lesion_mean, reference_mean):
        if not (math.isfinite(count) and count >= 0):
            raise ValueError(f"{count} is no number of counts")
    return None if reference_mean == 0 else lesion_mean / reference_mean
