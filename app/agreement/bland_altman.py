"""Differences of two readers' measurements (Bland & Altman; spec 5.6, STAT-C03)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.intervals import Interval, subject_interval

LIMIT_SD = 1.96


@dataclass(frozen=True, slots=True)
class Limits:
    """Bias, SD (n-1) and limits of agreement, bias +- 1.96 SD, of `n` differences."""

    bias: float
    sd: float | None
    low: float | None
    high: float | None
    n: int
    bias_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class BlandAltman:
    """Reader 1 minus reader 2, in the unit of the measurements and as fractions of the pair's
    mean. `relative` leaves out pairs whose mean is 0 (`without_mean`); `missing` pairs lack a
    value. `repeatability` is 1.96 sqrt(2) wSD with wSD^2 = mean(d^2)/2, in the unit."""

    absolute: Limits | None
    relative: Limits | None
    repeatability: float | None
    missing: int
    without_mean: int


def bland_altman(reader1: Sequence[float | None], reader2: Sequence[float | None]) -> BlandAltman:
    """Agreement of two readers' measurements, one pair a subject.

    Raises ValueError for sequences of different length and values that are not finite.
    """
    if len(reader1) != len(reader2):
        raise ValueError(f"{len(reader1)} and {len(reader2)} measurements")
    pairs = [
        (one, other)
        for one, other in zip(reader1, reader2, strict=True)
        if one is not None and other is not None
    ]
    values = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(values).all():
        raise ValueError("a measurement is not finite")
    d, mean = values[:, 0] - values[:, 1], values.mean(axis=1)
    valid = mean != 0.0
    return BlandAltman(
        absolute=_limits(d),
        relative=_limits(d[valid] / mean[valid]),
        repeatability=float(LIMIT_SD * np.sqrt(2.0) * np.sqrt((d**2).mean() / 2.0))
        if len(d)
        else None,
        missing=len(reader1) - len(pairs),
        without_mean=int((~valid).sum()),
    )


def _limits(d: NDArray[np.float64]) -> Limits | None:
    if not len(d):
        return None
    bias = float(d.mean())
    if len(d) < 2:
        return Limits(bias, None, None, None, len(d))
    sd = float(d.std(ddof=1))
    interval = subject_interval(len(d), lambda drawn: float(d[drawn].mean()))
    return Limits(bias, sd, bias - LIMIT_SD * sd, bias + LIMIT_SD * sd, len(d), interval)
