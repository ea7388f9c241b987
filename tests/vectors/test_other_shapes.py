"""Adapters of time, bone, agreement and adjudication on inputs that vectors.json does not hold."""

import pytest

from tests.vectors import (
    adjudication,
    bone,
    bor,
    comparability,
    percist,
    pfs,
    recist_overall,
    recist_target,
    reference,
    stats,
)
from tests.vectors.comparison import mismatches
from tests.vectors.vector_file import Vector

START = "2026-01-05"
SD, SD2 = {"date": "2026-04-06", "r": "SD"}, {"date": "2026-07-06", "r": "SD"}
FLARE = {"weeks_since_start": 12, "new_foci": 2, "ct": "SD"}


def check(adapter, inputs, expected):
    answers = adapter(Vector("X-1", "x", "", inputs, expected, {}))
    assert not mismatches(answers, expected, {"abs": 1e-9})


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"visits": [SD], "death": "2026-08-01"}, {"event": 1, "date": "2026-08-01", "days": 209}),
        ({"visits": [], "death": "2026-07-20"}, {"event": 1, "date": "2026-07-20"}),  # 196 d
        ({"visits": [], "death": "2026-07-21"}, {"event": 0, "date": START, "days": 1}),
        ({"visits": []}, {"event": 0, "date": START}),
        ({"visits": [SD], "baseline": None}, {"event": 0, "date": START, "days": 1}),
        ({"visits": [SD], "baseline": False, "death": "2026-05-01"}, {"event": 0, "date": START}),
        ({"visits": [SD, {**SD2, "r": "NE"}]}, {"event": 0, "date": "2026-04-06"}),
        ({"visits": [SD, {**SD2, "r": None}, {"planned": "2026-10-05", "r": "missed"}]},
         {"event": 0, "date": "2026-04-06"}),
        ({"visits": [SD, {**SD2, "r": "PD"}], "new_therapy": "2026-07-06"},
         {"event": 1, "date": "2026-07-06", "days": 183}),
        ({"visits": [SD, {**SD2, "r": "PD"}], "new_therapy": "2026-07-05"},
         {"event": 0, "date": "2026-04-06", "sensitivity": {"event": 1, "date": "2026-07-06"}}),
        ({"visits": [SD, {"ct": "2026-07-06", "bone": "2026-07-09", "r": "PD",
                          "pd_source": "new lesion on bone scan"}]},
         {"event": 1, "date": "2026-07-09", "pd_modality": "BONE_SCAN"}),
        ({"visits": [SD, {"ct": "2026-07-06", "bone": "2026-07-09", "r": "PD",
                          "pd_source": "target sum on CT"}]},
         {"event": 1, "date": "2026-07-06", "pd_basis": "TARGET"}),
        ({"visits": [["2026-04-06", "SMD"], ["2026-07-06", "PMD"]]},
         {"event": 1, "date": "2026-07-06"}),
        ({"visits": [SD], "death": "2026-08-01", "gap_limit_days": 100},
         {"event": 0, "date": "2026-04-06"}),
        ({"visits": [{**SD, "adequate": False}, SD2], "cutoff": "2026-05-01"},
         {"event": 0, "date": START}),
        # Days as numbers, counted from randomisation; null, or a word alone, for a visit.
        ({"randomisation": 0, "visits": [{"day": 91, "r": "SD"}, {"day": 182, "r": "PD"}]},
         {"event": 1, "date": 182, "days": 183}),
        ({"randomisation": 0, "visits": [[91, "SD"], [182, "NE"]], "death": 287},
         {"event": 1, "date": 287, "gap_days": 196}),
        ({"randomisation": 0, "visits": [[91, "SD"], [182, "NE"]], "death": 288},
         {"event": 0, "date": 91, "days": 92}),
        ({"randomisation": 10, "visits": [[101, "SD"]], "new_therapy": 120},
         {"event": 0, "date": 101, "days": 92}),
        ({"randomisation": None, "visits": [{"day": 91, "r": "SD", "equivocal_new": True},
                                            {"day": 182, "r": "PD", "confirms": 91}]},
         {"event": 1, "date": 91}),
        ({"visits": [{"day": 91, "r": "SD"}], "death": 120},
         {"event": 1, "date": "2026-05-05", "days": 121}),
        ({"visits": [SD, None, None, {"date": "2027-01-04", "r": "PD"}]},
         {"event": 0, "date": "2026-04-06"}),
        ({"visits": ["SD", "missed", "PD"]}, {"event": 1, "date": "2026-10-05"}),
        ({"visits": [SD, {"ct_chest": "2026-10-05", "ct_abdomen": "2026-10-07", "r": "PD",
                          "pd_source": "target sum"}]},
         {"event": 1, "date": "2026-10-07"}),
        ({"visits": [SD, {"dates": ["2026-07-06", "2026-07-08"], "r": "SD"}]},
         {"event": 0, "date": "2026-07-08"}),
    ],
    ids=str,
)  # fmt: skip
def test_pfs(inputs, expected):
    check(pfs.evaluate, {"randomisation": START, "color": "ignored", **inputs}, expected)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"new_at_first": 2, "additional_new_at_confirm": 1}, {"progression": False, "date": None}),
        ({"new_at_first": 3, "additional_new_at_confirm": 2, "weeks_apart": 5},
         {"progression": False}),
        ({"new_vs_first": 2, "persist": True}, {"progression": True, "date": "first"}),
        ({"new_vs_first": 2, "persist_at_confirm": 1}, {"progression": False, "date": None}),
        ({"fraction": {"femur_left": 0.5}}, {"bsi_pct": 4.45}),
        ({"lesion_mean": 30, "reference_mean": 12}, {"ratio": 2.5}),
        (FLARE, {"component": "NON-CR/NON-PD", "flag": "FLARE_SUSPECTED", "progression": False}),
        ({**FLARE, "weeks_since_start": 30}, {"component": "PD", "progression": True}),
        ({**FLARE, "ct": "PD"}, {"component": "PD"}),
        ({**FLARE, "correlate": "lytic"}, {"component": "PD", "date": "first"}),
        ({"scans": [FLARE, {"weeks": 25, "new_foci": 1, "ct": "SD"}]},
         {"per_scan": ["NON-CR/NON-PD", "PD"], "date": "first", "pd_date": "2026-03-30"}),
        ({"scans": [FLARE, {"weeks": 25, "bone": "better", "ct": "SD"}]},
         {"flag": "FLARE_CONFIRMED", "progression": False, "pd_date": None}),
        ({"week": 12, "bone": "worse", "ct": "SD", "next": {"week": 25, "bone": "worse"}},
         {"progression": True, "date": "first"}),
        ({"week": 12, "bone": "missing", "ct": "SD"},
         {"component": "NE", "flag": "BONE_SCAN_MISSING"}),
        ({"week": 40, "bone": "worse", "sclerosis": True, "clinical_improvement": True, "ct": "SD"},
         {"component": "NON-CR/NON-PD", "flag": "BONE_HEALING"}),
    ],
    ids=str,
)  # fmt: skip
def test_bone(inputs, expected):
    check(bone.evaluate, {"color": "ignored", **inputs}, expected)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"reader1": ["CMR", "NE", "PMD", None], "reader2": ["CMR", "PMD", "PMD", "PMD"],
          "order": ["CMR", "PMR", "SMD", "PMD"]},
         {"kappa": 1.0, "n": 2, "missing": 1, "ne": 1}),
        ({"test": [5.0, 6.0], "retest": [5.0, 8.0]}, {"wsd": 1.0, "bias": -1.0, "n": 2}),
        ({"cases_read": 0, "adjudicator_disagreed": 0}, {"rdi_pct": None}),
    ],
    ids=str,
)  # fmt: skip
def test_stats(inputs, expected):
    check(stats.evaluate, {"color": "ignored", **inputs}, expected)


