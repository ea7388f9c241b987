"""Every worked number of vectors.json against the program."""

import os

import pytest

from tests.vectors.areas import AREAS
from tests.vectors.comparison import mismatches
from tests.vectors.vector_file import Vector, load_vectors, vectors_path

PATH = vectors_path()
VECTORS = load_vectors(PATH) if PATH is not None and PATH.is_file() else []


def test_the_vectors_are_there() -> None:
    if VECTORS:
        return
    reason = f"no vectors at {PATH or '../shared/vectors.json'} (set ONCOREAD_VECTORS)"
    if os.environ.get("CI") or os.environ.get("ONCOREAD_VECTORS"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_an_unknown_area_fails() -> None:
    stranger = Vector("X-1", "x-rays", "", {}, {"a": 1}, {})
    with pytest.raises(AssertionError, match="no adapter"):
        check(stranger)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_vector(vector: Vector) -> None:
    check(vector)


def check(vector: Vector) -> None:
    """Run one vector through the adapter of its area; all its answers are due."""
    assert vector.area in AREAS, f"there is no adapter for area {vector.area}"
    differences = mismatches(AREAS[vector.area](vector), vector.expected, vector.tol)
    assert not differences, "\n".join([vector.title, *differences])
