"""The date of progression of one criterion, overall and by modality (spec 3.11)."""

from collections.abc import Iterable

from app.domain.timeline import Assessment, Evidence, FirstProgression, Outcome, PdBasis
from app.domain.trial import Modality

# RECIST 1.1, PERCIST and SDTM texts of an overall response (spec 2.10, 3.9, 6.4).
PROGRESSION = frozenset({"PD", "PMD"})
NO_PROGRESSION = frozenset(
    {
        "CR", "PR", "SD", "NON-CR/NON-PD", "NED",
        "CMR", "PMR", "SMD", "NON-CMR/NON-PMD",
    }
)  # fmt: skip
NOT_EVALUABLE = frozenset({"NE", "ND", "MISSING", "NOT_MEASURABLE", "NOT ALL EVALUATED"})


def outcome_of(response: str) -> Outcome:
    """What an overall response says about progression. Raises ValueError for any other text."""
    if response in PROGRESSION:
        return Outcome.PROGRESSION
    if response in NO_PROGRESSION:
        return Outcome.NO_PROGRESSION
    if response in NOT_EVALUABLE:
        return Outcome.NOT_EVALUABLE
    raise ValueError(f"{response!r} is no overall response")


def first_progression(assessments: Iterable[Assessment]) -> FirstProgression | None:
    """The earliest progression, or None.

    New lesions and non-targets count from the first scan that shows them, a target sum from the
    last scan of its measurements, equivocal lesions that were confirmed from where they were
    first seen. Without stated evidence the earliest scan of the visit counts.
    """
    return min(_all(assessments), key=_order, default=None)


def first_progression_by_modality(
    assessments: Iterable[Assessment],
) -> tuple[FirstProgression, ...]:
    """The earliest progression that each modality shows, sorted by modality."""
    found: dict[Modality, FirstProgression] = {}
    for item in sorted(_all(assessments), key=_order):
        if item.modality is not None:
            found.setdefault(item.modality, item)
    return tuple(found[modality] for modality in sorted(found))


def _all(assessments: Iterable[Assessment]) -> list[FirstProgression]:
    return [
        FirstProgression(item.dated, min(item.scan_dates), item.basis, item.modality)
        for assessment in assessments
        if assessment.outcome is Outcome.PROGRESSION
        for item in assessment.evidence or (_unstated(assessment),)
    ]


def _unstated(assessment: Assessment) -> Evidence:
    first = min(scan.scan_date for scan in assessment.scans)
    on_that_day = {scan.modality for scan in assessment.scans if scan.scan_date == first}
    modality = on_that_day.pop() if len(on_that_day) == 1 else None
    return Evidence(PdBasis.UNSTATED, (first,), modality)


def _order(item: FirstProgression) -> tuple[object, ...]:
    """Earliest first; on the same day by basis (new lesion, target, non-target) and modality."""
    return item.dated, item.seen_on, list(PdBasis).index(item.basis), item.modality or ""
