"""May two PET scans be compared by PERCIST? One line per rule, with severity (spec 2.2, 2.5).

The values of a line with a number carry `unit` among their params; a share is a fraction.
"""

from collections.abc import Sequence

from app.criteria.percist.rules import PercistRules
from app.criteria.percist.same_technique import same_height, same_technique
from app.criteria.percist.uptake_time import (
    stricter_uptake,
    stricter_window,
    uptake_difference,
    uptake_window,
)
from app.domain.exact import at_least, at_most, exact
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.scan_facts import ScanFacts

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)
GLUCOSE_LIMIT_MMOL_PER_L = 11.1  # 200 mg/dL; must be below
FASTING_MIN_H = 4.0
THERAPY_MIN_DAYS = 10


def blocks(items: Sequence[ComparabilityItem]) -> bool:
    """Whether any line forbids the quantitative comparison."""
    return any(item.severity is BLOCK for item in items)


def scan_prerequisites(scan: ScanFacts, rules: PercistRules) -> tuple[ComparabilityItem, ...]:
    """What PERCIST asks of a single scan (spec 2.2); missing facts warn, never block.

    Only the uptake time can block: unknown or before 50 min. Units: min, mmol/L, h, d.
    """
    return (
        uptake_window("UPTAKE_WINDOW", scan, rules),
        *stricter_window("UPTAKE_WINDOW_STRICTER", scan, rules),
        _glucose([scan.glucose_mmol_per_l]),
        *_preparation(scan),
    )


def compare_scans(
    earlier: ScanFacts, current: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """The comparability card of a follow-up against the baseline or the nadir scan (spec 2.5).

    Differences of activity and height are taken relative to the earlier scan; the liver's is
    judged against 0.3 SUL and 20 % of the larger value; all limits are inclusive. Units: g/mL,
    fraction, min, mmol/L, h, d, m.
    """
    return (
        *reference_stability(earlier, current, rules),
        uptake_difference(earlier, current, rules),
        uptake_window("UPTAKE_WINDOW", current, rules),
        uptake_window("UPTAKE_WINDOW_EARLIER", earlier, rules),
        *stricter_uptake(earlier, current, rules),
        _glucose([earlier.glucose_mmol_per_l, current.glucose_mmol_per_l]),
        *_preparation(current),
        injected_activity(earlier, current, rules),
        *same_technique(earlier, current),
        same_height(earlier, current, rules),
    )


def reference_stability(
    earlier: ScanFacts, current: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """Difference of the reference mean in g/mL and as a fraction of the larger; both block.

    Another kind of region, or a scan without a positive mean, makes the comparison invalid.
    """
    before, now = earlier.reference_kind, current.reference_kind
    if before is not None and now is not None and before is not now:
        return (
            ComparabilityItem(
                "REFERENCE_KIND", BLOCK, "REFERENCE_KIND_DIFFERS", now.value, before.value
            ),
        )
    b, f = earlier.reference_mean_sul_g_per_ml, current.reference_mean_sul_g_per_ml
    unit = ("unit", "g/mL")
    limit = rules.liver_abs_limit_g_per_ml
    if b is None or f is None or before is not now or not (b > 0 and f > 0):
        return (
            ComparabilityItem(
                "REFERENCE_DIFFERENCE", BLOCK, "REFERENCE_MISSING", None, limit, (unit,)
            ),
        )
    difference = abs(exact(f) - exact(b))
    share = difference / max(exact(f), exact(b))
    means = (("earlier", b), ("current", f))
    return (
        ComparabilityItem(
            "REFERENCE_DIFFERENCE",
            OK if at_most(difference, exact(limit)) else BLOCK,
            "REFERENCE_DIFFERENCE",
            float(difference),
            limit,
            (unit, *means),
        ),
        ComparabilityItem(
            "REFERENCE_SHARE",
            OK if at_most(share, exact(rules.liver_rel_limit_fraction)) else BLOCK,
            "REFERENCE_SHARE",
            float(share),
            rules.liver_rel_limit_fraction,
            (("unit", "fraction"), *means),
        ),
    )


def injected_activity(
    earlier: ScanFacts, current: ScanFacts, rules: PercistRules
) -> ComparabilityItem:
    """Injected activity within 20 % of the earlier scan's (inclusive), else a warning; fraction."""
    b, f = earlier.injected_dose_bq, current.injected_dose_bq
    limit = rules.dose_difference_fraction
    unit = ("unit", "fraction")
    if not b or not f:
        return ComparabilityItem(
            "INJECTED_ACTIVITY", WARN, "ACTIVITY_UNKNOWN", None, limit, (unit,)
        )
    share = abs(exact(f) - exact(b)) / exact(b)
    return ComparabilityItem(
        "INJECTED_ACTIVITY",
        OK if at_most(share, exact(limit)) else WARN,
        "INJECTED_ACTIVITY",
        float(share),
        limit,
        (unit, ("earlier", b / 1e6), ("current", f / 1e6)),
    )


def _glucose(values: Sequence[float | None]) -> ComparabilityItem:
    """Below the limit on every scan; the highest known value is shown."""
    known = [value for value in values if value is not None]
    highest = max(known, default=None)
    params = (("unit", "mmol/L"),)
    limit = GLUCOSE_LIMIT_MMOL_PER_L
    if highest is not None and at_least(exact(highest), exact(limit)):
        return ComparabilityItem("GLUCOSE", WARN, "BELOW_REQUIRED", highest, limit, params)
    if highest is None or len(known) < len(values):
        return ComparabilityItem("GLUCOSE", WARN, "FACT_UNKNOWN", None, limit, params)
    return ComparabilityItem("GLUCOSE", OK, "BELOW_REQUIRED", highest, limit, params)


def _preparation(scan: ScanFacts) -> tuple[ComparabilityItem, ...]:
    return (
        _required("FASTING", scan.fasting_h, FASTING_MIN_H, "h"),
        _required("THERAPY_INTERVAL", scan.days_since_therapy, THERAPY_MIN_DAYS, "d"),
    )


def _required(rule: str, value: float | None, limit: float, unit: str) -> ComparabilityItem:
    params = (("unit", unit),)
    if value is None:
        return ComparabilityItem(rule, WARN, "FACT_UNKNOWN", None, limit, params)
    severity = OK if at_least(exact(value), exact(limit)) else WARN
    return ComparabilityItem(rule, severity, "LEAST_REQUIRED", value, limit, params)
