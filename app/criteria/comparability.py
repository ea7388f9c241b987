"""May two PET scans be compared by PERCIST? One line per rule, with severity (spec 2.2, 2.5)."""

from collections.abc import Callable, Sequence

from app.criteria.rules import PercistRules
from app.domain.exact import at_least, at_most, exact
from app.domain.findings import ParamValue
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.scan_facts import ScanFacts

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)
GLUCOSE_LIMIT_MMOL_PER_L = 11.1
FASTING_MIN_H = 4.0
THERAPY_MIN_DAYS = 10
SECONDS_PER_MINUTE = 60.0
# How vendors name point-spread-function reconstruction in (0054,1103).
RESOLUTION_MODELLING_TERMS = ("PSF", "TRUEX", "SHARPIR", "VPFXS", "VPHDS", "QCFX")


def blocks(items: Sequence[ComparabilityItem]) -> bool:
    """Whether any line forbids the quantitative comparison."""
    return any(item.severity is BLOCK for item in items)


def scan_prerequisites(scan: ScanFacts, rules: PercistRules) -> tuple[ComparabilityItem, ...]:
    """What PERCIST asks of a single scan (spec 2.2); missing facts warn, never block."""
    return (
        _uptake_window(scan, rules),
        _fact(
            "GLUCOSE",
            scan.glucose_mmol_per_l,
            GLUCOSE_LIMIT_MMOL_PER_L,
            met=lambda v: not at_least(exact(v), exact(GLUCOSE_LIMIT_MMOL_PER_L)),
        ),
        _fact(
            "FASTING",
            scan.fasting_h,
            FASTING_MIN_H,
            met=lambda v: at_least(exact(v), exact(FASTING_MIN_H)),
        ),
        _fact(
            "THERAPY_INTERVAL",
            scan.days_since_therapy,
            THERAPY_MIN_DAYS,
            met=lambda v: v >= THERAPY_MIN_DAYS,
        ),
    )


