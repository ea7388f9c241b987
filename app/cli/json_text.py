"""A document as JSON for standard output."""

import json
from collections.abc import Mapping


def json_text(document: Mapping[str, object]) -> str:
    """Indented JSON in ASCII, so that no terminal or pipe can spoil it.

    Raises ValueError at NaN and infinity: JSON has none, and what is unknown is null.
    """
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
