"""Bone over all visits of a patient: B1, B2, B4, the flare F1-F4, the first progression."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from app.criteria.bone.foci import judge_foci
from app.criteria.bone.memory import Memory, start_from
from app.criteria.bone.rules import BoneRules
from app.criteria.bone.scan_response import (
    baseline_response,
    follow_up,
    late_response,
    missing_scan,
)
from app.domain.bone import BoneCategory, BoneCourse, BoneResponse, BoneVisit, ScanQuality


def bone_course(visits: Sequence[BoneVisit], therapy_start: date, rules: BoneRules) -> BoneCourse:
    """The bone component of every visit, baseline first, and the first progression.

    `visits` are all visits of the schedule, also those without a bone scan, in any order; the
    smallest number is the baseline. A response rests on its own and on earlier scans only: where
    a later scan dates a progression back (F2, confirmed foci), the later visit's response carries
    it and the earlier one stays. Raises ValueError for a visit number used twice, for scan dates
    that run against the order of visits, and for progression at baseline.
    Source: spec 3.8, 4.2-4.5.
    """
    ordered = sorted(visits, key=lambda item: item.visit)
    _check(ordered)
    memory = Memory()
    responses: list[BoneResponse] = []
    for number, visit in enumerate(ordered):
        response, memory = _respond(visit, memory, number == 0, therapy_start, rules)
        responses.append(response)
    first = next((item.progression for item in responses if item.progression is not None), None)
    return BoneCourse(tuple(responses), first)


def _respond(
    visit: BoneVisit, memory: Memory, baseline: bool, therapy_start: date, rules: BoneRules
) -> tuple[BoneResponse, Memory]:
    scan = visit.scan
    if scan is None or scan.quality is ScanQuality.NOT_READABLE:
        return missing_scan(visit, memory, rules)
    if baseline:
        return baseline_response(visit, scan, rules), start_from(memory, scan, True)
    if memory.started or judge_foci(scan, {}, (), ()).destructive:
        return follow_up(visit, scan, memory, therapy_start, rules)
    # The first readable scan is the reference of the later ones: what it shows is not called
    # new, but for destruction that is new on CT (F3).
    return late_response(visit, scan, memory, rules), start_from(memory, scan, False)


def _check(ordered: Sequence[BoneVisit]) -> None:
    numbers = [item.visit for item in ordered]
    if len(set(numbers)) < len(numbers):
        raise ValueError("a visit number is used twice")
    dates = [item.scan.scan_date for item in ordered if item.scan is not None]
    if any(later <= earlier for earlier, later in pairwise(dates)):
        raise ValueError("the dates of the bone scans run against the order of the visits")
    for visit in ordered[:1]:
        stated = [visit.scan and visit.scan.reader_status, visit.ct and visit.ct.bone_status]
        if BoneCategory.PD in stated:
            raise ValueError("a baseline shows no progression")
