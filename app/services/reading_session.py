"""An open reading at work: edits in, numbers computed off-thread, the derived read out."""

from collections.abc import Callable, Mapping

from app.domain.numbers import (
    NumberKey,
    PreviewNumbers,
    ReferenceNumbers,
    RegionKey,
    RegionNumbers,
)
from app.domain.region import MaskRegion
from app.jobs.desk import JobDesk, JobEvent, JobFailed, JobFinished
from app.jobs.job import Job, JobToken, Lane
from app.reading.edits import AnyEdit
from app.reading.store import Change, ReadingStore
from app.services.derive_read import Derived, RulePair, derive_read
from app.services.load_visit import Visit
from app.services.measure_visit import compute, counted_voxels, needed, preview
from app.services.region_voxels import BlobReader
from segmentation.mask import Mask

NUMBER_SLOT = "number "
PREVIEW_SLOT = "preview"
# More missing numbers than this at once is an opening, not an edit: it must not hold up edits.
MANY = 4
KEPT_MASKS = 64


class ReadingSession:
    """Keeps the numbers of a reading up to date with its state. Calls come from the home thread.

    Numbers are kept by content key: whatever changes, a number that no longer fits is simply not
    asked for, and one that fits again after undo is there at once. `on_change` is called after
    each accepted edit and each finished number; ask `derived` for what can be told then. Without
    `at_once` no number is computed before `begin` or the first edit.
    """

    def __init__(
        self,
        store: ReadingStore,
        visits: Mapping[int, Visit],
        rules: RulePair,
        jobs: JobDesk,
        read_blob: BlobReader,
        on_change: Callable[[], None],
        at_once: bool = True,
    ) -> None:
        self.store = store
        self.visits = visits
        self.rules = rules
        self._jobs = jobs
        self._read_blob = read_blob
        self._on_change = on_change
        self._voxel_keys = {number: visit.content_key for number, visit in visits.items()}
        self._numbers: dict[NumberKey, RegionNumbers | ReferenceNumbers | None] = {}
        self._pending: dict[str, NumberKey] = {}
        self._failed: set[NumberKey] = set()
        self._counted: dict[RegionKey, Mask] = {}
        self._derived: Derived | None = None
        self._end = store.subscribe(self._changed)
        self._begun = False
        if at_once:
            self.begin()

    def begin(self) -> None:
        """Begins with the numbers, unless that was done; a window shows the reading first."""
        if not self._begun:
            self._begun = True
            self._refresh()

    @property
    def derived(self) -> Derived:
        """What can be told of the reading now; computed once per change."""
        if self._derived is None:
            self._derived = derive_read(
                self.store.state, self.visits, self._numbers, self.rules, self._failed
            )
        return self._derived

    @property
    def computing(self) -> bool:
        """Whether numbers are still being computed, or have not been begun with."""
        return not self._begun or bool(self._pending)

    def counted_voxels(self, lesion_id: str, visit: int) -> Mask | None:
        """The voxels a lesion's volume counts at a visit; None while there is no threshold yet."""
        region = self.store.state.lesion(lesion_id).region_at(visit)
        threshold = self.derived.thresholds.get(visit)
        if region is None or threshold is None:
            return None
        key = RegionKey(self._voxel_keys[visit], region, threshold)
        if key not in self._counted:
            if len(self._counted) >= KEPT_MASKS:
                self._counted.clear()
            blobs = self._blobs_of(key)
            self._counted[key] = counted_voxels(key, self.visits[visit], blobs.__getitem__)
        return self._counted[key]

    def accept(self, edit: AnyEdit) -> None:
        """Applies and saves an edit. Raises EditRefusedError or ReaderError: nothing changed."""
        self.store.accept(edit)

    def preview(self, key: NumberKey, number: int) -> None:
        """Computes what a drag shows, no part of the state; a newer one replaces it."""
        visit, blobs = self.visits[number], self._blobs_of(key)

        def work(token: JobToken) -> PreviewNumbers | ReferenceNumbers | None:
            token.checkpoint()
            return preview(key, visit, blobs.__getitem__)

        self._jobs.submit(Job(PREVIEW_SLOT, work, Lane.COMPUTE, title="measure"))

    def handle(self, event: JobEvent) -> PreviewNumbers | ReferenceNumbers | None:
        """Takes an event of the job desk; returns the number of a finished preview, if it is one.

        Raises what a job of this session raised, for the caller's funnel.
        """
        slot = event.job.slot
        if slot == PREVIEW_SLOT and isinstance(event, JobFinished):
            number: PreviewNumbers | ReferenceNumbers | None = event.value
            return number
        key = self._pending.get(slot)
        if key is None:
            return None
        if isinstance(event, JobFinished):
            del self._pending[slot]
            self._numbers[key] = event.value
            self._refresh()
            self._tell()
        elif isinstance(event, JobFailed):
            del self._pending[slot]
            self._failed.add(key)
            self._tell()
            raise event.fault
        return None

    def close(self) -> None:
        """Ends the session; its jobs are cancelled."""
        self._end()
        for slot in self._pending:
            self._jobs.cancel(slot)
        self._pending.clear()

    def _changed(self, _: Change) -> None:
        self._begun = True
        self._refresh()
        self._tell()

    def _tell(self) -> None:
        self._derived = None
        self._on_change()

    def _refresh(self) -> None:
        """Hands in what is missing and calls back what is no longer wanted."""
        wanted = {
            NUMBER_SLOT + repr(key): (visit, key)
            for visit, key in needed(
                self.store.state, self._voxel_keys, self._numbers, self.rules.own
            )
            if key not in self._failed
        }
        for slot in self._pending.keys() - wanted.keys():
            self._jobs.cancel(slot)
            del self._pending[slot]
        new = [slot for slot in wanted if slot not in self._pending]
        lane = Lane.BACKGROUND if len(new) > MANY else Lane.COMPUTE
        for slot in new:
            visit, key = wanted[slot]
            self._pending[slot] = key
            self._jobs.submit(self._job(slot, visit, key, lane))

    def _job(self, slot: str, number: int, key: NumberKey, lane: Lane) -> Job:
        visit, blobs = self.visits[number], self._blobs_of(key)

        def work(token: JobToken) -> RegionNumbers | ReferenceNumbers | None:
            token.checkpoint()
            return compute(key, visit, blobs.__getitem__)

        return Job(slot, work, lane, title="measure", subject=str(number))

    def _blobs_of(self, key: NumberKey) -> Mapping[str, bytes]:
        """The mask a key names, read here: the archive belongs to the home thread."""
        if isinstance(key, RegionKey) and isinstance(key.region, MaskRegion):
            return {key.region.blob_key: self._read_blob(key.region.blob_key)}
        return {}
