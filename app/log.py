"""Where defects are written: a log file of the user's own, never the patient's data."""

import traceback
import uuid
from collections.abc import Iterator
from pathlib import Path


def record_defect(defect: BaseException) -> str:
    """Appends a defect's traceback to the log and returns "id in file" for the message.

    Neither messages of exceptions nor values of variables are written: they could hold names or
    ids of patients.
    """
    import platformdirs  # late: a working run never needs it

    entry = uuid.uuid4().hex[:8]
    file = Path(platformdirs.user_log_dir("oncoread", appauthor=False)) / "oncoread.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"--- {entry}\n{''.join(_lines(defect))}")
    except OSError:
        return f"{entry}, no log could be written: {type(defect).__name__}"
    return f"{entry} in {file}"


def _lines(defect: BaseException) -> Iterator[str]:
    """Places in the code and types, the cause before what it led to."""
    before = defect.__cause__ or (None if defect.__suppress_context__ else defect.__context__)
    if before is not None:
        yield from _lines(before)
        yield "which led to:\n"
    yield from traceback.format_tb(defect.__traceback__)
    yield f"{type(defect).__module__}.{type(defect).__qualname__}\n"
