"""`criteria --input FILE`: responses with their traces from measurements in a JSON file."""

import argparse
from pathlib import Path
from typing import Any

from app.cli.criteria_text import criteria_text
from app.cli.json_text import json_text
from app.services.criteria_input import input_refused, read_criteria
from app.services.criteria_output import criteria_document
from app.services.derive_criteria import derive_criteria
from app.services.strict_json import SchemaError


def criteria_command(arguments: argparse.Namespace) -> str:
    """The responses as JSON or as text."""
    document = derived_document(arguments.file)
    return json_text(document) if arguments.json else criteria_text(document)


def derived_document(file: Path) -> dict[str, Any]:
    """The document of a file. Raises InputError where the file is not sound."""
    given, sha256 = read_criteria(file)
    try:
        return criteria_document(derive_criteria(given), sha256)
    except SchemaError as refused:
        raise input_refused(file, refused) from refused
