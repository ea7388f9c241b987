"""The two long jobs of an open case: its turning MIPs and its report."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.domain.draft_read import DraftRead
from app.jobs.desk import JobDesk, JobEvent, JobFailed, JobFinished
from app.jobs.job import Job, JobToken, Lane
from app.services.draft_read import LoadedDraft
from app.services.export_report import export_report, report_path
from app.services.job_progress import JobProgress
from app.services.load_visit import Visit
from segmentation.sampling.projection import MipFrames, project_maximum, turn

MIP_SLOT = "mip "
EXPORT_SLOT = "export"
EXPORT_STEPS = 2


class CaseJobs:
    """Hands the jobs in and their results on."""

    def __init__(
        self,
        jobs: JobDesk,
        visits: Mapping[int, Visit],
        on_mip: Callable[[int, MipFrames], None],
        on_report: Callable[[Path], None],
    ) -> None:
        self._jobs = jobs
        self._visits = visits
        self._on_mip = on_mip
        self._on_report = on_report
        self._mips_wanted = True

    def prepare_mips(self) -> None:
        """Once, when the reading stands on the screen: they take every core for a second."""
        if self._mips_wanted:
            self._mips_wanted = False
            for number in self._visits:
                self._prepare_mip(number)

    def export(self, read: DraftRead, folder: Path) -> None:
        """Writes report.pdf and reading.json."""
        draft = LoadedDraft(read, tuple(self._visits.values()))
        issued = datetime.now(UTC)

        def work(token: JobToken) -> Path:
            export_report(draft, folder, issued, JobProgress(token, EXPORT_STEPS))
            return report_path(folder)

        self._jobs.submit(Job(EXPORT_SLOT, work, Lane.BACKGROUND, "EXPORT"))

    def handle(self, event: JobEvent) -> bool:
        """Takes an event of one of these jobs, False for any other. Raises what a job raised."""
        slot = event.job.slot
        if slot != EXPORT_SLOT and not slot.startswith(MIP_SLOT):
            return False
        if isinstance(event, JobFailed):
            raise event.fault
        if isinstance(event, JobFinished) and slot == EXPORT_SLOT:
            self._on_report(event.value)
        elif isinstance(event, JobFinished):
            self._on_mip(*event.value)
        return True

    def cancel_mips(self) -> None:
        """Gives up MIPs that nobody will see; a report that was asked for is still written."""
        for number in self._visits:
            self._jobs.cancel(f"{MIP_SLOT}{number}")

    def _prepare_mip(self, number: int) -> None:
        sul = self._visits[number].sul

        def work(token: JobToken) -> tuple[int, MipFrames]:
            return number, project_maximum(sul, turn(), floor=0.1, checkpoint=token.checkpoint)

        self._jobs.submit(Job(f"{MIP_SLOT}{number}", work, Lane.BACKGROUND, "MIP", str(number)))
