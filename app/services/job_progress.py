"""Steps of a service told as the progress of a job, each a place where it can be cancelled."""

from app.jobs.job import JobToken


class JobProgress:
    """Counts steps against how many are expected; the share never reaches 1 before the end."""

    def __init__(self, token: JobToken, expected_steps: int) -> None:
        self._token = token
        self._expected = max(expected_steps, 1)
        self._done = 0

    def step(self, code: str, **params: str | int) -> None:
        """A new step begins. Raises Cancelled once the job was asked to stop."""
        self._token.progress(min(self._done / self._expected, 0.98))
        self._done += 1

    def checkpoint(self) -> None:
        """Raises Cancelled once the job was asked to stop."""
        self._token.checkpoint()
