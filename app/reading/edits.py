"""What a reader can do to a reading: frozen records that turn one state into the next.

An edit never reads a clock, a file or a voxel. `apply` raises EditRefusedError where the edit does
not fit the state; the store then leaves everything as it was.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from app.criteria.percist.organs import asks_for_ild
from app.domain.caliper import Caliper
from app.domain.reference import PlacementMethod
from app.domain.region import RegionSpec, SphereRegion
from app.reading.recist_edits import SetNonTargetStatus as SetNonTargetStatus
from app.reading.recist_edits import SetRecistRoles as SetRecistRoles
from app.reading.recist_edits import SetRecistState as SetRecistState
from app.reading.recist_marks import after_caliper
from app.reading.refusal import EditRefusedError as EditRefusedError
from app.reading.state import Lesion, LesionRole, NewLesionClass, ReaderFacts, ReadingState


class Edit(Protocol):
    """One accepted change."""

    def apply(self, state: ReadingState) -> ReadingState:
        """The state after the edit. Raises EditRefusedError."""


@dataclass(frozen=True, slots=True)
class AddLesion:
    """A focus the reader found: its place at one visit."""

    lesion_id: str
    tracking_uid: str
    visit: int
    region: RegionSpec
    site: str
    side: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with one more lesion, confirmed by its placement."""
        if any(item.lesion_id == self.lesion_id for item in state.lesions):
            raise EditRefusedError("LESION_EXISTS")
        lesion = Lesion(
            self.lesion_id,
            self.tracking_uid,
            LesionRole.TUMOUR,
            self.site,
            self.side,
            first_visit=self.visit,
            regions=((self.visit, self.region),),
            confirmed=True,
        )
        return replace(state, lesions=(*state.lesions, lesion))


@dataclass(frozen=True, slots=True)
class RemoveLesion:
    """Takes a lesion out of the read; its id stays taken."""

    lesion_id: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the lesion removed."""
        return state.with_lesion(replace(_lesion(state, self.lesion_id), removed=True))


@dataclass(frozen=True, slots=True)
class SetRegion:
    """Another region of a lesion at a visit; None takes it away."""

    lesion_id: str
    visit: int
    region: RegionSpec | None

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the region changed; a changed region counts as looked at."""
        lesion = _lesion(state, self.lesion_id).with_region(self.visit, self.region)
        return state.with_lesion(replace(lesion, confirmed=True))


@dataclass(frozen=True, slots=True)
class SetRole:
    """Triage: lesion, physiological or unsure. Deciding is confirming."""

    lesion_id: str
    role: LesionRole

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the role set and the lesion confirmed."""
        lesion = replace(_lesion(state, self.lesion_id), role=self.role, confirmed=True)
        return state.with_lesion(lesion)


@dataclass(frozen=True, slots=True)
class ConfirmPhysiological:
    """The reader agrees that these foci are physiological, all at once.

    Lesions are agreed to one by one: one that is overlooked among many would change a response.
    """

    lesion_ids: tuple[str, ...]

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the foci confirmed; refused where one is not physiological."""
        for lesion_id in self.lesion_ids:
            lesion = _lesion(state, lesion_id)
            if lesion.removed or lesion.role is not LesionRole.PHYSIOLOGICAL:
                raise EditRefusedError("NOT_PHYSIOLOGICAL")
            state = state.with_lesion(replace(lesion, confirmed=True))
        return state


@dataclass(frozen=True, slots=True)
class SetPlace:
    """Site and side in words of the site list."""

    lesion_id: str
    site: str
    side: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the place corrected."""
        lesion = replace(_lesion(state, self.lesion_id), site=self.site, side=self.side)
        return state.with_lesion(lesion)


@dataclass(frozen=True, slots=True)
class SetLesionComment:
    """A remark on one lesion."""

    lesion_id: str
    comment: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the remark."""
        return state.with_lesion(replace(_lesion(state, self.lesion_id), comment=self.comment))


@dataclass(frozen=True, slots=True)
class TickResolved:
    """The reader finds the uptake resolved to background at a follow-up, or no longer so."""

    lesion_id: str
    visit: int
    resolved: bool

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the tick."""
        lesion = _lesion(state, self.lesion_id)
        if self.visit <= lesion.first_visit:
            raise EditRefusedError("RESOLVED_NEEDS_FOLLOW_UP")
        if self.resolved and self.visit in lesion.progressed_visits:
            raise EditRefusedError("RESOLVED_AND_PROGRESSED")
        others = {v for v in lesion.resolved_visits if v != self.visit}
        visits = tuple(sorted(others | ({self.visit} if self.resolved else set())))
        return state.with_lesion(replace(lesion, resolved_visits=visits))


@dataclass(frozen=True, slots=True)
class TickProgressed:
    """The reader finds unequivocal progression of a lesion at a follow-up, or no longer so."""

    lesion_id: str
    visit: int
    progressed: bool

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the tick; a lesion cannot be resolved and progress at once."""
        lesion = _lesion(state, self.lesion_id)
        if lesion.first_visit != 0 or self.visit <= 0:
            raise EditRefusedError("PROGRESSED_NEEDS_BASELINE_LESION")
        if self.progressed and self.visit in lesion.resolved_visits:
            raise EditRefusedError("RESOLVED_AND_PROGRESSED")
        others = {v for v in lesion.progressed_visits if v != self.visit}
        visits = tuple(sorted(others | ({self.visit} if self.progressed else set())))
        return state.with_lesion(replace(lesion, progressed_visits=visits))


