"""Sentences for codes in the chosen language; domain records hold codes, never prose.

The tables lie in `resources/wording/<language>/*.toml`, one file per room, one section per kind
of code: `[findings]`, `[refusals]`, `[reasons]`, ... Placeholders are `{name}` or `{name:.2f}`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app import translation
from app.domain.findings import Finding, ParamValue, as_mapping
from app.domain.quantification import Refusal, refusal_params
from app.errors import ReaderError

WORDING_FOLDER = Path(__file__).parent.parent / "resources" / "wording"


def sentences(kind: str, language: str = "") -> Mapping[str, str]:
    """All sentences of one kind (`findings`, `refusals`, ...) by code, by default as chosen."""
    return _tables(language or translation.language()).get(kind, {})


def load_sentences() -> None:
    """Reads the tables of the chosen language and of English, so that no sentence waits later."""
    for language in {translation.language(), translation.ENGLISH}:
        _tables(language)


@cache
def _tables(language: str) -> Mapping[str, Mapping[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for file in sorted((WORDING_FOLDER / language).glob("*.toml")):
        for kind, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
            table = tables.setdefault(kind, {})
            for code, text in texts.items():
                if code in table:
                    raise ValueError(f"{code} is worded twice ({kind}, {file.name})")
                table[code] = text
    return tables


def sentence(kind: str, code: str, params: Mapping[str, ParamValue]) -> str:
    """The sentence for a code with its parameters filled in.

    Where the chosen language lacks it, the English one; the bare code where none exists.
    """
    template = sentences(kind).get(code) or sentences(kind, translation.ENGLISH).get(code)
    return code if template is None else template.format(**params)


def finding_text(item: Finding) -> str:
    """The sentence of a finding."""
    return sentence("findings", item.code, as_mapping(item))


def reader_error(code: str, **params: ParamValue) -> ReaderError:
    """The ReaderError of a code: `[errors]` says what is wrong, `[advice]` what to do."""
    return ReaderError(code, sentence("errors", code, params), sentence("advice", code, params))


def refusal_text(item: Refusal | None) -> str:
    """The sentence of a refusal; without one, that the series is no volume."""
    if item is None:
        return sentence("errors", "NO_USABLE_VOLUME", {})
    return sentence("refusals", item.code, refusal_params(item))
