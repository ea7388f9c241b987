"""An archive with a reading of a few slices: opened in a second, everything in it is real."""

from datetime import UTC, datetime

from app.demo.patient import write_demo_patient
from app.domain.reference import PlacementMethod
from app.domain.region import SphereRegion
from app.persistence.archive import Archive
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry
from app.services.load_visit import VisitSource
from app.services.propose_reading import ProposedReading, load_visits, reading_id_of
from tests.builders.demo_patient import small_phantom
from tests.gui.story_process import archive_file

IDENTITY = tuple(tuple(float(row == column) for column in range(4)) for row in range(4))


def utc_now():
    """The clock of the archive."""
    return datetime.now(UTC)


def small_folders(folder):
    """The two visits of the small phantom as folders."""
    return write_demo_patient(folder, None, small_phantom())


def with_reading(home, folders):
    """Writes the reading into the archive of a home; returns its first state."""
    return write_reading(archive_file(home), folders)


def write_reading(file, folders, new_site="hilum"):
    """Writes the reading into an archive file; returns its first state."""
    state = small_proposal(folders, new_site).state
    archive = Archive(file, utc_now)
    archive.create(state, {})
    archive.close()
    return state


def small_proposal(folders, new_site="hilum"):
    """The reading as if it had been proposed; U1 is new at month 3, at `new_site`."""
    visits = load_visits([VisitSource(folder) for folder in folders])
    entries, regions = [], []
    for number, visit in enumerate(visits):
        geometry = visit.sul.geometry
        middle = tuple(geometry.lps_from_zyx([(n - 1) / 2 for n in geometry.shape_zyx]).tolist())
        entries.append(
            VisitEntry(
                number,
                str(visit.folder),
                visit.pet.identity.series_uid,
                None if visit.ct_series is None else visit.ct_series.identity.series_uid,
                visit.scanned_at,
                SphereRegion(middle, 20.0),
                PlacementMethod.AUTOMATIC,
                here_from_baseline=IDENTITY if number else None,
                registration_correlation=0.99 if number else None,
            )
        )
        regions.append((number, SphereRegion(middle, 16.0)))
    lesions = (
        Lesion("L1", "2.25.1", LesionRole.TUMOUR, "spine", "midline", 0, tuple(regions)),
        Lesion("U1", "2.25.2", LesionRole.TUMOUR, new_site, "right", 1, tuple(regions[1:])),
    )
    state = ReadingState(reading_id_of(visits), "SMALL", "percist-nadir", tuple(entries), lesions)
    return ProposedReading(state, visits, {})
