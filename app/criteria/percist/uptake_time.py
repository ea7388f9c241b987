"""Uptake time: the window of a scan and the difference of two (spec 2.2, 2.5)."""

from dataclasses import replace

from app.criteria.percist.rules import PercistRules, UptakeRuleset
from app.domain.exact import at_least, at_most, exact
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.scan_facts import ScanFacts

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)
SECONDS_PER_MINUTE = 60
# QIBA and EANM (spec 2.2): 55-75 min, at most 10 min apart.
STRICTER_UPTAKE_S = (3300.0, 4500.0)
STRICTER_DIFFERENCE_S = 600.0


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


def uptake_window(rule: str, scan: ScanFacts, rules: PercistRules) -> ComparabilityItem:
    """50-70 min (inclusive): unknown or earlier blocks, later warns; minutes."""
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
        *stricter_window("UPTAKE_WINDOW_STRICTER", current, rules),
        *stricter_window("UPTAKE_WINDOW_STRICTER_EARLIER", earlier, rules),
    )


def stricter_window(
    rule: str, scan: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """A scan's own window under QIBA and EANM; no line under PERCIST's own limits."""
    if rules.uptake_ruleset is UptakeRuleset.PERCIST:
        return ()
    low, high = STRICTER_UPTAKE_S
    item = uptake_window(rule, scan, replace(rules, uptake_min_s=low, uptake_max_s=high))
    return (replace(item, severity=OK if item.severity is OK else WARN),)
