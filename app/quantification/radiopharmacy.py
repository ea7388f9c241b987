"""Radiopharmaceutical item, dose and half-life as used, with repairs (spec 1.2, 1.6)."""

from fractions import Fraction

from app.domain.exact import at_most, exact
from app.domain.findings import Severity, finding
from app.domain.pet_header import PetHeader, RadiopharmaceuticalItem
from app.domain.quantification import HalfLifeSource
from app.quantification.decay import F18_HALF_LIFE_S
from app.quantification.patient import entered
from app.quantification.resolved import Resolved, refused, repaired
from app.quantification.settings import QuantificationSettings
from app.quantification.tracer import (
    F18_HALF_LIFE_RANGE_MIN,
    F18_HALF_LIFE_RANGE_S,
    TracerStatement,
)

ITEMS_TAG = "(0054,0016)"
DOSE_TAG = "(0018,1074)"
HALF_LIFE_TAG = "(0018,1075)"
MBQ_BELOW = 10**4  # a dose below this is in MBq
PLAUSIBLE_DOSE_BQ = (50 * 10**6, 800 * 10**6)  # FDG, after repair
CRF_DOSE_TOLERANCE = Fraction(2, 100)  # the signed net activity wins beyond this
SHORTEST_HALF_LIFE_S = 60


def pick_item(
    header: PetHeader, settings: QuantificationSettings
) -> Resolved[RadiopharmaceuticalItem]:
    """The one radiopharmaceutical item, or the one picked by hand among several."""
    items, pick = header.radiopharmaceuticals, settings.manual.radiopharmaceutical_item
    if not items:
        return refused("RP_MISSING", ITEMS_TAG)
    if len(items) == 1:
        return Resolved(items[0])
    if pick is None or not 0 <= pick < len(items):
        return refused("RP_MULTIPLE_ITEMS", ITEMS_TAG, items=len(items))
    fact = finding("RP_ITEM_PICKED", Severity.INFO, tag=ITEMS_TAG, item=pick + 1, items=len(items))
    return Resolved(items[pick], findings=(fact,))


def dose_bq(
    item: RadiopharmaceuticalItem, nuclide: TracerStatement, settings: QuantificationSettings
) -> Resolved[float]:
    """The injected activity in Bq: the header's (MBq repaired), or the signed CRF value."""
    stored, entry = item.total_dose, settings.manual.dose_bq
    if stored is None or stored <= 0:
        result: Resolved[float] = refused("SUV_MISSING_DOSE", DOSE_TAG)
    elif exact(stored) < MBQ_BELOW:
        result = repaired(
            float(exact(stored) * 10**6),
            "ADAPT_DOSE_MBQ",
            DOSE_TAG,
            repr(stored),
            strict=settings.strict_dicom,
        )
    else:
        result = Resolved(stored)
    if entry is not None:
        result = _with_crf_entry(entry, stored, result, settings)
    low, high = PLAUSIBLE_DOSE_BQ
    ranged = nuclide.is_f18 or not (nuclide.coded_other_nuclide or item.half_life is not None)
    if result.value is not None and ranged and not low <= exact(result.value) <= high:
        return refused("SUV_IMPLAUSIBLE_DOSE", DOSE_TAG, dose_mbq=result.value / 1e6)
    return result


def _with_crf_entry(
    entry: float, stored: float | None, header: Resolved[float], settings: QuantificationSettings
) -> Resolved[float]:
    if header.value is not None:
        difference = abs(exact(entry) - exact(header.value)) / exact(header.value)
        if at_most(difference, CRF_DOSE_TOLERANCE):
            fact = finding(
                "CRF_DOSE_AGREES", Severity.INFO, tag=DOSE_TAG, difference=float(difference)
            )
            return Resolved(header.value, None, (*header.findings, fact), header.adaptations)
    return entered(entry, DOSE_TAG, stored, settings)


def half_life_s(
    item: RadiopharmaceuticalItem, nuclide: TracerStatement, settings: QuantificationSettings
) -> Resolved[float]:
    """The half-life in s: the header's, minutes or absence repaired for 18F."""
    stored, strict = item.half_life, settings.strict_dicom
    if nuclide.is_f18 and settings.half_life_source is HalfLifeSource.FIXED:
        return Resolved(F18_HALF_LIFE_S)
    if stored is None or stored <= 0:
        if not nuclide.coded_f18:
            return refused("SUV_MISSING_HALF_LIFE", HALF_LIFE_TAG)
        return repaired(
            F18_HALF_LIFE_S, "ADAPT_HALF_LIFE_MISSING", HALF_LIFE_TAG, "", strict=strict
        )
    if not nuclide.is_f18:
        if exact(stored) < SHORTEST_HALF_LIFE_S:
            return refused("SUV_IMPLAUSIBLE_HALF_LIFE", HALF_LIFE_TAG, half_life_s=stored)
        return Resolved(stored)
    if _within(stored, F18_HALF_LIFE_RANGE_MIN):
        seconds = float(exact(stored) * 60)
        return repaired(
            seconds, "ADAPT_HALF_LIFE_MINUTES", HALF_LIFE_TAG, repr(stored), strict=strict
        )
    if not _within(stored, F18_HALF_LIFE_RANGE_S):
        return refused("SUV_IMPLAUSIBLE_HALF_LIFE", HALF_LIFE_TAG, half_life_s=stored)
    return Resolved(stored)


def _within(value: float, limits: tuple[int, int]) -> bool:
    return limits[0] <= exact(value) <= limits[1]
