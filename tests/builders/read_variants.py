"""Reads as no demo patient has them: many visits, none or far too many lesions, endless words."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.findings import Severity, finding
from app.domain.response import MetabolicCategory, TargetResponse


def repeated(read: DraftRead, visits: int) -> DraftRead:
    """The read with its follow-up repeated."""
    more = (replace(read.latest, number=number) for number in range(2, visits))
    rows = tuple(
        replace(row, categories=(row.categories * visits)[: visits - 1]) for row in read.sensitivity
    )
    return replace(
        read,
        time_points=(*read.time_points, *more)[:visits],
        sensitivity=rows if visits > 1 else (),
    )


def without_lesions(read: DraftRead) -> DraftRead:
    def bare(point: TimePoint) -> TimePoint:
        answer = None
        if point.percist is not None:
            target = TargetResponse(MetabolicCategory.NOT_MEASURABLE, read.rule_set)
            answer = replace(
                point.percist,
                overall=MetabolicCategory.NE,
                target=target,
                report_string="NE",
                margins=(),
            )
        organs = tuple(item for item in point.lesions if item.physiological is not None)
        return replace(point, lesions=organs, percist=answer, other_percist=answer)

    return replace(read, time_points=tuple(bare(point) for point in read.time_points))


def crowded(read: DraftRead) -> DraftRead:
    """Forty more lesions with all flags, and sixty findings about files with endless names."""

    def more(point: TimePoint) -> TimePoint:
        one = point.tumour_lesions[0]
        flags = ("PEAK_TRUNCATED", "PEAK_CONTAMINATED", "SMALL_LESION_PVE")
        lesions = [
            replace(one, lesion_id=f"L{k}", site="mediastinum", side="right", flags=flags)
            for k in range(20, 60)
        ]
        findings = [
            finding("FILE_TRUNCATED", Severity.WARNING, file=f"{k}{'A' * 180}") for k in range(60)
        ]
        return replace(
            point,
            lesions=(*point.lesions, *lesions),
            findings=(*point.findings, *findings),
        )

    return replace(read, time_points=tuple(more(point) for point in read.time_points))


def wordy(read: DraftRead) -> DraftRead:
    """Header values as long as the standard allows, without a space."""

    def longer(point: TimePoint) -> TimePoint:
        pet = replace(point.scan.pet, manufacturer="M" * 64, model="W" * 64)
        return replace(point, scan=replace(point.scan, pet=pet))

    points = tuple(longer(point) for point in read.time_points)
    return replace(read, patient=replace(read.patient, patient_id="W" * 64), time_points=points)


VARIANTS: dict[str, Callable[[DraftRead], DraftRead]] = {
    "one visit": lambda read: repeated(read, 1),
    "three visits": lambda read: repeated(read, 3),
    "seven visits": lambda read: repeated(read, 7),
    "no lesion": without_lesions,
    "crowded": crowded,
    "wordy": wordy,
}
