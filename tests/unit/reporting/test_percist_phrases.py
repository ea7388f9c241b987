"""Every sentence of a PERCIST course: reached by a case, filled in, never a bare code."""

import re
import tomllib
from dataclasses import replace

import pytest

from app import translation
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.new_lesions import NewFocus
from app.criteria.percist.non_target import NonTargetItem
from app.criteria.percist.rules import (
    ComparabilityFailureAction,
    NonmeasurablePolicy,
    TlgSegmentation,
)
from app.criteria.percist.selection import BaselineLesion, Unsuitable
from app.criteria.percist.target import target_response
from app.domain.lesion import NewLesionClass
from app.domain.percist_response import NonTargetStatus
from app.domain.reference import ReferenceRegionKind
from app.domain.response import MetabolicCategory
from app.reporting.phrases import flag_text, one_margin_text
from app.reporting.reasons import reason_text
from app.wording import WORDING_FOLDER
from tests.builders.percist_trial import trial
from tests.unit.criteria.percist.rule_sets import ALL_RULES, NADIR
from tests.unit.criteria.percist.test_course import BLOCKED, TICKED, course
from tests.unit.reporting.test_phrases import BARE_CODE, CASES

TABLE = tomllib.loads((WORDING_FOLDER / "en" / "percist.toml").read_text(encoding="utf-8"))
AUTOMATIC = replace(NADIR, tlg_auto_pmd=True)
POOL = {"reference_kind": ReferenceRegionKind.BLOOD_POOL}


def item(status, *peaks):
    return {"non_targets": (NonTargetItem("N1", status, *peaks),)}


def foci(*verdicts, **more):
    cause = {"not_malignant_reason": "thymus", **more}
    return {"new_foci": tuple(NewFocus(f"U{n}", v, **cause) for n, v in enumerate(verdicts))}


MANY = {f"L{n}": 20.0 - n for n in range(9)}
COURSES = [
    (course(9.0, (1.4, POOL), (2.5, POOL)), NADIR),
    (course({"L1": 9.0, "L2": 8.0}, ({"L1": 1.4, "L2": 1.3}, {"resolved": {"L1", "L2"}})), NADIR),
    (course({"L1": 3.3, "L2": 3.3}, {"L1": 1.0, "L2": 1.0}, {"L1": 1.85, "L2": 1.85}), NADIR),
    (
        course(
            {**MANY, "L9": 2.0, "L10": 8.0, "L11": 9.0},
            {**MANY, "L9": 2.0, "L10": 8.0, "L11": 9.0},
            lesions={
                "L0": BaselineLesion("L0", "liver", Unsuitable.PHYSIOLOGIC),
                "L1": BaselineLesion("L1", "liver", Unsuitable.IRRADIATED),
                "L2": BaselineLesion("L2", "liver", Unsuitable.INFECTION_LIKE),
                **{name: BaselineLesion(name, "liver") for name in ("L3", "L4", "L5")},
            },
        ),
        NADIR,
    ),
    *(
        (course(9.0, (1.4, {"resolved": TICKED}), (peak, {"typical": typical, **more})), NADIR)
        for peak, typical, more in (
            (4.2, {"L1": True}, {}),
            (4.2, {"L1": False}, {}),
            (4.2, {}, {}),
            (3.0, {"L1": True}, {}),
            (3.0, {"L1": True}, {"threshold": None}),
            (1.0, {}, item(NonTargetStatus.NON_CMR_NON_PMD)),
        )
    ),
    *((course((9.0, item(s, 4.0)), (5.0, item(s, 6.0))), NADIR) for s in NonTargetStatus),
    (course((9.0, item(NonTargetStatus.PMD, 4.0)), (5.0, item(NonTargetStatus.PMD, 4.1))), NADIR),
    (course(9.0, (1.4, {"resolved": TICKED, **item(NonTargetStatus.NE)})), NADIR),
    (course(9.0, (5.0, foci(*NewLesionClass, None))), NADIR),
    (course(9.0, (5.0, foci(NewLesionClass.UNEQUIVOCAL, site="hilum"))), NADIR),
    (course(9.0, (5.0, {**foci(NewLesionClass.EQUIVOCAL), "recist_pd": True}),
            (5.0, foci(NewLesionClass.UNEQUIVOCAL))), NADIR),
    *(
        (course((9.0, {"tlg_g": 80.0}), (9.0, {"tlg_g": now, **more})), rules)
        for now, more, rules in (
            (90.0, {}, NADIR),
            (140.0, {}, NADIR),
            (140.0, {}, AUTOMATIC),
            (90.0, {"tlg_segmentation": TlgSegmentation.FIXED}, NADIR),
        )
    ),
    (course((9.0, {"tlg_g": 0.0}), (9.0, {"tlg_g": 90.0})), NADIR),
    *(
        (course(2.0, (2.0, more)), replace(NADIR, nonmeasurable_policy=policy))
        for policy in NonmeasurablePolicy
        for more in ({}, item(NonTargetStatus.CMR))
    ),
    *(
        (
            course(9.0, (12.0, {**BLOCKED, "visual_category": MetabolicCategory.SMD})),
            replace(NADIR, comparability_failure_action=action),
        )
        for action in ComparabilityFailureAction
    ),
    (course(9.0, 5.0, lesions={"L1": BaselineLesion("L1", diameter_mm=8.0)}), NADIR),
]  # fmt: skip


def told_of(found, rules):
    """The reasons and flags of all follow-ups, each told without a bare code or a gap."""
    reasons, flags = set(), set()
    for response in derive_course(found, rules).responses:
        parts = [response.target, response.secondary, response.non_target, response.new_lesions]
        parts += [response.extent, response]
        steps = [step for part in parts if part is not None for step in part.reasons]
        for step in (*steps, *response.excluded):
            text = reason_text(step)
            assert not BARE_CODE.search(text), text
            assert re.search(r"\.$", text), text
            reasons.add(step.code)
        for flag in response.flags:
            assert not BARE_CODE.search(flag_text(flag)), flag
            flags.add(flag.partition(" ")[0])
        for margin in response.margins:
            assert not BARE_CODE.search(one_margin_text(response.overall, margin))
    return reasons, flags


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_is_reached_and_told_in_full(language):
    translation.set_language(language)
    try:
        told = {step.code for rules in ALL_RULES for found in CASES
                for step in target_response(found, rules).reasons}  # fmt: skip
        for found, rules in COURSES:
            told |= told_of(found, rules)[0]
    finally:
        translation.set_language("en")
    assert told == set(TABLE["reasons"])


def test_every_flag_of_the_rules_is_worded():
    raised = set()
    for found, rules in COURSES:
        raised |= told_of(found, rules)[1]
    assert len(raised) >= 25
    assert raised <= set(TABLE["flags"])


def test_any_course_can_be_told():
    for found in trial(40, seed=3):
        told_of(found, NADIR)
