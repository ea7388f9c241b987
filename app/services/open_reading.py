"""A reading from the archive, or a new one from its visits' proposal."""

from collections.abc import Sequence

from app.persistence.archive import Archive
from app.reading.history import History
from app.services.load_visit import Visit
from app.services.propose_reading import ProposedReading, reading_id_of


def stored_history(archive: Archive, visits: Sequence[Visit]) -> History | None:
    """The reading of these visits as it was last saved, or None where there is none yet."""
    try:
        return archive.history(reading_id_of(visits))
    except KeyError:
        return None


def store_proposal(archive: Archive, proposed: ProposedReading) -> History:
    """Saves a proposal as a new reading: the state and the masks it names, in one transaction.

    Raises ReaderError ARCHIVE_UNUSABLE; then there is no such reading.
    """
    archive.create(proposed.state, proposed.blobs)
    return History(proposed.state)
