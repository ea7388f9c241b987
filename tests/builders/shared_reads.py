"""Reads that take long, made once per test run and shared by all workers."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.services.draft_read import LoadedDraft, measured_draft
from app.services.load_visit import Visit, VisitSource
from app.services.propose_reading import ProposedReading, load_visits, propose_reading
from app.services.rule_sets import load_percist_rules
from tests.builders.one_at_a_time import one_at_a_time

T = TypeVar("T")


@dataclass(frozen=True)
class SharedRead:
    """The automatic proposal for a patient's visits, and the draft made of it."""

    proposed: ProposedReading
    draft: LoadedDraft


def visits_of(*folders: Path) -> tuple[Visit, ...]:
    """The visits of folders in order of time."""
    return load_visits([VisitSource(folder) for folder in folders])


def read_of(*visits: Visit) -> SharedRead:
    """The read of visits by the nadir rules, beside the published ones."""
    rules, other = load_percist_rules("percist-nadir"), load_percist_rules("percist-1.0")
    proposed = propose_reading(visits, rules)
    return SharedRead(proposed, measured_draft(proposed, rules, other))


def shared(file: Path, kind: type[T], make: Callable[[], T]) -> T:
    """What `make` returns, from `file` where a worker has made it; a second one waits."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(file.with_suffix(".lock")):
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_bytes(pickle.dumps(make(), protocol=5))
            part.replace(file)
    with file.open("rb") as stream:
        found = pickle.load(stream)
    assert isinstance(found, kind)
    return found
