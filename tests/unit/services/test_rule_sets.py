"""Any rule set: the shipped ones load, a wrong file is refused by file and key."""

import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.criteria.bone.rules import BoneRules, rules_of_trial
from app.criteria.percist.rules import PercistRules
from app.domain.quantification import LbmFormula
from app.domain.rule_content import rules_sha256
from app.domain.trial import AdjudicationTrigger, Modality, PeakKernel, Schedule, TrialRules
from app.services.rule_sets import CRITERIA_FOLDER, load_percist_rules, load_rules
from segmentation.metrics.peak import PeakMethod

TRIAL = load_rules("nct07130344", TrialRules)
BONE = load_rules("bone", BoneRules)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Part:
    colour: Colour
    size_mm: float = 1.0


@dataclass(frozen=True, slots=True)
class Everything:
    name: str
    count: int
    share: float
    strict: bool
    since: date
    colour: Colour
    part: Part
    parts: tuple[Part, ...]
    pair: tuple[float, float]
    colours: tuple[Colour, ...] = ()
    limit: int | None = None

    def __post_init__(self):
        if self.count < 0:
            raise ValueError("count must not be negative")


SOUND = {
    "name": '"mine"',
    "count": "3",
    "share": "0.25",
    "strict": "true",
    "since": "2026-01-05",
    "colour": '"red"',
    "part": '{colour = "blue", size_mm = 2}',
    "parts": '[{colour = "red"}, {colour = "blue"}]',
    "pair": "[-0.3, 1]",
}


def written(folder, **changes):
    lines = {**SOUND, **changes}
    text = "\n".join(f"{key} = {value}" for key, value in lines.items() if value is not None)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_type_of_field(tmp_path):
    rules = load_rules("mine", Everything, written(tmp_path, colours='["blue"]', limit="7"))
    assert rules == Everything(
        "mine", 3, 0.25, True, date(2026, 1, 5), Colour.RED, Part(Colour.BLUE, 2.0),
        (Part(Colour.RED), Part(Colour.BLUE)), (-0.3, 1.0), (Colour.BLUE,), 7,
    )  # fmt: skip
    assert type(rules.pair[1]) is float
    assert load_rules("mine", Everything, written(tmp_path)).limit is None


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": '"other"'}, "name"),
        ({"name": None}, "name"),
        ({"unknown": "1"}, "unknown is no setting"),
        ({"count": None}, "count is missing"),
        ({"count": "3.0"}, "count = 3.0 is not a whole number"),
        ({"count": "true"}, "count = True"),
        ({"count": "-1"}, "count must not be negative"),
        ({"share": '"0.25"'}, "share = '0.25' is not a finite number"),
        ({"share": "nan"}, "share = nan"),
        ({"share": "inf"}, "share = inf"),
        ({"share": "false"}, "share = False"),
        ({"strict": "1"}, "strict = 1 is not true or false"),
        ({"since": '"2026-01-05"'}, "since = '2026-01-05' is not a date"),
        ({"since": "2026-01-05T10:00:00"}, "since = "),
        ({"colour": '"green"'}, "colour = 'green' is none of red, blue"),
        ({"colour": "1"}, "colour = 1"),
        ({"colour": "[]"}, "colour = "),
        ({"part": "1"}, "part = 1 is no table"),
        ({"part": "{}"}, "part.colour is missing"),
        ({"parts": "{}"}, "parts = {} is no list"),
        ({"parts": '[{colour = "red"}, {colour = "red", weight = 1}]'}, r"parts\[1\].weight"),
        ({"pair": "[1.0]"}, "pair = "),
        ({"pair": '[1.0, "2"]'}, r"pair\[1\] = '2'"),
        ({"colours": '"red"'}, "colours = 'red' is no list"),
        ({"colours": '["red", "pink"]'}, r"colours\[1\] = 'pink'"),
        ({"limit": '"7"'}, "limit = '7'"),
        ({"limit": "= 7"}, "line"),  # no TOML
    ],
    ids=str,
)
def test_a_wrong_file_is_refused_by_file_and_key(tmp_path, changes, key):
    with pytest.raises(ValueError, match=rf"mine\.toml: .*{key}"):
        load_rules("mine", Everything, written(tmp_path, **changes))


@pytest.mark.parametrize("name", ["absent", "../mine", "", ".."])
def test_a_name_is_the_name_of_a_file_of_the_folder(tmp_path, name):
    written(tmp_path)
    (tmp_path / "inner").mkdir()
    with pytest.raises(ValueError, match="there is no rule set"):
        load_rules(name, Everything, tmp_path / "inner")


