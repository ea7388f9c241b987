"""A key that changes with anything that could change an SUV (design 2)."""

import hashlib

from app.domain.pet_header import PetHeader
from app.quantification.settings import QuantificationSettings

METHOD_VERSION = "suv-1"  # raise with any change of the calculation


def content_key(header: PetHeader, settings: QuantificationSettings) -> str:
    """sha256 over method version, settings with manual entries, and every header value."""
    text = "\n".join((METHOD_VERSION, repr(settings), repr(header)))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
