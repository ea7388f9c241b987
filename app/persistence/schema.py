"""The database of readings: one file, append-only journal, schema versions in order."""

import sqlite3
from pathlib import Path

# Each entry brings the schema one version up; an entry is never changed once released.
MIGRATIONS = (
    """
    CREATE TABLE reading (
        reading_id TEXT PRIMARY KEY,
        patient_key TEXT NOT NULL,
        created_utc TEXT NOT NULL,
        initial_state TEXT NOT NULL
    ) STRICT;
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        reading_id TEXT NOT NULL REFERENCES reading (reading_id),
        utc TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('edit', 'undo', 'redo')),
        edit TEXT NOT NULL
    ) STRICT;
    CREATE INDEX journal_by_reading ON journal (reading_id, seq);
    CREATE TABLE mask_blob (
        blob_key TEXT PRIMARY KEY,
        data BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER journal_is_append_only_u BEFORE UPDATE ON journal
        BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_is_append_only_d BEFORE DELETE ON journal
        BEGIN SELECT RAISE (ABORT, 'the journal is append-only'); END;
    """,
)


class SchemaTooNew(Exception):  # noqa: N818 - named for the fact it states
    """The file was written by a newer program."""


def open_database(file: Path) -> sqlite3.Connection:
    """A connection with the newest schema. Raises sqlite3.Error, SchemaTooNew, OSError.

    WAL with full synchronisation: a committed row survives a kill of the program and a loss of
    power. Foreign keys are enforced.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 2000")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        connection.close()
        raise SchemaTooNew(version)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
    return connection
