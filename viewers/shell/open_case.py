"""One open reading: its session on one side, viewports and panels on the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from app.domain.numbers import ReferenceKey, RegionKey
from app.domain.region import SphereRegion
from app.errors import ReaderError
from app.jobs.desk import JobDesk, JobEvent
from app.persistence.archive import Archive, ReadingJournal
from app.reading.edits import AnyEdit, EditRefusedError
from app.reading.state import LesionRole
from app.reading.store import ReadingStore
from app.services.derive_read import Derived, RulePair
from app.services.reading_session import NUMBER_SLOT, ReadingSession
from app.translation import tr
from app.wording import sentence
from viewers.presenters.cursor import preview_text
from viewers.presenters.facts import FactUnreadableError, facts_edit
from viewers.presenters.gestures import deletion_of, edit_of
from viewers.presenters.numbers import NumberKind, NumberRef
from viewers.presenters.overlays import place_of
from viewers.presenters.references import confirm_reference
from viewers.presenters.response import draft_note
from viewers.scene.state import LayoutId, SceneState
from viewers.shell.case_display import CaseDisplay
from viewers.shell.case_jobs import CaseJobs
from viewers.shell.main_window import WindowParts
from viewers.shell.mouse_mapping import mouse_map
from viewers.shell.opening import Opened
from viewers.shell.turns import Turns
from viewers.tools.gesture import Preview, SpherePreview

GATHER_MS = 50  # how long changes are gathered while numbers arrive


class Tell(Protocol):
    """Tells the reader something; severity as in the message bar."""

    def __call__(self, text: str, severity: str = ...) -> None:
        """Shows a sentence."""


class OpenCase(QObject):
    """Connects a reading session with the widgets that show it; owns both.

    Changes of the session are gathered, however many came, and shown in turns of the event loop.
    """

    def __init__(
        self,
        opened: Opened,
        display: CaseDisplay,
        archive: Archive,
        rules: RulePair,
        jobs: JobDesk,
        tell: Tell,
        on_facts: Callable[[], None],
    ) -> None:
        super().__init__()
        self._jobs = jobs
        self._tell = tell
        self._on_facts = on_facts
        self._due = QTimer(self, singleShot=True, interval=0)
        self._turns = Turns(self)
        self._due.timeout.connect(lambda: self._turns.run(self._show()))
        self._changed = False  # while something older was being shown
        self.selected: str | None = None
        self._starts = True
        self.visits = dict(enumerate(opened.visits))
        state = opened.history.state
        self.display = display
        self.canvas, self.column = self.display.canvas, self.display.column
        self.jobs_bar, self.time_points = self.display.jobs_bar, self.display.time_points
        self._connect()
        self.canvas.set_scene(_first_scene(len(self.visits)))
        store = ReadingStore(opened.history, ReadingJournal(archive, state.reading_id))
        self.session = ReadingSession(
            store, self.visits, rules, jobs, archive.blob, self._show_soon, at_once=False
        )
        self._long = CaseJobs(jobs, self.visits, display.show_mip, self._tell_written)
        self._due.start()  # the panels follow once the window has taken the widgets in

    @property
    def derived(self) -> Derived:
        """The reading as it stands with its numbers."""
        return self.session.derived

    @property
    def shown_visit(self) -> int:
        """The visit that single-visit commands mean: the last one shown."""
        return self.canvas.state.visits[-1]

    @property
    def busy(self) -> bool:
        """Whether numbers are being computed or something is yet to be shown."""
        return self.session.computing or self.showing

    @property
    def showing(self) -> bool:
        """Whether something is yet to be shown."""
        return self._due.isActive() or self._turns.active

    def parts(self) -> WindowParts:
        """The widgets, each for its place in the window."""
        return self.display.parts()

    def accept(self, edit: AnyEdit | None) -> None:
        """Takes an edit in, or says why it cannot be."""
        if edit is None:
            return
        self._attempt(lambda: self.session.accept(edit))

    def undo(self) -> None:
        """Takes the last edit back, or says why it cannot."""
        self._attempt(self.session.store.undo)

    def redo(self) -> None:
        """Brings the last undone edit back, or says why it cannot."""
        self._attempt(self.session.store.redo)

    def delete_selected(self) -> None:
        """Takes the selected caliper or region away."""
        self.accept(deletion_of(self.derived.state, self.selected, self.shown_visit))

    def pick(self, lesion_id: str) -> None:
        """Selects a lesion and brings all views of all visits to it."""
        self.selected, self._starts = lesion_id, False
        for number in reversed(self.canvas.state.visits):
            if any(i.lesion_id == lesion_id for i in self.derived.state.lesions):
                place = place_of(self.derived, lesion_id, number)
                if place is not None:
                    self.canvas.jump_to(number, place)
                    break
        self._due.start()

    def use_mouse(self, chosen: Mapping[str, str]) -> None:
        """Another meaning of mouse buttons and wheel, in the words of the settings."""
        self.canvas.use_mouse(mouse_map(chosen))

    def show_source_of_selected(self) -> None:
        """The provenance of the selected lesion's SULpeak at the shown visit."""
        if self.selected is not None:
            self._show_source(NumberRef(NumberKind.SUL_PEAK, self.shown_visit, self.selected))

    def show_card(self) -> None:
        """Brings the card of the selected lesion to the front."""
        self.column.tabs.setCurrentIndex(0)

    def show_layout(self, layout: LayoutId) -> None:
        """Another hanging protocol; layouts of two visits pair the baseline with the shown one."""
        shown = self.shown_visit
        visits: tuple[int, ...] = (shown,)
        if layout is not LayoutId.ONE_VISIT and len(self.visits) > 1:
            visits = (0, shown if shown > 0 else len(self.visits) - 1)
        state = replace(self.canvas.state, layout=layout, visits=visits, maximised=None)
        self.canvas.set_scene(state)
        self.time_points.show_current(visits)

    def step_visit(self, step: int) -> None:
        """The next or former visit in the last place of the layout."""
        number = self.shown_visit + step
        if number in self.visits:
            self._show_visit(number)

    def edit_name(self, edit: AnyEdit | None) -> str:
        """What undo or redo would concern, in words; empty where there is nothing."""
        return "" if edit is None else sentence("edit_names", type(edit).__name__, {})

    def handle(self, event: JobEvent) -> None:
        """Takes an event of the job desk. Raises what a job raised."""
        if not self._long.handle(event):
            number = self.session.handle(event)
            if number is not None:
                self.display.cursor.show_text(preview_text(number))

    def export(self, folder: Path) -> None:
        """Writes report.pdf and reading.json; says so when they are there."""
        self.column.commit()
        read = self.derived.read
        if read is None:
            self._tell(_no_read_yet(self.derived))
            return
        self._long.export(read, folder)

    def close(self) -> None:
        """Hands in what is still being typed and ends the session."""
        self.column.commit()
        self.canvas.set_mip_turning(False)
        self._due.stop()
        self._turns.stop()
        self.session.close()
        self._long.cancel_mips()

    def _tell_written(self, file: Path) -> None:
        """Where the report is, and that it is a draft as long as it is one."""
        text = tr("Report written: {file}").format(file=file.absolute())
        draft = draft_note(self.derived.state)
        self._tell(f"{text} · {draft}" if draft else text, "note")

    def _attempt(self, change: Callable[[], None]) -> None:
        """A change of the reading; where it is refused, the panels show again what stands."""
        try:
            change()
        except EditRefusedError as refused:
            self._tell(sentence("edit_refusals", refused.code, {}))
            self._due.start()
        except ReaderError as unsaved:
            self._tell(f"{unsaved.what} {unsaved.advice}")
            self._due.start()

    def _connect(self) -> None:
        canvas, column = self.canvas, self.column
        canvas.intent_made.connect(
            lambda intent: self.accept(edit_of(intent, self.derived, self.selected))
        )
        canvas.cursor_moved.connect(self.display.show_cursor)
        # The click itself already moved the crosshair: no jump to the measured peak.
        canvas.lesion_picked.connect(self._select)
        canvas.crosshair_moved.connect(self._reader_moved)
        canvas.preview_changed.connect(self._preview)
        canvas.scene_changed.connect(lambda _: self._on_facts())
        column.lesion_picked.connect(self.pick)
        column.lesions.physiological_hidden.connect(lambda _: self._show_marks())
        column.edit_requested.connect(self.accept)
        column.number_picked.connect(self._show_source)
        column.facts.fact_entered.connect(self._enter_fact)
        column.references.confirm_requested.connect(
            lambda visit: self.accept(confirm_reference(self.derived.state, visit))
        )
        column.references.reference_picked.connect(
            lambda visit: canvas.jump_to(
                visit, self.derived.state.visit(visit).reference.center_lps_mm
            )
        )
        self.time_points.visit_picked.connect(self._show_visit)
        column.response.visit_picked.connect(self._show_visit)
        column.recist.visit_picked.connect(self._show_visit)
        self.jobs_bar.cancel_requested.connect(self._cancel_job)

    def _show(self) -> Iterator[None]:
        """Everything that depends on the reading, from one derived record."""
        self._changed = False
        derived = self.derived
        yield
        if self.selected is None:
            self.selected = next(
                (i.lesion_id for i in derived.state.lesions if i.role is LesionRole.TUMOUR), None
            )
        yield from self.display.show(derived, self.selected, self.session.counted_voxels)
        self.session.begin()
        self._long.prepare_mips()
        self._start_at_selected(derived)
        self._on_facts()
        if self._changed:
            self._due.start(GATHER_MS if self.session.computing else 0)

    def _show_marks(self) -> None:
        self.display.show_overlays(self.derived, self.selected, self.session.counted_voxels)

    def _show_visit(self, number: int) -> None:
        state = self.canvas.state
        if number not in state.visits:
            self.canvas.set_scene(replace(state, visits=(*state.visits[:-1], number)))
            self.time_points.show_current(self.canvas.state.visits)
        self._on_facts()

    def _reader_moved(self, *_: object) -> None:
        self._starts = False

    def _start_at_selected(self, derived: Derived) -> None:
        """Brings the views to the selected lesion once it is measured, unless the reader moved."""
        number = self.canvas.state.visits[0]
        if self._starts and self.selected is not None:
            place = place_of(derived, self.selected, number)
            if place is not None:
                self._starts = False
                self.canvas.jump_to(number, place)

    def _show_soon(self) -> None:
        """After an edit at once; while numbers pour in, once what came before is shown."""
        if self._turns.active and self.session.computing:
            self._changed = True
        elif not self._due.isActive():
            self._due.start(GATHER_MS if self.session.computing else 0)

    def _select(self, lesion_id: str) -> None:
        self.selected = lesion_id
        self._due.start()

    def _preview(self, preview: Preview | None) -> None:
        """The numbers of a sphere while it is dragged."""
        if not isinstance(preview, SpherePreview) or preview.diameter_mm <= 0:
            return
        sphere = SphereRegion(preview.center_lps_mm, preview.diameter_mm)
        voxels = self.visits[preview.visit].content_key
        threshold = self.derived.thresholds.get(preview.visit)
        if preview.is_reference:
            self.session.preview(ReferenceKey(voxels, sphere), preview.visit)
        elif threshold is not None:
            self.session.preview(RegionKey(voxels, sphere, threshold), preview.visit)

    def _cancel_job(self, slot: str) -> None:
        # A number of the reading is never given up: it would say "computing" for ever.
        if not slot.startswith(NUMBER_SLOT):
            self._jobs.cancel(slot)

    def _show_source(self, ref: NumberRef) -> None:
        self.display.show_source(ref, self.derived)

    def _enter_fact(self, visit: int, name: str, text: str) -> None:
        try:
            self.accept(facts_edit(self.derived.state, visit, name, text))
        except FactUnreadableError as fault:
            self.column.facts.show_problem(str(fault))


def _no_read_yet(derived: Derived) -> str:
    if derived.impossible:
        return tr("A number of this reading cannot be computed: look at the reference spheres.")
    return tr("Numbers are still being computed; try again in a moment.")


def _first_scene(visits: int) -> SceneState:
    if visits > 1:
        return SceneState(layout=LayoutId.TWO_VISITS, visits=(0, visits - 1))
    return SceneState()
