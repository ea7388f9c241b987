"""Cohen's kappa, plain and quadratically weighted (spec 5.6; STAT-C01, STAT-C02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.agreement.intervals import Interval, subject_interval

NOT_EVALUABLE = "NE"


class KappaGap(StrEnum):
    """Why there is no kappa."""

    NO_PAIR = "NO_PAIR"
    CHANCE_AGREEMENT_COMPLETE = "CHANCE_AGREEMENT_COMPLETE"  # all in one category: pe = 1


@dataclass(frozen=True, slots=True)
class Kappa:
    """Kappa of two readers; None with `gap` where it does not exist.

    `observed` and `expected` are the (weighted) agreements po and pe. `table` counts cases by
    category of reader 1 (rows) and 2 (columns), `prevalence` is the share of each category in
    both readers' calls. `not_evaluable` counts cases with NE from either reader, `missing` those
    without one of the two calls; neither enters the table.
    """

    kappa: float | None
    observed: float | None
    expected: float | None
    n: int
    missing: int
    not_evaluable: int
    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    prevalence: tuple[float, ...]
    weighted: bool
    interval: Interval | None = None
    gap: KappaGap | None = None


def kappa_of_calls(
    reader1: Sequence[str | None],
    reader2: Sequence[str | None],
    order: Sequence[str],
    weighted: bool = False,
) -> Kappa:
    """Kappa of two readers' calls, one pair a subject, with its bootstrap interval.

    `order` are the categories from best to worst (CMR, PMR, SMD, PMD); NE is left out and
    counted, None is a missing call. Raises ValueError for sequences of different length and for a
    category that is not in `order`.
    """
    if len(reader1) != len(reader2):
        raise ValueError(f"{len(reader1)} and {len(reader2)} calls")
    places = {category: place for place, category in enumerate(order)}
    if len(places) < len(order) or NOT_EVALUABLE in places:
        raise ValueError("order names a category twice, or NE")
    pairs, missing, not_evaluable = [], 0, 0
    for one, other in zip(reader1, reader2, strict=True):
        unknown = {one, other} - places.keys() - {None, NOT_EVALUABLE}
        if unknown:
            raise ValueError(f"{unknown} is not among the categories")
        if one is None or other is None:
            missing += 1
        elif NOT_EVALUABLE in (one, other):
            not_evaluable += 1
        else:
            pairs.append((places[one], places[other]))
    calls = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    k = len(order)

    def figure(drawn: NDArray[np.int64]) -> float | None:
        return _kappa(_table(calls[drawn], k), weighted)[0]

    return _result(
        _table(calls, k),
        order,
        weighted,
        missing,
        not_evaluable,
        subject_interval(len(calls), figure),
    )


def kappa_of_table(table: ArrayLike, order: Sequence[str] = (), weighted: bool = False) -> Kappa:
    """Kappa of a k x k table of counts, reader 1 in rows; with the interval of its subjects.

    Raises ValueError for a table that is not square, negative or not of whole counts.
    """
    counts = np.asarray(table)
    k = len(counts)
    whole = counts.dtype.kind in "iu" or bool((counts == np.floor(counts)).all())
    if counts.shape != (k, k) or k < 2 or not whole or counts.min() < 0:
        raise ValueError("a table of agreement is square and holds whole counts")
    names = tuple(order) or tuple(str(number) for number in range(1, k + 1))
    if len(names) != k:
        raise ValueError(f"{len(names)} categories for {k} rows")
    cells = [
        (names[row], names[column])
        for row in range(k)
        for column in range(k)
        for _ in range(int(counts[row, column]))
    ]
    return kappa_of_calls([one for one, _ in cells], [two for _, two in cells], names, weighted)


def _table(calls: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    cells = np.bincount(calls[:, 0] * k + calls[:, 1], minlength=k * k)
    return cells.reshape(k, k).astype(np.int64)


def _kappa(table: NDArray[np.int64], weighted: bool) -> tuple[float | None, float, float]:
    """(kappa, po, pe); kappa None where pe is 1."""
    k, n = len(table), table.sum()
    rows, columns = np.indices((k, k))
    weights = 1.0 - ((rows - columns) / (k - 1)) ** 2 if weighted else (rows == columns) * 1.0
    observed = float((weights * table).sum() / n)
    expected = float((weights * np.outer(table.sum(axis=1), table.sum(axis=0))).sum() / (n * n))
    spread = 1.0 - expected
    return (None if spread < 1e-12 else (observed - expected) / spread), observed, expected


def _result(
    table: NDArray[np.int64],
    order: Sequence[str],
    weighted: bool,
    missing: int,
    not_evaluable: int,
    interval: Interval | None,
) -> Kappa:
    n = int(table.sum())
    kappa, observed, expected = _kappa(table, weighted) if n else (None, None, None)
    gap = None
    if kappa is None:
        gap = KappaGap.CHANCE_AGREEMENT_COMPLETE if n else KappaGap.NO_PAIR
    calls = table.sum(axis=1) + table.sum(axis=0)
    return Kappa(
        kappa=kappa,
        observed=observed,
        expected=expected,
        n=n,
        missing=missing,
        not_evaluable=not_evaluable,
        categories=tuple(order),
        table=tuple(tuple(int(cell) for cell in row) for row in table),
        prevalence=tuple(float(count / (2 * n)) if n else 0.0 for count in calls),
        weighted=weighted,
        interval=interval,
        gap=gap,
    )
