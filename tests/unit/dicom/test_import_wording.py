"""Every code the import can give is worded, and every sentence can be filled."""

import ast
import tomllib
from pathlib import Path

import pytest

from app.wording import WORDING_FOLDER

ROOM = Path(__file__).parents[3] / "app" / "dicom"
TABLE = tomllib.loads((WORDING_FOLDER / "en" / "import.toml").read_text(encoding="utf-8"))
FILES = [
    "contour_fill", "decoding", "file_header", "folder_walk", "regions", "rtstruct_reader",
    "scan", "segmentation_reader", "series_assembly", "stack_geometry", "volume_reader",
    "voxel_region",
]  # fmt: skip


def calls(function: str) -> dict[str, set[str]]:
    """Codes given to a function in the room, with the keyword parameters that go along."""
    found: dict[str, set[str]] = {}
    for name in FILES:
        for node in ast.walk(ast.parse((ROOM / f"{name}.py").read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == function):
                continue
            params = {word.arg for word in node.keywords if word.arg}
            codes = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
            for code in codes:
                if isinstance(code, str) and code.isupper():
                    found.setdefault(code, set()).update(params | {"missing"})
    return found


@pytest.mark.parametrize(
    ("function", "section"), [("finding", "findings"), ("reader_error", "errors")]
)
def test_codes_and_sentences_match(function: str, section: str) -> None:
    given = calls(function)
    assert set(given) == set(TABLE[section])
    for code, params in given.items():
        sentence = TABLE[section][code]
        values = {name: 1 if ":" in _spec(sentence, name) else "x" for name in params}
        assert "{" not in sentence.format(**values)


def _spec(sentence: str, name: str) -> str:
    start = sentence.find("{" + name + ":")
    return "" if start < 0 else sentence[start : sentence.index("}", start)]


def test_every_error_has_advice() -> None:
    assert set(TABLE["advice"]) == set(TABLE["errors"])
