"""The 2+2 rule of prostate cancer (spec 4.5): optional, off, not validated in breast cancer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.criteria.bone.rules import BoneRules

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class NewFociSeen:
    """The foci of a follow-up scan: those that appeared since the scan before, and all present."""

    scan_date: date
    appeared: frozenset[str]
    present: frozenset[str]


@dataclass(frozen=True, slots=True)
class TwoPlusTwo:
    """A progression by 2+2: the scan it is dated at and the one that confirmed it."""

    first: int
    confirmed_by: int


def confirms(new_at_first: int, additional: int, days_apart: int | None, rules: BoneRules) -> bool:
    """Whether two new foci at the first scan are followed by two more at least 6 weeks later.

    `days_apart` None is an interval that was not stated; it is then taken as long enough.
    """
    enough = rules.two_plus_two_min_foci
    apart = days_apart is None or days_apart >= rules.two_plus_two_min_weeks * DAYS_PER_WEEK
    return new_at_first >= enough and additional >= enough and apart


def two_plus_two(scans: Sequence[NewFociSeen], rules: BoneRules) -> TwoPlusTwo | None:
    """The first progression by 2+2 over the follow-ups in order, or None (PCWG2/3, spec 4.5).

    At the first follow-up two new foci need two additional ones; later, two new foci need two of
    them to persist. In both cases the next scan at least 6 weeks later decides.
    """
    for first, scan in enumerate(scans):
        if len(scan.appeared) < rules.two_plus_two_min_foci:
            continue
        for number, later in enumerate(scans[first + 1 :], start=first + 1):
            days = (later.scan_date - scan.scan_date).days
            if days < rules.two_plus_two_min_weeks * DAYS_PER_WEEK:
                continue
            between = scans[first + 1 : number + 1]
            additional = frozenset[str]().union(*(one.appeared for one in between))
            count = additional & later.present if first == 0 else scan.appeared & later.present
            if confirms(len(scan.appeared), len(count), days, rules):
                return TwoPlusTwo(first, number)
            break
    return None
