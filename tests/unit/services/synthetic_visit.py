"""A visit whose PET is a given volume; what comes from files is left out."""

from datetime import datetime
from pathlib import Path

from app.quantification.quantify import quantify
from app.services.load_visit import Visit
from tests.unit.quantification.sound_header import SOUND

WHEN = datetime(2024, 5, 6, 10, 30)


def visit_of(sul, ct=None):
    """A loaded visit of a canonical SUL volume."""
    return Visit(Path("nowhere"), WHEN, None, quantify(SOUND), sul, None, ct, ())
