"""Whether a computed answer equals a vector's expected one, within its tolerance."""

from collections.abc import Mapping
from typing import Any

# The DRO headers' stored integers give these to six decimals; their note asks for rel 1e-5.
UNROUNDED = "_unrounded"


def mismatches(actual: Any, expected: Any, tol: Mapping[str, float], where: str = "") -> list[str]:
    """What differs, one line each; empty where all of `expected` is met.

    A set stands for flags: an expected text must be one of them, an expected list all.
    """
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            return [f"{where}: expected {dict(expected)}, got {actual!r}"]
        lines: list[str] = []
        for key, value in expected.items():
            place = f"{where}.{key}" if where else key
            if key not in actual:
                lines.append(f"{place}: not computed")
                continue
            limits = {"rel": 1e-5} if key.endswith(UNROUNDED) else tol
            lines += mismatches(actual[key], value, limits, place)
        return lines
    if isinstance(actual, set | frozenset):
        wanted = expected if isinstance(expected, list) else [expected]
        missing = [flag for flag in wanted if flag not in actual]
        return [f"{where}: {missing} not among {sorted(actual)}"] if missing else []
    if isinstance(expected, list):
        if not isinstance(actual, list | tuple) or len(actual) != len(expected):
            return [f"{where}: expected {expected}, got {actual!r}"]
        return [
            line
            for n, (one, other) in enumerate(zip(actual, expected, strict=True))
            for line in mismatches(one, other, tol, f"{where}[{n}]")
        ]
    if _is_number(expected) and _is_number(actual):
        allowed = max(tol.get("abs", 0.0), tol.get("rel", 0.0) * abs(expected))
        if abs(actual - expected) <= allowed:
            return []
        return [f"{where}: expected {expected!r}, got {actual!r} (allowed {allowed:g})"]
    same = actual == expected and isinstance(actual, bool) == isinstance(expected, bool)
    return [] if same else [f"{where}: expected {expected!r}, got {actual!r}"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
