"""The gate every PET series passes before any number is shown (spec 1.2)."""

import re

from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import PetHeader
from app.domain.quantification import InterceptPolicy, Refusal, refusal
from app.quantification.attenuation import CORRECTED_IMAGE_TAG, check_attenuation
from app.quantification.settings import QuantificationSettings

PET_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.128"
ENHANCED_PET_STORAGE = "1.2.840.10008.5.1.4.1.1.130"
LEGACY_CONVERTED_PET_STORAGE = "1.2.840.10008.5.1.4.1.1.128.1"
PET_SOP_CLASSES = (PET_IMAGE_STORAGE, ENHANCED_PET_STORAGE, LEGACY_CONVERTED_PET_STORAGE)

DECAY_CORRECTION_TAG = "(0054,1102)"
SLOPE_TAG = "(0028,1053)"
INTERCEPT_TAG = "(0028,1052)"
# Words of an Image Type that mean a picture made from the PET, not the PET (spec 1.2).
DERIVED_VIEW = re.compile(
    r"(?<![A-Z])(?:MIP|MAX_IP|MIN_?IP|(?:RE)?PROJECTION|FUSION|FUSED)(?![A-Z])"
)
EXPECTED_CORRECTIONS = ("SCAT", "RAN", "NORM", "DTIM")
DECAY_TERMS = ("NONE", "START", "ADMIN")


def gate(
    header: PetHeader, settings: QuantificationSettings
) -> tuple[tuple[Refusal, ...], tuple[Finding, ...]]:
    """Every objection to quantifying a series, most basic first, and the findings."""
    attenuation = check_attenuation(header)
    checks = [
        _sop_class(header),
        _modality(header),
        attenuation.refusal,
        attenuation.units_refusal,
        _decay_claim(header),
        _series_type(header),
        _image_type(header),
        _homogeneity(header),
        _slopes(header),
        _intercepts(header, settings),
    ]
    findings = list(attenuation.findings)
    missing = [term for term in EXPECTED_CORRECTIONS if term not in header.corrected_image]
    if missing:
        findings.append(
            finding(
                "CORRECTIONS_MISSING",
                Severity.WARNING,
                tag=CORRECTED_IMAGE_TAG,
                missing=", ".join(missing),
            )
        )
    if header.vendor.creator_missing:
        tags = ", ".join(header.vendor.creator_missing)
        findings.append(finding("PRIVATE_CREATOR_MISSING", Severity.WARNING, tag=tags))
    if header.acquisition_date_assumed:
        findings.append(finding("ACQUISITION_DATE_ASSUMED", Severity.WARNING, tag="(0008,0022)"))
    return tuple(check for check in checks if check is not None), tuple(findings)


def _sop_class(header: PetHeader) -> Refusal | None:
    if header.sop_class_uid in PET_SOP_CLASSES:
        return None
    return refusal("SUV_SOP_CLASS", "(0008,0016)", stored=header.sop_class_uid)


def _modality(header: PetHeader) -> Refusal | None:
    if header.modality == "PT":
        return None
    return refusal("SUV_MODALITY", "(0008,0060)", stored=header.modality)


def _decay_claim(header: PetHeader) -> Refusal | None:
    """DECY must be claimed, unless Decay Correction is NONE, when it must not."""
    if header.decay_corrected:  # Enhanced PET states it in an attribute of its own
        return None
    claimed = any(term in header.corrected_image for term in ("DECY", "DECAY"))
    stored = ", ".join(header.corrected_image)
    if header.decay_correction == "NONE":
        if not claimed:
            return None
        return refusal("SUV_DECAY_CONTRADICTORY", DECAY_CORRECTION_TAG, stored=stored)
    if not claimed:
        return refusal("SUV_NOT_DECAY_CORRECTED", CORRECTED_IMAGE_TAG, stored=stored)
    if header.units in ("GML", "CM2ML") or header.decay_correction in DECAY_TERMS:
        return None
    return refusal("SUV_DECAY_UNKNOWN", DECAY_CORRECTION_TAG, stored=header.decay_correction)


def _series_type(header: PetHeader) -> Refusal | None:
    if header.sop_class_uid != PET_IMAGE_STORAGE and not header.series_type:
        return None  # Enhanced PET has no Series Type
    second = header.series_type[1] if len(header.series_type) > 1 else ""
    if second == "IMAGE":
        return None
    return refusal("SUV_SERIES_TYPE", "(0054,1000)", stored=second)


def _image_type(header: PetHeader) -> Refusal | None:
    if not any(DERIVED_VIEW.search(value.upper()) for value in header.image_type):
        return None
    return refusal("SUV_IMAGE_TYPE", "(0008,0008)", stored="\\".join(header.image_type))


def _homogeneity(header: PetHeader) -> Refusal | None:
    tags = header.heterogeneous_tags
    return refusal("SUV_HETEROGENEOUS", tags[0], tags=", ".join(tags)) if tags else None


def _slopes(header: PetHeader) -> Refusal | None:
    if not header.slices:
        return refusal("SUV_NO_SLICES", "(0008,0018)")
    bad = sum(1 for one in header.slices if one.slope is None or one.slope <= 0)
    return refusal("SUV_RESCALE_SLOPE", SLOPE_TAG, slices=bad) if bad else None


def _intercepts(header: PetHeader, settings: QuantificationSettings) -> Refusal | None:
    if settings.nonzero_intercept is InterceptPolicy.APPLY:
        return None
    odd = [one.intercept for one in header.slices if one.intercept not in (None, 0.0)]
    return refusal("SUV_NONZERO_INTERCEPT", INTERCEPT_TAG, stored=odd[0]) if odd else None
