"""Every code of the room has its sentence, and its placeholders are filled."""

import re
import tomllib
from pathlib import Path
from string import Formatter

from app.wording import WORDING_FOLDER

ROOM = Path("app/quantification")
PREFIXES = (
    "ADAPT", "ATTN", "ACQUISITION", "CORRECTIONS", "CRF", "DECAY", "MANUAL", "PERCIST", "PHILIPS",
    "PRIVATE", "REF_TIME", "RP", "SUL", "SUV", "UPTAKE",
)  # fmt: skip
CODE = re.compile(rf'"((?:{"|".join(PREFIXES)})_[A-Z0-9_]+)"')
WORDS = tomllib.loads((WORDING_FOLDER / "en" / "suv.toml").read_text(encoding="utf-8"))


def codes_of_the_room() -> set[str]:
    room = WORDING_FOLDER.parent.parent / ROOM
    return {code for file in room.glob("*.py") for code in CODE.findall(file.read_text())}


def test_every_code_is_worded_and_every_sentence_has_its_code():
    worded = set(WORDS["findings"]) | set(WORDS["refusals"])
    assert codes_of_the_room() == worded


def test_sentences_parse():
    for sentences in WORDS.values():
        for text in sentences.values():
            assert list(Formatter().parse(text))
