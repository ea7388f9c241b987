"""Keeps the French catalogue in step with the source: `python .ci/catalogue.py` (make texts).

New messages are added without a translation, those no longer used are dropped. Exits with 1 while
a translation is missing.
"""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
FLOORS = ("app", "viewers")
CALLS = {"tr", "mark"}
LINE_WIDTH = 100
DATED = datetime(2026, 11, 22, tzinfo=UTC)


def main() -> int:
    """0 where every message of the source is translated."""
    missing = []
    for file in catalogue_files():
        catalogue = updated(read(file))
        with file.open("wb") as out:
            write_po(out, catalogue, width=LINE_WIDTH, sort_by_file=True, omit_header=False)
        missing += [
            f"{file.parts[-3]}: {message.id}" for message in catalogue if not message.string
        ]
    for line in missing:
        print(line)
    print(f"{len(messages())} messages, {len(missing)} without a translation")
    return 1 if missing else 0


def messages() -> dict[str, list[str]]:
    """Every literal given to `tr` or `mark`, with the files it stands in."""
    found: dict[str, list[str]] = {}
    for floor in FLOORS:
        for file in sorted((PROJECT / floor).rglob("*.py")):
            for text in literals(file.read_text(encoding="utf-8")):
                places = found.setdefault(text, [])
                name = file.relative_to(PROJECT).as_posix()
                if name not in places:
                    places.append(name)
    return found


def literals(source: str) -> Iterator[str]:
    """The literals a source gives to `tr` or `mark`; the empty one is no message."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            argument = node.args[0]
            if node.func.id in CALLS and isinstance(argument, ast.Constant) and argument.value:
                yield str(argument.value)


def updated(former: Catalog) -> Catalog:
    """A catalogue of today's messages with the translations there are."""
    # Fixed dates: the file must not change unless a text did.
    now = Catalog(
        former.locale,
        domain="oncoread",
        header_comment="# OncoRead in another language, see `make texts`.",
        project="OncoRead",
        version="1",
        copyright_holder="OncoRead",
        msgid_bugs_address="none",
        creation_date=DATED,
        revision_date=DATED,
        last_translator="OncoRead",
        language_team="OncoRead",
        charset="utf-8",
        fuzzy=False,
    )
    for text, places in sorted(messages().items(), key=lambda item: (item[1][0], item[0])):
        known = former.get(text)
        now.add(text, known.string if known else "", [(place, 0) for place in places])
    return now


def catalogue_files() -> list[Path]:
    """The catalogues of all languages."""
    return sorted((PROJECT / "resources" / "translations").glob("*/LC_MESSAGES/*.po"))


def read(file: Path) -> Catalog:
    """The catalogue of a file."""
    with file.open(encoding="utf-8") as source:
        return read_po(source, locale=file.parts[-3])


if __name__ == "__main__":
    sys.exit(main())
