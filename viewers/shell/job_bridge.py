"""The one object that carries job events from worker threads to the home thread."""

from PySide6.QtCore import QObject, Qt, Signal

from app.jobs.desk import JobDesk, JobEvent


class JobBridge(QObject):
    """Owns the job desk; `arrived` brings each JobEvent on the home thread, in order.

    After `close` nothing arrives any more, whatever the workers still had to say.
    """

    arrived = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        # Queued: the slot runs in the home thread's event loop, never on the worker.
        self._posted.connect(self._arrive, Qt.ConnectionType.QueuedConnection)
        self.desk = JobDesk(self._posted.emit)

    def close(self, timeout_s: float = 5.0) -> None:
        """Cancels all jobs, waits for the workers and forgets what is still queued."""
        if not self._closed:
            self._closed = True
            self.desk.close(timeout_s)

    def _arrive(self, event: JobEvent) -> None:
        if not self._closed:
            self.arrived.emit(event)
