"""The overall response at one visit from its components (spec 3.9, tables 1 and 2)."""

from app.domain.recist import RecistCategory


def overall_category(
    target: RecistCategory | None,
    non_target: RecistCategory | None,
    new_lesion: bool,
) -> RecistCategory:
    """Tables 1 and 2 of RECIST 1.1; None stands for no disease of that kind at baseline.

    `new_lesion` is true of unequivocal new lesions only, and of a recurrence after a definitive
    complete response. Without any disease at baseline: NED, or PD once something is new.
    Raises ValueError for a category a component cannot have.
    """
    _check(target, non_target)
    if new_lesion or RecistCategory.PD in (target, non_target):
        return RecistCategory.PD
    if target is None:
        return RecistCategory.NED if non_target is None else non_target
    if target is RecistCategory.CR and non_target not in (None, RecistCategory.CR):
        return RecistCategory.PR
    return target


def _check(target: RecistCategory | None, non_target: RecistCategory | None) -> None:
    if target not in TARGET_CATEGORIES:
        raise ValueError(f"{target} is no target response")
    if non_target not in NON_TARGET_CATEGORIES:
        raise ValueError(f"{non_target} is no non-target response")


TARGET_CATEGORIES = (
    None,
    RecistCategory.CR,
    RecistCategory.PR,
    RecistCategory.SD,
    RecistCategory.PD,
    RecistCategory.NE,
)
NON_TARGET_CATEGORIES = (
    None,
    RecistCategory.CR,
    RecistCategory.NON_CR_NON_PD,
    RecistCategory.PD,
    RecistCategory.NE,
)
