"""A small reading for tests of state, history and archive; no voxels."""

from datetime import datetime

from app.domain.reference import PlacementMethod
from app.domain.region import MaskRegion, SphereRegion
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry


def small_reading() -> ReadingState:
    """Two visits, a lesion in both, one focus of the second visit only."""
    visits = tuple(
        VisitEntry(
            number=number,
            folder=f"/visits/{number}",
            pet_series_uid=f"1.2.{number}",
            ct_series_uid=None,
            scanned_at=datetime(2026, 1 + 3 * number, 5, 10, 30),
            reference=SphereRegion((-60.0, 10.0, 300.0 + number), 30.0),
            reference_method=PlacementMethod.AUTOMATIC,
            here_from_baseline=None
            if number == 0
            else tuple(tuple(float(row == column) for column in range(4)) for row in range(4)),
            registration_correlation=None if number == 0 else 0.98,
        )
        for number in (0, 1)
    )
    lesions = (
        Lesion(
            "L1",
            "2.25.1",
            LesionRole.TUMOUR,
            "hilum",
            "right",
            0,
            ((0, MaskRegion("a" * 64)), (1, MaskRegion("b" * 64))),
        ),
        Lesion("U1", "2.25.2", LesionRole.TUMOUR, "chest", "left", 1, ((1, MaskRegion("c" * 64)),)),
    )
    return ReadingState("reading-1", "SUBJECT", "percist-nadir", visits, lesions)
