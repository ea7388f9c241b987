"""Units that can become SUV, and whether the images are attenuation corrected (spec 1.2, 1.3)."""

from dataclasses import dataclass

from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import Refusal, refusal

UNITS_TAG = "(0054,1001)"
SUV_TYPE_TAG = "(0054,1006)"
ABSENT = "–"  # shown for a value that is not there, in any language
CORRECTED_IMAGE_TAG = "(0028,0051)"
ATTENUATION_METHOD_TAG = "(0054,1101)"

# SUV Type terms that may stand beside GML; "" means BW (DICOM C.8.9.1, spec 1.3).
GML_SUV_TYPES = ("", "BW", "LBM", "LBMJAMES128", "LBMJANMA", "IBW")
CM2ML_SUV_TYPES = ("", "BSA")
NO_CORRECTION_TEXTS = ("NONE", "NO", "OFF", "NAC", "UNCORRECTED")


@dataclass(frozen=True, slots=True)
class AttenuationCheck:
    """Whether a PET is attenuation corrected and in usable units, and why not."""

    usable_units: bool
    corrected: bool  # ATTN claimed and a method stated, or the units vouch for it
    refusal: Refusal | None  # of the attenuation claim
    units_refusal: Refusal | None
    findings: tuple[Finding, ...]

    @property
    def quantitative(self) -> bool:
        """Whether this is the kind of PET that may be quantified."""
        return self.usable_units and self.corrected


def is_attenuation_corrected(header: PetHeader) -> bool:
    """Whether a series is the quantitative PET of its pair (spec 1.2; never by description)."""
    return check_attenuation(header).quantitative


def check_attenuation(header: PetHeader) -> AttenuationCheck:
    """Units and attenuation claim of a series, with refusals that name their tag (spec 1.2)."""
    units_refusal = refuse_units(header)
    usable = units_refusal is None
    method = header.reconstruction.attenuation_method.strip()
    claim = ", ".join(header.corrected_image)
    if "ATTN" not in header.corrected_image:
        no_claim = refusal(
            "SUV_NOT_ATTENUATION_CORRECTED", CORRECTED_IMAGE_TAG, stored=claim or ABSENT
        )
        return AttenuationCheck(usable, False, no_claim, units_refusal, ())
    denied = method.upper().split(",")[0].strip() in NO_CORRECTION_TEXTS
    if method and not denied:
        return AttenuationCheck(usable, True, None, units_refusal, ())
    if usable and not denied:
        fact = finding("ATTN_METHOD_MISSING", Severity.INFO, tag=ATTENUATION_METHOD_TAG)
        return AttenuationCheck(True, True, None, None, (fact,))
    fact = finding("ATTN_CLAIM_INCONSISTENT", Severity.WARNING, tag=ATTENUATION_METHOD_TAG)
    no_method = refusal(
        "SUV_NOT_ATTENUATION_CORRECTED", ATTENUATION_METHOD_TAG, stored=method or ABSENT
    )
    return AttenuationCheck(usable, False, no_method, units_refusal, (fact,))


def refuse_units(header: PetHeader) -> Refusal | None:
    """Why the Units cannot become SUV, or None (spec 1.3)."""
    units, suv_type, vendor = header.units, header.suv_type, header.vendor
    if len(header.mapping_units) > 1:
        return refusal("SUV_MIXED_UNITS", "(0040,08EA)", stored=", ".join(header.mapping_units))
    if units == "BQML":
        return None
    if units in ("GML", "CM2ML"):
        allowed = GML_SUV_TYPES if units == "GML" else CM2ML_SUV_TYPES
        if suv_type in allowed:
            return None
        return refusal("SUV_TYPE_INCONSISTENT", SUV_TYPE_TAG, units=units, suv_type=suv_type)
    if units == "CNTS":
        if usable_factor(vendor.philips_activity_factor) or usable_factor(
            vendor.philips_suv_factor
        ):
            return None
        return refusal("SUV_MISSING_PHILIPS_FACTOR", "(7053,xx09)", units=units)
    if not units:
        return refusal("SUV_MISSING_UNITS", UNITS_TAG)
    return refusal("SUV_UNUSABLE_UNITS", UNITS_TAG, units=units)


def usable_factor(value: float | None) -> bool:
    """Whether a Philips scale factor can be used: present and positive (0.0 means absent)."""
    return value is not None and value > 0