@dataclass(frozen=True, slots=True)
class ClassifyNew:
    """The verdict on a focus first seen at a follow-up.

    Lung, hilum and mediastinum need the question "ILD considered?" answered before a focus can
    be called a new lesion (spec 2.8).
    """

    lesion_id: str
    new_class: NewLesionClass | None
    reason: str = ""
    ild_considered: bool = False

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the verdict. Raises EditRefusedError without the answer on ILD."""
        lesion = _lesion(state, self.lesion_id)
        if lesion.first_visit == 0:
            raise EditRefusedError("NEW_NEEDS_FOLLOW_UP")
        malignant = self.new_class in (NewLesionClass.UNEQUIVOCAL, NewLesionClass.EQUIVOCAL)
        if malignant and asks_for_ild(lesion.site) and not self.ild_considered:
            raise EditRefusedError("ILD_NOT_CONSIDERED")
        if self.new_class is NewLesionClass.NOT_MALIGNANT and not self.reason:
            raise EditRefusedError("REASON_MISSING")
        changed = replace(
            lesion,
            new_class=self.new_class,
            new_reason=self.reason,
            ild_considered=self.ild_considered,
            confirmed=True,
        )
        return state.with_lesion(changed)


@dataclass(frozen=True, slots=True)
class MoveReference:
    """The reference sphere at another place, or confirmed where it is."""

    visit: int
    sphere: SphereRegion

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the reference placed by the reader."""
        entry = state.visit(self.visit)
        moved = self.sphere != entry.reference
        method = PlacementMethod.READER if moved else entry.reference_method
        return state.with_visit(
            replace(entry, reference=self.sphere, reference_method=method, reference_confirmed=True)
        )


@dataclass(frozen=True, slots=True)
class PlaceCaliper:
    """A caliper drawn, or redrawn under the same id."""

    caliper: Caliper

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the caliper."""
        others = tuple(c for c in state.calipers if c.caliper_id != self.caliper.caliper_id)
        ordered = sorted((*others, self.caliper), key=lambda c: (len(c.caliper_id), c.caliper_id))
        marks = after_caliper(state.recist, self.caliper.lesion_id, self.caliper.visit)
        return replace(state, calipers=tuple(ordered), recist=marks)


@dataclass(frozen=True, slots=True)
class DeleteCaliper:
    """A caliper taken away."""

    caliper_id: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state without the caliper."""
        kept = tuple(c for c in state.calipers if c.caliper_id != self.caliper_id)
        if len(kept) == len(state.calipers):
            raise EditRefusedError("NO_SUCH_CALIPER")
        return replace(state, calipers=kept)


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Facts of a visit from the case report form."""

    visit: int
    facts: ReaderFacts

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the facts."""
        return state.with_visit(replace(state.visit(self.visit), facts=self.facts))


@dataclass(frozen=True, slots=True)
class SetTexts:
    """Comment and impression of the whole read."""

    comment: str
    impression: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state with the texts."""
        return replace(state, comment=self.comment, impression=self.impression)


@dataclass(frozen=True, slots=True)
class SetRules:
    """Another named rule set."""

    rule_set: str

    def apply(self, state: ReadingState) -> ReadingState:
        """The state under the rule set."""
        return replace(state, rule_set=self.rule_set)


AnyEdit = (
    AddLesion
    | RemoveLesion
    | SetRegion
    | SetRole
    | ConfirmPhysiological
    | SetPlace
    | SetLesionComment
    | TickResolved
    | TickProgressed
    | ClassifyNew
    | MoveReference
    | PlaceCaliper
    | DeleteCaliper
    | SetRecistRoles
    | SetRecistState
    | SetNonTargetStatus
    | SetFacts
    | SetTexts
    | SetRules
)


def _lesion(state: ReadingState, lesion_id: str) -> Lesion:
    try:
        return state.lesion(lesion_id)
    except KeyError:
        raise EditRefusedError("NO_SUCH_LESION") from None
