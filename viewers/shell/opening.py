"""How a reading is opened: the sheet first, then load, propose or recall, all off the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.demo.patient import write_demo_patient
from app.jobs.desk import JobDesk, JobEvent, JobFailed, JobFinished
from app.jobs.job import Job, JobToken, Lane
from app.persistence.archive import Archive
from app.reading.history import History
from app.services.derive_read import RulePair
from app.services.inspect_folder import inspect_folder
from app.services.job_progress import JobProgress
from app.services.load_unquantified import load_unquantified
from app.services.load_visit import Visit, VisitSource
from app.services.open_reading import store_proposal, stored_history
from app.services.propose_reading import ProposedReading, load_visits, propose_reading
from viewers.presenters.images import unquantified_scene
from viewers.presenters.intake import IntakeView, intake_view
from viewers.scene.extent import body_box
from viewers.scene.images import VisitScene

INTAKE, DEMO, LOAD, PROPOSE = "open intake", "open demo", "open load", "open propose"
LOOK = "open look"
SLOTS = (INTAKE, DEMO, LOAD, PROPOSE, LOOK)
STEPS_PER_VISIT = 3


@dataclass(frozen=True, eq=False)
class Opened:
    """Loaded visits with the history of their reading."""

    visits: tuple[Visit, ...]
    history: History


class Opening:
    """Runs the steps of opening one reading after another; newer wishes replace older ones.

    `on_sheet` gets the intake sheet of folders, `on_opened` the finished reading, `on_look` a PET
    that is refused.
    """

    def __init__(
        self,
        jobs: JobDesk,
        archive: Archive,
        rules: RulePair,
        on_sheet: Callable[[IntakeView], None],
        on_opened: Callable[[Opened], None],
        on_look: Callable[[VisitScene], None],
    ) -> None:
        self._jobs = jobs
        self._archive = archive
        self._rules = rules
        self._on_sheet = on_sheet
        self._on_opened = on_opened
        self._on_look = on_look

    def inspect(self, folders: Sequence[Path]) -> None:
        """Looks into folders; the sheet follows."""

        def work(token: JobToken) -> IntakeView:
            sheets = []
            progress = JobProgress(token, len(folders))
            for folder in folders:
                progress.step("scan_folder")
                sheets.append(inspect_folder(folder, progress))
            return intake_view(sheets)

        self._jobs.submit(Job(INTAKE, work, Lane.BACKGROUND, "INTAKE"))

    def look(self, folder: Path, series_uid: str) -> None:
        """Loads a PET that is refused, to be looked at."""

        def work(token: JobToken) -> VisitScene:
            progress = JobProgress(token, STEPS_PER_VISIT)
            scene = unquantified_scene(load_unquantified(folder, series_uid, progress))
            body_box(scene.sul, scene.ct)
            return scene

        self._jobs.submit(Job(LOOK, work, Lane.BACKGROUND, "LOOK"))

    def demo(self, folder: Path) -> None:
        """Writes the demo patient where it is not there yet, then opens it."""

        def work(token: JobToken) -> tuple[Path, ...]:
            return write_demo_patient(folder, token.progress)

        self._jobs.submit(Job(DEMO, work, Lane.BACKGROUND, "DEMO"))

    def load(self, sources: Sequence[VisitSource]) -> None:
        """Loads visits and opens their reading."""

        def work(token: JobToken) -> tuple[Visit, ...]:
            visits = load_visits(sources, JobProgress(token, STEPS_PER_VISIT * len(sources)))
            for visit in visits:
                token.checkpoint()
                # Both are kept with the visit; computed here they cost the window nothing.
                _ = visit.content_key
                body_box(visit.sul, visit.ct)
            return visits

        self._jobs.submit(Job(LOAD, work, Lane.BACKGROUND, "LOAD"))

    def handle(self, event: JobEvent) -> bool:
        """Takes an event of one of these jobs; False for any other.

        Raises what a job raised, for the caller's funnel.
        """
        slot = event.job.slot
        if slot not in SLOTS:
            return False
        if isinstance(event, JobFailed):
            raise event.fault
        if isinstance(event, JobFinished):
            self._finished(slot, event.value)
        return True

    def cancel(self) -> None:
        """Gives up whatever is being opened."""
        for slot in SLOTS:
            self._jobs.cancel(slot)

    def _finished(self, slot: str, value: object) -> None:
        if slot == INTAKE:
            assert isinstance(value, IntakeView)
            self._on_sheet(value)
        elif slot == LOOK:
            assert isinstance(value, VisitScene)
            self._on_look(value)
        elif slot == DEMO:
            assert isinstance(value, tuple)
            self.load([VisitSource(folder) for folder in value])
        elif slot == LOAD:
            assert isinstance(value, tuple)
            self._recall_or_propose(value)
        else:
            assert isinstance(value, ProposedReading)
            self._on_opened(Opened(value.visits, store_proposal(self._archive, value)))

    def _recall_or_propose(self, visits: tuple[Visit, ...]) -> None:
        history = stored_history(self._archive, visits)
        if history is not None:
            self._on_opened(Opened(visits, history))
            return

        def work(token: JobToken) -> ProposedReading:
            return propose_reading(visits, self._rules.own, JobProgress(token, 5 * len(visits)))

        self._jobs.submit(Job(PROPOSE, work, Lane.BACKGROUND, "PROPOSE"))
