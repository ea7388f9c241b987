"""Reading records as JSON text and back (cattrs)."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from cattrs import Converter
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from app.domain.region import RegionSpec
from app.reading.edits import AnyEdit
from app.reading.state import ReadingState


@cache
def _converter() -> Converter:
    converter = make_converter()
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    configure_tagged_union(RegionSpec, converter, tag_name="kind")
    # "A region or none" is a union of its own to cattrs, which would drop the tag.
    converter.register_unstructure_hook(
        RegionSpec | None,
        lambda region: None if region is None else converter.unstructure(region, RegionSpec),
    )
    converter.register_structure_hook(
        RegionSpec | None,
        lambda value, _: None if value is None else converter.structure(value, RegionSpec),  # type: ignore[arg-type]
    )
    configure_tagged_union(AnyEdit, converter, tag_name="edit")
    return converter


def prepare_codec() -> None:
    """Works out how all records are written and read, which the first use would wait for."""
    converter = _converter()
    for kind in (ReadingState, AnyEdit):
        converter.get_structure_hook(kind)
        converter.get_unstructure_hook(kind)


def edit_text(edit: AnyEdit) -> str:
    """An edit as one line of JSON."""
    return _text(_converter().unstructure(edit, AnyEdit))


def edit_from(text: str) -> AnyEdit:
    """The edit that was written. Raises on anything else."""
    edit: AnyEdit = _converter().structure(json.loads(text), AnyEdit)  # type: ignore[arg-type]
    return edit


def state_text(state: ReadingState) -> str:
    """A state as JSON."""
    return _text(_converter().unstructure(state))


def state_from(text: str) -> ReadingState:
    """The state that was written. Raises on anything else."""
    return _converter().structure(json.loads(text), ReadingState)


def _text(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
