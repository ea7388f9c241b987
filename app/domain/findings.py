"""Facts about data: what is odd, missing or adapted. Data, not exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

ParamValue = str | int | float | bool | None


class Severity(StrEnum):
    """How much a finding matters; the wording is chosen elsewhere."""

    INFO = "info"  # an adaptation or fact worth knowing
    WARNING = "warning"  # the reader must judge
    ERROR = "error"  # a quantity or a comparison is refused


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about a series, a scan or a pair of scans.

    `code` names the sentence in `resources/wording`, `params` fill its placeholders and are
    kept as sorted pairs so that findings are hashable and compare by content.
    """

    code: str
    severity: Severity
    params: tuple[tuple[str, ParamValue], ...] = ()

    def param(self, name: str) -> ParamValue:
        """The value of a parameter, or None where the finding has no such parameter."""
        return dict(self.params).get(name)


def finding(code: str, severity: Severity, **params: ParamValue) -> Finding:
    """A Finding from keyword parameters."""
    return Finding(code, severity, tuple(sorted(params.items())))


def as_mapping(item: Finding) -> Mapping[str, ParamValue]:
    """The parameters of a finding by name."""
    return dict(item.params)
