"""The one owner of an open reading: takes edits, saves them first, then tells who listens."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.reading.edits import AnyEdit
from app.reading.history import History
from app.reading.state import ReadingState


class Action(StrEnum):
    """How the state moved; also the kind of a row in the journal."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Change:
    """One accepted change: what happened, the edit concerned, before and after."""

    action: Action
    edit: AnyEdit
    before: ReadingState
    after: ReadingState


class Journal(Protocol):
    """Where changes are on disk before anyone is told of them."""

    def record(self, action: Action, edit: AnyEdit) -> None:
        """Writes one row durably. Raises ReaderError where it cannot be written."""


Listener = Callable[[Change], None]


class ReadingStore:
    """Holds the history of the open reading. All calls come from one thread.

    An edit is accepted when its row is on disk: the journal writes first, the state moves after,
    then listeners hear of it. If the journal fails nothing has changed.
    """

    def __init__(self, history: History, journal: Journal) -> None:
        self._history = history
        self._journal = journal
        self._listeners: list[Listener] = []

    @property
    def state(self) -> ReadingState:
        """The reading as it stands."""
        return self._history.state

    @property
    def history(self) -> History:
        """What can be undone and redone."""
        return self._history

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` after every change; returns what ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def accept(self, edit: AnyEdit) -> None:
        """Applies and saves an edit. Raises EditRefusedError, ReaderError: nothing changed then."""
        self._move(Action.EDIT, edit, self._history.after(edit))

    def undo(self) -> None:
        """Takes the last edit back; does nothing where there is none."""
        edit = self._history.undoable
        if edit is not None:
            self._move(Action.UNDO, edit, self._history.undone())

    def redo(self) -> None:
        """Brings the last undone edit back; does nothing where there is none."""
        edit = self._history.redoable
        if edit is not None:
            self._move(Action.REDO, edit, self._history.redone())

    def _move(self, action: Action, edit: AnyEdit, moved: History) -> None:
        before = self._history.state
        self._journal.record(action, edit)
        self._history = moved
        change = Change(action, edit, before, moved.state)
        for listener in tuple(self._listeners):
            listener(change)
