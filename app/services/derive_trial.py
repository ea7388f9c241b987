"""The responses of a whole trial, one criteria input for each read of each participant."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.services.criteria_input import CriteriaInput
from app.services.derive_criteria import CriteriaDerived, derive_criteria


def derive_trial(given: Iterable[CriteriaInput]) -> tuple[CriteriaDerived, ...]:
    """What `derive_criteria` makes of each input, in order. Raises SchemaError as that does."""
    with collector_paused():
        return tuple(derive_criteria(item) for item in given)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Python's search for reference cycles, off within and afterwards as it was before.

    A trial's responses are some million records that all stay. The search walks through them
    again and again, about a fifth of the whole time, and finds nothing: responses are trees.
    What is no longer referenced is freed at once all the same. What was made counts as old
    afterwards (unless someone else has frozen objects, whose state must not be touched): else the
    next object would set off the very search that was put off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            gc.freeze()  # all objects to the permanent generation, without looking at them ...
            gc.unfreeze()  # ... and from there to the oldest
        if was_on:
            gc.enable()
