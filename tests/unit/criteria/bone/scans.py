"""Bone scans told briefly: foci by id, weeks from therapy start."""

from datetime import date, timedelta

from app.criteria.bone.course import bone_course
from app.criteria.bone.rules import BoneRules
from app.domain.bone import (
    BenignCause,
    BoneFocus,
    BoneScan,
    BoneVisit,
    CtFinding,
    FocusChange,
    FocusClass,
    SkeletalRegion,
)
from app.services.rule_sets import load_rules

RULES = load_rules("bone", BoneRules)
START = date(2026, 1, 5)
METASTATIC, EQUIVOCAL, BENIGN = FocusClass.METASTATIC, FocusClass.EQUIVOCAL, FocusClass.BENIGN
NEW, SAME, WORSE = FocusChange.NEW, FocusChange.SAME, FocusChange.WORSE
BETTER, RESOLVED = FocusChange.BETTER, FocusChange.RESOLVED
CT_STABLE = CtFinding(START, progression=False)
CT_PD = CtFinding(START, progression=True)


def focus(name, change=None, kind=METASTATIC, **more):
    return BoneFocus(name, SkeletalRegion.PELVIS_LEFT, kind, versus_previous=change, **more)


def benign(name, change=None):
    return focus(name, change, BENIGN, benign_cause=BenignCause.DEGENERATIVE)


def day(weeks):
    return START + timedelta(days=round(7 * weeks))


def scan(weeks, *foci, **more):
    return BoneScan(day(weeks), tuple(foci), **more)


def visit(number, weeks, *foci, ct=CT_STABLE, **more):
    return BoneVisit(number, scan(weeks, *foci, **more), ct)


def without_scan(number, ct=None):
    return BoneVisit(number, None, ct)


def baseline(*foci):
    return visit(0, -1, *(foci or (focus("A"),)))


def course(*visits, rules=RULES):
    return bone_course(visits, START, rules)


def codes(response):
    return [item.code for item in response.reasons]
