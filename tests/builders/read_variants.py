"""Reads as no demo patient has them: many visits, none or far too many lesions, endless words."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.findings import Severity, finding
from app.domain.recist import NonTargetStatus
from app.domain.response import MetabolicCategory, TargetResponse
from app.reading.edits import SetNonTargetStatus
from app.services.recist_read import recist_read, recist_rules
from tests.builders.recist_reading import caliper, lesion, measured, reading, responding


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


def by_recist(read: DraftRead) -> DraftRead:
    """Measured on CT too: a response of three visits, with a progression of a non-target lesion."""
    why = "many more lesions of the whole spine, some with new soft tissue"
    progression = NonTargetStatus.UNEQUIVOCAL_PROGRESSION
    state = SetNonTargetStatus("L4", 2, progression, why).apply(responding())
    state = measured(state, caliper(9, None, 1, 12.0))
    return replace(read, recist=recist_read(state, {}, recist_rules()))


def by_recist_often(read: DraftRead) -> DraftRead:
    """Eight visits on CT, forty lesions."""
    sites = ("liver", "hilum", "mediastinum", "bone", "abdomen", "unknown")
    state = reading(*(lesion(f"L{k}", sites[k % len(sites)]) for k in range(40)))
    last = state.visits[-1]
    later = [
        replace(last, number=k, scanned_at=last.scanned_at.replace(year=2026 + k))
        for k in range(3, 8)
    ]
    state = replace(state, visits=(*state.visits, *later))
    drawn = [
        caliper(8 * k + v, f"L{k}", v, 100.0 + k - 9 * v, 50.5) for k in range(40) for v in range(8)
    ]
    return replace(read, recist=recist_read(measured(state, *drawn), {}, recist_rules()))


VARIANTS: dict[str, Callable[[DraftRead], DraftRead]] = {
    "one visit": lambda read: repeated(read, 1),
    "three visits": lambda read: repeated(read, 3),
    "seven visits": lambda read: repeated(read, 7),
    "no lesion": without_lesions,
    "crowded": crowded,
    "wordy": wordy,
    "recist": by_recist,
    "recist, often": by_recist_often,
}
