"""What a reader can state for RECIST 1.1: roles, how a target or a non-target lesion was found."""

from dataclasses import dataclass, replace

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistRole
from app.reading.recist_marks import NODE_SITES, RecistAtVisit, RecistMark, mark_of, with_mark
from app.reading.refusal import EditRefusedError
from app.reading.state import Lesion, LesionRole, ReadingState

# The reason of an unequivocal progression has at least as many characters (spec 3.6).
LEAST_REASON = 20
STATED = (TargetState.TOO_SMALL, TargetState.ABSENT, TargetState.NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class SetRecistRoles:
    """Roles of lesions of the baseline; None goes back to the proposal by size."""

    choices: tuple[tuple[str, RecistRole | None], ...]

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the roles. Raises EditRefusedError where a lesion cannot have its own."""
        marks = state.recist
        for lesion_id, role in self.choices:
            lesion = _lesion(state, lesion_id)
            if role is not None:
                _check_role(state, lesion, role)
            marks = with_mark(marks, replace(mark_of(marks, lesion_id), role=role))
        return replace(state, recist=marks)


@dataclass(frozen=True, slots=True)
class SetRecistState:
    """How a target was found at a follow-up where no caliper tells; None takes that back."""

    lesion_id: str
    visit: int
    state: TargetState | None

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the finding. Raises EditRefusedError where it cannot be."""
        mark, stated = _stated(state, self.lesion_id, self.visit)
        if self.state is not None and self.state not in STATED:
            raise EditRefusedError("RECIST_STATE_NOT_STATED")
        gone = self.state in (TargetState.ABSENT, TargetState.NOT_ASSESSED)
        if gone and _is_measured(state, self.lesion_id, self.visit):
            raise EditRefusedError("RECIST_MEASURED_THERE")
        changed = mark.with_visit(replace(stated, state=self.state))
        return replace(state, recist=with_mark(state.recist, changed))


@dataclass(frozen=True, slots=True)
class SetNonTargetStatus:
    """The status of a non-target lesion at a follow-up; None takes it back."""

    lesion_id: str
    visit: int
    status: NonTargetStatus | None
    why: str = ""

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the status. Raises EditRefusedError, also where the reason is short."""
        mark, stated = _stated(state, self.lesion_id, self.visit)
        progresses = self.status is NonTargetStatus.UNEQUIVOCAL_PROGRESSION
        why = self.why.strip() if progresses else ""
        if progresses and len(why) < LEAST_REASON:
            raise EditRefusedError("PROGRESSION_REASON_TOO_SHORT")
        gone = self.status in (NonTargetStatus.ABSENT, NonTargetStatus.NE)
        if gone and _is_measured(state, self.lesion_id, self.visit):
            raise EditRefusedError("RECIST_MEASURED_THERE")
        changed = mark.with_visit(replace(stated, status=self.status, why=why))
        return replace(state, recist=with_mark(state.recist, changed))


def _lesion(state: ReadingState, lesion_id: str) -> Lesion:
    for item in state.present_lesions():
        if item.lesion_id == lesion_id:
            return item
    raise EditRefusedError("NO_SUCH_LESION")


def _check_role(state: ReadingState, lesion: Lesion, role: RecistRole) -> None:
    first = state.visits[0].number
    if lesion.first_visit != first:
        raise EditRefusedError("RECIST_ROLE_OF_NEW_LESION")
    if role is not RecistRole.NONE and lesion.role is not LesionRole.TUMOUR:
        raise EditRefusedError("RECIST_ROLE_NEEDS_TUMOUR")
    if role is RecistRole.TARGET:
        nodal = lesion.site in NODE_SITES
        sizes = [
            item.short_axis_mm if nodal else item.long_axis_mm
            for item in state.calipers
            if item.lesion_id == lesion.lesion_id and item.visit == first
        ]
        if not sizes or sizes[-1] is None:
            raise EditRefusedError("RECIST_TARGET_NOT_MEASURED")


def _stated(state: ReadingState, lesion_id: str, visit: int) -> tuple[RecistMark, RecistAtVisit]:
    first = state.visits[0].number
    if visit == first or all(entry.number != visit for entry in state.visits):
        raise EditRefusedError("RECIST_NEEDS_FOLLOW_UP")
    if _lesion(state, lesion_id).first_visit != first:
        raise EditRefusedError("RECIST_ROLE_OF_NEW_LESION")
    mark = mark_of(state.recist, lesion_id)
    return mark, mark.at(visit)


def _is_measured(state: ReadingState, lesion_id: str, visit: int) -> bool:
    return any(item.lesion_id == lesion_id and item.visit == visit for item in state.calipers)