def test_bytes_that_are_no_text_are_refused_by_file(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(ValueError, match=r"mine\.toml"):
        load_rules("mine", Everything, tmp_path)


def test_a_record_that_rules_cannot_hold_is_a_fault_of_the_program(tmp_path):
    @dataclass(frozen=True)
    class Odd:
        name: str
        both: int | str

    (tmp_path / "odd.toml").write_text('name = "odd"\nboth = 1', encoding="utf-8")
    with pytest.raises(TypeError, match="both"):
        load_rules("odd", Odd, tmp_path)


def test_the_hash_is_that_of_the_content(tmp_path):
    one = load_rules("mine", Everything, written(tmp_path))
    file = tmp_path / "mine.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("# another text\n" + "\n".join(reversed(lines)), encoding="utf-8")
    assert rules_sha256(load_rules("mine", Everything, tmp_path)) == rules_sha256(one)
    assert rules_sha256(replace(one, share=1.0)) == rules_sha256(replace(one, share=1))
    changed = [
        {"count": 4}, {"share": 0.250000001}, {"strict": False}, {"since": date(2026, 1, 6)},
        {"colour": Colour.BLUE}, {"part": Part(Colour.BLUE, 2.5)}, {"parts": one.parts[::-1]},
        {"pair": (1.0, -0.3)}, {"colours": (Colour.RED,)}, {"limit": 0}, {"name": "yours"},
    ]  # fmt: skip
    assert {key for change in changed for key in change} == {item.name for item in fields(one)}
    hashes = {rules_sha256(replace(one, **change)) for change in changed}
    assert len(hashes | {rules_sha256(one)}) == len(changed) + 1


def test_true_is_not_one_and_a_record_is_not_another_of_the_same_fields():
    assert rules_sha256(Part(Colour.RED, True)) != rules_sha256(Part(Colour.RED, 1))

    @dataclass(frozen=True)
    class Other:
        colour: Colour
        size_mm: float

    assert rules_sha256(Other(Colour.RED, 1.0)) != rules_sha256(Part(Colour.RED, 1.0))


@pytest.mark.parametrize("value", [object(), {"a": 1}, [1]])
def test_what_rules_do_not_hold_has_no_hash(value):
    with pytest.raises(TypeError):
        rules_sha256(Part(Colour.RED, value))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_hash_follows_every_number(size):
    same = rules_sha256(Part(Colour.RED, size)) == rules_sha256(Part(Colour.RED, 1.0))
    assert same is (size == 1.0)


def test_the_hashes_of_the_shipped_sets_are_stable():
    """A change here means that results derived before and after may differ."""
    found = {
        name: rules_sha256(load_rules(name, kind))[:12]
        for name, kind in {"bone": BoneRules, "nct07130344": TrialRules}.items()
    }
    assert found == {"bone": "cd264f408809", "nct07130344": "8054753ff470"}
    percist = {rules_sha256(load_percist_rules(f"percist-{tail}")) for tail in ("nadir", "1.0")}
    assert len(percist) == 2


def test_the_percist_loader_is_the_general_one():
    assert load_percist_rules("percist-nadir") == load_rules("percist-nadir", PercistRules)


def test_the_trial():
    recist, percist = TRIAL.arm("RECIST"), TRIAL.arm("PERCIST")
    assert recist.modalities == (Modality.CT, Modality.BONE_SCAN)
    assert (recist.response_rules, recist.bone_rules) == ("recist-1.1", "bone")
    assert percist.modalities == (Modality.FDG_PET_CT,)
    assert (percist.response_rules, percist.bone_rules) == ("percist-nadir", None)
    assert TRIAL.schedule == Schedule(91, 14, 730)
    assert TRIAL.schedule.gap_limit_days == 196
    triggers = AdjudicationTrigger
    assert TRIAL.adjudication_triggers == (triggers.PD_VISIT, triggers.BOR, triggers.PD_YES_NO)


def test_the_trial_states_every_setting_itself():
    """What the record would default to is written down, so a changed default changes no study."""
    table = tomllib.loads((CRITERIA_FOLDER / "nct07130344.toml").read_text(encoding="utf-8"))
    assert table.keys() == {item.name for item in fields(TrialRules)}
    assert table["schedule"].keys() == {item.name for item in fields(Schedule)}
    bone = tomllib.loads((CRITERIA_FOLDER / "bone.toml").read_text(encoding="utf-8"))
    assert bone.keys() == {item.name for item in fields(BoneRules)}


def test_peak_kernels_are_the_methods_that_are_computed():
    assert {str(item) for item in PeakKernel} == {str(item) for item in PeakMethod}


def test_the_trial_sets_the_flare_window():
    rules = rules_of_trial(BONE, replace(TRIAL, flare_window_weeks=12))
    assert rules == replace(BONE, flare_window_weeks=12)
    assert rules_sha256(rules) != rules_sha256(BONE)


@pytest.mark.parametrize(
    "changes",
    [
        {"arms": ()},
        {"arms": (TRIAL.arms[0], TRIAL.arms[0])},
        {"flare_window_weeks": -1},
        {"reference_sd_ddof": 2},
        {"adjudication_triggers": TRIAL.adjudication_triggers * 2},
        {"adjudication_change_limits": (0.3, 0.2)},
        {"adjudication_change_limits": (-0.3, -0.2)},
        {"peak_diameter_mm": 0.0},
        {"liver_sphere_mm": 100.0},
    ],
    ids=str,
)
def test_a_trial_that_cannot_be_is_refused(changes):
    (key,) = changes
    with pytest.raises(ValueError, match=key):
        replace(TRIAL, **changes)


def test_the_parallel_formula_is_another_one():
    with pytest.raises(ValueError, match="parallel_lbm"):
        replace(TRIAL, lbm_formula=LbmFormula.JAMES128)


@pytest.mark.parametrize(
    "changes",
    [
        {"visit_interval_days": 0},
        {"visit_interval_days": 731},
        {"window_days": -1},
        {"window_days": 46},
        {"missed_visits_limit": 0},
    ],
    ids=str,
)
def test_a_schedule_that_cannot_be_is_refused(changes):
    (key,) = changes
    with pytest.raises(ValueError, match=key):
        replace(TRIAL.schedule, **changes)


def test_an_arm_that_cannot_be_is_refused():
    arm = TRIAL.arm("RECIST")
    for changes in ({"imaging": ()}, {"imaging": arm.imaging[:1] * 2}):
        with pytest.raises(ValueError, match="each modality once"):
            replace(arm, **changes)
    for changes in ({"bone_rules": None}, {"imaging": arm.imaging[:1]}):
        with pytest.raises(ValueError, match="bone_rules"):
            replace(arm, **changes)
    with pytest.raises(ValueError, match="coverage"):
        replace(arm.imaging[0], coverage=())
