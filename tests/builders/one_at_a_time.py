"""A lock between the workers of one test run: a file that only one of them can create."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 180.0
LOOK_AGAIN_S = 0.1


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Lets one process through; the others wait for it."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > until:
                raise TimeoutError(f"{lock}: another worker never finished") from None
            time.sleep(LOOK_AGAIN_S)
    try:
        yield
    finally:
        lock.unlink()
