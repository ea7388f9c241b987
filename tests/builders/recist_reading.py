"""Readings with calipers: two follow-ups, a liver, a node, a lung and a bone lesion, one new."""

from datetime import datetime

from app.domain.caliper import Caliper
from app.domain.reference import PlacementMethod
from app.domain.region import SphereRegion
from app.reading.edits import PlaceCaliper
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry

CT = "1.2.900"
SPHERE = SphereRegion((0.0, 0.0, 0.0), 30.0)
SITES = {"L1": "liver", "L2": "hilum", "L3": "chest", "L4": "bone", "U1": "abdomen"}


def caliper(
    number: int, lesion_id: str | None, visit: int, long_mm: float, short_mm: float | None = None
) -> Caliper:
    short = None if short_mm is None else ((0.0, 0.0, 0.0), (0.0, short_mm, 0.0))
    long_axis = ((0.0, 0.0, 0.0), (long_mm, 0.0, 0.0))
    return Caliper(f"C{number}", lesion_id, visit, CT, long_axis, short)


def lesion(lesion_id: str, site: str, first_visit: int = 0) -> Lesion:
    return Lesion(
        lesion_id,
        f"2.25.{lesion_id[1:]}",
        LesionRole.TUMOUR,
        site,
        "right",
        first_visit,
        ((first_visit, SPHERE),),
    )


def reading(*lesions: Lesion) -> ReadingState:
    """Three visits without a caliper."""
    visits = tuple(
        VisitEntry(
            number,
            "",
            f"1.2.{number}",
            CT,
            datetime(2026, 1 + 3 * number, 5, 10, 30),
            SPHERE,
            PlacementMethod.AUTOMATIC,
        )
        for number in (0, 1, 2)
    )
    known = lesions or tuple(
        lesion(name, site, 1 if name.startswith("U") else 0) for name, site in SITES.items()
    )
    return ReadingState("reading-1", "SUBJECT", "percist-nadir", visits, known)


def measured(state: ReadingState, *calipers: Caliper) -> ReadingState:
    """The state with calipers drawn one after the other."""
    for item in calipers:
        state = PlaceCaliper(item).apply(state)
    return state


def responding() -> ReadingState:
    """Sums 60, 40.2 and 30: PR at both follow-ups; bone and the short-axis node included."""
    return measured(
        reading(*(lesion(name, SITES[name]) for name in ("L1", "L2", "L4"))),
        caliper(1, "L1", 0, 40.0, 31.0),
        caliper(2, "L2", 0, 33.0, 20.0),
        caliper(3, "L1", 1, 28.2, 20.0),
        caliper(4, "L2", 1, 25.0, 12.0),
        caliper(5, "L1", 2, 20.0, 15.0),
        caliper(6, "L2", 2, 15.0, 10.0),
    )
