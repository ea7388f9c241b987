"""The foci marked as physiological, one line an organ; each by itself stands in reading.json."""

from collections.abc import Iterable

from app.domain.draft_read import DraftRead, TimePoint
from app.reporting.content import Table
from app.reporting.phrases import visit_name
from app.reporting.typography import NO_BREAK
from app.translation import tr
from app.wording import sentence

NOT_MEASURED = "–"
MOST_VISITS_ABREAST = 2


def physiological_table(read: DraftRead) -> Table:
    """Organs with their foci and the SULpeak of each, hottest organ first.

    Visits stand side by side while the page is wide enough, else below each other.
    """
    organs = _foci_by_organ(read)
    note = tr(
        "SULpeak of each focus in g/mL; its place and volume stand in reading.json. "
        "A reader confirms each mark."
    )
    names = tuple(visit_name(point.number) for point in read.time_points)
    if len(names) <= MOST_VISITS_ABREAST:
        rows = tuple(
            (
                sentence("organs", organ, {}),
                str(len(foci)),
                *(_peaks(foci, point) for point in read.time_points),
            )
            for organ, foci in organs.items()
        )
        return Table((tr("Likely"), tr("Foci"), *names), rows, numeric=(1,), note=note)
    below = []
    for organ, foci in organs.items():
        head = (sentence("organs", organ, {}), str(len(foci)))
        for name, point in zip(names, read.time_points, strict=True):
            below.append((*head, name, _peaks(foci, point)))
            head = ("", "")
    columns = (tr("Likely"), tr("Foci"), tr("Visit"), "SULpeak")
    return Table(columns, tuple(below), numeric=(1,), note=note)


def _foci_by_organ(read: DraftRead) -> dict[str, list[str]]:
    """Focus ids by organ, in the order in which they were first seen."""
    organ_of: dict[str, str] = {}
    for point in read.time_points:
        for item in point.lesions:
            if item.physiological is not None:
                organ_of.setdefault(item.lesion_id, item.physiological.organ)
    organs: dict[str, list[str]] = {}
    for focus, organ in organ_of.items():
        organs.setdefault(organ, []).append(focus)
    return organs


def _peaks(foci: Iterable[str], point: TimePoint) -> str:
    found = {item.lesion_id: f"{item.sul_peak:.2f}" for item in point.lesions}
    return ", ".join(f"{name}{NO_BREAK}{found.get(name, NOT_MEASURED)}" for name in foci)
