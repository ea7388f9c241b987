"""An open reading at work on the demo patient: real volumes, real threads, real archive."""

import queue
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.numbers import PreviewNumbers, RegionKey
from app.domain.region import SphereRegion
from app.jobs.desk import JobDesk
from app.persistence.archive import Archive, ReadingJournal
from app.reading.edits import MoveReference, SetRegion, SetRole, TickResolved
from app.reading.state import LesionRole
from app.reading.store import ReadingStore
from app.services.derive_read import RulePair
from app.services.measure_visit import compute, preview
from app.services.open_reading import store_proposal, stored_history
from app.services.reading_session import ReadingSession
from app.services.rule_sets import load_percist_rules

RULES = RulePair(load_percist_rules("percist-nadir"), load_percist_rules("percist-1.0"))


class Table:
    """A session with its archive and desk, pumped by hand as the window's bridge would."""

    def __init__(self, visits, archive, history):
        self.events = queue.Queue()
        self.desk = JobDesk(self.events.put)
        self.changes = 0
        store = ReadingStore(history, ReadingJournal(archive, history.initial.reading_id))
        self.session = ReadingSession(
            store, dict(enumerate(visits)), RULES, self.desk, archive.blob, self._changed
        )

    def _changed(self):
        self.changes += 1

    def settle(self, timeout_s=60.0):
        until = time.monotonic() + timeout_s
        while self.session.computing:
            assert time.monotonic() < until, "the numbers did not come"
            self.session.handle(self.events.get(timeout=timeout_s))
        return self.session.derived

    def close(self):
        self.session.close()
        self.desk.close()


@pytest.fixture(scope="module")
def proposed(demo_read):
    return demo_read.proposed


@pytest.fixture(scope="module")
def visits(proposed):
    return proposed.visits


@pytest.fixture
def table(visits, proposed, tmp_path):
    archive = Archive(tmp_path / "archive.sqlite", lambda: datetime.now(UTC))
    table = Table(visits, archive, store_proposal(archive, proposed))
    yield table
    table.close()
    archive.close()


def test_the_open_reading_tells_what_the_headless_draft_tells(table, demo_read):
    assert table.session.derived.read is None
    assert table.settle().read == demo_read.draft.read


def test_a_number_is_gone_with_its_contour_and_back_with_it(table):
    before = table.settle()
    lesion = before.read.baseline.tumour_lesions[0]
    sphere = SphereRegion(lesion.peak_lps_mm, 40.0)
    table.session.accept(SetRegion(lesion.lesion_id, 0, sphere))
    assert table.session.derived.measurements[lesion.lesion_id, 0] is None
    assert table.session.derived.read is None
    after = table.settle()
    measured = after.measurements[lesion.lesion_id, 0]
    # A sphere about the whole lesion holds the same hottest millilitre.
    assert measured.sul_peak == pytest.approx(lesion.sul_peak, rel=1e-6)
    assert measured.volume_ml == pytest.approx(lesion.volume_ml, rel=0.05)
    table.session.store.undo()
    assert not table.session.computing
    assert table.session.derived.read == before.read


def test_what_is_outlined_is_what_the_volume_counts(table):
    derived = table.settle()
    seen = 0
    for (lesion_id, number), measured in derived.measurements.items():
        counted = table.session.counted_voxels(lesion_id, number)
        assert counted.volume_ml == pytest.approx(measured.volume_ml, abs=1e-9)
        seen += counted.voxels > 0
    assert seen > 5
    lesion = derived.read.baseline.tumour_lesions[0]
    former = table.session.counted_voxels(lesion.lesion_id, 0)
    table.session.accept(SetRegion(lesion.lesion_id, 0, SphereRegion(lesion.peak_lps_mm, 8.0)))
    assert table.session.counted_voxels(lesion.lesion_id, 0).voxels < former.voxels
    table.session.store.undo()


@pytest.mark.parametrize("diameter_mm", [4.0, 15.0, 33.3, 60.0])
def test_a_drag_shows_the_numbers_that_its_end_will_have(table, diameter_mm):
    derived = table.settle()
    lesion = derived.read.baseline.tumour_lesions[0]
    sphere = SphereRegion(lesion.peak_lps_mm, diameter_mm)
    visit = table.session.visits[0]
    key = RegionKey(visit.content_key, sphere, derived.thresholds[0])
    seen, whole = preview(key, visit, {}.__getitem__), compute(key, visit, {}.__getitem__)
    assert seen == PreviewNumbers(whole.sul_peak_continuous, whole.sul_max, whole.volume_ml)
    nowhere = replace(key, region=SphereRegion((9e3, 9e3, 9e3), diameter_mm))
    assert preview(nowhere, visit, {}.__getitem__) is None


def test_moving_the_reference_moves_every_threshold_number(table):
    before = table.settle()
    entry = table.session.store.state.visit(0)
    x, y, z = entry.reference.center_lps_mm
    moved = SphereRegion((x + 4.0, y, z), 30.0)
    table.session.accept(MoveReference(0, moved))
    assert table.session.derived.references[0] is None
    assert all(
        value is None
        for (_, visit), value in table.session.derived.measurements.items()
        if visit == 0
    )
    after = table.settle()
    assert after.thresholds[0] != before.thresholds[0]
    assert after.thresholds[1] == before.thresholds[1]


def test_triage_needs_no_new_number_but_changes_the_read(table):
    before = table.settle()
    target = before.read.latest.response.target_id
    table.session.accept(SetRole(target, LesionRole.PHYSIOLOGICAL))
    assert not table.session.computing
    read = table.session.derived.read
    assert target not in {item.lesion_id for item in read.baseline.tumour_lesions}
    assert read.latest.response.target_id != target


def test_cmr_needs_the_number_and_the_readers_tick(table):
    read = table.settle().read
    for lesion in read.baseline.tumour_lesions:
        table.session.accept(TickResolved(lesion.lesion_id, 1, True))
    # Two of the demo's lesions are still hotter than the liver: ticks alone give no CMR.
    assert table.session.derived.read.latest.response.category == "PMR"
    vanished = min(read.latest.tumour_lesions, key=lambda item: item.sul_peak)
    assert vanished.sul_peak < 2.0
    for lesion in read.baseline.tumour_lesions:
        if lesion.lesion_id != vanished.lesion_id:
            table.session.accept(SetRole(lesion.lesion_id, LesionRole.PHYSIOLOGICAL))
    response = table.session.derived.read.latest.response
    below = vanished.sul_peak < read.latest.reference.mean_sul_g_per_ml
    assert response.category == ("CMR" if below else "PMR")


def test_a_reopened_reading_gives_the_same_read(visits, proposed, tmp_path):
    archive = Archive(tmp_path / "archive.sqlite", lambda: datetime.now(UTC))
    first = Table(visits, archive, store_proposal(archive, proposed))
    read = first.settle().read
    lesion = read.baseline.tumour_lesions[0]
    first.session.accept(SetRegion(lesion.lesion_id, 0, SphereRegion(lesion.peak_lps_mm, 36.0)))
    changed = first.settle().read
    first.close()
    archive.close()
    archive = Archive(tmp_path / "archive.sqlite", lambda: datetime.now(UTC))
    history = stored_history(archive, visits)
    assert history is not None
    second = Table(visits, archive, history)
    assert second.settle().read == changed
    second.close()
    archive.close()
