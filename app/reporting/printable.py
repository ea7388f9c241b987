"""Text with every character the report's fonts lack spelled out."""

import functools

from app.imaging.lettering import Face, typeface

FACES = (Face.REGULAR, Face.SEMI_BOLD)
NO_CHARACTER = "\uffff"  # Unicode promises that no font has it
NO_BREAK_SPACE = "\u00a0"  # in numbers and French; Python calls it unprintable


def printable(text: str) -> str:
    """The text with every character the fonts lack as its escape, such as \\u60a3.

    PDF/A forbids text without a glyph, and header values may hold any script or even control
    characters: a subject must stay recognisable and the report must not fail.
    """
    return "".join(c if _has_glyph(c) else ascii(c)[1:-1] for c in text)


def printable_all(value: object) -> object:
    """A content with every text printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_all(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable_all(item) for item in value]
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
