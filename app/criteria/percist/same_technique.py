"""Were two PET scans made and quantified alike? The card's lines on equipment (spec 2.5)."""

import re

from app.criteria.percist.rules import PercistRules
from app.domain.exact import at_most, exact
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.scan_facts import ScanFacts

OK, WARN, BLOCK = (
    ComparabilitySeverity.OK,
    ComparabilitySeverity.WARN,
    ComparabilitySeverity.BLOCK,
)
# How vendors name point-spread-function reconstruction in (0054,1103).
RESOLUTION_MODELLING_TERMS = (
    "PSF", "TRUEX", "SHARPIR", "VPFXS", "VPHDS", "QCFX", "QCHD", "QCLEAR",
)  # fmt: skip
# One maker signs (0008,0070) with several names over the years: words that tell it.
MAKERS = {
    "SIEMENS": ("SIEMENS", "CPS", "CTI"),
    "GE": ("GE", "GEMS", "GENERAL ELECTRIC"),
    "PHILIPS": ("PHILIPS", "ADAC"),
    "CANON": ("CANON", "TOSHIBA"),
    "UNITED IMAGING": ("UIH", "UNITED IMAGING"),
}
# Header decimals differ in the last digits between exports of one protocol.
SAME_VOXEL_SHARE = 0.01


def same_technique(earlier: ScanFacts, current: ScanFacts) -> tuple[ComparabilityItem, ...]:
    """Scanner, reconstruction, voxels, tracer, units, decay correction, formula, peak method.

    Another manufacturer, point-spread-function modelling on one side only, and whatever would
    change the meaning of the number block; the rest warns. What is not stated warns.
    """
    return (
        _manufacturer(earlier.manufacturer, current.manufacturer),
        _same("SCANNER_MODEL", earlier.model, current.model, WARN),
        _reconstruction(earlier.reconstruction, current.reconstruction),
        _voxel_size(earlier, current),
        _same("TRACER", earlier.tracer, current.tracer, BLOCK),
        _same("UNITS", earlier.units, current.units, BLOCK),
        _same("DECAY_CORRECTION", earlier.decay_correction, current.decay_correction, BLOCK),
        _same("LBM_FORMULA", earlier.lbm_formula, current.lbm_formula, BLOCK),
        _same("PEAK_KERNEL", earlier.peak_kernel, current.peak_kernel, BLOCK),
    )


def same_height(earlier: ScanFacts, current: ScanFacts, rules: PercistRules) -> ComparabilityItem:
    """Body height within 2 cm (inclusive), else a warning; metres."""
    b, f = earlier.height_m, current.height_m
    limit = rules.height_difference_m
    unit = ("unit", "m")
    if b is None or f is None:
        return ComparabilityItem("HEIGHT", WARN, "FACT_UNKNOWN", None, limit, (unit,))
    difference = abs(exact(f) - exact(b))
    return ComparabilityItem(
        "HEIGHT",
        OK if at_most(difference, exact(limit)) else WARN,
        "HEIGHT_DIFFERENCE",
        float(difference),
        limit,
        (unit, ("earlier", b), ("current", f)),
    )


def _manufacturer(earlier: str, current: str) -> ComparabilityItem:
    before, now = earlier.strip(), current.strip()
    if before and now and _maker(before) == _maker(now):
        return ComparabilityItem("MANUFACTURER", OK, "SAME", now, before)
    return _same("MANUFACTURER", earlier, current, BLOCK)


def _maker(name: str) -> str:
    words = " ".join(re.findall(r"[A-Z0-9]+", name.upper()))
    for maker, terms in MAKERS.items():
        if any(f" {term} " in f" {words} " for term in terms):
            return maker
    return words


def _reconstruction(earlier: str, current: str) -> ComparabilityItem:
    """Another method warns; resolution modelling on one side only blocks (spec 2.5)."""
    stated = earlier.strip() and current.strip()
    if stated and _models_resolution(earlier) != _models_resolution(current):
        return ComparabilityItem("RECONSTRUCTION", BLOCK, "PSF_DIFFERS", current, earlier)
    return _same("RECONSTRUCTION", earlier, current, WARN)


def _models_resolution(method: str) -> bool:
    name = re.sub(r"[^A-Z0-9]", "", method.upper())
    return any(term in name for term in RESOLUTION_MODELLING_TERMS)


def _voxel_size(earlier: ScanFacts, current: ScanFacts) -> ComparabilityItem:
    b, f = earlier.voxel_size_mm, current.voxel_size_mm
    if b is None or f is None:
        return ComparabilityItem("VOXEL_SIZE", WARN, "FACT_UNKNOWN", None, None)
    same = all(abs(x - y) <= SAME_VOXEL_SHARE * x for x, y in zip(b, f, strict=True))
    severity, code = (OK, "SAME") if same else (WARN, "DIFFERS")
    return ComparabilityItem("VOXEL_SIZE", severity, code, _size(f), _size(b))


def _size(voxel_zyx_mm: tuple[float, float, float]) -> str:
    return " x ".join(f"{size:.2f}" for size in reversed(voxel_zyx_mm)) + " mm"


def _same(
    rule: str, earlier: str, current: str, severity: ComparabilitySeverity
) -> ComparabilityItem:
    before, now = earlier.strip(), current.strip()
    if not before or not now:
        return ComparabilityItem(rule, WARN, "FACT_UNKNOWN", now or None, before or None)
    same = before.casefold() == now.casefold()
    code = "SAME" if same else "DIFFERS"
    return ComparabilityItem(rule, OK if same else severity, code, now, before)
