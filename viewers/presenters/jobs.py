"""Work under way, as the jobs bar shows it."""

from dataclasses import dataclass

from app.jobs.job import Job
from app.translation import tr
from app.wording import sentence


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job under way; `share` is None while how far it is cannot be told."""

    slot: str
    title: str
    share: float | None

    @property
    def share_text(self) -> str:
        """The share done in percent, or nothing."""
        return "" if self.share is None else f"{100.0 * self.share:.0f} %"


def job_row(job: Job, share: float | None = None) -> JobRow:
    """The row of a job, its title in words."""
    title = sentence("jobs", job.title, {"subject": job.subject}) if job.title else tr("Working")
    return JobRow(job.slot, title, None if share is None else min(max(share, 0.0), 1.0))
