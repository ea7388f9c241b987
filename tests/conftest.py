"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

from tests.builders.demo_patient import shared_demo_patient

PROJECT = Path(__file__).parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER")


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
def demo_patient(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders (baseline, month 3) of the demo patient, shared by the workers of one run."""
    base = tmp_path_factory.getbasetemp()
    return shared_demo_patient((base.parent if WORKER else base) / "demo_patient")
