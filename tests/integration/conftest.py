"""The draft read of the demo patient and its pictures, for all tests of reports."""

import pytest

from app.reporting.picture_files import KeyImage
from app.services.draft_read import LoadedDraft
from tests.builders.printed_reports import pictures_of
from tests.builders.shared_reads import SharedRead


@pytest.fixture(scope="module")
def draft(demo_read: SharedRead) -> LoadedDraft:
    """The draft read of the demo patient."""
    return demo_read.draft


@pytest.fixture(scope="module")
def pictures(draft: LoadedDraft) -> tuple[KeyImage, ...]:
    """Its key images."""
    return pictures_of(draft.read, draft)