@pytest.mark.parametrize(
    ("inputs", "reasons"),
    [
        ({"r1": {"bor": "PR", "pd_visit": 4}, "r2": {"bor": "PR", "pd_visit": 4}}, []),
        ({"r1": {"bor": "PR", "pd_visit": None}, "r2": {"bor": "PR", "pd_visit": 4}},
         ["pd_visit", "pd_yes_no"]),
        ({"r1": {"bor": "SD"}, "r2": {"bor": "PD", "pd_visit": 1}},
         ["pd_visit", "bor", "pd_yes_no"]),
        ({"r1": {"bor": "SD", "pd_visit": 3}, "r2": {"bor": "PR", "pd_visit": 4},
          "triggers": ["bor", "pd_visit"]}, ["bor", "pd_visit"]),
        ({"r1": {"target_pct": -29}, "r2": {"target_pct": -31}, "triggers": ["target_change"]},
         ["target_change"]),
        ({"r1": {"responses": ["SD", "PR"]}, "r2": {"responses": ["SD", "SD"]},
          "triggers": ["visit_response"]}, ["visit_response"]),
    ],
    ids=str,
)  # fmt: skip
def test_adjudication(inputs, reasons):
    expected = {"adjudicate": bool(reasons), "reasons": reasons}
    check(adjudication.evaluate, {"color": "ignored", **inputs}, expected)


