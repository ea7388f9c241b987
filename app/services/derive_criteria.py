"""The responses of a criteria input under every rule set it names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from app.criteria.bone.course import bone_course
from app.criteria.bone.rules import BoneRules
from app.criteria.percist.course import PercistCourse
from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.rules import PercistRules
from app.criteria.percist.variants import Variant, derive_variants
from app.criteria.recist.course import recist_course
from app.criteria.recist.rules import RecistRules
from app.criteria.timeline.lead_time import lead_time
from app.criteria.timeline.pfs import progression_free_survival
from app.domain.bone import BoneCourse, BoneVisit
from app.domain.percist_response import CourseResponse
from app.domain.recist_response import RecistCourse
from app.domain.rule_content import rules_sha256
from app.domain.timeline import CriterionCourse, LeadTime, Outcome, PfsCase, PfsResult
from app.domain.trial import TrialRules, VisitDateRule
from app.services.criteria_assessments import (
    Assessed,
    bone_assessed,
    percist_assessed,
    recist_assessed,
    recist_scans,
)
from app.services.criteria_input import (
    BoneInput,
    CriteriaInput,
    PercistInput,
    RecistInput,
    TimelineInput,
)
from app.services.rule_sets import CRITERIA_FOLDER, load_rules
from app.services.strict_json import SchemaError, shown

Rules = TypeVar("Rules")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The name of a rule set and the hash of what it says."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PercistDerived:
    """A PERCIST course under one rule set; `variants` is None where not asked for."""

    rule_set: RuleSet
    course: CourseResponse
    variants: tuple[Variant, ...] | None


@dataclass(frozen=True, slots=True)
class RecistDerived:
    """A RECIST course under one rule set."""

    rule_set: RuleSet
    course: RecistCourse


@dataclass(frozen=True, slots=True)
class BoneDerived:
    """A bone course under one rule set."""

    rule_set: RuleSet
    course: BoneCourse


@dataclass(frozen=True, slots=True)
class TimelineDerived:
    """Progression-free survival by rule set, and the lead of each over the others."""

    trial: RuleSet
    survival: Mapping[str, PfsResult]
    lead: LeadTime


@dataclass(frozen=True, slots=True)
class CriteriaDerived:
    """Everything that follows from a criteria input."""

    percist: tuple[PercistDerived, ...]
    recist: tuple[RecistDerived, ...]
    bone: tuple[BoneDerived, ...]
    timeline: TimelineDerived | None


def derive_criteria(given: CriteriaInput) -> CriteriaDerived:
    """The responses. Raises SchemaError for an unknown rule set and for unsound bone visits."""
    percist_rules = _rules("percist", given.percist, PercistRules)
    recist_rules = _rules("recist", given.recist, RecistRules)
    bone_rules = _rules("bone", given.bone, BoneRules)
    percist, recist, bone = given.percist, given.recist, given.bone
    reference = _reference_date(given)
    derived = CriteriaDerived(
        ()
        if percist is None
        else tuple(_percist(percist, percist.course(), rules) for rules in percist_rules),
        ()
        if recist is None
        else tuple(
            RecistDerived(
                _named(rules.name, rules),
                recist_course(recist.baseline, recist.visits, rules, reference),
            )
            for rules in recist_rules
        ),
        ()
        if bone is None
        else tuple(
            BoneDerived(_named(rules.name, rules), _bone(bone, bone.visits, rules))
            for rules in bone_rules
        ),
        None,
    )
    if given.timeline is None:
        return derived
    trial = _one_rules("timeline.trial", given.timeline.trial, TrialRules)
    assessed = _assessed_until(
        given, given.timeline.cutoff, percist_rules, recist_rules, bone_rules
    )
    return replace(derived, timeline=_timeline(given.timeline, trial, assessed))


def _percist(given: PercistInput, course: PercistCourse, rules: PercistRules) -> PercistDerived:
    variants = derive_variants(given.courses(), rules) if given.variants else None
    return PercistDerived(_named(rules.name, rules), derive_course(course, rules), variants)


def _bone(given: BoneInput, visits: tuple[BoneVisit, ...], rules: BoneRules) -> BoneCourse:
    try:
        return bone_course(visits, given.therapy_start, rules)
    except ValueError as error:
        raise SchemaError("bone.visits", str(error)) from error


def _reference_date(given: CriteriaInput) -> date | None:
    """What the least duration of stable disease runs from: stated, randomisation or baseline."""
    if given.recist is not None and given.recist.reference_date is not None:
        return given.recist.reference_date
    return None if given.timeline is None else given.timeline.randomisation


def _assessed_until(
    given: CriteriaInput,
    cutoff: date | None,
    percist_rules: tuple[PercistRules, ...],
    recist_rules: tuple[RecistRules, ...],
    bone_rules: tuple[BoneRules, ...],
) -> dict[str, Assessed]:
    """The assessments by rule set, of courses that end at the cut-off: nothing later is known."""

    def known(day: date | None) -> bool:
        return cutoff is None or day is None or day <= cutoff

    found: dict[str, Assessed] = {}
    if given.percist is not None:
        course = given.percist.course()
        visits = (course.baseline, *(item for item in course.follow_ups if known(item.on)))
        for rules in percist_rules:
            response = derive_course(replace(course, visits=visits), rules, explain=False)
            found[rules.name] = percist_assessed(response)
    if given.recist is not None:
        kept = tuple(
            item for item in given.recist.visits if known(recist_scans(item)[-1].scan_date)
        )
        for recist in recist_rules:
            course_found = recist_course(
                given.recist.baseline, kept, recist, _reference_date(given)
            )
            found[recist.name] = recist_assessed(course_found, kept)
    if given.bone is not None:
        scans = tuple(
            item
            for item in given.bone.visits
            if known(None if item.scan is None else item.scan.scan_date)
            and known(None if item.ct is None else item.ct.scan_date)
        )
        for bone in bone_rules:
            found[bone.name] = bone_assessed(_bone(given.bone, scans, bone), scans)
    return found


def _timeline(
    given: TimelineInput, trial: TrialRules, assessed: Mapping[str, Assessed]
) -> TimelineDerived:
    survival = {}
    courses = []
    for name, found in assessed.items():
        case = PfsCase(
            randomisation=given.randomisation,
            assessments=found.assessments,
            baseline_done=given.baseline_done,
            death=given.death,
            new_therapy=given.new_therapy,
            cutoff=given.cutoff,
        )
        survival[name] = progression_free_survival(case, trial.schedule)
        last = max(
            (
                item.visit_date(VisitDateRule.LAST_SCAN)
                for item in found.assessments
                if item.outcome is not Outcome.NOT_EVALUABLE
            ),
            default=None,
        )
        courses.append(CriterionCourse(name, found.progression, last))
    lead = lead_time(courses, given.randomisation)
    return TimelineDerived(_named(trial.name, trial), survival, lead)


def _rules(
    where: str, section: PercistInput | RecistInput | BoneInput | None, kind: type[Rules]
) -> tuple[Rules, ...]:
    if section is None:
        return ()
    return tuple(_one_rules(f"{where}.rule_set", name, kind) for name in section.rule_set)


def _one_rules(where: str, name: str, kind: type[Rules], folder: Path = CRITERIA_FOLDER) -> Rules:
    try:
        return load_rules(name, kind, folder)
    except ValueError:
        names = sorted(file.stem for file in folder.glob("*.toml"))
        known = ", ".join(one for one in names if _loads(one, kind, folder))
        what = f"there is no rule set {shown(name)} of this kind; there are {known}"
        raise SchemaError(where, what) from None


def _loads(name: str, kind: type[Rules], folder: Path) -> bool:
    try:
        load_rules(name, kind, folder)
    except ValueError:
        return False
    return True


def _named(name: str, rules: object) -> RuleSet:
    return RuleSet(name, rules_sha256(rules))
