"""Which function answers each area of vectors.json, and which areas are not due yet.

An adapter takes a Vector and returns the computed answers by the names of `expected`. It
dispatches on the shape of the inputs, because held-back vectors of the same shape are run too,
and calls the program's own functions. An input shape it does not know is a failure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors import (
    bor,
    comparability,
    lbm,
    peak,
    percist,
    recist_overall,
    recist_target,
    reference,
    suv,
)
from tests.vectors.vector_file import Vector

Adapter = Callable[[Vector], Mapping[str, Any]]

AREAS: dict[str, Adapter] = {
    "suv": suv.evaluate,
    "lbm": lbm.evaluate,
    "peak": peak.evaluate,
    "reference": reference.evaluate,
    "comparability": comparability.evaluate,
    "percist": percist.evaluate,
    "recist_target": recist_target.evaluate,
    "recist_overall": recist_overall.evaluate,
    "bor": bor.evaluate,
}

# Areas whose engine is not built yet, by the number of the issue that brings it.
PENDING: dict[str, int] = {
    "stats": 4,
    "pfs": 4,
    "bone": 4,
    "adjudication": 4,
}

# Areas of which only some answers are due now: their names, and the issue that brings the rest.
DUE_ANSWERS: dict[str, tuple[frozenset[str], int]] = {}
