"""A report without a format: what stands where, as text, tables and pictures."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings; `numeric` names the columns set flush right.

    `marks` gives each row a state ("ok", "warn", "block", "target", "") that the layout may show
    with a sign, never by colour alone. `groups` are headings over the columns, each with the number
    of columns it spans; empty ones over columns that stand alone.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()
    numeric: tuple[int, ...] = ()
    note: str = ""
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture by file name, with what it shows."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Pictures of one subject side by side, one for each visit; `note` tells the SUL they show."""

    title: str
    pictures: tuple[PictureFile, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The one-page answer: the category with what it rests on."""

    category: str  # short, e.g. "PMR"
    category_text: str
    tone: str  # "good", "stable", "bad", "open" or "draft"
    change: str
    target: str
    margin: str
    rule_set: str
    other_rule_set: str
    outside: str  # what lies outside the protocol, empty if nothing
    progression: tuple[Field, ...]  # what decides progression beside the target
    reasons: tuple[Field, ...]  # label: rule id, value: sentence
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecistSection:
    """The response by RECIST 1.1; margins, reasons and cautions are those of the latest visit."""

    title: str
    facts: tuple[Field, ...]
    lesions: tuple[Table, ...]
    responses: Table
    margins: tuple[str, ...]
    reasons: tuple[Field, ...]  # label: rule id or lesion, value: sentence
    cautions: tuple[str, ...]
    left_out: tuple[Field, ...]  # label: lesion or caliper, value: why


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole report."""

    language: str  # code of the language of every text
    labels: Mapping[str, str]  # headings and fixed words of the layout, by name
    title: str
    status: str
    investigational: str
    running_head: str  # printed on every page
    patient: tuple[Field, ...]
    answer: Answer
    texts: tuple[Field, ...]  # the reader's impression and comment, where there are any
    trend: Table
    sensitivity: Table | None  # the course under other settings, where there is a follow-up
    acquisition: Table
    comparability: tuple[tuple[str, Table], ...]  # per follow-up: its title and card
    references: Table
    reference_pictures: PictureRow
    lesions: Table
    physiological: Table
    unmatched: Table | None
    mips: PictureRow
    key_images: tuple[PictureRow, ...]
    image_note: str
    findings: Table
    settings: Table
    provenance: Table
    recist: RecistSection | None = None  # where there are calipers
