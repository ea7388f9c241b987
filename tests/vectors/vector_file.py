"""The worked numbers of vectors.json: one record each."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Vector:
    """One worked example: what goes in, what must come out, within which tolerance."""

    id: str
    area: str
    title: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    tol: Mapping[str, float]


def vectors_path() -> Path | None:
    """The first file that exists: ONCOREAD_VECTORS, beside REVIEW_DATA, beside the project."""
    stated = os.environ.get("ONCOREAD_VECTORS")
    if stated:
        return Path(stated)
    data = os.environ.get("REVIEW_DATA")
    candidates = [Path(data).parent / "vectors.json"] if data else []
    candidates.append(PROJECT.parent / "shared" / "vectors.json")
    return next((path for path in candidates if path.is_file()), None)


def load_vectors(path: Path) -> list[Vector]:
    """All vectors of a file."""
    rows = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return [
        Vector(
            row["id"],
            row["area"],
            row.get("title", ""),
            row["inputs"],
            row["expected"],
            row.get("tol", {}),
        )
        for row in rows
    ]
