"""Which function answers each area of vectors.json.

An adapter takes a Vector and returns the computed answers by the names of `expected`. It
dispatches on the shape of the inputs, because held-back vectors of the same shape are run too,
and calls the program's own functions. An input shape it does not know is a failure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors import (
    adjudication,
    bone,
    bor,
    comparability,
    lbm,
    peak,
    percist,
    pfs,
    recist_overall,
    recist_target,
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
    "recist_target": recist_target.evaluate,
    "recist_overall": recist_overall.evaluate,
    "bor": bor.evaluate,
    "stats": stats.evaluate,
    "pfs": pfs.evaluate,
    "bone": bone.evaluate,
    "adjudication": adjudication.evaluate,
}
