"""The EORTC criteria of 1999, derived as a secondary result only (spec 2.12)."""

from app.domain.exact import at_least, at_most, exact
from app.domain.response import MetabolicCategory

PROGRESSION_FRACTION = 0.25
EXTENT_FRACTION = 0.20
RESPONSE_AFTER_ONE_CYCLE_FRACTION = -0.15
RESPONSE_AFTER_MORE_FRACTION = -0.25


def eortc_category(
    suv_change_fraction: float | None,
    cycles_before: int,
    extent_change_fraction: float | None = None,
    new_uptake: bool = False,
    resolved: bool = False,
) -> MetabolicCategory:
    """The category by change of SUV against baseline; fractions (0.25 is 25 % up).

    PMD: new uptake, above +25 %, or extent above +20 %. CMR: uptake resolved to background. PMR:
    15 % down or more after one cycle, more than 25 % after several. Else SMD; unknown is NE.
    A grey zone of the source, 15-25 % down after several cycles, is SMD here.
    Raises ValueError where no cycle was given.
    """
    if cycles_before < 1:
        raise ValueError(f"a response after {cycles_before} cycles")
    grown = extent_change_fraction is not None and not at_most(
        exact(extent_change_fraction), exact(EXTENT_FRACTION)
    )
    if new_uptake or grown:
        return MetabolicCategory.PMD
    if suv_change_fraction is None:
        return MetabolicCategory.CMR if resolved else MetabolicCategory.NE
    change = exact(suv_change_fraction)
    if at_least(change, exact(PROGRESSION_FRACTION), inclusive=False):
        return MetabolicCategory.PMD
    if resolved:
        return MetabolicCategory.CMR
    if cycles_before == 1:
        responds = at_most(change, exact(RESPONSE_AFTER_ONE_CYCLE_FRACTION))
    else:
        responds = at_most(change, exact(RESPONSE_AFTER_MORE_FRACTION), inclusive=False)
    return MetabolicCategory.PMR if responds else MetabolicCategory.SMD
