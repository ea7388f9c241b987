"""Every worked number of vectors.json against the program."""

import os

import pytest

from tests.vectors.areas import AREAS, DUE_ANSWERS, PENDING
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


def test_no_area_is_both_due_and_pending() -> None:
    assert not AREAS.keys() & PENDING.keys()


def test_an_area_in_neither_table_fails() -> None:
    stranger = Vector("X-1", "x-rays", "", {}, {"a": 1}, {})
    with pytest.raises(AssertionError, match="neither due nor pending"):
        check(stranger)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector.id for vector in VECTORS])
def test_vector(vector: Vector) -> None:
    check(vector)


def check(vector: Vector) -> None:
    """Run one vector; skip, naming the issue, what the tables call pending."""
    if vector.area in PENDING:
        pytest.skip(f"area {vector.area} comes with issue {PENDING[vector.area]}")
    assert vector.area in AREAS, f"area {vector.area} is neither due nor pending"
    due, issue = DUE_ANSWERS.get(vector.area, (None, None))
    expected = {key: vector.expected[key] for key in vector.expected if due is None or key in due}
    if not expected:
        pytest.skip(f"{vector.id} comes with issue {issue}")
    differences = mismatches(AREAS[vector.area](vector), expected, vector.tol)
    assert not differences, "\n".join([vector.title, *differences])
