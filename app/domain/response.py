"""Responses and how they were reached: categories, trace, margin, comparability."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.domain.findings import ParamValue


class MetabolicCategory(StrEnum):
    """PERCIST categories of a component or of the whole (spec 2.7, 2.9, 2.10)."""

    CMR = "CMR"
    PMR = "PMR"
    SMD = "SMD"
    NON_CMR_NON_PMD = "NON-CMR/NON-PMD"
    PMD = "PMD"
    NE = "NE"
    NOT_MEASURABLE = "NOT_MEASURABLE"


class ComparabilitySeverity(StrEnum):
    """What a comparability rule says of two scans (spec 2.5)."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a trace: the rule, the sentence's code and the values that were compared."""

    rule: str
    code: str
    params: tuple[tuple[str, ParamValue], ...] = ()

    def values(self) -> Mapping[str, ParamValue]:
        """The compared values by name."""
        return dict(self.params)


def reason(rule: str, code: str, **values: ParamValue) -> Reason:
    """A Reason from keyword values."""
    return Reason(rule, code, tuple(sorted(values.items()))) if values else _bare(rule, code)


@lru_cache(maxsize=1 << 9)
def _bare(rule: str, code: str) -> Reason:
    """A step without values is the same everywhere."""
    return Reason(rule, code)


@dataclass(frozen=True, slots=True)
class ComparabilityItem:
    """One line of the comparability card: the rule, what was found, the limit, the verdict."""

    rule: str
    severity: ComparabilitySeverity
    code: str
    value: ParamValue
    limit: ParamValue
    params: tuple[tuple[str, ParamValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Margin:
    """How far the current SULpeak is from giving another category.

    At `at_sul_peak_g_per_ml` the category would become `category`; `difference_g_per_ml` is that
    value minus the current one (positive: hotter). `inclusive` tells whether the named value
    itself already gives the other category.
    """

    category: MetabolicCategory
    at_sul_peak_g_per_ml: float
    difference_g_per_ml: float
    inclusive: bool


@dataclass(frozen=True, slots=True)
class TargetResponse:
    """The target component at one follow-up, with everything that led to it (spec 2.7).

    Changes are fractions (-0.3 is 30 % down); None where the reference value is 0 or unknown.
    In the five-lesion form the SULpeaks are sums over `summed`, and `target_id` is None.
    """

    category: MetabolicCategory
    rule_set: str
    target_id: str | None = None
    sul_peak_g_per_ml: float | None = None
    baseline_sul_peak_g_per_ml: float | None = None
    baseline_target_id: str | None = None
    reference_sul_peak_g_per_ml: float | None = None
    change_from_baseline_fraction: float | None = None
    change_from_baseline_abs: float | None = None
    change_from_reference_fraction: float | None = None
    change_from_reference_abs: float | None = None
    margins: tuple[Margin, ...] = ()
    reasons: tuple[Reason, ...] = ()
    flags: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
