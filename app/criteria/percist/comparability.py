"""May two PET scans be compared by PERCIST? One line per rule, with severity (spec 2.2, 2.5).

The values of a line with a number carry `unit` among their params; a share is a fraction.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.criteria.percist.rules import PercistRules, UptakeRuleset
from app.criteria.percist.same_technique import same_height, same_technique
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
SECONDS_PER_MINUTE = 60
# QIBA and EANM (spec 2.2): 55-75 min, at most 10 min apart.
STRICTER_UPTAKE_S = (3300.0, 4500.0)
STRICTER_DIFFERENCE_S = 600.0


def blocks(items: Sequence[ComparabilityItem]) -> bool:
    """Whether any line forbids the quantitative comparison."""
    return any(item.severity is BLOCK for item in items)


def scan_prerequisites(scan: ScanFacts, rules: PercistRules) -> tuple[ComparabilityItem, ...]:
    """What PERCIST asks of a single scan (spec 2.2); missing facts warn, never block.

    Only the uptake time can block: unknown or before 50 min. Units: min, mmol/L, h, d.
    """
    return (
        _uptake_window("UPTAKE_WINDOW", scan, rules),
        *_stricter_window("UPTAKE_WINDOW_STRICTER", scan, rules),
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
        _uptake_window("UPTAKE_WINDOW", current, rules),
        _uptake_window("UPTAKE_WINDOW_EARLIER", earlier, rules),
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


def uptake_difference(
    earlier: ScanFacts, current: ScanFacts, rules: PercistRules
) -> ComparabilityItem:
    """At most 15 min apart (inclusive), else blocked; minutes."""
    b, f = earlier.uptake_time_s, current.uptake_time_s
    limit = float(exact(rules.uptake_difference_s) / SECONDS_PER_MINUTE)
    unit = ("unit", "min")
    if b is None or f is None:
        return ComparabilityItem("UPTAKE_DIFFERENCE", BLOCK, "UPTAKE_UNKNOWN", None, limit, (unit,))
    difference = abs(exact(f) - exact(b))
    return ComparabilityItem(
        "UPTAKE_DIFFERENCE",
        OK if at_most(difference, exact(rules.uptake_difference_s)) else BLOCK,
        "UPTAKE_DIFFERENCE",
        float(difference / SECONDS_PER_MINUTE),
        limit,
        (unit, ("earlier", b / SECONDS_PER_MINUTE), ("current", f / SECONDS_PER_MINUTE)),
    )


def stricter_uptake(
    earlier: ScanFacts, current: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """The uptake limits of QIBA and EANM where the rule set asks for them; they only warn.

    55-75 min and at most 10 min apart (inclusive); minutes. No line under PERCIST's own limits.
    """
    if rules.uptake_ruleset is UptakeRuleset.PERCIST:
        return ()
    own = uptake_difference(earlier, current, rules)
    limit = STRICTER_DIFFERENCE_S / SECONDS_PER_MINUTE
    severity = WARN
    if own.severity is OK and isinstance(own.value, float):
        severity = OK if at_most(exact(own.value), exact(limit)) else WARN
    return (
        replace(own, rule="UPTAKE_DIFFERENCE_STRICTER", severity=severity, limit=limit),
        *_stricter_window("UPTAKE_WINDOW_STRICTER", current, rules),
        *_stricter_window("UPTAKE_WINDOW_STRICTER_EARLIER", earlier, rules),
    )


def _stricter_window(
    rule: str, scan: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    if rules.uptake_ruleset is UptakeRuleset.PERCIST:
        return ()
    low, high = STRICTER_UPTAKE_S
    item = _uptake_window(rule, scan, replace(rules, uptake_min_s=low, uptake_max_s=high))
    return (replace(item, severity=OK if item.severity is OK else WARN),)


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


def _uptake_window(rule: str, scan: ScanFacts, rules: PercistRules) -> ComparabilityItem:
    low, high = (
        float(exact(bound) / SECONDS_PER_MINUTE)
        for bound in (rules.uptake_min_s, rules.uptake_max_s)
    )
    limit = f"{low:g}-{high:g} min"
    params = (("unit", "min"), ("low", low), ("high", high))
    uptake = scan.uptake_time_s
    if uptake is None:
        return ComparabilityItem(rule, BLOCK, "UPTAKE_UNKNOWN", None, limit, params)
    minutes = float(exact(uptake) / SECONDS_PER_MINUTE)
    if not at_least(exact(uptake), exact(rules.uptake_min_s)):
        return ComparabilityItem(rule, BLOCK, "UPTAKE_EARLY", minutes, limit, params)
    if not at_most(exact(uptake), exact(rules.uptake_max_s)):
        return ComparabilityItem(rule, WARN, "UPTAKE_LATE", minutes, limit, params)
    return ComparabilityItem(rule, OK, "UPTAKE_IN_WINDOW", minutes, limit, params)


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
