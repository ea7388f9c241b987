"""Undo and redo: the states a reading went through, as a plain list."""

from dataclasses import dataclass

from app.reading.edits import AnyEdit
from app.reading.state import ReadingState


@dataclass(frozen=True, slots=True)
class Step:
    """One edit and the state it led to."""

    edit: AnyEdit
    after: ReadingState


@dataclass(frozen=True, slots=True)
class History:
    """The first state, all steps, and how many of them are in force."""

    initial: ReadingState
    steps: tuple[Step, ...] = ()
    done: int = 0

    @property
    def state(self) -> ReadingState:
        """The state in force."""
        return self.steps[self.done - 1].after if self.done else self.initial

    @property
    def undoable(self) -> AnyEdit | None:
        """The edit that undo would take back."""
        return self.steps[self.done - 1].edit if self.done else None

    @property
    def redoable(self) -> AnyEdit | None:
        """The edit that redo would bring back."""
        return self.steps[self.done].edit if self.done < len(self.steps) else None

    def after(self, edit: AnyEdit) -> "History":
        """The history with one more step; what was undone is gone. Raises EditRefusedError."""
        step = Step(edit, edit.apply(self.state))
        steps = (*self.steps[: self.done], step)
        return History(self.initial, steps, len(steps))

    def undone(self) -> "History":
        """The history one step back. Raises IndexError where nothing can be undone."""
        if not self.done:
            raise IndexError("nothing to undo")
        return History(self.initial, self.steps, self.done - 1)

    def redone(self) -> "History":
        """The history one step forward. Raises IndexError where nothing can be redone."""
        if self.done == len(self.steps):
            raise IndexError("nothing to redo")
        return History(self.initial, self.steps, self.done + 1)
