"""What happened when: visits, assessments, progression-free survival, lead time (spec 3.11)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.response import Reason
from app.domain.trial import Modality, VisitDateRule


class Outcome(StrEnum):
    """What an assessment says about progression, whatever its criterion."""

    PROGRESSION = "PROGRESSION"
    NO_PROGRESSION = "NO_PROGRESSION"
    NOT_EVALUABLE = "NOT_EVALUABLE"


class PdBasis(StrEnum):
    """What a progression rests on (`pd_basis`)."""

    NEW_LESION = "NEW_LESION"
    TARGET = "TARGET"
    NON_TARGET = "NON_TARGET"
    UNSTATED = "UNSTATED"


class PfsKind(StrEnum):
    """The event, or why there is none (FDA table A style)."""

    PROGRESSION = "PROGRESSION"
    DEATH = "DEATH"
    NO_EVENT = "NO_EVENT"
    NO_BASELINE = "NO_BASELINE"
    NO_ASSESSMENT = "NO_ASSESSMENT"
    NEW_THERAPY = "NEW_THERAPY"
    MISSED_VISITS = "MISSED_VISITS"


class VisitStatus(StrEnum):
    """A planned visit against its scans."""

    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    MISSED = "MISSED"
    OPEN = "OPEN"  # its window has not closed yet


@dataclass(frozen=True, slots=True)
class ScanDone:
    """A scan that was done."""

    scan_date: date
    modality: Modality | None = None


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit of the schedule with the scans inside its window (both ends inclusive)."""

    number: int
    planned: date
    opens: date
    closes: date
    status: VisitStatus
    scans: tuple[ScanDone, ...]
    missing: tuple[Modality, ...]


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """All planned visits, and the scans that belong to none."""

    visits: tuple[PlannedVisit, ...]
    baseline: tuple[ScanDone, ...]
    unscheduled: tuple[ScanDone, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One ground of a progression: the scans it rests on; `dated_back_to` an earlier visit where
    it was first seen and could not be judged yet. Raises ValueError without a scan or for a date
    that is not earlier."""

    basis: PdBasis
    scan_dates: tuple[date, ...]
    modality: Modality | None = None
    dated_back_to: date | None = None

    def __post_init__(self) -> None:
        if not self.scan_dates:
            raise ValueError("evidence of a progression needs a scan date")
        if self.dated_back_to is not None and self.dated_back_to > min(self.scan_dates):
            raise ValueError("dated_back_to lies after the scan")

    @property
    def dated(self) -> date:
        """The date it counts from: first seen, or for targets the last scan of the sum."""
        if self.dated_back_to is not None:
            return self.dated_back_to
        return (max if self.basis is PdBasis.TARGET else min)(self.scan_dates)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A visit after baseline as assessed by one criterion; `response` is its category's text."""

    scans: tuple[ScanDone, ...]
    outcome: Outcome
    response: str = ""
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if not self.scans:
            raise ValueError("an assessment needs a scan")
        if self.evidence and self.outcome is not Outcome.PROGRESSION:
            raise ValueError("only a progression has evidence")

    def visit_date(self, rule: VisitDateRule) -> date:
        """The date of a visit without progression."""
        dates = [scan.scan_date for scan in self.scans]
        return max(dates) if rule is VisitDateRule.LAST_SCAN else min(dates)

    def modalities(self) -> frozenset[Modality]:
        """What was imaged."""
        return frozenset(scan.modality for scan in self.scans if scan.modality is not None)


@dataclass(frozen=True, slots=True)
class FirstProgression:
    """The first progression: its date, what it rests on, what showed it."""

    dated: date
    seen_on: date
    basis: PdBasis
    modality: Modality | None


@dataclass(frozen=True, slots=True)
class PfsCase:
    """All that progression-free survival looks at; `modalities` make a visit complete.

    `randomisation` None leaves the date of an event known and its days unknown. What lies after
    `cutoff` is not looked at.
    """

    randomisation: date | None
    assessments: tuple[Assessment, ...]
    baseline_done: bool = True
    death: date | None = None
    new_therapy: date | None = None
    cutoff: date | None = None
    modalities: tuple[Modality, ...] = ()


@dataclass(frozen=True, slots=True)
class PfsResult:
    """Progression-free survival: event or censoring, its date and days from randomisation + 1.

    `pd_basis` and `pd_modality` say what the date of a progression rests on; `gap_days` is the
    distance of the event to the last adequate assessment; `schedule_sha256` names the rules.
    """

    event: bool
    kind: PfsKind
    dated: date | None
    days: int | None
    schedule_sha256: str
    pd_basis: PdBasis | None = None
    pd_modality: Modality | None = None
    last_adequate: date | None = None
    gap_days: int | None = None
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionCourse:
    """One criterion of a lead-time comparison: its first progression, or its last assessment."""

    criterion: str
    progression: date | None
    last_assessed: date | None


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A criterion's first progression, its days from randomisation + 1, and its lag in days
    behind the earliest one."""

    criterion: str
    progression: date | None
    days: int | None
    behind_earliest_days: int | None


@dataclass(frozen=True, slots=True)
class LeadPair:
    """How many days `first` shows progression before `second`; `at_least` where `second` had
    not shown it when last assessed. None in `days` is explained by `why`."""

    first: str
    second: str
    days: int | None
    at_least: bool
    why: Reason


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Progression by several criteria side by side."""

    rows: tuple[LeadRow, ...]
    pairs: tuple[LeadPair, ...]