SHAPES = [
    (bor, {"sequence": ["SD", None, "PD"], "confirmation": False}, {"bor": "SD"}),
    (bor, {"sequence": [{"week": 5, "r": "SD"}, {"week": 11, "r": "PD"}]}, {"bor": "PD"}),
    (bor, {"reference_date": 0, "observations": [[30, "PR"], [60, "PR"]], "pd_date": None},
     {"cbor": "PR", "date": 30, "confirmed_on": 60}),
    (bor, {"reference_date": 0, "observations": [[60, "SD"], [90, "PR"]], "pd_date": 70},
     {"cbor": "SD", "date": 60}),
    # A visit that was NE is skipped for the nadir, in whatever way it is told.
    *((percist, {"base": 9, "cur": 5.2, "prior": prior, "liver": 1.9}, expected)
      for prior, expected in (
          ([{"sulpeak": 3.6, "comparable": False}],
           {"target": "PMR", "reference_for_progression": 9}),
          ([3.6, {"sulpeak": 2.0, "target": "NE"}],
           {"target": "PMD", "reference_for_progression": 3.6}),
          (["NE", {"sulpeak": 3.6}], {"target": "PMD", "reference_for_progression": 3.6}))),
    (percist, {"base": 10, "cur": 4, "liver": 1.9, "newles": 2},
     {"overall": "PMD", "text": "PMD -60, new: 2"}),
    (percist, {"base": 10, "cur": 4, "liver": 1.9, "newles": "NOT_MALIGNANT(vaccine node)"},
     {"overall": "PMR"}),
    (percist, {"cat": "PMR", "pct": -40, "first_dose": "2026-01-05", "scan": "2026-02-01"},
     {"text": "PMR -40, 3"}),
    (percist, {"first_dose": 0, "scan": 27}, {"weeks": 3}),
    (recist_target, {"lesion": "L1", "baseline_mm": 20, "too_small": True},
     {"contribution_mm": 5}),
    (recist_target, {"lesion": "L1", "baseline_mm": 20, "status": "TOO_SMALL", "actual_mm": 3.5},
     {"contribution_mm": 3.5}),
    (recist_target, {"lesion": "L1", "baseline_mm": 20, "present": True, "measurable": False},
     {"contribution_mm": 5}),
    (recist_target, {"lesion": "N1", "kind": "node", "baseline_mm": 20, "sa_mm": 8},
     {"contribution_mm": 8}),
    (recist_target, {"lesion": "L1", "baseline_mm": 20, "disappeared": True},
     {"contribution_mm": 0}),
    (recist_target, {"lesion": "L1", "baseline_mm": 20, "missing": True},
     {"contribution_mm": None}),
    (recist_target, {"selected": ["liver", "liver", "liver"]},
     {"valid": False, "reason": "MAX_2_PER_ORGAN"}),
    (recist_target, {"base": 30, "prior": [0], "cur": 4, "definitive_cr": True},
     {"response": "PR", "overall": "PD"}),
    (recist_overall, {"target": "CR", "nontarget": "NOT ALL EVALUATED", "new": False},
     {"overall": "PR"}),
    (adjudication, {"r1": {"pd_date": 91}, "r2": {"pd_date": 182}, "triggers": ["pd_date"]},
     {"adjudicate": True}),
    (comparability, {"aorta_baseline": 1.5, "aorta_followup": 1.85}, {"comparable": False}),
    (comparability, {"height_baseline": 1.65, "height_followup": 1.67}, {"all_pass": True}),
    (comparability, {"height_baseline": 1.65, "height_followup": 1.68},
     {"all_pass": False, "comparable": True, "severity": "warn"}),
    (comparability, {"tracer_baseline": "FDG", "tracer_followup": "FES"}, {"severity": "block"}),
    (reference, {"aorta_mean": 1.4, "aorta_sd": 0.15, "bloodpool_sd_term": False},
     {"threshold": 2.8}),
    (reference, {"liver_mean": 1.9, "liver_sd": 0.2, "sulpeak": 3.25}, {"measurable": True}),
]  # fmt: skip


@pytest.mark.parametrize(("area", "inputs", "expected"), SHAPES, ids=str)
def test_other_shapes_of_the_criteria(area, inputs, expected):
    check(area.evaluate, {"color": "ignored", **inputs}, expected)


@pytest.mark.parametrize("area", [pfs, bone, stats, adjudication, comparability, reference])
def test_an_unknown_shape_fails(area):
    with pytest.raises(AssertionError, match="unknown input shape"):
        area.evaluate(Vector("X-1", "x", "", {"colour": "blue"}, {"a": 1}, {}))
