"""A report speaks one language: no English label in a French one, no French one in an English."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po

from app.domain.draft_read import DraftRead
from app.reporting.compose import compose
from app.reporting.fixed_labels import LABELS
from app.reporting.pdf import TEMPLATE, render_pdf
from app.reporting.printable import printable
from app.translation import catalogue_file, set_language
from tests.unit.viewers.presenters.sample_reading import complete

ISSUED = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# What both languages print alike: names of quantities, formulas, rules, makers and codes.
ALIKE = {
    *("adaptations", "centre", "date", "injection", "janmahasatian", "notes", "oncoread"),
    *("percist", "placement", "provenance", "reconstruction", "sulmax", "sulmean", "sulpeak"),
    *("verdict", "volume", "voxels"),
}
RULE_ID = re.compile(r"[A-Z]{3}-[\d.]+(-[A-Z]+)*")
WORD = re.compile(r"[^\W\d_]{4,}")
# Never words of a language: file names and signs.
WORDLESS = {"language", "file", "tone", "marks"}


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language("en")


def sample() -> DraftRead:
    read = complete().read
    assert read is not None
    return read


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in WORDLESS:
                yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item)


def texts(code: str) -> list[str]:
    """Every printed text of the sample's report in a language."""
    set_language(code)
    read = sample()
    return list(leaves(asdict(compose(read, ISSUED, ()))))


def catalogue() -> dict[str, str]:
    """The messages of one or more words that differ between the languages."""
    with catalogue_file("fr").open(encoding="utf-8") as source:
        known = {str(m.id): str(m.string) for m in read_po(source, locale="fr") if m.id}
    return {english: french for english, french in known.items() if english != french}


def test_texts_that_are_alike_in_both_languages_are_names_numbers_or_codes() -> None:
    english, french = texts("en"), texts("fr")
    assert len(english) == len(french)
    alike = [a for a, b in zip(english, french, strict=True) if a == b and not RULE_ID.fullmatch(a)]
    names = {word for value in names_of(sample()) for word in WORD.findall(value.lower())}
    words = {word for text in alike for word in WORD.findall(text.lower())}
    assert words - ALIKE - names == set()


def names_of(read: DraftRead) -> Iterator[str]:
    for point in read.time_points:
        yield from leaves(asdict(point.scan.quantification))
        yield from leaves(asdict(point.scan.pet))
    yield from (read.inputs_hash, *leaves(asdict(read.patient)))


def test_no_label_of_the_other_language_stands_in_a_report() -> None:
    messages = catalogue()
    assert set(messages).isdisjoint(texts("fr"))
    only_french = set(messages.values()) - set(messages)
    assert only_french.isdisjoint(texts("en"))


def test_a_report_says_its_language_to_the_layout() -> None:
    for code in ("en", "fr"):
        set_language(code)
        content = compose(sample(), ISSUED, ())
        assert content.language == code
        pdf = render_pdf(content, {}, ISSUED)
        assert f"/Lang({code})".encode() in pdf.replace(b" ", b"")


def test_the_layout_has_no_words_of_its_own() -> None:
    """Its headings come from labels or the content, and every label has its place."""
    source = re.sub(r"//[^\n]*", "", TEMPLATE.read_text(encoding="utf-8"))
    headings = re.findall(r"^\s*=+ (.*)$", source, re.MULTILINE)
    assert headings
    assert [text for text in headings if not text.startswith("#")] == []
    for name in LABELS:
        assert f"l.{name}" in source, name


def test_no_break_spaces_are_printed_as_spaces() -> None:
    set_language("fr")
    assert any("\u00a0:" in text for text in leaves(asdict(compose(sample(), ISSUED, ()))))
    assert printable("Marge\u00a0: 1") == "Marge\u00a0: 1"
    assert printable("a\x07b") == "a\\x07b"
