"""A PET header from the flat inputs of a `suv` vector; what a vector omits gets a sound default."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.dicom.dicom_time import parse_datetime, parse_offset, parse_time
from app.domain.pet_header import (
    CodedEntry,
    PetHeader,
    PetSlice,
    RadiopharmaceuticalItem,
    ReconstructionFacts,
    Timestamp,
    VendorValues,
)

PET_STORAGE = "1.2.840.10008.5.1.4.1.1.128"
ENHANCED_STORAGE = "1.2.840.10008.5.1.4.1.1.130"
SERIES_START = "20260301110000"
CORRECTIONS = ("NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN")
GE_SCAN, SIEMENS_SCAN = ("0009,100D", "0009,xx0D"), ("0071,1022", "0071,xx22")


def first_of(inputs: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    """The first of several names that the inputs state, a stated null included."""
    return next((inputs[name] for name in names if name in inputs), default)


def header_of(inputs: Mapping[str, Any]) -> PetHeader:
    """The header that the inputs describe."""
    series_text = first_of(inputs, "series_datetime", "series_dt")
    if series_text is None and "series_datetime" not in inputs:
        series_text = first_of(inputs, "acq_datetime", "decay_correction_datetime")
    series = parse_datetime(series_text or SERIES_START)
    private = dict(inputs.get("private") or {})
    decay = first_of(inputs, "decay_correction", default="START") or ""
    enhanced = inputs.get("decay_corrected") or ""
    corrected = first_of(inputs, "corrected_image", default=CORRECTIONS)
    if decay == "NONE" and "corrected_image" not in inputs:
        corrected = tuple(term for term in CORRECTIONS if term != "DECY")
    scan_text = first_of(private, *GE_SCAN, *SIEMENS_SCAN) or inputs.get("private_datetime")
    siemens = any(name in private for name in SIEMENS_SCAN)
    weight = first_of(inputs, "weight_kg", "weight_field", "weight", default=70.0)
    size = first_of(inputs, "size_m", "size_field", "size", "height_field", "height_m")
    series_type = first_of(inputs, "series_type", default=("WHOLE BODY", "IMAGE"))
    offset = first_of(inputs, "timezone_offset_from_utc", "timezone_offset", default="")
    return PetHeader(
        sop_class_uid=inputs.get("sop_class_uid", ENHANCED_STORAGE if enhanced else PET_STORAGE),
        modality=inputs.get("modality", "PT"),
        manufacturer=inputs.get("manufacturer", "Synthetic"),
        units=inputs.get("units", "BQML") or "",
        suv_type=inputs.get("suv_type") or "",
        corrected_image=tuple(corrected),
        decay_correction="" if enhanced else decay,
        series_type=_terms(series_type),
        image_type=_terms(inputs.get("image_type", ("ORIGINAL", "PRIMARY"))),
        series=series,
        timezone_offset_minutes=parse_offset(offset or ""),
        weight=weight,
        size=size,
        sex=inputs.get("sex", "F") or "",
        radiopharmaceuticals=(_item(inputs, series),) * int(inputs.get("rp_items", 1)),
        slices=_slices(inputs, series, parse_datetime(scan_text or "")),
        vendor=VendorValues(
            scan_tag=None if not scan_text else "(0071,xx22)" if siemens else "(0009,xx0D)",
            philips_suv_factor=first_of(private, "7053,1000", default=inputs.get("f7053_1000")),
            philips_activity_factor=first_of(
                private, "7053,1009", default=inputs.get("f7053_1009")
            ),
        ),
        reconstruction=ReconstructionFacts(
            attenuation_method=first_of(inputs, "attenuation_correction_method", default="measured")
            or ""
        ),
        decay_corrected=enhanced,
        decay_correction_datetime=parse_datetime(inputs.get("decay_correction_datetime") or ""),
    )


def _terms(value: Any) -> tuple[str, ...]:
    parts = value.split("\\") if isinstance(value, str) else value or ()
    return tuple(parts)


def _item(inputs: Mapping[str, Any], series: Timestamp | None) -> RadiopharmaceuticalItem:
    stated = {"rp_start_datetime", "rp_start_time"} & inputs.keys()
    start = parse_datetime(inputs.get("rp_start_datetime") or "")
    if not stated and series is not None:
        delta = inputs.get("delta_s", 3600)
        start = Timestamp(series.local - timedelta(seconds=delta), None, "")
    code = inputs.get("nuclide_code")
    scheme = inputs.get("nuclide_scheme", "SCT")
    return RadiopharmaceuticalItem(
        text=inputs.get("radiopharmaceutical", "FDG"),
        start_datetime=start,
        start_time=parse_time(inputs.get("rp_start_time") or ""),
        total_dose=first_of(
            inputs, "dose_bq", "total_dose", "dose_field", "dose", default=300000000.0
        ),
        half_life=first_of(inputs, "half_life_s", "half_life_field", "half_life", default=6586.2),
        nuclide_codes=(CodedEntry(code, scheme, ""),) if code else (),
    )


def _slices(
    inputs: Mapping[str, Any], series: Timestamp | None, private: Timestamp | None
) -> tuple[PetSlice, ...]:
    beds = [inputs[key] for key in ("first_bed_acq_datetime", "last_bed_acq_datetime")
            if key in inputs]  # fmt: skip
    beds = beds or inputs.get("acq_datetimes") or [inputs.get("acq_datetime")]
    rows = inputs.get("slices") or inputs.get("beds") or [{"acq_datetime": one} for one in beds]
    return tuple(_slice({**inputs, **row}, series, private) for row in rows)


def _slice(row: Mapping[str, Any], series: Timestamp | None, private: Timestamp | None) -> PetSlice:
    acquisition = parse_datetime(row.get("acq_datetime") or "")
    return PetSlice(
        acquisition=acquisition if acquisition is not None else series,
        frame_reference_time_ms=row.get("frame_reference_time_ms"),
        actual_frame_duration_ms=row.get("actual_frame_duration_ms"),
        decay_factor=row.get("decay_factor_tag"),
        slope=first_of(row, "rescale_slope", "slope", default=1.0),
        intercept=first_of(row, "rescale_intercept", "intercept", default=0.0),
        series=series,
        private_scan=private,
        frame_reference=parse_datetime(row.get("frame_reference_datetime") or ""),
    )
