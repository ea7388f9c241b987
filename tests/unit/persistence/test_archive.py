import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.caliper import Caliper
from app.domain.recist import NonTargetStatus, TargetState
from app.domain.recist_read import RecistRole
from app.domain.region import SphereRegion, ThresholdRegion
from app.errors import ReaderError
from app.persistence.archive import Archive, ReadingJournal
from app.persistence.codec import edit_from, edit_text, state_from, state_text
from app.reading import edits
from app.reading.edits import AddLesion, SetRegion, SetRole, SetTexts
from app.reading.history import History
from app.reading.state import LesionRole, NewLesionClass, ReaderFacts
from app.reading.store import ReadingStore
from tests.builders.reading_state import small_reading

SPHERE = SphereRegion((0.1, -2.0, 3.0), 12.5)
ONE_OF_EACH = (
    AddLesion("L2", "2.25.9", 0, ThresholdRegion((1.0, 2.0, 3.0), 2.5, 60.0), "liver", "right"),
    SetRole("L2", LesionRole.PHYSIOLOGICAL),
    edits.ConfirmPhysiological(("L2",)),
    edits.RemoveLesion("U1"),
    SetRegion("L1", 1, SPHERE),
    SetRegion("L1", 1, None),
    SetRole("L1", LesionRole.UNSURE),
    edits.SetPlace("L1", "bone", "left"),
    edits.SetLesionComment("L1", "près du hile"),
    edits.TickResolved("L1", 1, True),
    edits.TickResolved("L1", 1, False),
    edits.TickProgressed("L1", 1, True),
    edits.ClassifyNew("U1", NewLesionClass.EQUIVOCAL, ild_considered=True),
    edits.MoveReference(0, SPHERE),
    edits.PlaceCaliper(Caliper("C1", None, 0, "1.2", ((0.0, 0.0, 0.0), (9.0, 0.0, 0.0)), None)),
    edits.DeleteCaliper("C1"),
    edits.SetRecistRoles((("L1", RecistRole.NONE),)),
    edits.SetRecistRoles((("L1", None),)),
    edits.SetRecistState("L1", 1, TargetState.ABSENT),
    edits.SetNonTargetStatus(
        "L1", 1, NonTargetStatus.UNEQUIVOCAL_PROGRESSION, "effusion now fills the chest"
    ),
    edits.SetFacts(1, ReaderFacts(5.4, 6.0, 21)),
    SetTexts("comment", "impression"),
    edits.SetRules("percist-1.0"),
)


def now() -> datetime:
    return datetime.now(UTC)


def test_every_kind_of_edit_survives_the_journal():
    kinds = set(edits.AnyEdit.__args__)
    assert {type(edit) for edit in ONE_OF_EACH} == kinds
    for edit in ONE_OF_EACH:
        assert edit_from(edit_text(edit)) == edit


def test_a_state_survives_the_archive():
    state = small_reading()
    for edit in ONE_OF_EACH:
        assert state_from(state_text(state)) == state
        state = edit.apply(state)
    assert state_from(state_text(state)) == state


def test_a_state_stored_before_recist_was_read_still_opens():
    stored = json.loads(state_text(small_reading()))
    del stored["recist"]
    assert state_from(json.dumps(stored)) == small_reading()


def test_a_reopened_reading_stands_as_it_stood(tmp_path):
    file = tmp_path / "archive.sqlite"
    archive = Archive(file, now)
    archive.create(small_reading(), {})
    store = ReadingStore(History(small_reading()), ReadingJournal(archive, "reading-1"))
    for edit in ONE_OF_EACH:
        store.accept(edit)
    store.undo()
    store.undo()
    store.redo()
    archive.close()
    reopened = Archive(file, now)
    history = reopened.history("reading-1")
    assert history.state == store.state
    assert history.undoable == store.history.undoable
    assert history.redoable == store.history.redoable
    assert [summary.reading_id for summary in reopened.readings()] == ["reading-1"]


