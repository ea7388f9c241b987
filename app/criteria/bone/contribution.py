"""How the bone component enters RECIST: one non-target item and new-lesion evidence (spec 3.8)."""

from dataclasses import dataclass
from datetime import date

from app.domain.bone import (
    BoneCategory,
    BoneItemState,
    BoneResponse,
    NewBoneLesion,
    ProgressionEvidence,
)

ITEM_NAME = "bone, scintigraphy"


@dataclass(frozen=True, slots=True)
class BoneContribution:
    """What a RECIST visit takes from bone.

    `item` is None where no focus was ever followed. `new_lesion_date` and `progression_date` are
    the dates progression counts from, which may lie before this visit (F2); `flags` go along.
    """

    item_name: str
    item: BoneItemState | None
    new_lesion: NewBoneLesion
    new_lesion_date: date | None
    progression_date: date | None
    flags: tuple[str, ...]


def recist_contribution(response: BoneResponse) -> BoneContribution:
    """The non-target item, the new-lesion verdict and their dates of one visit."""
    found = response.progression
    new = found is not None and found.evidence is ProgressionEvidence.NEW_LESION
    counts = found is not None and response.category is BoneCategory.PD
    return BoneContribution(
        ITEM_NAME,
        response.item,
        response.new_lesion,
        found.dated if found is not None and counts and new else None,
        found.dated if found is not None and counts else None,
        response.flags,
    )
