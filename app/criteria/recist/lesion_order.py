"""The order of lesion ids: by their letters, then by their number (T2 before T10)."""

import re
from functools import lru_cache

_PARTS = re.compile(r"\d+|\D+")
LesionOrder = tuple[tuple[tuple[int, int, str], ...], str]


@lru_cache(maxsize=1024)
def lesion_order(lesion_id: str) -> LesionOrder:
    """A sort key under which numbers inside ids count as numbers; T1 and T01 stay two ids."""
    parts = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in _PARTS.findall(lesion_id)
    )
    return parts, lesion_id
