"""The automatic draft of a PERCIST read: what is proposed, measured and derived in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.criteria.percist.rules import PercistRules
from app.domain.draft_read import DraftRead
from app.domain.numbers import NumberKey, ReferenceNumbers, RegionNumbers
from app.services.derive_read import RulePair, derive_read
from app.services.load_visit import Visit, VisitSource
from app.services.measure_visit import compute, needed
from app.services.progress import SILENT, Progress
from app.services.propose_reading import ProposedReading, load_visits, propose_reading
from app.wording import reader_error


@dataclass(frozen=True, eq=False)
class LoadedDraft:
    """The draft and the loaded visits it was made from, in the same order."""

    read: DraftRead
    visits: tuple[Visit, ...]


def draft_read(
    folders: Sequence[Path],
    rules: PercistRules,
    other_rules: PercistRules,
    progress: Progress = SILENT,
) -> LoadedDraft:
    """The draft of all visits, ordered by the time of their scans.

    Raises ReaderError as `load_visits` and `propose_reading` do.
    """
    visits = load_visits([VisitSource(folder) for folder in folders], progress)
    return measured_draft(propose_reading(visits, rules, progress), rules, other_rules, progress)


def measured_draft(
    proposed: ProposedReading,
    rules: PercistRules,
    other_rules: PercistRules,
    progress: Progress = SILENT,
) -> LoadedDraft:
    """The draft of a proposal. Raises ReaderError LIVER_NOT_FOUND where it cannot be derived."""
    visits = proposed.visits
    progress.step("measure")
    by_number = dict(enumerate(visits))
    keys = {number: visit.content_key for number, visit in by_number.items()}
    numbers: dict[NumberKey, RegionNumbers | ReferenceNumbers | None] = {}
    while missing := list(needed(proposed.state, keys, numbers, rules)):
        for number, key in missing:
            numbers[key] = compute(key, by_number[number], proposed.blobs.__getitem__)
    progress.step("respond")
    pair = RulePair(rules, other_rules)
    read = derive_read(proposed.state, by_number, numbers, pair).read
    if read is None:
        raise reader_error("LIVER_NOT_FOUND", visit=visits[0].day.isoformat())
    return LoadedDraft(read, visits)
