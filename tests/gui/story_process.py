"""A process of the program with a reader's hands in it, and what it says."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime

from app.persistence.archive import Archive
from app.persistence.codec import state_from
from tests.architecture.source_tree import PROJECT

PATIENCE_S = 60.0


class Played:
    """A play of `story_driver` in a home of its own; ended with kill -9 or by itself."""

    def __init__(self, home, play, *arguments, platform="offscreen", **variables):
        homes = {f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "DATA", "STATE")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.story_driver", play, "desktop", *map(str, arguments)],
            cwd=PROJECT,
            env={
                **os.environ,
                **homes,
                "QT_QPA_PLATFORM": platform,
                "PYTHONFAULTHANDLER": "1",
                **variables,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = []
        self._said = queue.Queue()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def hear(self):
        """The next thing it said."""
        try:
            line = self._said.get(timeout=PATIENCE_S)
        except queue.Empty:
            self.kill()
            raise AssertionError(
                f"silent for {PATIENCE_S} s: {self._process.stderr.read()}"
            ) from None
        if line is None:
            self.kill()
            raise AssertionError(self._process.stderr.read())
        return line

    def kill(self):
        """kill -9; returns what was said and not heard yet."""
        self._process.kill()
        return self._rest()

    def end(self):
        """Waits for its own end; returns the exit code."""
        self._rest()
        return self._process.returncode

    def _rest(self):
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)  # faulthandler says where it hangs
            raise AssertionError(self._process.communicate()[1]) from None
        self._reader.join(PATIENCE_S)
        rest = []
        while not self._said.empty():
            if (line := self._said.get()) is not None:
                rest.append(line)
        return rest

    def _listen(self):
        for line in self._process.stdout:
            if line.endswith("\n"):  # what the kill cut off was not said
                self._said.put(json.loads(line))
        self._said.put(None)


class Server:
    """Starts a play again and again, without the time its imports take."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.story_driver", "serve"],
            cwd=PROJECT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, home, play, **variables):
        """Starts a play in a home; returns the number of its process."""
        homes = {f"XDG_{n}_HOME": str(home / n.lower()) for n in ("CONFIG", "DATA", "STATE")}
        self._process.stdin.write(json.dumps({"STORY_PLAY": play, **homes, **variables}) + "\n")
        self._process.stdin.flush()
        return self.hear()["process"]

    def hear(self):
        """The next thing that was said; a line cut off by a kill was not."""
        while line := self._process.stdout.readline():
            cut = line.rfind('{"process"')
            try:
                return json.loads(line if cut < 0 else line[cut:])
            except json.JSONDecodeError:
                continue
        raise AssertionError("the process ended")

    def kill(self, number):
        """kill -9; returns what was said and not heard yet."""
        with suppress(ProcessLookupError):  # told below
            os.kill(number, signal.SIGKILL)
        rest = []
        while "process" not in (line := self.hear()):
            rest.append(line)
        if line["ended"] != -signal.SIGKILL:
            raise AssertionError(f"the program ended by itself: {line['ended']}, after {rest[-1:]}")
        return rest

    def close(self):
        """Ends the server."""
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()


def archive_file(home):
    """Where the program keeps its readings in a home."""
    return home / "data" / "oncoread" / "readings.sqlite"


def opened(home):
    """The archive of a home, as another process finds it."""
    return Archive(archive_file(home), lambda: datetime.now(UTC))


def first_proposal(home):
    """The first state of the one reading of a home, and the masks it was stored with."""
    archive = opened(home)
    try:
        (text,) = archive._db.execute("SELECT initial_state FROM reading").fetchone()
        return state_from(text), dict(archive._db.execute("SELECT * FROM mask_blob"))
    finally:
        archive.close()


def store_proposal(home, proposal):
    """Writes it into the archive of another home."""
    archive = opened(home)
    archive.create(*proposal)
    archive.close()


def only_state(home):
    """The state of the one reading of a home."""
    archive = opened(home)
    try:
        (summary,) = archive.readings()
        return summary.state
    finally:
        archive.close()
