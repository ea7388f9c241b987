"""A patient's visits as PERCIST looks at them, from baseline on (spec 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from app.criteria.percist.comparability import blocks, compare_scans
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import PercistRules, TlgSegmentation
from app.criteria.percist.selection import BaselineLesion
from app.domain.reference import ReferenceRegionKind
from app.domain.response import MetabolicCategory
from app.domain.scan_facts import ScanFacts


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One scan with its measurements and the reader's findings; unknown is None.

    `sul_peaks` (g/mL) are those of tumour lesions by id; what was not there at baseline is never
    a target. `reference_mean` and `threshold` are this scan's own, g/mL. `blocked_against` holds
    the numbers of the earlier visits this scan must not be compared with (`blocked_pairs`).
    `resolved` are the lesions ticked "resolved to background", `missing` those whose place the
    scan does not cover, `typical` the reader's word on uptake at sites that had resolved.
    `visual_category` is recorded where the arithmetic cannot be used; `recist_pd` is RECIST PD on
    CT of this visit. `tlg_g` belongs to the lesions of the extent rule.
    """

    number: int
    on: date
    sul_peaks: Mapping[str, float]
    reference_mean: float | None = None
    threshold: float | None = None
    reference_kind: ReferenceRegionKind = ReferenceRegionKind.LIVER
    blocked_against: frozenset[int] = frozenset()
    resolved: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    typical: Mapping[str, bool] = field(default_factory=dict)
    non_targets: tuple[NonTargetItem, ...] = ()
    new_foci: tuple[NewFocus, ...] = ()
    visual_category: MetabolicCategory | None = None
    recist_pd: bool | None = None
    tlg_g: float | None = None
    tlg_segmentation: TlgSegmentation = TlgSegmentation.LIVER_MEAN_PLUS_2SD


@dataclass(frozen=True, slots=True)
class PercistCourse:
    """The visits in order, the baseline first; `lesions` may say more of baseline lesions.

    `therapy_start` is the first dose of the current therapy. Raises ValueError for no visit, for
    visits out of order, and for an id that a visit names twice.
    """

    visits: tuple[VisitRecord, ...]
    lesions: Mapping[str, BaselineLesion] = field(default_factory=dict)
    therapy_start: date | None = None

    def __post_init__(self) -> None:
        if not self.visits:
            raise ValueError("a course needs its baseline")
        for earlier, later in pairwise(self.visits):
            if not (earlier.number < later.number and earlier.on <= later.on):
                raise ValueError(f"visits {earlier.number} and {later.number} are out of order")
        for visit in self.visits:
            for names in (
                [item.item_id for item in visit.non_targets],
                [focus.lesion_id for focus in visit.new_foci],
            ):
                if len(set(names)) < len(names):
                    raise ValueError(f"visit {visit.number} names an item twice: {names}")

    @property
    def baseline(self) -> VisitRecord:
        """The first visit."""
        return self.visits[0]

    @property
    def follow_ups(self) -> tuple[VisitRecord, ...]:
        """All visits after the baseline."""
        return self.visits[1:]


def blocked_pairs(
    facts: Sequence[tuple[int, ScanFacts]], rules: PercistRules
) -> tuple[frozenset[int], ...]:
    """For each visit (number, facts) the earlier ones it must not be compared with (spec 2.5).

    Ready for `VisitRecord.blocked_against`; what else forbids a comparison, such as a failed
    alignment, is added by the caller.
    """
    return tuple(
        frozenset(
            number
            for number, earlier in facts[:place]
            if blocks(compare_scans(earlier, current, rules))
        )
        for place, (_, current) in enumerate(facts)
    )
