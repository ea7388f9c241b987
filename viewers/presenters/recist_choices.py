"""What a reader may state of a lesion for RECIST: its role, and how it was found at each visit."""

from dataclasses import dataclass, replace

from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistFinding, RecistLesion, RecistRead, RecistRole
from app.reading.edits import AnyEdit, SetNonTargetStatus, SetRecistRoles, SetRecistState
from app.reading.recist_edits import LEAST_REASON, STATED
from app.reporting.phrases import visit_name
from app.translation import tr
from app.wording import sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to state; `asks_why` where the reason has to be written first."""

    label: str
    edit: AnyEdit
    current: bool
    asks_why: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Choices of which one holds."""

    title: str
    choices: tuple[Choice, ...]


def choices_of(item: RecistLesion) -> tuple[ChoiceGroup, ...]:
    """The role, then each follow-up; none for new foci, whose class is asked on their card.

    A caliper without a lesion has no choices either.
    """
    if item.new_class is not None or not item.site or _is_later(item):
        return ()
    groups = [_role(item)]
    if item.role is not RecistRole.NONE:
        by_role = _states if item.role is RecistRole.TARGET else _statuses
        groups += [by_role(item, found) for found in item.findings[1:]]
    return tuple(groups)


def take_proposals(read: RecistRead | None) -> SetRecistRoles | None:
    """The edit that makes all proposed roles the reader's own; None where there are none."""
    if read is None or not read.proposed:
        return None
    return SetRecistRoles(
        tuple(
            (item.lesion_id, item.role)
            for item in read.lesions
            if item.role is not RecistRole.NONE and not item.chosen
        )
    )


def with_reason(edit: AnyEdit, why: str) -> AnyEdit | str:
    """The edit with its reason, or the question that stands in its way (spec 3.6)."""
    lacking = LEAST_REASON - len(why.strip())
    if lacking > 0:
        return tr("{count} more characters: why is it unequivocal?").format(count=lacking)
    assert isinstance(edit, SetNonTargetStatus)
    return replace(edit, why=why.strip())


def _is_later(item: RecistLesion) -> bool:
    return any(why.rule.startswith("REC-3.7") for why in item.reasons)


def _role(item: RecistLesion) -> ChoiceGroup:
    current = item.role if item.chosen else None

    def choice(role: RecistRole | None) -> Choice:
        label = tr("as proposed") if role is None else sentence("recist_roles", role.value, {})
        return Choice(label, SetRecistRoles(((item.lesion_id, role),)), role is current)

    return ChoiceGroup(tr("Role"), tuple(choice(role) for role in (None, *RecistRole)))


def _states(item: RecistLesion, found: RecistFinding) -> ChoiceGroup:
    current = found.state if found.state in STATED else None

    def choice(state: TargetState | None) -> Choice:
        label = sentence("recist_target_states", (state or TargetState.MEASURED).value, {})
        edit = SetRecistState(item.lesion_id, found.visit, state)
        return Choice(label, edit, state is current)

    return ChoiceGroup(visit_name(found.visit), tuple(choice(state) for state in (None, *STATED)))


def _statuses(item: RecistLesion, found: RecistFinding) -> ChoiceGroup:
    def choice(status: NonTargetStatus | None) -> Choice:
        label = tr("not stated")
        if status is not None:
            label = sentence("recist_statuses", status.value, {})
        asks = status is NonTargetStatus.UNEQUIVOCAL_PROGRESSION
        edit = SetNonTargetStatus(item.lesion_id, found.visit, status)
        return Choice(f"{label}…" if asks else label, edit, status is found.status, asks)

    every = (None, *NonTargetStatus)
    return ChoiceGroup(visit_name(found.visit), tuple(choice(status) for status in every))
