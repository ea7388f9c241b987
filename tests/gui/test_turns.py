"""Work in turns of the event loop: in order, newer in the place of older, faults end it."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QTimer

from viewers.shell.turns import LONGEST_S, Turns

LETTERS = "abcdef"


def steps(done: list[str], letters: str = LETTERS, each_s: float = 0.0) -> Iterator[None]:
    for letter in letters:
        time.sleep(each_s)
        done.append(letter)
        yield


def test_all_steps_are_done_in_order_and_then_nothing_is_left(qtbot):
    turns, done = Turns(), []
    turns.run(steps(done))
    assert turns.active and done == []  # nothing before the next turn
    qtbot.waitUntil(lambda: not turns.active)
    assert "".join(done) == LETTERS


def test_the_event_loop_turns_between_long_steps(qtbot):
    turns, done, seen = Turns(), [], []
    beat = QTimer(interval=0)
    beat.timeout.connect(lambda: seen.append(len(done)))
    beat.start()
    turns.run(steps(done, each_s=LONGEST_S))
    qtbot.waitUntil(lambda: not turns.active)
    beat.stop()
    assert set(range(len(LETTERS))) <= set(seen)


def test_newer_work_takes_the_place_of_what_is_not_done(qtbot):
    turns, old, new = Turns(), [], []
    turns.run(steps(old, each_s=LONGEST_S))
    qtbot.waitUntil(lambda: bool(old))
    turns.run(steps(new))
    qtbot.waitUntil(lambda: not turns.active)
    assert "".join(new) == LETTERS
    assert len(old) < len(LETTERS)


def test_work_begun_by_a_step_is_done(qtbot):
    turns, new = Turns(), []

    def beginning() -> Iterator[None]:
        turns.run(steps(new))
        yield
        raise AssertionError("what was replaced goes no further")

    turns.run(beginning())
    qtbot.waitUntil(lambda: not turns.active)
    assert "".join(new) == LETTERS


def test_stopped_work_goes_no_further(qtbot):
    turns, done = Turns(), []
    turns.run(steps(done))
    turns.stop()
    qtbot.wait(20)
    assert done == [] and not turns.active


def test_a_fault_ends_the_work_and_is_told(qtbot):
    turns, done = Turns(), []

    def failing() -> Iterator[None]:
        done.append("a")
        yield
        raise ValueError("spoiled")

    with qtbot.captureExceptions() as told:
        turns.run(failing())
        qtbot.waitUntil(lambda: not turns.active)
    assert [str(fault[1]) for fault in told] == ["spoiled"]
    turns.run(steps(done, "b"))
    qtbot.waitUntil(lambda: not turns.active)
    assert done == ["a", "b"]
