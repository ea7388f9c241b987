"""Which function answers each area of vectors.json, and which areas are not due yet.

An adapter takes a Vector and returns the computed answers by the names of `expected`. It
dispatches on the shape of the inputs, because held-back vectors of the same shape are run too,
and calls the program's own functions. An input shape it does not know is a failure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors import lbm, peak, reference, suv
from tests.vectors.vector_file import Vector

Adapter = Callable[[Vector], Mapping[str, Any]]

AREAS: dict[str, Adapter] = {
    "suv": suv.evaluate,
    "lbm": lbm.evaluate,
    "peak": peak.evaluate,
    "reference": reference.evaluate,
}

# Areas whose engine is not built yet, by the number of the issue that brings it.
PENDING: dict[str, int] = {
    "recist_target": 4,
    "recist_overall": 4,
    "bor": 4,
    "stats": 4,
    "pfs": 4,
    "bone": 4,
    "adjudication": 4,
}

# Answers of a due area that come later, by area and name: the PERCIST target component is due
# now, the overall response and what follows from it with issue 4.
PENDING_ANSWERS: dict[str, dict[str, int]] = {
    "percist": {"overall": 4, "reason": 4, "best": 4, "text": 4, "category": 4},
}
