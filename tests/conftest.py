"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

from app.services.load_visit import Visit
from tests.builders.demo_patient import shared_demo_patient
from tests.builders.shared_reads import SharedRead, read_of, shared, visits_of

PROJECT = Path(__file__).parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
# Files that take longest, longest first: begun last, one of them would keep one worker busy while
# the others have nothing left. The two that begin do not wait for the same demo patient.
LONGEST = (
    "gui/test_story.py",
    "integration/test_draft_read.py",
    "realdata/test_marks.py",
    "realdata/test_cli_measure.py",
    "gui/test_story_kills.py",
    "gui/test_shell_cancel.py",
    "integration/test_report.py",
    "integration/test_cli_demo.py",
    "realdata/test_cli_assess.py",
    "gui/test_shell_disk.py",
    "gui/test_canvas_right_is_right.py",
    "integration/test_cli_process.py",
    "integration/test_cli_bad_input.py",
    "unit/segmentation/metrics/test_peak_search.py",
    "unit/segmentation/sampling/test_registration.py",
    "integration/test_reading_session.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings the longest files to the front; the order within files and of the rest stays."""
    places = {PROJECT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def review_data() -> Path:
    """The shared real and derived DICOM; tests that use it carry the marker `realdata`."""
    folder = Path(os.environ.get("REVIEW_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"REVIEW_DATA is missing in CI: {folder}")
        pytest.skip("the shared review data is not beside this checkout (set REVIEW_DATA)")
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the workers of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if WORKER else base


@pytest.fixture(scope="session")
def demo_patient(shared_folder: Path) -> tuple[Path, Path]:
    """The folders (baseline, month 3) of the demo patient, shared by the workers of one run."""
    return shared_demo_patient(shared_folder / "demo_patient")


@pytest.fixture(scope="session")
def demo_read(demo_patient: tuple[Path, Path], shared_folder: Path) -> SharedRead:
    """The read of the demo patient, its folders given in disorder; made once for all workers."""
    baseline, month3 = demo_patient
    file = shared_folder / "demo_read.pickle"
    return shared(file, SharedRead, lambda: read_of(*visits_of(month3, baseline)))


@pytest.fixture(scope="session")
def real_visits(review_data: Path, shared_folder: Path) -> tuple[Visit, ...]:
    """Baseline and follow-up of the real patient acrin042; loaded once for all workers."""
    folders = [review_data / "acrin042" / name for name in ("baseline", "followup")]
    return shared(shared_folder / "real_visits.pickle", tuple, lambda: visits_of(*folders))
