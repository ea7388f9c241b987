"""When Python looks for garbage in cycles: it holds its lock for that, and the window with it."""

import gc

# New objects until the young, the middle and all objects are looked at. A folder being scanned
# makes some hundred thousand; by default all would be looked at several times meanwhile, for up
# to 150 ms each.
THRESHOLDS = (2000, 10, 500)


def rare_collections() -> None:
    """Leaves full collections to `collect` and to programs that run for very long."""
    gc.set_threshold(*THRESHOLDS)


def keep_all() -> None:
    """What is there now (imported modules above all) stays and is never looked at again."""
    gc.freeze()


def collect() -> None:
    """A full collection, for a moment when the window may stand still: a reading was closed."""
    gc.collect()
