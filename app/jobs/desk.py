"""Where jobs are handed in: lanes of worker threads, one slot one current job."""

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.jobs.job import Cancelled, Job, JobToken, Lane


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A worker took the job."""

    number: int
    job: Job


@dataclass(frozen=True, slots=True)
class JobProgressed:
    """The job tells the share done."""

    number: int
    job: Job
    share: float


@dataclass(frozen=True, slots=True)
class JobFinished:
    """The job's value; never sent for a job that was replaced or cancelled."""

    number: int
    job: Job
    value: Any


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job raised."""

    number: int
    job: Job
    fault: BaseException


@dataclass(frozen=True, slots=True)
class JobCancelled:
    """The job was cancelled or replaced."""

    number: int
    job: Job


JobEvent = JobStarted | JobProgressed | JobFinished | JobFailed | JobCancelled


class JobDesk:
    """Runs jobs on daemon threads, one per lane, and reports through one callback.

    `post` is called on worker threads with each event and must hand it to the home thread (the
    window's bridge does). Events of a job that was replaced are filtered at the source, except
    its JobCancelled, so that a late value cannot overwrite a newer one.
    """

    def __init__(self, post: Callable[[JobEvent], None]) -> None:
        self._post = post
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._current: dict[str, tuple[int, JobToken]] = {}
        self._queues: dict[Lane, queue.Queue[tuple[int, Job, JobToken] | None]] = {
            lane: queue.Queue() for lane in Lane
        }
        self._threads = [
            threading.Thread(target=self._serve, args=(lane,), name=f"job-{lane}", daemon=True)
            for lane in Lane
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> int:
        """Queues a job and returns its number; the slot's former job is cancelled."""
        number = next(self._numbers)

        def tell(share: float) -> None:
            if self._is_current(job.slot, number):
                self._post(JobProgressed(number, job, share))

        token = JobToken(tell)
        with self._lock:
            former = self._current.get(job.slot)
            self._current[job.slot] = (number, token)
        if former is not None:
            former[1].cancel()
        self._queues[job.lane].put((number, job, token))
        return number

    def cancel(self, slot: str) -> None:
        """Cancels the slot's job, if it has one."""
        with self._lock:
            current = self._current.pop(slot, None)
        if current is not None:
            current[1].cancel()

    def close(self, timeout_s: float = 5.0) -> None:
        """Cancels everything and waits for the workers to end."""
        with self._lock:
            tokens = [token for _, token in self._current.values()]
            self._current.clear()
        for token in tokens:
            token.cancel()
        for lane in Lane:
            self._queues[lane].put(None)
        for thread in self._threads:
            thread.join(timeout_s)

    def _is_current(self, slot: str, number: int) -> bool:
        with self._lock:
            current = self._current.get(slot)
        return current is not None and current[0] == number

    def _serve(self, lane: Lane) -> None:
        while (item := self._queues[lane].get()) is not None:
            number, job, token = item
            self._post(self._run(number, job, token))

    def _run(self, number: int, job: Job, token: JobToken) -> JobEvent:
        if token.cancelled:
            return JobCancelled(number, job)
        self._post(JobStarted(number, job))
        try:
            value = job.work(token)
        except Cancelled:
            return JobCancelled(number, job)
        except BaseException as fault:  # noqa: BLE001 - handed to the home thread's funnel
            return JobFailed(number, job, fault)
        with self._lock:
            current = self._current.get(job.slot)
            if current is None or current[0] != number:
                return JobCancelled(number, job)
            del self._current[job.slot]
        return JobFinished(number, job, value)
