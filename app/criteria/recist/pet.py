"""The FDG-PET algorithm of RECIST 1.1 for new lesions in the CT arm (spec 3.7)."""

from app.domain.recist import (
    BaselinePet,
    CtCorrelate,
    Modality,
    NewLesionCertainty,
    NewLesionFinding,
    PetFinding,
)
from app.domain.response import Reason, reason

RULE = "REC-3.7-PET"


def pet_evidence(
    finding: PetFinding, baseline: BaselinePet
) -> tuple[NewLesionFinding | None, Reason]:
    """What a site on FDG-PET says of a new lesion (None: nothing), and why.

    With a negative PET at baseline a positive site is a new lesion. Without one, or with a
    positive one, CT decides: confirmed it is a new lesion, not confirmed it waits for further
    CT, and a known site that does not grow on CT is none.
    """
    name = finding.lesion_id
    if not finding.positive:
        return None, reason(RULE, "PET_NEGATIVE", lesion=name)
    if baseline is BaselinePet.NEGATIVE:
        why = reason(RULE, "PET_NEGATIVE_THEN_POSITIVE", lesion=name)
        return _new(finding, NewLesionCertainty.UNEQUIVOCAL), why
    if finding.ct is CtCorrelate.NEW_LESION:
        why = reason(RULE, "PET_CONFIRMED_ON_CT", lesion=name)
        return _new(finding, NewLesionCertainty.UNEQUIVOCAL), why
    if finding.ct is CtCorrelate.NOT_CONFIRMED:
        why = reason(RULE, "PET_NOT_CONFIRMED_ON_CT", lesion=name)
        return _new(finding, NewLesionCertainty.EQUIVOCAL), why
    return None, reason(RULE, "PET_AT_KNOWN_SITE", lesion=name)


def _new(finding: PetFinding, certainty: NewLesionCertainty) -> NewLesionFinding:
    return NewLesionFinding(finding.lesion_id, certainty, Modality.PET, scan_date=finding.scan_date)
