"""The report as PDF/A-2b, set by Typst from the template in `resources/report`."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from app.reporting.content import ReportContent
from app.reporting.printable import printable_all
from app.reporting.typography import typeset_all

RESOURCES = Path(__file__).parent.parent.parent / "resources"
TEMPLATE = RESOURCES / "report" / "percist.typ"
FONT_FOLDER = RESOURCES / "fonts"
# Fonts embedded, colours defined, no encryption (spec 6.3). Conformance is what the compiler
# enforces; no external validator has run.
STANDARD: Final = "a-2b"


def render_pdf(
    content: ReportContent, pictures: Mapping[str, bytes], issued_utc: datetime
) -> bytes:
    """The PDF's bytes; `pictures` are PNGs by the file names the content uses.

    The same content and time give the same bytes. Raises OSError where the temporary folder
    cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="oncoread-") as name:
        folder = Path(name)
        main = folder / TEMPLATE.name
        shutil.copyfile(TEMPLATE, main)
        text = json.dumps(printable_all(typeset_all(asdict(content), content.language)))
        (folder / "content.json").write_text(text, encoding="utf-8")
        for file, png in pictures.items():
            (folder / file).write_bytes(png)
        return typst.compile(
            str(main),
            root=str(folder),
            font_paths=[str(FONT_FOLDER)],
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            timestamp=issued_utc.replace(microsecond=0),
        )
