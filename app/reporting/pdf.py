"""The report as PDF/A-2b, set by Typst from the template in `resources/report`."""

import functools
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from app.imaging.lettering import Face, typeface
from app.reporting.content import ReportContent

RESOURCES = Path(__file__).parent.parent.parent / "resources"
TEMPLATE = RESOURCES / "report" / "percist.typ"
FONT_FOLDER = RESOURCES / "fonts"
# Fonts embedded, colours defined, no encryption (spec 6.3). Conformance is what the compiler
# enforces; no external validator has run.
STANDARD: Final = "a-2b"
FACES = (Face.REGULAR, Face.SEMI_BOLD)
NO_CHARACTER = "\uffff"  # Unicode promises that no font has it
NO_BREAK_SPACE = "\u00a0"  # before French punctuation; Python calls it unprintable


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
        text = json.dumps(_printable(asdict(content)))
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


def _printable(value: object) -> object:
    """The content with every character the fonts lack as its escape, such as \\u60a3.

    PDF/A forbids text without a glyph, and header values may hold any script or even control
    characters: a subject must stay recognisable and the report must not fail.
    """
    if isinstance(value, str):
        return "".join(c if _has_glyph(c) else ascii(c)[1:-1] for c in value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


@functools.cache
def _has_glyph(character: str) -> bool:
    if character == NO_BREAK_SPACE:
        return True
    if character.isascii() or not character.isprintable():
        return character.isprintable()
    return all(_drawn(face, character) != _drawn(face, NO_CHARACTER) for face in FACES)


def _drawn(face: Face, character: str) -> bytes:
    return bytes(typeface(face, 24.0).getmask(character))
