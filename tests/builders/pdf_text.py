"""What is in a PDF, as poppler's tools tell it."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

TOOLS = ("pdftotext", "pdffonts", "pdfimages", "pdftoppm")
# A4 with the margins of the report's template; head and foot stand in the upper and lower one.
LEFT, RIGHT, TOP, BOTTOM = 47.0, 549.0, 20.0, 822.0
A4_HEIGHT, TEXT_TOP, TEXT_BOTTOM = 841.9, 62.4, 788.0


def need_poppler() -> None:
    """Skips where poppler's tools are not installed."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} (poppler-utils) not installed")


def tool(name: str, *arguments: object) -> str:
    """The output of one of poppler's tools."""
    line = [name, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


def pages(pdf: Path) -> list[str]:
    """The text of every page, columns side by side as printed, all spaces plain."""
    text = tool("pdftotext", "-layout", pdf, "-").replace("\u00a0", " ")
    return text.split("\f")[:-1]


def filled(pdf: Path) -> list[float]:
    """For every page the share of the text's height down to the lowest text or picture."""
    shares = []
    with tempfile.TemporaryDirectory() as folder:
        tool("pdftoppm", "-r", "36", "-gray", pdf, f"{folder}/page")
        for file in sorted(Path(folder).iterdir()):
            page = np.asarray(Image.open(file))
            per_point = page.shape[0] / A4_HEIGHT
            top, bottom = (round(at * per_point) for at in (TEXT_TOP, TEXT_BOTTOM))
            rows = np.nonzero((page[top:bottom] < 200).any(axis=1))[0]
            shares.append((rows[-1] + 1) / (bottom - top) if rows.size else 0.0)
    return shares


def unembedded_fonts(pdf: Path) -> list[str]:
    """The fonts that are named but not in the file."""
    rows = tool("pdffonts", pdf).splitlines()[2:]
    assert rows
    return [row for row in rows if row.split()[-5] != "yes"]


def picture_count(pdf: Path) -> int:
    """How many pictures the pages show."""
    return len(tool("pdfimages", "-list", pdf).splitlines()) - 2


@dataclass(frozen=True)
class Word:
    """A word and its box on a page, in points from the upper left."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)</word>'
)


def words(pdf: Path) -> Iterator[Word]:
    """Every word with its box."""
    page = 0
    for line in tool("pdftotext", "-bbox", pdf, "-").splitlines():
        page += "<page " in line
        if found := WORD.search(line):
            left, top, right, bottom = map(float, found.groups()[:4])
            yield Word(page, found.group(5), left, top, right, bottom)


def misplaced(pdf: Path) -> list[Word | tuple[Word, Word]]:
    """Words beyond the margins, and pairs of words printed over each other."""
    found = list(words(pdf))
    assert found
    wrong: list[Word | tuple[Word, Word]] = [
        word
        for word in found
        if word.left < LEFT or word.right > RIGHT or word.top < TOP or word.bottom > BOTTOM
    ]
    for k, one in enumerate(found):
        for other in found[k + 1 :]:
            if other.page != one.page:
                break
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.bottom, other.bottom) - max(one.top, other.top)
            lower = min(one.bottom - one.top, other.bottom - other.top)
            if wide > 1.0 and high > 0.45 * lower:
                wrong.append((one, other))
    return wrong


def lesion_rows(pdf: Path, wanted: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """For each lesion id the numbers of its table row that are missing there.

    The row starts with the id and holds the numbers in the order of the visits.
    """
    lines = [line.split() for page in pages(pdf) for line in page.splitlines()]
    missing = {}
    for name, numbers in wanted.items():
        rows = [line for line in lines if line[:1] == [name]]
        if not any(_in_order(numbers, row) for row in rows):
            missing[name] = numbers
    return missing


def _in_order(numbers: list[str], row: list[str]) -> bool:
    rest = iter(row)
    return all(number in rest for number in numbers)
