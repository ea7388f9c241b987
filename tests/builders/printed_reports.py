"""Reports in tests: the pictures of a read, the PDF they stand in, and a picture as numbers."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image

from app.domain.draft_read import DraftRead
from app.reporting.compose import compose
from app.reporting.key_images import key_images
from app.reporting.pdf import render_pdf
from app.reporting.picture_files import KeyImage, Shown, VisitImages
from app.services.draft_read import LoadedDraft
from app.services.export_report import REPORT_NAME
from tests.builders.picture_marks import Pixels

ISSUED = datetime(2026, 11, 22, 12, 0, 30, 123456, tzinfo=UTC)


def pictures_of(read: DraftRead, draft: LoadedDraft, with_ct: bool = True) -> tuple[KeyImage, ...]:
    """The key images of a read whose visits are those of the draft, the last one repeated."""
    loaded = (*draft.visits, *(draft.visits[-1:] * len(read.time_points)))
    images = [VisitImages(visit.sul, visit.ct if with_ct else None) for visit in loaded]
    return tuple(key_images(read, images[: len(read.time_points)]))


def printed(read: DraftRead, pictures: tuple[KeyImage, ...], folder: Path) -> Path:
    """The PDF of a read, in a folder."""
    file = folder / REPORT_NAME
    files = {item.file: item.png for item in pictures}
    file.write_bytes(render_pdf(compose(read, ISSUED, pictures), files, ISSUED))
    return file


def of(pictures: tuple[KeyImage, ...], shown: Shown) -> tuple[KeyImage, ...]:
    """The pictures that show one kind of thing."""
    return tuple(item for item in pictures if item.shown is shown)


def pixels(image: KeyImage) -> Pixels:
    """A picture as numbers."""
    return np.asarray(Image.open(io.BytesIO(image.png)))
