"""Printed text as a typesetter sets it: true minus, en dash, multiplication sign, no-break spaces.

One place for the whole report. What is quoted as it was entered or stored stays: the subject, the
running head with it, the reader's own words.
"""

import re
from collections.abc import Callable, Mapping

from app.reporting.numbers import MINUS

NO_BREAK = "\N{NO-BREAK SPACE}"
VERBATIM = frozenset({"language", "running_head", "patient", "texts", "tone", "file", "marks"})

# Units as the report writes them, days and weeks also in words.
_UNITS = (
    r"(?:%|g/mL|Bq/mL|mmol/L|MBq|kBq|mm|cm²?|mL|min|kg|HU|UH|days?|weeks?|jours?|semaines?|[gmshdj])"
    r"(?![\w'’])"
)
_NUMBER = r"\d+(?:\.\d+)?"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # A sign before a number; a hyphen within a word, a date or an id is none.
    (re.compile(r"(?<![\w.\-)])-(?=\.?\d)"), MINUS),
    (re.compile(r"(?<=\de)-(?=\d{2}\b)"), MINUS),
    (re.compile(rf"(?<![\w.,\-])({_NUMBER})-({_NUMBER})(?=[ {NO_BREAK}]{_UNITS})"), r"\1–\2"),
    (re.compile(rf"(?<=\d)[ {NO_BREAK}][x×][ {NO_BREAK}](?=\d)"), f"{NO_BREAK}×{NO_BREAK}"),
    (re.compile(r"(?<=\d) ± (?=\d)"), f"{NO_BREAK}±{NO_BREAK}"),
    (re.compile(r"(?<![\w])([<>≤≥]) (?=\d)"), rf"\1{NO_BREAK}"),
    (re.compile(rf"(?<=\d) (?={_UNITS})"), NO_BREAK),
)
# French sets a space before high punctuation that is followed by one, or by the end.
_FRENCH: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r" (?=[:;?!»](?:\s|$))"), NO_BREAK),
    (re.compile(r"(?<=[\w)\]%])(?=[:;](?:\s|$))"), NO_BREAK),
    (re.compile(r"« "), f"«{NO_BREAK}"),
)


def typeset(text: str, language: str) -> str:
    """A text for print; typesetting it again changes nothing."""
    for pattern, printed in (*_RULES, *(_FRENCH if language == "fr" else ())):
        text = pattern.sub(printed, text)
    return text


def typeset_all(content: Mapping[str, object], language: str) -> dict[str, object]:
    """A content with every text typeset but those under VERBATIM names."""
    return {
        name: value if name in VERBATIM else _each(value, lambda text: typeset(text, language))
        for name, value in content.items()
    }


def _each(value: object, printed: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, dict):
        return {
            name: item if name in VERBATIM else _each(item, printed) for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_each(item, printed) for item in value]
    return value
