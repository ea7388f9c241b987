"""English sentences for codes; domain records hold codes, never prose.

The tables lie in `resources/wording/en/*.toml`, one file per room, one section per kind of
code: `[findings]`, `[refusals]`, `[reasons]`, ... Placeholders are `{name}` or `{name:.2f}`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.domain.findings import Finding, ParamValue, as_mapping

WORDING_FOLDER = Path(__file__).parent.parent / "resources" / "wording"


@cache
def sentences(kind: str, language: str = "en") -> Mapping[str, str]:
    """All sentences of one kind (`findings`, `refusals`, ...) by code."""
    table: dict[str, str] = {}
    for file in sorted((WORDING_FOLDER / language).glob("*.toml")):
        for code, text in tomllib.loads(file.read_text(encoding="utf-8")).get(kind, {}).items():
            if code in table:
                raise ValueError(f"{code} is worded twice ({kind}, {file.name})")
            table[code] = text
    return table


def sentence(kind: str, code: str, params: Mapping[str, ParamValue]) -> str:
    """The sentence for a code with its parameters filled in; the bare code where none exists."""
    template = sentences(kind).get(code)
    return code if template is None else template.format(**params)


def finding_text(item: Finding) -> str:
    """The sentence of a finding."""
    return sentence("findings", item.code, as_mapping(item))
