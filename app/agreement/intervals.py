"""95 % intervals by resampling subjects (spec 5.6), with a fixed seed."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap

RESAMPLES = 2000
SEED = 20260105
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval; `undefined` counts resamples in which the figure did not exist."""

    low: float
    high: float
    resamples: int
    undefined: int


def subject_interval(
    subjects: int, statistic: Callable[[NDArray[np.int64]], float | None]
) -> Interval | None:
    """The 95 % percentile interval of a statistic over resampled subjects.

    `statistic` gets the indices of the drawn subjects and gives None where it is undefined; such
    resamples are left out and counted. None with fewer than two subjects or where more than half
    of the resamples are undefined. The same input gives the same interval, byte by byte.
    """
    if subjects < 2:
        return None

    def figure(drawn: NDArray[np.int64], axis: int = -1) -> float:
        value = statistic(drawn)
        return np.nan if value is None else value

    with warnings.catch_warnings():
        # Undefined resamples are counted below; scipy's own interval is not used.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        done = bootstrap(
            (np.arange(subjects),),
            figure,
            n_resamples=RESAMPLES,
            vectorized=False,
            confidence_level=LEVEL,
            method="percentile",
            rng=np.random.default_rng(SEED),
        )
    found = np.asarray(done.bootstrap_distribution, dtype=np.float64)
    known = found[np.isfinite(found)]
    if 2 * known.size < found.size:
        return None
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(known, [tail, 100.0 - tail])
    return Interval(float(low), float(high), RESAMPLES, int(found.size - known.size))
