"""Every refusal names its tag once, and says so in every place it is printed."""

import pytest

from app.cli.inspect_command import refusal_document
from app.domain.quantification import Refusal
from app.wording import sentences

REFUSALS = sorted(sentences("refusals"))


def test_there_are_refusals() -> None:
    assert len(REFUSALS) > 30


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_has_one_place_for_its_tag(code: str) -> None:
    template = sentences("refusals")[code]
    assert template.count("{tag}") + template.count("{tags}") == 1


def test_the_document_of_a_refusal() -> None:
    refusal = Refusal("SUV_MISSING_WEIGHT", "(0010,1030)")
    assert refusal_document(refusal) == {
        "code": "SUV_MISSING_WEIGHT",
        "tag": "(0010,1030)",
        "text": "Patient's Weight (0010,1030) is missing or 0.",
    }
    assert refusal_document(None) is None
