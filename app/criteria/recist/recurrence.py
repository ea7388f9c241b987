"""Disease that returns after a definitive complete response (spec 3.5, 3.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.criteria.recist.booking import Booked
from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.non_target import effective_status
from app.criteria.recist.rules import RecistRules
from app.criteria.recist.target import disease_left
from app.domain.recist import (
    Modality,
    NonTargetItem,
    NonTargetStatus,
    RecistVisit,
)
from app.domain.recist_response import Recurrence, Sighting
from app.domain.response import reason

NO_RECURRENCE = Recurrence((), (), (), ())
GONE = (NonTargetStatus.ABSENT, NonTargetStatus.NE)


@dataclass(frozen=True, slots=True)
class RecurrenceStep:
    """The recurrence at a visit, and the returned lesions to take to the next one."""

    recurrence: Recurrence
    sightings: Mapping[str, Sighting]


def recurrence_step(
    visit: RecistVisit,
    booked: Sequence[Booked],
    items: Sequence[NonTargetItem],
    earlier: Mapping[str, Sighting],
    rules: RecistRules,
) -> RecurrenceStep:
    """What has returned at a visit after a definitive complete response.

    Any non-nodal lesion counts whatever its size, a node from 10 mm. A lone node is imaged
    again first: it counts, from its first scan, if it is there at the next assessment too.
    """
    returned = _returned(visit, booked, items, rules)
    assessed = {item.lesion_id for item in booked if item.value is not None}
    assessed |= {
        finding.item_id for finding in visit.non_targets if finding.status is not NonTargetStatus.NE
    }
    # What was looked at and is no longer there has not returned after all.
    sightings = {
        name: seen for name, seen in earlier.items() if name in returned or name not in assessed
    }
    names = sorted(returned, key=lesion_order)
    lone = len(names) == 1 and returned[names[0]].nodal and names[0] not in earlier
    for name in names:
        here = returned[name]
        sightings.setdefault(name, Sighting(name, visit.visit_id, here.scan_date, here.modality))
    if not names:
        return RecurrenceStep(NO_RECURRENCE, sightings)
    text = ", ".join(names)
    if lone:
        why = reason("REC-3.5-RECURRENCE", "LONE_NODE_AFTER_CR_WAITS", lesions=text)
        flags = (f"IMAGE_NODE_AGAIN {names[0]}",)
        return RecurrenceStep(Recurrence((), (names[0],), (why,), flags), sightings)
    why = reason("REC-3.5-RECURRENCE", "DISEASE_RETURNED_AFTER_CR", lesions=text)
    counted = tuple(sightings[name] for name in names)
    return RecurrenceStep(Recurrence(counted, (), (why,), ()), sightings)


@dataclass(frozen=True, slots=True)
class _Returned:
    nodal: bool
    scan_date: date
    modality: Modality


def _returned(
    visit: RecistVisit,
    booked: Sequence[Booked],
    items: Sequence[NonTargetItem],
    rules: RecistRules,
) -> dict[str, _Returned]:
    returned = {
        item.lesion_id: _Returned(item.nodal, item.scan_date or visit.scan_date, Modality.CT)
        for item in disease_left(booked, rules)
    }
    given = {finding.item_id: finding for finding in visit.non_targets}
    for item in items:
        finding = given.get(item.item_id)
        if finding is not None and effective_status(item, finding, rules) not in GONE:
            day = finding.scan_date or visit.scan_date
            returned[item.item_id] = _Returned(item.nodal, day, finding.modality)
    return returned
