"""Intraclass correlation of single ratings (Shrout & Fleiss 1979; spec 5.6, STAT-P01)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.agreement.intervals import Interval, subject_interval


@dataclass(frozen=True, slots=True)
class Icc:
    """ICC(1,1), ICC(2,1) and ICC(3,1) of `n` subjects rated by `raters`; None where no ratings
    differ (or fewer than two subjects are complete). `missing` subjects lack a rating. The
    interval is that of ICC(2,1), the one the charter reports."""

    icc11: float | None
    icc21: float | None
    icc31: float | None
    n: int
    raters: int
    missing: int
    interval: Interval | None = None


def icc(ratings: Sequence[Sequence[float | None]]) -> Icc:
    """The three coefficients of ratings, a row a subject and a column a rater.

    ICC(1,1): one-way random. ICC(2,1): two-way random, absolute agreement. ICC(3,1): two-way
    mixed, consistency. Subjects with a missing rating are left out and counted. Raises ValueError
    for rows of different length, fewer than two raters, or ratings that are not finite.
    """
    raters = len(ratings[0]) if ratings else 0
    if raters < 2 or any(len(row) != raters for row in ratings):
        raise ValueError("ratings need two raters or more, the same for every subject")
    complete = [row for row in ratings if None not in row]
    values = np.array(complete, dtype=np.float64).reshape(-1, raters)
    if not np.isfinite(values).all():
        raise ValueError("a rating is not finite")

    def figure(drawn: NDArray[np.int64]) -> float | None:
        return _coefficients(values[drawn])[1]

    one, two, three = _coefficients(values)
    missing = len(ratings) - len(complete)
    interval = None if two is None else subject_interval(len(values), figure)
    return Icc(one, two, three, len(values), raters, missing, interval)


def _coefficients(x: NDArray[np.float64]) -> tuple[float | None, float | None, float | None]:
    """From the mean squares between subjects (R), raters (C), within (W) and residual (E)."""
    n, k = x.shape
    if n < 2:
        return None, None, None
    mean, rows, columns = x.mean(), x.mean(axis=1), x.mean(axis=0)
    between = k * float(((rows - mean) ** 2).sum())
    raters = n * float(((columns - mean) ** 2).sum())
    within = float(((x - rows[:, None]) ** 2).sum())
    msr, msc = between / (n - 1), raters / (k - 1)
    msw = within / (n * (k - 1))
    mse = max(within - raters, 0.0) / ((n - 1) * (k - 1))
    return (
        _share(msr - msw, msr + (k - 1) * msw),
        _share(msr - mse, msr + (k - 1) * mse + k * (msc - mse) / n),
        _share(msr - mse, msr + (k - 1) * mse),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if abs(whole) > 1e-300 else None
