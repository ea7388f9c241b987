import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.region import SphereRegion
from app.reading.edits import EditRefusedError, SetRegion, SetRole, TickResolved
from app.reading.history import History
from app.reading.state import LesionRole
from app.reading.store import Action, ReadingStore
from tests.builders.reading_state import small_reading

EDITS = (
    SetRole("L1", LesionRole.UNSURE),
    SetRole("L1", LesionRole.PHYSIOLOGICAL),
    SetRegion("L1", 0, SphereRegion((0.0, 0.0, 0.0), 15.0)),
    TickResolved("L1", 1, True),
)


class Notebook:
    """A journal in memory that can be told to fail, as a full disk would."""

    def __init__(self):
        self.rows = []
        self.full = False

    def record(self, action, edit):
        if self.full:
            raise OSError("disk full")
        self.rows.append((action, edit))


def test_the_journal_is_written_before_anyone_hears():
    journal = Notebook()
    store = ReadingStore(History(small_reading()), journal)
    heard = []
    store.subscribe(lambda change: heard.append((change, list(journal.rows))))
    store.accept(EDITS[0])
    change, rows = heard[0]
    assert rows == [(Action.EDIT, EDITS[0])]
    assert change.before == small_reading()
    assert change.after == store.state


def test_a_failed_write_changes_nothing():
    journal = Notebook()
    store = ReadingStore(History(small_reading()), journal)
    heard = []
    store.subscribe(heard.append)
    journal.full = True
    with pytest.raises(OSError, match="disk full"):
        store.accept(EDITS[0])
    assert store.state == small_reading()
    assert heard == []


def test_a_refused_edit_is_not_written():
    journal = Notebook()
    store = ReadingStore(History(small_reading()), journal)
    with pytest.raises(EditRefusedError):
        store.accept(TickResolved("L1", 0, True))
    assert journal.rows == []


def test_undo_and_redo_at_the_ends_do_nothing():
    journal = Notebook()
    store = ReadingStore(History(small_reading()), journal)
    store.undo()
    store.redo()
    assert journal.rows == []


def test_an_ended_subscription_hears_nothing():
    store = ReadingStore(History(small_reading()), Notebook())
    heard = []
    end = store.subscribe(heard.append)
    end()
    store.accept(EDITS[0])
    assert heard == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*EDITS, "undo", "redo"]), max_size=20))
def test_undo_all_returns_to_the_start_and_redo_all_to_the_end(moves):
    store = ReadingStore(History(small_reading()), Notebook())
    for move in moves:
        if move == "undo":
            store.undo()
        elif move == "redo":
            store.redo()
        else:
            store.accept(move)
    end = store.state
    done = store.history.done
    for _ in range(done):
        store.undo()
    assert store.state == small_reading()
    for _ in range(done):
        store.redo()
    assert store.state == end
