import queue
import threading
import time

import pytest

from app.jobs.desk import JobCancelled, JobDesk, JobFailed, JobFinished, JobProgressed, JobStarted
from app.jobs.job import Job, Lane


@pytest.fixture
def desk():
    events = queue.Queue()
    desk = JobDesk(events.put)
    yield desk, events
    desk.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("job-")]


def take(events, kind, timeout=5.0):
    """The next event of a kind, skipping others."""
    while True:
        event = events.get(timeout=timeout)
        if isinstance(event, kind):
            return event


def test_a_job_reports_start_progress_and_value(desk):
    desk, events = desk

    def work(token):
        token.progress(0.5)
        return 42

    number = desk.submit(Job("a", work))
    kinds = [events.get(timeout=5) for _ in range(3)]
    assert [type(event) for event in kinds] == [JobStarted, JobProgressed, JobFinished]
    assert kinds[1].share == 0.5
    assert kinds[2].value == 42
    assert {event.number for event in kinds} == {number}


def test_newer_replaces_older_and_the_older_value_is_dropped(desk):
    desk, events = desk
    began, go_on = threading.Event(), threading.Event()

    def slow(_):
        began.set()
        go_on.wait(5)
        return "old"

    desk.submit(Job("a", slow))
    assert began.wait(5)
    newer = desk.submit(Job("a", lambda _: "new"))
    go_on.set()
    seen = [take(events, (JobFinished, JobCancelled)) for _ in range(2)]
    finished = [event for event in seen if isinstance(event, JobFinished)]
    assert [(event.number, event.value) for event in finished] == [(newer, "new")]


def test_cancel_reaches_a_running_job_at_its_next_checkpoint(desk):
    desk, events = desk
    began = threading.Event()

    def work(token):
        began.set()
        while True:
            token.checkpoint()
            time.sleep(0.001)

    desk.submit(Job("a", work))
    assert began.wait(5)
    desk.cancel("a")
    take(events, JobCancelled)


def test_a_queued_job_that_is_replaced_never_runs(desk):
    desk, events = desk
    go_on = threading.Event()
    ran = []
    desk.submit(Job("block", lambda _: go_on.wait(5)))
    desk.submit(Job("a", lambda _: ran.append("first")))
    desk.submit(Job("a", lambda _: ran.append("second")))
    go_on.set()
    while take(events, JobFinished).job.slot != "a":
        pass
    assert ran == ["second"]


def test_a_long_job_in_the_background_does_not_hold_up_a_short_one(desk):
    desk, events = desk
    go_on = threading.Event()
    desk.submit(Job("long", lambda _: go_on.wait(5), Lane.BACKGROUND))
    desk.submit(Job("short", lambda _: "done"))
    assert take(events, JobFinished).value == "done"
    go_on.set()


def test_a_fault_is_handed_over(desk):
    desk, events = desk

    def work(_):
        raise ValueError("broken")

    desk.submit(Job("a", work))
    assert str(take(events, JobFailed).fault) == "broken"


def test_a_share_is_told_once_however_often_it_is_repeated(desk):
    desk, events = desk

    def work(token):
        for share in (0.1, 0.1, 0.1, 0.2, 0.1):
            token.progress(share)

    desk.submit(Job("a", work))
    told = []
    while not isinstance(event := events.get(timeout=5), JobFinished):
        told.append(event)
    assert [e.share for e in told if isinstance(e, JobProgressed)] == [0.1, 0.2, 0.1]
