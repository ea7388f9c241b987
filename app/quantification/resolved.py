"""The outcome of one step: a value or a refusal, with the findings and repairs made on the way."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.findings import Finding, ParamValue, Severity, finding
from app.domain.quantification import Adaptation, Refusal, refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Resolved(Generic[T]):
    """A value, or None with the refusal that says why (both None: simply not stated)."""

    value: T | None
    refusal: Refusal | None = None
    findings: tuple[Finding, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()


def refused(code: str, tag: str, **params: ParamValue) -> Resolved[T]:
    """A step that ended in a refusal."""
    return Resolved(None, refusal(code, tag, **params))


def repaired(value: float, rule: str, tag: str, stored: str, *, strict: bool) -> Resolved[float]:
    """A repaired number with its finding and audit record; refused in strict mode (spec 1.6)."""
    if strict:
        return refused("SUV_STRICT_MODE", tag, rule=rule, stored=stored)
    return Resolved(
        value,
        findings=(finding(rule, Severity.WARNING, tag=tag, stored=stored, used=f"{value:.10g}"),),
        adaptations=(Adaptation(tag, stored, f"{value:.10g}", rule),),
    )
