"""The one-line report of a follow-up (spec 2.11)."""

from datetime import date

from app.domain.exact import exact
from app.domain.response import MetabolicCategory, TargetResponse

DAYS_PER_WEEK = 7


def report_string(
    category: str, change_fraction: float | None, weeks: int | None, new_lesions: int = 0
) -> str:
    """`PMD +35, 4, new: 5`: category, change in percent, weeks of therapy, new lesions.

    What is not known is left out, and so are no new lesions.
    """
    head = category.replace("_", " ")
    if change_fraction is not None:
        head = f"{head} {whole_percent(change_fraction)}"
    parts = [head]
    if weeks is not None:
        parts.append(str(weeks))
    if new_lesions:
        parts.append(f"new: {new_lesions}")
    return ", ".join(parts)


def told_change(overall: MetabolicCategory, target: TargetResponse) -> float | None:
    """The change that the string tells: from the reference for PMD, else from baseline."""
    if overall is MetabolicCategory.PMD:
        return target.change_from_reference_fraction
    if overall in (MetabolicCategory.CMR, MetabolicCategory.PMR, MetabolicCategory.SMD):
        return target.change_from_baseline_fraction
    return None


def whole_percent(change_fraction: float) -> str:
    """A change in percent, signed, without decimals; half goes away from zero, and 0 is +0."""
    n, d = exact(change_fraction).as_integer_ratio()
    whole = (200 * abs(n) + d) // (2 * d)
    return f"{'-' if n < 0 and whole else '+'}{whole}"


def weeks_of_therapy(first_dose: date, scan: date) -> int:
    """Whole weeks from the first dose of the current therapy to the scan, rounded down."""
    return (scan - first_dose).days // DAYS_PER_WEEK
