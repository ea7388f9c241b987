"""Which function answers each area of vectors.json, and which areas are not due yet.

An adapter takes a Vector and returns the computed answers by the names of `expected`. It
dispatches on the shape of the inputs, because held-back vectors of the same shape are run too,
and calls the program's own functions. An input shape it does not know is a failure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors import (
    adjudication,
    bone,
    comparability,
    lbm,
    peak,
    percist,
    pfs,
    reference,
    stats,
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
    "stats": stats.evaluate,
    "pfs": pfs.evaluate,
    "bone": bone.evaluate,
    "adjudication": adjudication.evaluate,
}

# Areas whose engine is not built yet, by the number of the issue that brings it.
PENDING: dict[str, int] = {
    "recist_target": 4,
    "recist_overall": 4,
    "bor": 4,
}

# Areas of which only some answers are due now: their names, and the issue that brings the rest.
# Of PERCIST this is the target component with its changes and reference; the overall response,
# five lesions, glycolysis and EORTC 1999 come later.
DUE_ANSWERS: dict[str, tuple[frozenset[str], int]] = {
    "percist": (
        frozenset(
            {
                "target", "pct_from_baseline", "delta_from_baseline", "reference_for_progression",
                "pct_from_reference", "delta_from_reference", "base", "cur", "pct",
                "same_lesion_would_give", "hottest_cur", "pct1", "category1",
                "tracked_first_lesion_pct", "james128", "janma", "ratio_janma_over_james",
            }
        ),
        4,
    ),
}  # fmt: skip