def test_the_journal_cannot_be_rewritten(tmp_path):
    file = tmp_path / "archive.sqlite"
    archive = Archive(file, now)
    archive.create(small_reading(), {})
    ReadingStore(History(small_reading()), ReadingJournal(archive, "reading-1")).accept(
        SetTexts("a", "b")
    )
    with sqlite3.connect(file) as db:
        for statement in ("UPDATE journal SET edit = ''", "DELETE FROM journal"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


def test_blobs_are_kept_by_content(tmp_path):
    archive = Archive(tmp_path / "archive.sqlite", now)
    archive.put_blob("k", b"one")
    archive.put_blob("k", b"one")
    assert archive.blob("k") == b"one"
    with pytest.raises(KeyError):
        archive.blob("other")


def test_a_file_that_is_no_archive_is_refused_in_words(tmp_path):
    file = tmp_path / "archive.sqlite"
    file.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(ReaderError) as refused:
        Archive(file, now)
    assert refused.value.code == "ARCHIVE_UNUSABLE"


@pytest.fixture
def kept(tmp_path):
    """An archive with a saved edit and a store on it."""
    archive = Archive(tmp_path / "archive.sqlite", now)
    archive.create(small_reading(), {})
    store = ReadingStore(History(small_reading()), ReadingJournal(archive, "reading-1"))
    store.accept(SetTexts("saved", ""))
    yield archive, store
    archive.close()


def refused_and_kept(archive, store, code):
    """An edit is refused in words, and neither disk nor store has moved."""
    with pytest.raises(ReaderError) as refused:
        store.accept(SetTexts("x" * 100_000, ""))
    assert refused.value.code == code
    assert refused.value.what and refused.value.advice
    assert archive.history("reading-1").state == store.state
    assert store.state.comment == "saved"


def test_on_a_full_disk_nothing_is_lost_and_it_goes_on_with_room(kept):
    archive, store = kept
    (pages,) = archive._db.execute("PRAGMA page_count").fetchone()
    archive._db.execute(f"PRAGMA max_page_count = {pages}")
    refused_and_kept(archive, store, "ARCHIVE_FULL")
    archive._db.execute("PRAGMA max_page_count = 1000000")
    store.accept(SetTexts("x" * 100_000, ""))
    assert archive.history("reading-1").state == store.state


def test_a_new_reading_the_full_disk_does_not_take_leaves_no_part_of_it(tmp_path):
    archive = Archive(tmp_path / "archive.sqlite", now)
    (pages,) = archive._db.execute("PRAGMA page_count").fetchone()
    archive._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(ReaderError, match="full"):
        archive.create(small_reading(), {"small": b"one", "large": bytes(100_000)})
    assert archive.readings() == ()
    with pytest.raises(KeyError):
        archive.blob("small")
    archive._db.execute("PRAGMA max_page_count = 1000000")
    archive.create(small_reading(), {"small": b"one", "large": bytes(100_000)})
    assert len(archive.readings()) == 1


def test_an_archive_another_program_holds_is_told_from_a_full_disk(kept, tmp_path):
    archive, store = kept
    archive._db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(tmp_path / "archive.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused_and_kept(archive, store, "ARCHIVE_IN_USE")
    other.execute("ROLLBACK")
    other.close()
    store.accept(SetTexts("free", ""))
    assert archive.history("reading-1").state.comment == "free"


@contextmanager
def nobody_may_write(folder):
    """The folder without the right to write in it, also for the administrator."""
    folder.chmod(0o555)
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)
        folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights are others here")
def test_a_read_only_archive_is_named_so_and_opens_once_it_may_be_written():
    folder = Path(tempfile.mkdtemp())  # the folders of pytest are closed to anybody else
    try:
        file = folder / "archive.sqlite"
        Archive(file, now).close()
        with nobody_may_write(folder), pytest.raises(ReaderError) as refused:
            Archive(file, now).create(small_reading(), {})
        assert refused.value.code == "ARCHIVE_READ_ONLY"
        archive = Archive(file, now)
        archive.create(small_reading(), {})
        archive.close()
    finally:
        shutil.rmtree(folder)


def test_an_archive_of_a_newer_program_is_left_alone(tmp_path):
    file = tmp_path / "archive.sqlite"
    Archive(file, now).close()
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ReaderError) as refused:
        Archive(file, now)
    assert refused.value.code == "ARCHIVE_TOO_NEW"


WRITER = """
import sys
from datetime import datetime, timezone
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from app.persistence.archive import Archive, ReadingJournal
from app.reading.edits import SetTexts
from app.reading.store import ReadingStore
archive = Archive(Path(sys.argv[1]), lambda: datetime.now(timezone.utc))
store = ReadingStore(archive.history("reading-1"), ReadingJournal(archive, "reading-1"))
number = int(store.state.comment or 0)
while True:
    number += 1
    store.accept(SetTexts(str(number), ""))
    print(number, flush=True)
"""


def test_kill_at_any_moment_loses_no_accepted_edit(tmp_path):
    file = tmp_path / "archive.sqlite"
    archive = Archive(file, now)
    archive.create(small_reading(), {})
    archive.close()
    project = Path(__file__).parents[3]
    for attempt in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file), str(project)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        first = int(process.stdout.readline())
        time.sleep(0.004 * attempt)
        process.kill()
        told = process.stdout.read().split()
        process.wait()
        accepted = int(told[-1]) if told else first
        reopened = Archive(file, now)
        saved = int(reopened.history("reading-1").state.comment)
        reopened.close()
        # The row may be on disk before the line is told, never the other way round.
        assert saved in (accepted, accepted + 1)
