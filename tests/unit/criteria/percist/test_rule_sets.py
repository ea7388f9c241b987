"""The rule sets as shipped, and what a wrong file gives."""

import tomllib
from dataclasses import fields, replace

import pytest

from app.criteria.percist.rules import (
    ComparabilityFailureAction,
    FiveLesionMode,
    NonmeasurablePolicy,
    PercistRules,
    PmdConfirmation,
    ProgressionReference,
    TlgSegmentation,
    UptakeRuleset,
)
from app.services.rule_sets import CRITERIA_FOLDER, PERCIST_SETS, load_percist_rules
from app.wording import sentences
from tests.unit.criteria.percist.rule_sets import NADIR, PUBLISHED

SOUND = {
    "name": '"mine"',
    "progression_reference": '"nadir"',
    "pmr_inclusive": "true",
    "pmd_inclusive": "true",
}


def test_the_trials_default():
    assert NADIR.progression_reference is ProgressionReference.NADIR
    assert (NADIR.pmr_inclusive, NADIR.pmd_inclusive) == (True, True)
    assert (NADIR.response_fraction, NADIR.min_abs_sul_g_per_ml) == (0.3, 0.8)
    assert (NADIR.liver_abs_limit_g_per_ml, NADIR.liver_rel_limit_fraction) == (0.3, 0.2)
    assert (NADIR.uptake_min_s, NADIR.uptake_max_s, NADIR.uptake_difference_s) == (3000, 4200, 900)


def test_every_setting_stands_in_the_files():
    for name in PERCIST_SETS:
        table = tomllib.loads((CRITERIA_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        assert set(table) == {field.name for field in fields(PercistRules)}


def test_the_defaults_of_the_spec():
    given = PercistRules("percist-nadir", ProgressionReference.NADIR, True, True)
    assert given == NADIR
    assert (NADIR.percist_lesions, NADIR.percist5_mode) == (1, FiveLesionMode.SAME_LESIONS)
    assert NADIR.comparability_failure_action is ComparabilityFailureAction.NE
    assert NADIR.nonmeasurable_policy is NonmeasurablePolicy.VISUAL
    assert NADIR.pmd_confirmation is PmdConfirmation.NONE
    assert NADIR.uptake_ruleset is UptakeRuleset.PERCIST
    assert (NADIR.tlg_auto_pmd, NADIR.tlg_alert_fraction) == (False, 0.75)
    assert NADIR.tlg_segmentation is TlgSegmentation.LIVER_MEAN_PLUS_2SD


def test_a_rule_set_needs_a_name():
    with pytest.raises(ValueError, match="name"):
        replace(NADIR, name="")


def test_percist_1_0_differs_in_reference_and_strict_progression_only():
    baseline = ProgressionReference.BASELINE
    assert (
        replace(NADIR, name="percist-1.0", progression_reference=baseline, pmd_inclusive=False)
        == PUBLISHED
    )


def test_every_rule_set_loads_is_offered_and_is_worded():
    names = {file.stem for file in CRITERIA_FOLDER.glob("percist*.toml")}
    assert names == set(PERCIST_SETS) == set(sentences("rule_sets"))
    assert all(load_percist_rules(name).name == name for name in names)


def written(folder, **changes):
    lines = {**SOUND, **changes}
    text = "\n".join(f"{key} = {value}" for key, value in lines.items() if value is not None)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_sound_file_loads(tmp_path):
    rules = load_percist_rules("mine", written(tmp_path, min_abs_sul_g_per_ml="1.0"))
    assert rules.min_abs_sul_g_per_ml == 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {"name": '"other"'},
        {"progression_reference": '"best"'},
        {"progression_reference": None},
        {"pmd_inclusive": None},
        {"pmd_inclusive": '"yes"'},
        {"pmd_inclusive": "1"},
        {"response_fraction": '"0.3"'},
        {"response_fraction": "30.0"},
        {"min_abs_sul_g_per_ml": "0.0"},
        {"uptake_min_s": "5000.0"},
        {"respond_fraction": "0.3"},
        {"percist_lesions": "3"},
        {"percist_lesions": "1.0"},
        {"percist_lesions": "true"},
        {"percist5_mode": '"hottest"'},
        {"comparability_failure_action": '"IGNORE"'},
        {"uptake_ruleset": '"SNMMI"'},
        {"tlg_segmentation": '"50pct"'},
        {"tlg_alert_fraction": "0.0"},
        {"nonmeasurable_policy": '"guess"'},
        {"pmd_confirmation": "true"},
    ],
    ids=str,
)
def test_a_wrong_file_is_refused(tmp_path, changes):
    with pytest.raises(ValueError, match=r"."):
        load_percist_rules("mine", written(tmp_path, **changes))


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="no rule set"):
        load_percist_rules("percist-2.0")
