"""What a set of rules says, as a hash that every result derived under it carries (spec 0.3 N6)."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any


def rules_sha256(rules: Any) -> str:
    """SHA-256 (hex) over the canonical content of a frozen record of rules.

    It depends on the kind of record and on every field, stated or by default; not on the file it
    came from, its comments, the order of keys, or whether a number was written 91 or 91.0.
    Raises TypeError for a value that rules do not hold.
    """
    text = json.dumps(_plain(rules), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def short_hash(sha256: str) -> str:
    """The first 12 hex digits: what is printed beside the name of a rule set."""
    return sha256[:12]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        content = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {"kind": type(value).__name__, "content": content}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return int(value) if value == int(value) else value
    raise TypeError(f"rules hold no {type(value).__name__}")
