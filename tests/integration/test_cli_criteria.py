"""`criteria --input`: responses with traces from measurements; bad input is one line and code 2."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.domain.rule_content import rules_sha256
from app.services.rule_sets import load_percist_rules
from app.version import VERSION
from tests.builders.command_line import PROJECT, as_process, inside, refused

Capture = pytest.CaptureFixture[str]
PAGE = (PROJECT / "docs" / "criteria" / "input.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
PERCIST, RECIST, BONE, TIMELINE = EXAMPLES
HUGE = "9" * 5000


def written(folder: Path, document: Any) -> Path:
    file = folder / "course.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file


def derived(capsys: Capture, folder: Path, document: Any) -> dict[str, Any]:
    done = inside(capsys, "criteria", "--input", written(folder, document), "--json")
    assert (done.code, done.err) == (0, ""), done
    found: dict[str, Any] = json.loads(done.out)
    return found


def line_of(capsys: Capture, folder: Path, document: Any) -> str:
    return refused(inside(capsys, "criteria", "--input", written(folder, document)), code=2)


def changed(document: Any, path: list[Any], value: Any) -> Any:
    """A copy with one value set, or removed where it is `...`."""
    found = copy.deepcopy(document)
    place = found
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


# The examples of the page, with answers worked out by hand.


def test_percist_example(capsys: Capture, tmp_path: Path) -> None:
    document = derived(capsys, tmp_path, PERCIST)
    nadir, published = document["percist"]
    assert [visit["overall"] for visit in nadir["visits"]] == ["PMR", "PMD"]
    assert [visit["report_string"] for visit in nadir["visits"]] == [
        "PMR -40, 12",
        "PMD +33, 25, new: 1",
    ]
    last = nadir["visits"][1]
    assert last["target"]["category"] == "PMD"
    assert last["target"]["reference_sul_peak_g_per_ml"] == 6.0
    assert last["target"]["change_from_reference_fraction"] == pytest.approx(1 / 3)
    assert last["target"]["change_from_reference_abs"] == pytest.approx(2.0)
    assert last["non_target"]["category"] == "NON-CMR/NON-PMD"
    assert last["new_lesions"]["unequivocal"] == ["U1"]
    assert nadir["best"] == "PMR"
    assert nadir["first_progression"] == {
        "visit": 2, "on": "2026-07-06", "shown_at": 2, "basis": ["NEW_LESION", "TARGET"],
    }  # fmt: skip
    # From the baseline 8.0 is no rise: the new lesion alone is progression.
    assert published["visits"][1]["target"]["category"] == "SMD"
    assert published["first_progression"]["basis"] == ["NEW_LESION"]
    assert published["visits"][1]["flags"][0]["code"] == "PMD_UNCONFIRMED"
    assert len(nadir["variants"]) == 2 * 2 * 2  # quantities, forms, references
    assert {row["quantity"]["lbm_formula"] for row in nadir["variants"]} == {
        "LBMJANMA",
        "LBMJAMES128",
    }


def test_margins_and_trace_of_percist(capsys: Capture, tmp_path: Path) -> None:
    visit = derived(capsys, tmp_path, PERCIST)["percist"][0]["visits"][0]
    margin = visit["margins"][0]
    assert (margin["category"], margin["at_sul_peak_g_per_ml"]) == ("SMD", 7.0)
    assert (margin["difference_g_per_ml"], margin["inclusive"]) == (1.0, False)
    assert "SMD above SULpeak 7.00 g/mL" in margin["text"]
    by_rule = {step["rule"]: step for step in visit["trace"]}
    fall = by_rule["PER-2.7-PMR"]
    assert fall["params"]["change_fraction"] == pytest.approx(-0.4)
    assert "−40.0 %" in fall["text"]
    assert visit["trace"][-1]["rule"] == "PER-2.10-TARGET"


def test_recist_example(capsys: Capture, tmp_path: Path) -> None:
    (course,) = derived(capsys, tmp_path, RECIST)["recist"]
    first, second = course["visits"]
    assert (first["overall"], first["report_string"]) == ("PR", "PR -35")
    assert (second["overall"], second["report_string"]) == ("PD", "PD +26")
    assert second["target"]["nadir_sum_mm"] == 39.0
    assert second["target"]["sum_mm"] == 49.0
    assert second["target"]["change_from_nadir_mm"] == 10.0
    assert second["margins"][0]["at_mm"] == pytest.approx(46.8)
    assert second["margins"][0]["text"] == (
        "would become SD if the sum were more than 2.2 mm smaller (below 46.8 mm)"
    )
    assert course["best"]["category"] == "PR"
    assert course["best_confirmed"]["category"] == "SD"
    assert course["first_progression"]["scan_date"] == "2026-07-06"
    assert course["first_progression"]["basis"] == ["target"]


def test_what_recist_leaves_out_is_named(capsys: Capture, tmp_path: Path) -> None:
    document = changed(RECIST, ["recist", "visits", 0, "targets", 0, "lesion_id"], "T9")
    visit = derived(capsys, tmp_path, document)["recist"][0]["visits"][0]
    assert [item["code"] for item in visit["excluded"]] == ["NO_TARGET_OF_BASELINE"]
    assert "T9" in visit["excluded"][0]["text"]
    assert visit["target"]["missing"] == ["T1"]
    assert visit["overall"] == "NE"
    assert visit["target"]["change_from_baseline_fraction"] is None
    assert visit["flags"][0] == {
        "code": "TARGET_MISSING", "detail": "T1", "text": "Target lesion not assessed: T1.",
    }  # fmt: skip


def test_bone_example(capsys: Capture, tmp_path: Path) -> None:
    (course,) = derived(capsys, tmp_path, BONE)["bone"]
    # 27 weeks after the start of therapy: outside the flare window, two typical new foci.
    assert [visit["category"] for visit in course["visits"]] == ["NON-CR/NON-PD", "PD"]
    assert course["visits"][1]["new_foci"] == ["B2", "B3"]
    assert course["first_progression"]["dated"] == "2026-07-20"
    assert course["first_progression"]["evidence"] == "NEW_LESION"


def test_bone_within_the_flare_window_waits(capsys: Capture, tmp_path: Path) -> None:
    document = changed(BONE, ["bone", "therapy_start"], "2026-02-01")
    (course,) = derived(capsys, tmp_path, document)["bone"]
    assert course["visits"][1]["flare"] == "FLARE_SUSPECTED"
    assert course["first_progression"] is None


def test_timeline_example(capsys: Capture, tmp_path: Path) -> None:
    timeline = derived(capsys, tmp_path, TIMELINE)["timeline"]
    metabolic, anatomic = timeline["survival"]["percist-nadir"], timeline["survival"]["recist-1.1"]
    assert (metabolic["event"], metabolic["dated"], metabolic["days"]) == (True, "2026-04-06", 88)
    assert (metabolic["pd_basis"], metabolic["pd_modality"]) == ("TARGET", "FDG_PET_CT")
    assert (anatomic["event"], anatomic["dated"], anatomic["days"]) == (True, "2026-07-06", 179)
    (pair,) = timeline["lead_time"]["pairs"]
    assert (pair["first"], pair["second"]) == ("percist-nadir", "recist-1.1")
    assert (pair["days"], pair["at_least"]) == (91, False)


def test_nothing_after_the_cutoff_is_known(capsys: Capture, tmp_path: Path) -> None:
    document = changed(TIMELINE, ["timeline", "cutoff"], "2026-05-01")
    timeline = derived(capsys, tmp_path, document)["timeline"]
    anatomic = timeline["survival"]["recist-1.1"]
    assert (anatomic["event"], anatomic["kind"]) == (False, "NO_EVENT")
    assert anatomic["dated"] == "2026-04-06"
    (pair,) = timeline["lead_time"]["pairs"]
    assert (pair["days"], pair["at_least"]) == (0, True)


def test_new_therapy_censors(capsys: Capture, tmp_path: Path) -> None:
    document = changed(TIMELINE, ["timeline", "new_therapy"], "2026-05-01")
    survival = derived(capsys, tmp_path, document)["timeline"]["survival"]
    assert survival["percist-nadir"]["event"] is True
    assert survival["recist-1.1"]["kind"] == "NEW_THERAPY"
    assert survival["recist-1.1"]["dated"] == "2026-04-06"


def test_death_is_an_event(capsys: Capture, tmp_path: Path) -> None:
    document = changed(TIMELINE, ["timeline", "death"], "2026-08-01")
    document["recist"]["visits"].pop()
    survival = derived(capsys, tmp_path, document)["timeline"]["survival"]
    assert survival["recist-1.1"]["kind"] == "DEATH"
    assert survival["recist-1.1"]["days"] == 205


def equivocal_then_confirmed() -> Any:
    """U1 is equivocal at visit 1 and unequivocal at visit 2; the target is stable."""
    document = changed(TIMELINE, ["percist", "visits", 1, "sul_peaks", "L1"], 10.0)
    first = document["percist"]["visits"][1]
    first["new_foci"] = [{"lesion_id": "U1", "new_class": "equivocal"}]
    second = {**first, "number": 2, "on": "2026-07-06"}
    second["new_foci"] = [{"lesion_id": "U1", "new_class": "unequivocal"}]
    document["percist"]["visits"].append(second)
    del document["recist"]
    return document


def test_a_confirmed_focus_dates_progression_back(capsys: Capture, tmp_path: Path) -> None:
    document = derived(capsys, tmp_path, equivocal_then_confirmed())
    first = document["percist"][0]["first_progression"]
    assert (first["visit"], first["on"], first["shown_at"]) == (1, "2026-04-06", 2)
    survival = document["timeline"]["survival"]["percist-nadir"]
    assert (survival["event"], survival["dated"]) == (True, "2026-04-06")
    assert survival["pd_basis"] == "NEW_LESION"


def test_what_confirms_it_must_lie_before_the_cutoff(capsys: Capture, tmp_path: Path) -> None:
    document = changed(equivocal_then_confirmed(), ["timeline", "cutoff"], "2026-06-30")
    survival = derived(capsys, tmp_path, document)["timeline"]["survival"]["percist-nadir"]
    assert (survival["event"], survival["dated"]) == (False, "2026-04-06")


# Identity and provenance.


def test_the_same_input_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    file = written(tmp_path, {**PERCIST, **RECIST, **BONE, "timeline": TIMELINE["timeline"]})
    runs = [
        as_process("criteria", "--input", file, "--json", PYTHONHASHSEED=seed)
        for seed in ("1", "2")
    ]
    assert runs[0].code == 0
    assert runs[0].out == runs[1].out


def test_order_of_lesions_and_keys_changes_nothing(capsys: Capture, tmp_path: Path) -> None:
    other = copy.deepcopy(PERCIST)
    other["percist"]["lesions"].reverse()
    for visit in other["percist"]["visits"]:
        visit["sul_peaks"] = dict(reversed(visit["sul_peaks"].items()))
    one, two = derived(capsys, tmp_path, PERCIST), derived(capsys, tmp_path, other)
    assert one["percist"] == two["percist"]


def test_hashes_name_engine_rules_and_input(capsys: Capture, tmp_path: Path) -> None:
    document = derived(capsys, tmp_path, PERCIST)
    assert document["engine_version"] == VERSION
    assert document["percist"][0]["rule_set"] == {
        "name": "percist-nadir",
        "sha256": rules_sha256(load_percist_rules("percist-nadir")),
    }
    same = derived(capsys, tmp_path, json.dumps(PERCIST, indent=7, sort_keys=True))
    assert same["inputs_sha256"] == document["inputs_sha256"]
    moved = changed(PERCIST, ["percist", "visits", 1, "sul_peaks", "L1"], 6.01)
    assert derived(capsys, tmp_path, moved)["inputs_sha256"] != document["inputs_sha256"]


def test_text_says_the_same(capsys: Capture, tmp_path: Path) -> None:
    document = {**PERCIST, **RECIST, **BONE, "timeline": TIMELINE["timeline"]}
    done = inside(capsys, "criteria", "--input", written(tmp_path, document))
    assert (done.code, done.err) == (0, "")
    for words in (
        "visit 1: PMR -40, 12  (Partial metabolic response)",
        "PER-2.7-PMR: Change from baseline: −40.0 %",
        "~ PMR would become SMD above SULpeak 7.00 g/mL",
        "! Progression not confirmed",
        "visit V2: PD +26  (Progressive disease)",
        "First progression: 2026-07-20, visit 1 (NEW_LESION)",
        "recist-1.1: event (PROGRESSION), 2026-07-06, 179 days",
    ):
        assert words in done.out


# Bad input: the file, then each of its values.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("percist: 1", "not JSON"),
        ('{"percist": ', "not JSON"),
        ("[]", "is no object"),
        ("null", "is no object"),
        ("{}", "none of percist, recist, bone"),
        ("[" * 100_000, "too deeply"),
        ('{"percist": {}, "percist": {}}', '"percist" is stated twice'),
        ('{"percist": NaN}', "NaN"),
        (f'{{"percist": {HUGE}}}', "digits"),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_input(capsys: Capture, tmp_path: Path, text: str, said: str) -> None:
    assert said in line_of(capsys, tmp_path, text)


def test_a_file_that_cannot_be_read(capsys: Capture, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        line = refused(inside(capsys, "criteria", "--input", path), code=2)
        assert str(path) in line
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"a": "\xe9"}')
    assert "UTF-8" in refused(inside(capsys, "criteria", "--input", latin), code=2)


def test_a_lone_surrogate_harms_nothing(capsys: Capture, tmp_path: Path) -> None:
    document = changed(RECIST, ["recist", "visits", 0, "visit_id"], "\ud800\x1b[2J")
    assert derived(capsys, tmp_path, document)["recist"][0]["visits"][0]["overall"] == "PR"
    done = inside(capsys, "criteria", "--input", written(tmp_path, document))
    assert done.code == 0
    assert "\x1b" not in done.out


VISITS = ["percist", "visits"]
TARGETS = ["recist", "baseline", "targets"]
FOCI = ["bone", "visits", 1, "scan", "foci"]
BAD: list[tuple[Any, list[Any], Any, str]] = [
    (PERCIST, [*VISITS, 1, "sul_peak"], {}, 'percist.visits[1]: unknown key "sul_peak"'),
    (PERCIST, ["percsit"], {}, 'unknown key "percsit"'),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], -2.0, "percist.visits[1].sul_peaks.L1: -2.0 is neg"),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], "6", 'percist.visits[1].sul_peaks.L1: "6" is not'),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], None, "percist.visits[1].sul_peaks.L1: null is not"),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], True, "percist.visits[1].sul_peaks.L1: true is not"),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], 1e308, "percist.visits[1].sul_peaks.L1: 1e+308"),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], 10**300, "percist.visits[1].sul_peaks.L1: a number"),
    (PERCIST, [*VISITS, 1, "sul_peaks", "L1"], 5e-324, "percist.visits[1].sul_peaks.L1: 5e-324"),
    (PERCIST, [*VISITS, 1, "sul_peaks"], [1.0], "percist.visits[1].sul_peaks: [1.0] is no object"),
    (PERCIST, [*VISITS, 1, "on"], ..., "percist.visits[1].on: is missing"),
    (PERCIST, [*VISITS, 1, "on"], "2026-02-30", "percist.visits[1].on: "),
    (PERCIST, [*VISITS, 1, "on"], "2026-W05-1", "percist.visits[1].on: "),
    (PERCIST, [*VISITS, 1, "on"], 20260406, "percist.visits[1].on: 20260406 is not a date"),
    (PERCIST, [*VISITS, 1, "number"], 1.0, "percist.visits[1].number: 1.0 is not a whole number"),
    (PERCIST, [*VISITS, 1, "number"], 0, "visits 0 and 0 are out of order"),
    (PERCIST, [*VISITS, 1, "blocked_against"], [1], "blocked_against 1 is no earlier visit"),
    (PERCIST, [*VISITS, 1, "resolved"], ["L7"], 'resolved names "L7"'),
    (PERCIST, [*VISITS, 1, "resolved"], "L1", 'percist.visits[1].resolved: "L1" is no list'),
    (PERCIST, [*VISITS, 2, "new_foci", 0, "new_class"], "new", "unequivocal, equivocal, not_mal"),
    (PERCIST, [*VISITS, 2, "new_foci", 0, "new_class"], "not_malignant", "needs its reason"),
    (PERCIST, [*VISITS], [], "percist: a course needs its baseline"),
    (PERCIST, ["percist", "lesions", 1, "lesion_id"], "L1", 'percist: lesion "L1" is stated twice'),
    (PERCIST, ["percist", "lesions", 1, "lesion_id"], "L5", 'lesions names "L5"'),
    (PERCIST, ["percist", "rule_set"], "wahl", 'percist.rule_set: there is no rule set "wahl"'),
    (PERCIST, ["percist", "rule_set"], "recist-1.1", "there are percist-1.0, percist-nadir"),
    (PERCIST, ["percist", "rule_set"], "../criteria/percist-nadir", "there is no rule set"),
    (PERCIST, ["percist", "rule_set"], [], "rule_set names none"),
    (PERCIST, ["percist", "rule_set"], ["percist-nadir"] * 2, "is stated twice"),
    (PERCIST, ["percist", "rule_set"], 5, "percist.rule_set: 5 is no list"),
    (PERCIST, ["percist", "variants"], 1, "percist.variants: 1 is not true or false"),
    (PERCIST, ["percist", "variants"], False, "variants"),
    (PERCIST, ["percist", "other_quantities", 0, "visits"], [], "must have all visits"),
    (PERCIST, ["percist", "other_quantities", 0, "lbm_formula"], "LBMJANMA", "stated twice"),
    (RECIST, [*TARGETS, 1, "lesion_id"], "T1", "recist.baseline: a lesion is listed twice"),
    (RECIST, [*TARGETS, 1, "baseline_mm"], -1, "recist.baseline.targets[1].baseline_mm: -1 is neg"),
    (RECIST, ["recist", "visits", 1, "visit_id"], "V1", 'visit "V1" is stated twice'),
    (RECIST, ["recist", "visits", 1, "scan_date"], "2025-12-31", "lies before the baseline"),
    (RECIST, ["recist", "visits", 0, "targets", 1, "lesion_id"], "T1", "states a lesion twice"),
    (RECIST, ["recist", "visits", 0, "targets", 1, "diameter_mm"], None, "has no diameter"),
    (RECIST, ["recist", "baseline"], None, "recist.baseline: null is no object"),
    (BONE, [*FOCI, 1, "focus_id"], "B1", "bone.visits[1].scan: a focus is listed twice"),
    (BONE, [*FOCI, 1, "region"], "rib", 'foci[1].region: "rib" is none of skull'),
    (BONE, ["bone", "visits", 1, "visit"], 0, "bone.visits: a visit number is used twice"),
    (BONE, ["bone", "visits", 0, "scan", "reader_status"], "PD", "a baseline shows no progression"),
    (TIMELINE, ["timeline", "trial"], "percist-nadir", "timeline.trial: there is no rule set"),
    (TIMELINE, ["timeline", "randomisation"], "soon", 'timeline.randomisation: "soon" is not a'),
]


@pytest.mark.parametrize(("document", "path", "value", "said"), BAD, ids=range(len(BAD)))
def test_a_bad_value_is_named(
    capsys: Capture, tmp_path: Path, document: Any, path: list[Any], value: Any, said: str
) -> None:
    assert said in line_of(capsys, tmp_path, changed(document, path, value))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", HUGE])
def test_what_is_no_finite_number(capsys: Capture, tmp_path: Path, word: str) -> None:
    text = json.dumps(PERCIST).replace('"L1": 6.0', f'"L1": {word}')
    assert word in text
    line_of(capsys, tmp_path, text)


def test_extremes_within_the_range_are_derived(capsys: Capture, tmp_path: Path) -> None:
    document = changed(PERCIST, [*VISITS, 0, "sul_peaks"], {"L1": 1e-9, "L2": 0})
    document["percist"]["visits"][1]["sul_peaks"] = {"L1": 1e9, "L2": 0.0}
    assert derived(capsys, tmp_path, document)["percist"][0]["visits"][0]["overall"]


def test_input_is_needed(capsys: Capture) -> None:
    assert "--input" in refused(inside(capsys, "criteria"), code=2)
