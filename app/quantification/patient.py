"""Weight, height and sex as used, with repairs and refusals (spec 1.6)."""

from fractions import Fraction

from app.domain.exact import exact
from app.domain.findings import Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import Adaptation
from app.quantification.resolved import Resolved, refused, repaired
from app.quantification.settings import QuantificationSettings

WEIGHT_TAG = "(0010,1030)"
SIZE_TAG = "(0010,1020)"
SEX_TAG = "(0010,0040)"
GRAMS_FROM = 1000  # at and above, a weight is in grams
PLAUSIBLE_WEIGHT_KG = (25, 250)
CENTIMETRES_ABOVE = 3  # a size above this is no height in m
PLAUSIBLE_SIZE_M = (Fraction(1, 2), Fraction(23, 10))


def weight_kg(header: PetHeader, settings: QuantificationSettings) -> Resolved[float]:
    """The weight in kg: manual entry, else the header's, grams repaired."""
    stored, entry = header.weight, settings.manual.weight_kg
    if entry is not None:
        result = entered(entry, WEIGHT_TAG, stored, settings)
    elif stored is None or stored == 0:
        return refused("SUV_MISSING_WEIGHT", WEIGHT_TAG)
    elif exact(stored) >= GRAMS_FROM:
        grams = repr(stored)
        result = repaired(
            stored / 1000.0, "ADAPT_WEIGHT_GRAMS", WEIGHT_TAG, grams, strict=settings.strict_dicom
        )
    else:
        result = Resolved(stored)
    low, high = PLAUSIBLE_WEIGHT_KG
    if result.value is not None and not low <= exact(result.value) <= high:
        return refused("SUV_IMPLAUSIBLE_WEIGHT", WEIGHT_TAG, weight_kg=result.value)
    return result


def size_m(header: PetHeader, settings: QuantificationSettings) -> Resolved[float]:
    """The height in m: manual entry, else the header's; centimetres are never converted."""
    stored, entry = header.size, settings.manual.size_m
    value = stored if entry is None else entry
    if value is None or value == 0:
        return refused("SUL_MISSING_HEIGHT", SIZE_TAG)
    if exact(value) > CENTIMETRES_ABOVE:
        return refused(
            "SUL_AMBIGUOUS_HEIGHT_UNIT", SIZE_TAG, stored=value, proposed_m=value / 100.0
        )
    low, high = PLAUSIBLE_SIZE_M
    if not low <= exact(value) <= high:
        return refused("SUL_IMPLAUSIBLE_HEIGHT", SIZE_TAG, size_m=value)
    return Resolved(value) if entry is None else entered(entry, SIZE_TAG, stored, settings)


def sex(header: PetHeader, settings: QuantificationSettings) -> Resolved[str]:
    """M, F or O; O takes the mean of both formulas with a finding."""
    entry = settings.manual.sex
    value = (entry or header.sex).strip().upper()
    if value in ("M", "F"):
        if entry is None:
            return Resolved(value)
        note = settings.manual.source_note
        fact = finding(
            "MANUAL_ENTRY", Severity.INFO, tag=SEX_TAG, stored=header.sex, used=value, source=note
        )
        audit = Adaptation(SEX_TAG, header.sex, value, "MANUAL_ENTRY")
        return Resolved(value, findings=(fact,), adaptations=(audit,))
    if value != "O":
        return refused("SUL_UNKNOWN_SEX", SEX_TAG, stored=value)
    if settings.strict_dicom:
        return refused("SUV_STRICT_MODE", SEX_TAG, rule="ADAPT_SEX_O", stored=value)
    return Resolved(
        value,
        findings=(finding("ADAPT_SEX_O", Severity.WARNING, tag=SEX_TAG),),
        adaptations=(Adaptation(SEX_TAG, "O", "mean of M and F", "ADAPT_SEX_O"),),
    )


def entered(
    value: float, tag: str, stored: float | None, settings: QuantificationSettings
) -> Resolved[float]:
    """A value entered by hand, with its audit record and source note."""
    note = settings.manual.source_note
    was = "" if stored is None else repr(stored)
    return Resolved(
        value,
        findings=(
            finding("MANUAL_ENTRY", Severity.INFO, tag=tag, stored=was, used=value, source=note),
        ),
        adaptations=(Adaptation(tag, was, repr(value), "MANUAL_ENTRY"),),
    )
