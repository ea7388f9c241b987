"""The JSON contract of the headless commands, as shapes (issue of the first read, item 9)."""

from tests.builders.json_shape import Iso8601, Maybe

SEVERITIES = {"info", "warning", "error"}
FINDING = {"code": str, "severity": SEVERITIES, "text": str}
REFUSAL = {"code": str, "tag": str, "text": str}
POINT = (float, float, float)

INSPECT = {
    "series": [
        {
            "uid": str,
            "modality": str,
            "description": str,
            "role": {
                "pet_ac",
                "pet_nac",
                "ct",
                "localizer",
                "nm",
                "sr",
                "seg",
                "rtstruct",
                "rwvm",
                "sc",
                "other",
            },
            "volume": Maybe({"shape_zyx": (int, int, int), "spacing_zyx_mm": POINT, "unit": str}),
            "suv": Maybe(
                {
                    "status": {"ok", "refused"},
                    "refusal": Maybe(REFUSAL),
                    "suvbw_factor": Maybe(float),
                    "sul_janma_factor": Maybe(float),
                    "sul_james128_factor": Maybe(float),
                    "reference_time": Maybe(Iso8601()),
                    "rule": Maybe(str),
                    "uptake_time_s": Maybe(float),
                }
            ),
            "findings": [FINDING],
        }
    ],
    "findings": [FINDING],
}

VALUES = {"min": float, "mean": float, "median": float, "sd": Maybe(float), "max": float}
PEAKS = {"continuous": float, "fractional": float, "ibsi_binary": float}
MEASURE = {
    "series": str,
    "refusal": Maybe(REFUSAL),
    "regions": [
        {
            "label": str,
            "voxels": int,
            "volume_ml": float,
            "suvbw": Maybe({**VALUES, "peak": PEAKS}),
            "sul": Maybe({**VALUES, "peak": PEAKS}),
            "hu": Maybe(VALUES),
            "tlg_g": Maybe(float),
            "longest_diameter_mm": Maybe(float),
            "perpendicular_mm": Maybe(float),
            "slice_z_mm": Maybe(float),
        }
    ],
}

RESPONSE = {
    "category": {"CMR", "PMR", "SMD", "PMD", "NE", "NOT_MEASURABLE"},
    "target_category": {"CMR", "PMR", "SMD", "PMD", "NE", "NOT_MEASURABLE"},
    "non_target_category": Maybe(str),
    "new_lesions": [str],
    "rule_set": str,
    "rules_sha256": str,
    "target_id": Maybe(str),
    "change_from_baseline_fraction": Maybe(float),
    "change_from_baseline_abs": Maybe(float),
    "change_from_reference_fraction": Maybe(float),
    "margin": Maybe(dict),
    "reasons": [{"rule": str, "text": str, "values": dict}],
    "flags": [str],
}
ASSESS = {
    "timepoints": [
        {
            "date": Iso8601(),
            "reference": {
                "region": str,
                "center_lps_mm": POINT,
                "mean": float,
                "sd": float,
                "threshold": float,
                "method": str,
            },
            "lesions": [
                {
                    "id": str,
                    "peak_lps_mm": POINT,
                    "volume_ml": float,
                    "sul_peak": float,
                    "sul_max": float,
                    "site": str,
                    "side": str,
                    "physiologic": bool,
                    "physiologic_reason": Maybe(str),
                }
            ],
            "comparability": [
                {"rule": str, "value": object, "limit": object, "severity": {"ok", "warn", "block"}}
            ],
            "response": Maybe(RESPONSE),
        }
    ],
    "report": {"report.pdf"},
    "reading": {"reading.json"},
}
