"""Readings on disk: created once, then only added to."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.persistence.codec import edit_from, edit_text, state_from, state_text
from app.persistence.schema import SchemaTooNew, open_database
from app.reading.edits import AnyEdit
from app.reading.history import History
from app.reading.state import ReadingState
from app.reading.store import Action
from app.wording import reader_error

PUT_BLOB = "INSERT OR IGNORE INTO mask_blob VALUES (?, ?)"
# What a reader can do something about, by SQLite's primary result code.
KNOWN_FAULTS = {
    sqlite3.SQLITE_FULL: "ARCHIVE_FULL",
    sqlite3.SQLITE_READONLY: "ARCHIVE_READ_ONLY",
    sqlite3.SQLITE_BUSY: "ARCHIVE_IN_USE",
}
PRIMARY_CODE = 0xFF
UtcNow = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """A line of the list of readings."""

    reading_id: str
    patient_key: str
    created_utc: datetime
    changed_utc: datetime
    state: ReadingState


class Archive:
    """The readings of one user in one database file. Calls come from one thread.

    Raises ReaderError ARCHIVE_FULL, ARCHIVE_READ_ONLY, ARCHIVE_IN_USE or ARCHIVE_UNUSABLE where
    the file cannot be opened or written; nothing that was committed before is touched then.
    """

    def __init__(self, file: Path, utc_now: UtcNow) -> None:
        self._file = file
        self._utc_now = utc_now
        try:
            self._db = open_database(file)
        except SchemaTooNew as fault:
            raise reader_error("ARCHIVE_TOO_NEW", file=str(file)) from fault
        except (sqlite3.Error, OSError) as fault:
            raise self._unusable(fault) from fault

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def create(self, state: ReadingState, blobs: Mapping[str, bytes]) -> None:
        """Writes a new reading with its first state and the masks it names, all or nothing."""
        reading = (state.reading_id, state.patient_key, self._stamp(), state_text(state))
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(PUT_BLOB, blobs.items())
            self._db.execute("INSERT INTO reading VALUES (?, ?, ?, ?)", reading)
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise self._unusable(fault) from fault

    def record(self, reading_id: str, action: Action, edit: AnyEdit) -> None:
        """Appends one row to a reading's journal; on disk when this returns."""
        self._write(
            "INSERT INTO journal (reading_id, utc, action, edit) VALUES (?, ?, ?, ?)",
            (reading_id, self._stamp(), action.value, edit_text(edit)),
        )

    def history(self, reading_id: str) -> History:
        """The history as it stood after the last committed row. Raises KeyError."""
        row = self._db.execute(
            "SELECT initial_state FROM reading WHERE reading_id = ?", (reading_id,)
        ).fetchone()
        if row is None:
            raise KeyError(reading_id)
        history = History(state_from(row[0]))
        rows = self._db.execute(
            "SELECT action, edit FROM journal WHERE reading_id = ? ORDER BY seq", (reading_id,)
        )
        for action, edit in rows:
            if action == Action.EDIT:
                history = history.after(edit_from(edit))
            else:
                history = history.undone() if action == Action.UNDO else history.redone()
        return history

    def readings(self) -> tuple[ReadingSummary, ...]:
        """All readings, the one changed last first."""
        rows = self._db.execute(
            """SELECT r.reading_id, r.patient_key, r.created_utc,
                      COALESCE (MAX (j.utc), r.created_utc) AS changed
               FROM reading r LEFT JOIN journal j USING (reading_id)
               GROUP BY r.reading_id ORDER BY changed DESC, r.reading_id"""
        ).fetchall()
        return tuple(
            ReadingSummary(
                reading_id,
                patient,
                datetime.fromisoformat(created),
                datetime.fromisoformat(changed),
                self.history(reading_id).state,
            )
            for reading_id, patient, created, changed in rows
        )

    def put_blob(self, key: str, data: bytes) -> None:
        """Stores content under its own key; the same content again is no change."""
        self._write(PUT_BLOB, (key, data))

    def blob(self, key: str) -> bytes:
        """The content of a key. Raises KeyError."""
        row = self._db.execute("SELECT data FROM mask_blob WHERE blob_key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as fault:
            raise self._unusable(fault) from fault

    def _unusable(self, fault: Exception) -> Exception:
        result = getattr(fault, "sqlite_errorcode", None)  # lacking where Python itself raised
        code = None if result is None else KNOWN_FAULTS.get(result & PRIMARY_CODE)
        if code is None and self._is_read_only():
            code = "ARCHIVE_READ_ONLY"  # SQLite says only that it cannot open the file
        if code is not None:
            return reader_error(code, file=str(self._file))
        return reader_error("ARCHIVE_UNUSABLE", file=str(self._file), cause=str(fault))

    def _is_read_only(self) -> bool:
        folder, as_run = self._file.parent, os.access in os.supports_effective_ids
        return folder.is_dir() and not os.access(folder, os.W_OK, effective_ids=as_run)

    def _stamp(self) -> str:
        return self._utc_now().isoformat()


class ReadingJournal:
    """The journal of one reading, as the store wants it."""

    def __init__(self, archive: Archive, reading_id: str) -> None:
        self._archive = archive
        self._reading_id = reading_id

    def record(self, action: Action, edit: AnyEdit) -> None:
        """Writes one row durably."""
        self._archive.record(self._reading_id, action, edit)
