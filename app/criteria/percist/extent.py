"""A visible increase in extent: TLG against the reference scan (spec 2.7 Extent)."""

from fractions import Fraction

from app.criteria.percist.rules import PercistRules, TlgSegmentation
from app.domain.exact import at_least, exact, relative_change
from app.domain.percist_response import ExtentChange
from app.domain.response import reason


def extent_change(
    tlg_reference_g: float,
    tlg_g: float,
    reference_sul_peak: float,
    sul_peak: float,
    rules: PercistRules,
    below_liver: bool = False,
) -> ExtentChange:
    """The change of TLG (g) and whether it is an alert: +75 % or more, SULpeak not declined.

    It is progression only where the charter switches that on (`tlg_auto_pmd`) and the target is
    not below the liver. From a TLG of 0 there is no percentage and no alert (N4).
    """
    start = exact(tlg_reference_g)
    change = relative_change(exact(tlg_g), start) if tlg_reference_g > 0.0 else None
    alert = (
        change is not None
        and _rises(exact(tlg_g), start, rules)
        and at_least(exact(sul_peak), exact(reference_sul_peak))
    )
    progression = alert and rules.tlg_auto_pmd and not below_liver
    code = "TLG_WITHIN_LIMIT"
    if alert:
        code = "TLG_RISE_IS_PROGRESSION" if progression else "TLG_RISE_ALERTS"
    why = reason(
        "PER-2.7-EXTENT",
        code,
        tlg=tlg_g,
        reference_tlg=tlg_reference_g,
        change_fraction=change,
        limit_fraction=rules.tlg_alert_fraction,
    )
    flags = ("TLG_ALERT",) if alert else ()
    return ExtentChange(change, alert, progression, (why,), flags)


def _rises(tlg: Fraction, start: Fraction, rules: PercistRules) -> bool:
    """Whether the share of the rise reaches the limit; a tie is 1e-9 of the share."""
    return at_least((tlg - start) / start, exact(rules.tlg_alert_fraction))


def extent_not_compared() -> ExtentChange:
    """What is said where the voxels of TLG were chosen in different ways: nothing is compared."""
    why = reason("PER-2.7-EXTENT", "TLG_SEGMENTATION_DIFFERS")
    return ExtentChange(None, False, False, (why,), ("TLG_NOT_COMPARED",))


def same_segmentation(
    earlier: TlgSegmentation, current: TlgSegmentation, rules: PercistRules
) -> bool:
    """Whether two TLG values were made as the rule set asks, both of them."""
    return earlier is current is rules.tlg_segmentation


def total_lesion_glycolysis_g(sul_mean_g_per_ml: float, volume_ml: float) -> float:
    """TLG = SULmean x MTV, in g (spec 1.8, PER-C31)."""
    return float(Fraction(exact(sul_mean_g_per_ml)) * exact(volume_ml))
