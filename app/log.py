"""Where defects are written: a log file of the user's own, never the patient's data."""

import traceback
import uuid
from pathlib import Path


def record_defect(defect: BaseException) -> str:
    """Appends a defect's traceback to the log and returns "log id in file" for the message.

    Values of variables are not written: they could hold names or ids of patients.
    """
    import platformdirs  # late: a working run never needs it

    entry = uuid.uuid4().hex[:8]
    text = "".join(traceback.format_exception(defect))
    file = Path(platformdirs.user_log_dir("oncoread", appauthor=False)) / "oncoread.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"--- {entry}\n{text}")
    except OSError:
        return f"{entry}, no log could be written: {type(defect).__name__}"
    return f"{entry} in {file}"
