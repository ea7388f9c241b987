"""The non-target component of PERCIST at one follow-up (spec 2.9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.criteria.percist.rules import PercistRules
from app.criteria.percist.target_limits import reaches
from app.criteria.percist.target_trace import fraction_of
from app.domain.exact import exact
from app.domain.percist_response import NonTargetResponse, NonTargetStatus
from app.domain.response import MetabolicCategory, reason

# One persisting item proves persistence, whatever could not be assessed beside it.
WORST_FIRST = (
    (NonTargetStatus.PMD, "NON_TARGET_PROGRESSED"),
    (NonTargetStatus.NON_CMR_NON_PMD, "NON_TARGET_PERSISTS"),
    (NonTargetStatus.NE, "NON_TARGET_NOT_ASSESSED"),
    (NonTargetStatus.CMR, "NON_TARGET_RESOLVED"),
)


@dataclass(frozen=True, slots=True)
class NonTargetItem:
    """One FDG-avid non-target item as the reader judged it; SULpeaks in g/mL.

    `reference_sul_peak_g_per_ml` is the item's own, of the scan a rise is measured from.
    `extent_increase` is the reader's finding that its extent clearly grew.
    """

    item_id: str
    status: NonTargetStatus
    sul_peak_g_per_ml: float | None = None
    reference_sul_peak_g_per_ml: float | None = None
    extent_increase: bool = False


def non_target_response(items: Sequence[NonTargetItem], rules: PercistRules) -> NonTargetResponse:
    """PMD where one item progressed, else NON-CMR/NON-PMD where one persists, else NE, else CMR.

    The numeric guide (30 % and 0.8 SUL) never decides: it raises a flag where it disagrees with
    the reader, either way. Without an item there is no category. Source: spec 2.9.
    """
    if not items:
        return NonTargetResponse(None, (reason("PER-2.9", "NO_NON_TARGET"),))
    by_status = {
        status: sorted(item.item_id for item in items if item.status is status)
        for status in NonTargetStatus
    }
    flags = []
    for item in sorted(items, key=lambda item: item.item_id):
        suggested = _suggests_progression(item, rules)
        if suggested and item.status is not NonTargetStatus.PMD:
            flags.append(f"NON_TARGET_RISE {item.item_id}")
        if suggested is False and item.status is NonTargetStatus.PMD:
            flags.append(f"NON_TARGET_PMD_BELOW_GUIDE {item.item_id}")
    status, code = next(step for step in WORST_FIRST if by_status[step[0]])
    why = reason("PER-2.9", code, items=", ".join(by_status[status]))
    return NonTargetResponse(MetabolicCategory(status.value), (why,), tuple(flags))


def non_target_change(item: NonTargetItem) -> float | None:
    """The change of an item against its own reference as a fraction, None where unknown."""
    c, r = item.sul_peak_g_per_ml, item.reference_sul_peak_g_per_ml
    return None if c is None or r is None else fraction_of(exact(c), exact(r))


def _suggests_progression(item: NonTargetItem, rules: PercistRules) -> bool | None:
    """Whether the guide calls it unequivocal; None where nothing is measured."""
    if item.extent_increase:
        return True
    c, r = item.sul_peak_g_per_ml, item.reference_sul_peak_g_per_ml
    if c is None or r is None:
        return None
    return reaches(exact(r), exact(c), 1, rules, inclusive=True)
