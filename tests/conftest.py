"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def review_data() -> Path:
    """The shared real and derived DICOM; tests that use it carry the marker `realdata`."""
    folder = Path(os.environ.get("REVIEW_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"REVIEW_DATA is missing in CI: {folder}")
        pytest.skip("the shared review data is not beside this checkout (set REVIEW_DATA)")
    return folder
