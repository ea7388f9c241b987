"""The date of the first progression and what it rests on (spec 3.7, 3.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from app.criteria.recist.booking import Booked
from app.criteria.recist.sum_limits import SumLimits
from app.domain.recist import Modality, RecistVisit
from app.domain.recist_response import (
    FirstProgression,
    NonTargetComponent,
    ProgressionBasis,
    Sighting,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One ground for progression: the scan it was first seen on and the visit that settled it."""

    scan_date: date
    visit_id: str
    declared_at: str
    basis: ProgressionBasis
    modality: Modality


def target_evidence(visit: RecistVisit, booked: Sequence[Booked], limits: SumLimits) -> Evidence:
    """Progression of the sum, on the day of the last measurement needed to reach its limits.

    Where the visit took several days, targets are added up in the order of their scans.
    """
    dated = sorted(
        ((item.scan_date or visit.scan_date, item.value) for item in booked if item.value),
    )
    days = [day for day, _ in dated]
    sums = accumulate(value for _, value in dated)
    reached = [day for day, total in zip(days, sums, strict=True) if limits.progresses(total)]
    day = min(reached, default=visit.scan_date)
    return Evidence(day, visit.visit_id, visit.visit_id, ProgressionBasis.TARGET, Modality.CT)


def non_target_evidence(visit: RecistVisit, component: NonTargetComponent) -> list[Evidence]:
    """Unequivocal progression of non-target items, each on the day of its scan."""
    return [
        Evidence(
            finding.scan_date or visit.scan_date,
            visit.visit_id,
            visit.visit_id,
            ProgressionBasis.NON_TARGET,
            finding.modality,
        )
        for finding in visit.non_targets
        if finding.item_id in component.progressing
    ]


def sighting_evidence(
    visit: RecistVisit, counted: Sequence[Sighting], basis: ProgressionBasis
) -> list[Evidence]:
    """New or returned lesions that count, each on the day it was first seen."""
    return [
        Evidence(item.scan_date, item.visit_id, visit.visit_id, basis, item.modality)
        for item in counted
    ]


def first_progression(
    visit_ids: Sequence[str], evidence: Sequence[Evidence]
) -> FirstProgression | None:
    """The earliest progression, or None: earliest visit, and of that visit the earliest scan.

    An equivocal finding that is confirmed later belongs to the visit that first showed it, also
    where another progression was declared in between.
    """
    if not evidence:
        return None
    order = {name: number for number, name in enumerate(visit_ids)}
    visit_id = min((item.visit_id for item in evidence), key=lambda name: order[name])
    grounds = [item for item in evidence if item.visit_id == visit_id]
    day = min(item.scan_date for item in grounds)
    return FirstProgression(
        scan_date=day,
        visit_id=visit_id,
        declared_at=min((item.declared_at for item in grounds), key=lambda name: order[name]),
        basis=tuple(sorted({item.basis for item in grounds})),
        modality=tuple(sorted({item.modality for item in grounds if item.scan_date == day})),
    )
