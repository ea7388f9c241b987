"""What a reader states for RECIST 1.1 beside the calipers: roles, states, non-target statuses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistRole

# Sites whose lesions are taken for lymph nodes, measured by the short axis (spec 3.2).
NODE_SITES = frozenset({"neck", "axilla", "mediastinum", "hilum"})


@dataclass(frozen=True, slots=True)
class RecistAtVisit:
    """What is stated of a lesion at one follow-up; `why` of an unequivocal progression."""

    visit: int
    state: TargetState | None = None
    status: NonTargetStatus | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecistMark:
    """What is stated of one lesion; without a role the proposal by size stands."""

    lesion_id: str
    role: RecistRole | None = None
    visits: tuple[RecistAtVisit, ...] = ()

    def at(self, visit: int) -> RecistAtVisit:
        """What is stated at a visit."""
        return next((item for item in self.visits if item.visit == visit), RecistAtVisit(visit))

    def with_visit(self, changed: RecistAtVisit) -> "RecistMark":
        """The mark with another statement at a visit; one that says nothing is dropped."""
        others = [item for item in self.visits if item.visit != changed.visit]
        if changed != RecistAtVisit(changed.visit):
            others.append(changed)
        return replace(self, visits=tuple(sorted(others, key=lambda item: item.visit)))


Marks = tuple[RecistMark, ...]


def mark_of(marks: Iterable[RecistMark], lesion_id: str) -> RecistMark:
    """The mark of a lesion, empty where nothing is stated."""
    return next((item for item in marks if item.lesion_id == lesion_id), RecistMark(lesion_id))


def with_mark(marks: Marks, changed: RecistMark) -> Marks:
    """The marks with that of a lesion replaced; an empty one is dropped."""
    others = [item for item in marks if item.lesion_id != changed.lesion_id]
    if changed != RecistMark(changed.lesion_id):
        others.append(changed)
    return tuple(sorted(others, key=lambda item: item.lesion_id))


def after_caliper(marks: Marks, lesion_id: str | None, visit: int) -> Marks:
    """The marks after a caliper was drawn: what is measured is neither absent nor not readable."""
    if lesion_id is None:
        return marks
    mark = mark_of(marks, lesion_id)
    stated = mark.at(visit)
    if stated.state in (TargetState.ABSENT, TargetState.NOT_ASSESSED):
        stated = replace(stated, state=None)
    if stated.status in (NonTargetStatus.ABSENT, NonTargetStatus.NE):
        stated = replace(stated, status=None)
    return with_mark(marks, mark.with_visit(stated))
