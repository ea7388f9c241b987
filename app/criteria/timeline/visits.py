"""Which scan belongs to which planned visit, and which visits were missed (spec 3.11)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.domain.timeline import PlannedVisit, ScanDone, VisitPlan, VisitStatus
from app.domain.trial import Modality, Schedule


def planned_dates(randomisation: date, schedule: Schedule) -> tuple[date, ...]:
    """The dates of all visits after baseline: every 91 days from randomisation, to two years."""
    steps = range(
        schedule.visit_interval_days, schedule.duration_days + 1, schedule.visit_interval_days
    )
    return tuple(randomisation + timedelta(days=days) for days in steps)


def plan_visits(
    randomisation: date,
    scans: Iterable[ScanDone],
    modalities: Sequence[Modality],
    schedule: Schedule,
    as_of: date,
) -> VisitPlan:
    """The planned visits with their scans, as they stand at the end of the day `as_of`.

    A scan belongs to the visit in whose window it lies (planned date +- 14 days, inclusive).
    Scans up to the day of randomisation are baseline, all others unscheduled: kept and labelled.
    A visit is complete with every modality of the arm, missed without any once its window closed.
    """
    known = sorted({scan for scan in scans if scan.scan_date <= as_of}, key=_order)
    window = timedelta(days=schedule.window_days)
    visits: list[PlannedVisit] = []
    taken: set[ScanDone] = set()
    for number, planned in enumerate(planned_dates(randomisation, schedule), start=1):
        opens, closes = planned - window, planned + window
        inside = tuple(scan for scan in known if opens <= scan.scan_date <= closes)
        taken.update(inside)
        done = {scan.modality for scan in inside}
        missing = tuple(sorted(set(modalities) - done))
        if inside and not missing:
            status = VisitStatus.COMPLETE
        elif as_of <= closes:
            status = VisitStatus.OPEN
        else:
            status = VisitStatus.PARTIAL if inside else VisitStatus.MISSED
        visits.append(PlannedVisit(number, planned, opens, closes, status, inside, missing))
    rest = [scan for scan in known if scan not in taken]
    return VisitPlan(
        tuple(visits),
        tuple(scan for scan in rest if scan.scan_date <= randomisation),
        tuple(scan for scan in rest if scan.scan_date > randomisation),
    )


def longest_missed_run(plan: VisitPlan) -> int:
    """The most visits missed one after the other."""
    longest = run = 0
    for visit in plan.visits:
        run = run + 1 if visit.status is VisitStatus.MISSED else 0
        longest = max(longest, run)
    return longest


def _order(scan: ScanDone) -> tuple[date, str]:
    return scan.scan_date, scan.modality or ""
