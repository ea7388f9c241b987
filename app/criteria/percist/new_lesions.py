"""New lesions at one follow-up, and the date of one that was equivocal at first (spec 2.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.criteria.percist.organs import asks_for_ild, is_visceral
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NewLesionResponse
from app.domain.response import Reason, reason

# What a focus that is no tumour can be (spec 2.8).
NOT_MALIGNANT_REASONS = frozenset(
    {
        "infection", "inflammation", "post_surgery", "post_radiotherapy", "fracture_healing",
        "sarcoid_like_node", "vaccine_node", "brown_fat", "muscle", "marrow_activation",
        "thymus", "bowel_or_urinary", "pneumonitis_ild",
    }
)  # fmt: skip
ILD_REASON = "pneumonitis_ild"
UNEQUIVOCAL, EQUIVOCAL, NOT_MALIGNANT = (
    NewLesionClass.UNEQUIVOCAL,
    NewLesionClass.EQUIVOCAL,
    NewLesionClass.NOT_MALIGNANT,
)


@dataclass(frozen=True, slots=True)
class NewFocus:
    """A focus that was not there at baseline, with the reader's verdict at this visit.

    `new_class` None is not yet classified. `not_malignant_reason` is one of
    NOT_MALIGNANT_REASONS; raises ValueError for another, or for NOT_MALIGNANT without one.
    `visceral` overrides what the site tells.
    """

    lesion_id: str
    new_class: NewLesionClass | None
    site: str = ""
    not_malignant_reason: str = ""
    ild_considered: bool = False
    visceral: bool | None = None

    def __post_init__(self) -> None:
        stated = self.not_malignant_reason
        if stated and stated not in NOT_MALIGNANT_REASONS:
            raise ValueError(f"{stated!r} is no reason for a focus that is not malignant")
        if self.new_class is NOT_MALIGNANT and not stated:
            raise ValueError(f"{self.lesion_id}: not malignant needs its reason")

    @property
    def is_visceral(self) -> bool:
        """Whether it lies in an inner organ, as stated or as the site tells."""
        return is_visceral(self.site) if self.visceral is None else self.visceral

    @property
    def ild_open(self) -> bool:
        """Whether it may not be called a new lesion before ILD was considered."""
        return asks_for_ild(self.site) and not self.ild_considered

    @property
    def counted_class(self) -> NewLesionClass | None:
        """The verdict as far as it counts: none while the ILD question is open."""
        malignant = self.new_class in (UNEQUIVOCAL, EQUIVOCAL)
        return None if malignant and self.ild_open else self.new_class


def new_lesion_response(foci: Sequence[NewFocus]) -> NewLesionResponse:
    """The foci by verdict, with trace and flags.

    Only an unequivocal one is progression. Uptake of lung, hilum or mediastinum counts once ILD
    was considered, and is flagged for the safety alert to the sponsor in any case.
    """
    ordered = sorted(foci, key=lambda focus: focus.lesion_id)
    steps: list[Reason] = []
    flags: list[str] = []
    for focus in ordered:
        steps.append(_step(focus))
        if focus.counted_class is EQUIVOCAL:
            flags.append(f"NEW_LESION_EQUIVOCAL {focus.lesion_id}")
        if focus.counted_class is None:
            code = "NEW_FOCUS_UNCLASSIFIED" if focus.new_class is None else "ILD_QUESTION_OPEN"
            flags.append(f"{code} {focus.lesion_id}")
        if asks_for_ild(focus.site) or focus.not_malignant_reason == ILD_REASON:
            flags.append(f"ILD_SAFETY_ALERT {focus.lesion_id}")
    unequivocal = _ids(ordered, UNEQUIVOCAL)
    return NewLesionResponse(
        unequivocal=unequivocal,
        equivocal=_ids(ordered, EQUIVOCAL),
        not_malignant=_ids(ordered, NOT_MALIGNANT),
        open=_ids(ordered, None),
        visceral=tuple(
            f.lesion_id for f in ordered if f.is_visceral and f.lesion_id in unequivocal
        ),
        reasons=tuple(steps),
        flags=tuple(flags),
    )


def first_appearance(visits: Sequence[Iterable[NewFocus]], lesion_id: str) -> int | None:
    """The place of the visit at which a focus, unequivocal at the last of `visits`, appeared.

    That is the first of an unbroken run of equivocal or unequivocal verdicts; visits without a
    verdict on it do not break the run, NOT_MALIGNANT does. None where it is not unequivocal now.
    """
    place = None
    for number in range(len(visits) - 1, -1, -1):
        for focus in visits[number]:
            if focus.lesion_id != lesion_id:
                continue
            if place is None and focus.counted_class is not UNEQUIVOCAL:
                return None
            if focus.counted_class is NOT_MALIGNANT:
                return place
            if focus.counted_class is not None:
                place = number
        if place is None:
            return None
    return place


def _step(focus: NewFocus) -> Reason:
    name = focus.lesion_id
    if focus.new_class is None:
        return reason("PER-2.8", "FOCUS_NOT_CLASSIFIED", lesion=name)
    if focus.counted_class is None:
        return reason("PER-2.8-ILD", "FOCUS_WAITS_FOR_ILD", lesion=name)
    if focus.new_class is NOT_MALIGNANT:
        cause = focus.not_malignant_reason
        return reason("PER-2.8", "FOCUS_NOT_MALIGNANT", lesion=name, cause=cause)
    if focus.new_class is UNEQUIVOCAL:
        return reason("PER-2.8", "NEW_LESION_IS_UNEQUIVOCAL", lesion=name)
    return reason("PER-2.8", "NEW_LESION_IS_EQUIVOCAL", lesion=name)


def _ids(foci: Iterable[NewFocus], verdict: NewLesionClass | None) -> tuple[str, ...]:
    return tuple(focus.lesion_id for focus in foci if focus.counted_class is verdict)
