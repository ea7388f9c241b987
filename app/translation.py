"""The words of the window in the reader's language; Qt-free, English where nothing else is known.

Messages are their English text. `resources/translations/<language>/LC_MESSAGES/oncoread.po` holds
the others and is read as it stands, so no compiled catalogue needs to be built or kept.
"""

import os
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

TRANSLATIONS_FOLDER = Path(__file__).parent.parent / "resources" / "translations"
DOMAIN = "oncoread"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "fr": "Français"}

_language = ENGLISH


def tr(message: str) -> str:
    """The message in the chosen language; itself where it has no translation."""
    return _catalogue(_language).gettext(message) if message else ""


def mark(message: str) -> str:
    """The message as it is, marked for the catalogue; for tables that are translated when shown."""
    return message


def language() -> str:
    """The code of the chosen language."""
    return _language


def set_language(code: str) -> None:
    """Choose the language for everything shown from now on; ValueError for one not offered."""
    global _language
    if code not in LANGUAGES:
        raise ValueError(f"no such language: {code!r}")
    _language = code


def system_language() -> str:
    """The language the user's session asks for where it is offered, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if asked := os.environ.get(variable):
            code = asked[:2].lower()
            return code if code in LANGUAGES else ENGLISH
    return ENGLISH


def catalogue_file(code: str) -> Path:
    """Where the catalogue of a language lies."""
    return TRANSLATIONS_FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def _catalogue(code: str) -> NullTranslations:
    if code == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue_file(code).open(encoding="utf-8") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