def compare_scans(
    baseline: ScanFacts, current: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """The comparability card of a follow-up against an earlier scan (spec 2.5).

    Differences of activity and height are taken relative to the earlier scan; the liver's is
    judged against 0.3 SUL and 20 % of the larger value, both inclusive.
    """
    return (
        *reference_stability(baseline, current, rules),
        uptake_difference(baseline, current, rules),
        *scan_prerequisites(current, rules),
        injected_activity(baseline, current, rules),
        *_equipment(baseline, current),
        _same("TRACER", baseline.tracer, current.tracer, BLOCK),
        _same("UNITS", baseline.units, current.units, BLOCK),
        _same("DECAY_CORRECTION", baseline.decay_correction, current.decay_correction, BLOCK),
        _same("LBM_FORMULA", baseline.lbm_formula, current.lbm_formula, BLOCK),
        _same("PEAK_KERNEL", baseline.peak_kernel, current.peak_kernel, BLOCK),
        _height(baseline, current, rules),
    )


def reference_stability(
    baseline: ScanFacts, current: ScanFacts, rules: PercistRules
) -> tuple[ComparabilityItem, ...]:
    """Absolute and relative difference of the reference mean, both inclusive limits."""
    if baseline.reference_kind is not current.reference_kind:
        return (
            ComparabilityItem(
                "REFERENCE_KIND",
                BLOCK,
                "REFERENCE_KIND_DIFFERS",
                str(current.reference_kind),
                str(baseline.reference_kind),
            ),
        )
    b, f = baseline.reference_mean_sul_g_per_ml, current.reference_mean_sul_g_per_ml
    if b is None or f is None:
        return (
            ComparabilityItem(
                "REFERENCE_DIFFERENCE",
                BLOCK,
                "REFERENCE_MISSING",
                None,
                rules.liver_abs_limit_g_per_ml,
            ),
        )
    difference = abs(exact(f) - exact(b))
    larger = max(exact(f), exact(b))
    share = difference / larger
    absolute_ok = at_most(difference, exact(rules.liver_abs_limit_g_per_ml))
    relative_ok = at_most(share, exact(rules.liver_rel_limit_fraction))
    return (
        ComparabilityItem(
            "REFERENCE_DIFFERENCE",
            OK if absolute_ok else BLOCK,
            "REFERENCE_DIFFERENCE",
            float(difference),
            rules.liver_abs_limit_g_per_ml,
            (("baseline", b), ("current", f)),
        ),
        ComparabilityItem(
            "REFERENCE_SHARE",
            OK if relative_ok else BLOCK,
            "REFERENCE_SHARE",
            float(share),
            rules.liver_rel_limit_fraction,
            (("baseline", b), ("current", f)),
        ),
    )


def uptake_difference(
    baseline: ScanFacts, current: ScanFacts, rules: PercistRules
) -> ComparabilityItem:
    """At most 15 min apart (inclusive), and the earlier scan not before 50 min; else blocked."""
    b, f = baseline.uptake_time_s, current.uptake_time_s
    limit = rules.uptake_difference_s / SECONDS_PER_MINUTE
    if b is None or f is None:
        return ComparabilityItem("UPTAKE_DIFFERENCE", BLOCK, "UPTAKE_UNKNOWN", None, limit)
    minutes = float(abs(exact(f) - exact(b)) / 60)
    params: tuple[tuple[str, ParamValue], ...] = (
        ("baseline_min", b / SECONDS_PER_MINUTE),
        ("current_min", f / SECONDS_PER_MINUTE),
    )
    if not at_least(exact(b), exact(rules.uptake_min_s)):
        return ComparabilityItem(
            "UPTAKE_DIFFERENCE", BLOCK, "UPTAKE_BASELINE_TOO_EARLY", minutes, limit, params
        )
    within = at_most(abs(exact(f) - exact(b)), exact(rules.uptake_difference_s))
    return ComparabilityItem(
        "UPTAKE_DIFFERENCE", OK if within else BLOCK, "UPTAKE_DIFFERENCE", minutes, limit, params
    )


def injected_activity(
    baseline: ScanFacts, current: ScanFacts, rules: PercistRules
) -> ComparabilityItem:
    """Injected activity within 20 % of the baseline's (inclusive); warns."""
    b, f = baseline.injected_dose_bq, current.injected_dose_bq
    limit = rules.dose_difference_fraction
    if not b or f is None:
        return ComparabilityItem("INJECTED_ACTIVITY", WARN, "ACTIVITY_UNKNOWN", None, limit)
    share = abs(exact(f) - exact(b)) / exact(b)
    return ComparabilityItem(
        "INJECTED_ACTIVITY",
        OK if at_most(share, exact(limit)) else WARN,
        "INJECTED_ACTIVITY",
        float(share),
        limit,
        (("baseline_mbq", b / 1e6), ("current_mbq", f / 1e6)),
    )


def _uptake_window(scan: ScanFacts, rules: PercistRules) -> ComparabilityItem:
    low, high = rules.uptake_min_s / SECONDS_PER_MINUTE, rules.uptake_max_s / SECONDS_PER_MINUTE
    limit = f"{low:g}-{high:g} min"
    uptake = scan.uptake_time_s
    if uptake is None:
        return ComparabilityItem("UPTAKE_WINDOW", BLOCK, "UPTAKE_UNKNOWN", None, limit)
    minutes = uptake / SECONDS_PER_MINUTE
    if not at_least(exact(uptake), exact(rules.uptake_min_s)):
        return ComparabilityItem("UPTAKE_WINDOW", BLOCK, "UPTAKE_EARLY", minutes, limit)
    if not at_most(exact(uptake), exact(rules.uptake_max_s)):
        return ComparabilityItem("UPTAKE_WINDOW", WARN, "UPTAKE_LATE", minutes, limit)
    return ComparabilityItem("UPTAKE_WINDOW", OK, "UPTAKE_IN_WINDOW", minutes, limit)


def _equipment(baseline: ScanFacts, current: ScanFacts) -> tuple[ComparabilityItem, ...]:
    return (
        _same("MANUFACTURER", baseline.manufacturer, current.manufacturer, BLOCK),
        _same("SCANNER_MODEL", baseline.model, current.model, WARN),
        _reconstruction(baseline.reconstruction, current.reconstruction),
        _voxel_size(baseline, current),
    )


def _reconstruction(baseline: str, current: str) -> ComparabilityItem:
    """Another method warns; resolution modelling on one side only blocks (spec 2.5)."""
    if baseline and current and _models_resolution(baseline) != _models_resolution(current):
        return ComparabilityItem("RECONSTRUCTION", BLOCK, "PSF_DIFFERS", current, baseline)
    return _same("RECONSTRUCTION", baseline, current, WARN)


def _models_resolution(method: str) -> bool:
    name = method.upper().replace(" ", "").replace("-", "")
    return any(term in name for term in RESOLUTION_MODELLING_TERMS)


def _voxel_size(baseline: ScanFacts, current: ScanFacts) -> ComparabilityItem:
    b, f = baseline.voxel_size_mm, current.voxel_size_mm
    if b is None or f is None:
        return ComparabilityItem("VOXEL_SIZE", WARN, "FACT_UNKNOWN", None, None)
    # Header decimals differ in the last digits between exports of one protocol: 1 % is the same.
    same = all(abs(x - y) <= 0.01 * x for x, y in zip(b, f, strict=True))
    return ComparabilityItem(
        "VOXEL_SIZE", OK if same else WARN, "SAME" if same else "DIFFERS", _size(f), _size(b)
    )


def _size(voxel: tuple[float, float, float]) -> str:
    return " x ".join(f"{v:.2f}" for v in voxel) + " mm"


def _height(baseline: ScanFacts, current: ScanFacts, rules: PercistRules) -> ComparabilityItem:
    b, f = baseline.height_m, current.height_m
    limit = rules.height_difference_m
    if b is None or f is None:
        return ComparabilityItem("HEIGHT", WARN, "FACT_UNKNOWN", None, limit)
    difference = abs(exact(f) - exact(b))
    within = at_most(difference, exact(limit))
    return ComparabilityItem(
        "HEIGHT",
        OK if within else WARN,
        "SAME" if within else "DIFFERS",
        float(difference),
        limit,
    )


def _same(
    rule: str, baseline: str, current: str, severity: ComparabilitySeverity
) -> ComparabilityItem:
    if not baseline or not current:
        return ComparabilityItem(rule, WARN, "FACT_UNKNOWN", current or None, baseline or None)
    same = baseline.strip().casefold() == current.strip().casefold()
    return ComparabilityItem(
        rule, OK if same else severity, "SAME" if same else "DIFFERS", current, baseline
    )


def _fact(
    rule: str, value: float | None, limit: float, met: Callable[[float], bool]
) -> ComparabilityItem:
    if value is None:
        return ComparabilityItem(rule, WARN, "FACT_UNKNOWN", None, limit)
    kept = met(value)
    return ComparabilityItem(
        rule, OK if kept else WARN, "WITHIN" if kept else "OUTSIDE", value, limit
    )
